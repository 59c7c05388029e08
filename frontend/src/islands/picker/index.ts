import { Many } from "./many";
import { One } from "./one";

/**
 * `<cw-picker kind="sites|areas|units|persons|categories|rounds"><input name="…"></cw-picker>`: a combobox over that
 * input; with `many="what they are"` and a textarea, several things.
 *
 * The field keeps its name and gets the code or codes; people type and read names. Without scripts it is a field for
 * codes.
 */
export default class PickerIsland extends HTMLElement {
  #life: One | Many | null = null;

  connectedCallback(): void {
    this.#life?.stop();
    // A page taken from the history may hold what an earlier life of this element had built.
    for (const old of this.querySelectorAll("[data-picker]")) old.remove();
    const field = this.querySelector<HTMLInputElement | HTMLTextAreaElement>("input, textarea");
    if (field && this.hasAttribute("many")) this.#life = new Many(this, field);
    else if (field instanceof HTMLInputElement) this.#life = new One(this, field);
  }

  disconnectedCallback(): void {
    this.#life?.stop();
    this.#life = null;
  }
}
