import { lengthOf, words } from "./counting";

/**
 * `<cw-count limit="500"><textarea>…</textarea></cw-count>` tells below the field how much is written.
 *
 * Nothing is cut: too much is told here while one writes, and refused with a sentence by the server.
 */
export default class CountIsland extends HTMLElement {
  connectedCallback(): void {
    const area = this.querySelector("textarea");
    const limit = Number(this.getAttribute("limit"));
    if (!area || !limit || this.querySelector(".cw-count")) return;
    const told = document.createElement("small");
    told.className = "cw-count";
    told.id = `${area.id || area.name}_count`;
    this.append(told);
    area.setAttribute("aria-describedby", `${area.getAttribute("aria-describedby") ?? ""} ${told.id}`.trim());
    const tell = (): void => {
      const length = lengthOf(area.value);
      told.textContent = words(length, limit);
      told.classList.toggle("is-over", length > limit);
      // Read out only what is wrong: every letter typed would be too much.
      told.setAttribute("aria-live", length > limit ? "polite" : "off");
    };
    area.addEventListener("input", tell);
    tell();
  }
}
