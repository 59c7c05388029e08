import { readJson } from "../../shared/json";
import { decoded, encoded, type JsonObject, sentence } from "./credential";

interface Options {
  publicKey: JsonObject;
}

/**
 * `<cw-passkey mode="create|get">` around a form: its button asks the device for a passkey and sends what it answers in
 * the field `credential`. The options stand inside as JSON, or, for somebody not yet known, under the address in `options`.
 *
 * Without scripts, or on a device that knows no passkeys, the form stays hidden (account.css) or says so.
 */
export default class PasskeyIsland extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form || this.classList.contains("is-ready")) return;
    this.classList.add("is-ready");
    if (!window.PublicKeyCredential) {
      if (this.getAttribute("mode") === "create") this.#say(form, "这个浏览器不支持通行密钥，或网址不是 HTTPS。");
      else this.hidden = true;
      return;
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#ask(form);
    });
  }

  async #ask(form: HTMLFormElement): Promise<void> {
    const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
    const field = form.querySelector<HTMLInputElement>("input[name=credential]");
    if (!button || !field) return;
    button.disabled = true;
    this.#say(form, "");
    try {
      field.value = JSON.stringify(encoded(await this.#credential()));
      // Not requestSubmit: that would ask the device once more.
      form.submit();
    } catch (error) {
      this.#say(form, sentence(error));
      button.disabled = false;
    }
  }

  async #credential(): Promise<PublicKeyCredential> {
    const options = await this.#options();
    const publicKey = decoded(options.publicKey);
    const found =
      this.getAttribute("mode") === "create"
        ? await navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions })
        : await navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions });
    if (!found) throw new Error("no credential");
    return found as PublicKeyCredential;
  }

  async #options(): Promise<Options> {
    const address = this.getAttribute("options");
    if (!address) {
      const given = readJson<Options>(this);
      if (!given) throw new Error("no options");
      return given;
    }
    const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`options: ${answer.status}`);
    return ((await answer.json()) as { request_options: Options }).request_options;
  }

  #say(form: HTMLFormElement, text: string): void {
    const place = form.querySelector<HTMLElement>("[data-passkey-error]");
    if (!place) return;
    place.textContent = text;
    place.hidden = !text;
  }
}
