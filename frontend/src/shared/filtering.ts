const FILTERS = "form.cw-filters";
const UNASKED = "unasked";

/**
 * An answer to fewer wishes than a form of filters holds by now would sweep away what somebody is filling in: it is given
 * up with the first key, and everything is asked for at the latest when she leaves the field.
 */
export function keepWishes(page: Document): void {
  page.addEventListener("input", (event) => {
    const form = formOf(event);
    if (!form?.classList.contains("htmx-request")) return;
    form.dispatchEvent(new Event("htmx:abort"));
    form.dataset[UNASKED] = "";
  });
  page.addEventListener("htmx:before:request", (event) => {
    const form = formOf(event);
    if (form) delete form.dataset[UNASKED];
  });
  page.addEventListener("focusout", (event) => {
    const form = formOf(event);
    if (form && UNASKED in form.dataset) form.requestSubmit();
  });
}

function formOf(event: Event): HTMLFormElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLFormElement>(FILTERS) : null;
}
