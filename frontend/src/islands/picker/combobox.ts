import { type Choice, choicesOf, firstly, moved, offered } from "./choices";
import { noRow, rowOf } from "./rows";

const PAUSE = 200;
let numbers = 0;

/** What an owner of a combobox wants to hear of. */
export interface Wishes {
  /** Somebody chose a row. */
  picked(choice: Choice): void;
  /** Somebody left the box, or pressed Enter in it, with this text and no row marked; true where it took something. */
  left(text: string, choices: readonly Choice[]): boolean;
}

/**
 * What somebody has begun to type into a field whose box is only now put over it, on a slow line; null where nobody is in
 * it. The field is left with what the page gave it.
 */
export function begun(field: HTMLInputElement | HTMLTextAreaElement): string | null {
  if (document.activeElement !== field) return null;
  const typed = field.value === field.defaultValue ? "" : field.value;
  field.value = field.defaultValue;
  return typed;
}

/** The box one types into and the list below it, over a field of a form. Rows come from /api/<kind>?q=. */
export class Combobox {
  readonly box = document.createElement("input");
  readonly #list = document.createElement("ul");
  readonly #said = document.createElement("span");
  readonly #kind: string;
  readonly #wishes: Wishes;
  readonly #first: Choice[];
  #choices: Choice[] = [];
  #at = -1;
  #timer = 0;
  #asking: AbortController | null = null;

  constructor(host: HTMLElement, field: HTMLInputElement | HTMLTextAreaElement, wishes: Wishes) {
    this.#kind = host.getAttribute("kind") ?? "";
    this.#wishes = wishes;
    this.#first = offered(field.dataset.first);
    this.#dress(field, `cw-picker-${++numbers}`);
    host.append(this.box, this.#list, this.#said);
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("click", () => this.#offer());
    this.box.addEventListener("focus", () => this.#offer());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("blur", () => this.#leave());
    // What counts is a change of the code, which the owner tells.
    this.box.addEventListener("change", (event) => event.stopPropagation());
    this.#list.addEventListener("mousedown", (event) => this.#click(event));
  }

  stop(): void {
    this.#asking?.abort();
    clearTimeout(this.#timer);
  }

  close(): void {
    this.#show(false);
  }

  /** Let somebody go on in the box where the field broke off. */
  goOn(typed: string): void {
    this.box.focus();
    if (!typed) return;
    this.box.value = typed;
    this.#typed();
  }

  say(words: string): void {
    this.#said.textContent = words;
  }

  async ask(words: string): Promise<Choice[]> {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const address = `/api/${this.#kind}?q=${encodeURIComponent(words.slice(0, 50))}`;
    try {
      const answer = await fetch(address, { signal: this.#asking.signal, headers: { Accept: "application/json" } });
      return answer.ok ? choicesOf(await answer.json()) : [];
    } catch {
      return [];
    }
  }

  #dress(field: HTMLInputElement | HTMLTextAreaElement, id: string): void {
    const { box } = this;
    box.type = "text";
    box.className = field.className;
    box.placeholder = field.placeholder || "输入名称或编码";
    if (field.dataset.id ?? field.id) {
      // The label belongs to what people type into.
      box.id = field.dataset.id ?? field.id;
      field.dataset.id = box.id;
      field.removeAttribute("id");
    }
    const wishes = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries({ ...wishes, "aria-controls": id })) box.setAttribute(name, value);
    for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
      const value = field.getAttribute(name);
      if (value) box.setAttribute(name, value);
    }
    if (field.required) box.setAttribute("aria-required", "true");
    Object.assign(this.#list, { id, className: "cw-picker-list", hidden: true });
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", "可选的项");
    this.#said.className = "visually-hidden";
    this.#said.setAttribute("role", "status");
    for (const part of [box, this.#list, this.#said]) part.dataset.picker = "";
  }

  #typed(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#open(), PAUSE);
  }

  /** What there is to pick, before anything is typed. */
  #offer(): void {
    if (!this.box.value && this.#list.hidden) this.#typed();
  }

  async #open(): Promise<void> {
    const words = this.box.value.trim();
    const found = await this.ask(words);
    this.#choices = words ? found : firstly(this.#first, found);
    if (document.activeElement !== this.box) return;
    this.#list.replaceChildren(...this.#choices.map((one, index) => rowOf(one, index, words, this.#list.id)));
    if (!this.#choices.length) this.#list.append(noRow());
    this.say(this.#choices.length ? `${this.#choices.length} 项，用上下键选择` : "没有找到");
    this.#mark(words && this.#choices.length ? 0 : -1);
    this.#show(true);
  }

  #mark(at: number): void {
    this.#at = at;
    for (const [index, row] of [...this.#list.children].entries()) {
      row.setAttribute("aria-selected", String(index === at));
      if (index === at) row.scrollIntoView({ block: "nearest" });
    }
    if (at < 0) this.box.removeAttribute("aria-activedescendant");
    else this.box.setAttribute("aria-activedescendant", `${this.#list.id}-${at}`);
  }

  #show(open: boolean): void {
    this.#list.hidden = !open;
    this.box.setAttribute("aria-expanded", String(open));
    if (!open) this.#mark(-1);
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const chosen = this.#choices[this.#at];
    if (event.key === "Enter" && !this.#list.hidden && chosen) {
      event.preventDefault();
      this.#pick(chosen);
    } else if (event.key === "Enter") {
      if (this.#leave()) event.preventDefault();
    } else if (event.key === "Escape" && !this.#list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "ArrowDown" && this.#list.hidden) {
      event.preventDefault();
      void this.#open();
    } else if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      this.#mark(moved(event.key, this.#at, this.#choices.length));
    }
  }

  #click(event: MouseEvent): void {
    // Keeps the focus where it is.
    event.preventDefault();
    const row = (event.target as Element).closest<HTMLElement>("[role=option]");
    const chosen = row && this.#choices[Number(row.dataset.index)];
    if (chosen) this.#pick(chosen);
  }

  #pick(chosen: Choice): void {
    clearTimeout(this.#timer);
    this.close();
    this.#wishes.picked(chosen);
  }

  #leave(): boolean {
    clearTimeout(this.#timer);
    this.close();
    return this.#wishes.left(this.box.value, this.#choices);
  }
}
