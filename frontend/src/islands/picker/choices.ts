/** One row of a picker, as /api/<kind>?q= gives it. */
export interface Choice {
  code: string;
  name: string;
  /** Tells rows of one name apart; may be empty. */
  hint: string;
}

/** What stands in the form: a code, and what a person reads for it. */
export interface Picked {
  code: string;
  name: string;
}

export const NOTHING: Picked = { code: "", name: "" };

/** Which row is marked after a key; -1 is none. Past the last comes the first, before the first the last. */
export function moved(key: string, at: number, count: number): number {
  if (!count) return -1;
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return at <= 0 ? count - 1 : at - 1;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return at;
}

/**
 * What somebody means who leaves the field with this text in it: nothing, what was picked before, the one row of that
 * name or code, or a code the server will judge.
 */
export function settled(text: string, before: Picked, choices: readonly Choice[]): Picked {
  const words = text.trim();
  if (!words) return NOTHING;
  if (words === before.name || words === before.code) return before;
  const byCode = choices.find((one) => one.code === words);
  const byName = choices.filter((one) => one.name === words);
  const found = byCode ?? (byName.length === 1 ? byName[0] : undefined);
  return found ? { code: found.code, name: found.name } : { code: words, name: words };
}

/** A name cut at what was typed, so that the part that fits can be shown strongly: before, fitting, behind. */
export function cut(name: string, words: string): [string, string, string] {
  const from = words ? name.toLowerCase().indexOf(words.toLowerCase()) : -1;
  if (from < 0) return [name, "", ""];
  return [name.slice(0, from), name.slice(from, from + words.length), name.slice(from + words.length)];
}

/** The rows of an answer; none where it is not what was promised. */
export function choicesOf(answer: unknown): Choice[] {
  if (!Array.isArray(answer)) return [];
  return answer.filter(
    (one): one is Choice =>
      typeof one?.code === "string" && typeof one.name === "string" && typeof one.hint === "string",
  );
}

/** What the page itself offers before anything is typed: one row as JSON. */
export function offered(text: string | undefined): Choice[] {
  try {
    return choicesOf([JSON.parse(text ?? "null")]);
  } catch {
    return [];
  }
}

/** Rows of which some stand at the head, none twice. */
export function firstly(first: readonly Choice[], rest: readonly Choice[]): Choice[] {
  const codes = new Set(first.map((one) => one.code));
  return [...first, ...rest.filter((one) => !codes.has(one.code))];
}

const SEPARATORS = /[\s、，,；;]+/;

/** The codes of a text in which they stand one behind the other, each once. */
export function codesIn(text: string): string[] {
  return [...new Set(text.split(SEPARATORS).filter(Boolean))];
}

/** What somebody means who leaves a field for several things with this text: one by its name, or codes in a row. */
export function entered(text: string, choices: readonly Choice[]): Picked[] {
  const words = text.trim();
  if (!words) return [];
  const whole = settled(words, NOTHING, choices);
  return whole.code !== words ? [whole] : codesIn(words).map((code) => settled(code, NOTHING, choices));
}

/** What was picked with what is picked besides, each thing once. */
export function added(before: readonly Picked[], more: readonly Picked[]): Picked[] {
  const codes = new Set(before.map((one) => one.code));
  const fresh = more.filter((one) => !codes.has(one.code) && codes.add(one.code));
  return [...before, ...fresh.map(({ code, name }) => ({ code, name }))];
}
