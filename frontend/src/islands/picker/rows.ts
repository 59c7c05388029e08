import { type Choice, cut } from "./choices";

/** A row of the list `list`: the name, what was typed marked in it, and behind it what tells it from its namesakes. */
export function rowOf(choice: Choice, index: number, words: string, list: string): HTMLLIElement {
  const row = document.createElement("li");
  row.id = `${list}-${index}`;
  row.setAttribute("role", "option");
  row.dataset.index = String(index);
  const [before, fitting, behind] = cut(choice.name, words);
  const strong = document.createElement("mark");
  strong.textContent = fitting;
  const hint = document.createElement("small");
  hint.textContent = [choice.hint, choice.code].filter(Boolean).join(" · ");
  row.append(before, ...(fitting ? [strong] : []), behind, hint);
  return row;
}

/** What stands in the list where nothing fits. */
export function noRow(): HTMLLIElement {
  const none = document.createElement("li");
  none.className = "cw-picker-none";
  none.textContent = "没有找到，请换个词";
  return none;
}
