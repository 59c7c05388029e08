import { type Choice, NOTHING, type Picked, settled } from "./choices";
import { begun, Combobox } from "./combobox";

/** One thing: the field keeps its name and gets the code; people type and read names. */
export class One {
  readonly #field: HTMLInputElement;
  readonly #combobox: Combobox;
  #picked: Picked = NOTHING;

  constructor(host: HTMLElement, field: HTMLInputElement) {
    this.#field = field;
    const typed = begun(field);
    this.#combobox = new Combobox(host, field, {
      picked: (choice) => this.#put(choice),
      left: (text, choices) => this.#left(text, choices),
    });
    field.type = "hidden";
    const name = field.value && host.getAttribute("name");
    this.#picked = { code: field.value, name: name || field.value };
    this.#combobox.box.value = this.#picked.name;
    if (field.value && !name) void this.#name(field.value);
    if (typed !== null) this.#combobox.goOn(typed);
  }

  stop(): void {
    this.#combobox.stop();
  }

  /** Show the name of the code the page came with. */
  async #name(code: string): Promise<void> {
    const found = (await this.#combobox.ask(code)).find((one) => one.code === code);
    if (found && this.#field.value === code && this.#combobox.box.value === code)
      this.#put({ code, name: found.name }, false);
  }

  #left(text: string, choices: readonly Choice[]): boolean {
    this.#put(settled(text, this.#picked, choices));
    return false;
  }

  #put(picked: Picked, tells = true): void {
    const changed = this.#field.value !== picked.code;
    this.#picked = { code: picked.code, name: picked.name };
    this.#field.value = picked.code;
    this.#combobox.box.value = picked.name;
    this.#combobox.close();
    if (changed && tells) this.#field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
