import { added, type Choice, codesIn, entered, type Picked } from "./choices";
import { begun, Combobox } from "./combobox";

/** The names of the codes a page came with: `data-names`, code → name. */
function namesOf(host: HTMLElement): Record<string, unknown> {
  try {
    return JSON.parse(host.dataset.names ?? "{}") as Record<string, unknown>;
  } catch {
    return {};
  }
}

/**
 * Several things: the field, a text of codes without scripts, is put out of sight and keeps the codes; what is picked
 * stands before the box as chips, each with a button that takes it away. Backspace in an empty box takes the last.
 */
export class Many {
  readonly #field: HTMLInputElement | HTMLTextAreaElement;
  readonly #combobox: Combobox;
  readonly #chips = document.createElement("ul");
  readonly #known: Record<string, unknown>;
  #picked: readonly Picked[] = [];

  constructor(host: HTMLElement, field: HTMLInputElement | HTMLTextAreaElement) {
    this.#field = field;
    const typed = begun(field);
    this.#known = namesOf(host);
    this.#chips.className = "cw-picker-chips";
    this.#chips.dataset.picker = "";
    this.#chips.setAttribute("aria-label", `已选的${host.getAttribute("many") ?? ""}`);
    host.append(this.#chips);
    this.#combobox = new Combobox(host, field, {
      picked: (choice) => this.#add([choice]),
      left: (text, choices) => this.#left(text, choices),
    });
    this.#combobox.box.addEventListener("keydown", (event) => this.#key(event));
    field.hidden = true;
    this.#picked = codesIn(field.value).map((code) => ({ code, name: String(this.#known[code] ?? code) }));
    this.#draw();
    if (typed !== null) this.#combobox.goOn(typed);
  }

  stop(): void {
    this.#combobox.stop();
  }

  #left(text: string, choices: readonly Choice[]): boolean {
    const found = entered(text, choices);
    if (found.length) this.#add(found);
    return found.length > 0;
  }

  #add(more: readonly (Choice | Picked)[]): void {
    for (const one of more) if ("hint" in one) this.#known[one.code] = one.name;
    const before = this.#picked.length;
    this.#combobox.box.value = "";
    this.#set(added(this.#picked, more));
    const names = more.map((one) => one.name).join("、");
    this.#combobox.say(
      this.#picked.length > before ? `已加 ${names}，共 ${this.#picked.length} 个` : `${names} 已选过`,
    );
  }

  #drop(at: number): void {
    const gone = this.#picked[at];
    if (!gone) return;
    this.#set(this.#picked.filter((_, index) => index !== at));
    this.#combobox.say(`已去掉 ${gone.name}，还有 ${this.#picked.length} 个`);
    const next = this.#chips.querySelectorAll("button")[Math.min(at, this.#picked.length - 1)];
    (next ?? this.#combobox.box).focus();
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Backspace" || event.isComposing || this.#combobox.box.value || !this.#picked.length) return;
    event.preventDefault();
    this.#drop(this.#picked.length - 1);
    this.#combobox.box.focus();
  }

  #set(picked: readonly Picked[]): void {
    this.#picked = picked;
    const codes = picked.map((one) => one.code).join("、");
    const changed = this.#field.value !== codes;
    this.#field.value = codes;
    this.#draw();
    if (changed) this.#field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #draw(): void {
    this.#chips.hidden = !this.#picked.length;
    this.#chips.replaceChildren(...this.#picked.map((one, at) => this.#chip(one, at)));
  }

  #chip(one: Picked, at: number): HTMLLIElement {
    const chip = document.createElement("li");
    chip.className = one.code in this.#known ? "cw-chip" : "cw-chip is-unknown";
    const name = document.createElement("span");
    name.textContent = one.name;
    name.title = one.code;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.textContent = "×";
    drop.setAttribute("aria-label", `去掉 ${one.name}`);
    drop.addEventListener("click", () => this.#drop(at));
    chip.append(name, drop);
    return chip;
  }
}
