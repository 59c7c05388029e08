const BULK = "form.cw-bulk";

/** Marks a form for several rows while any of them is ticked, so that its bar can wait for the first tick. */
export function tellTicks(page: Document): void {
  page.documentElement.classList.add("has-scripts");
  for (const form of page.querySelectorAll(BULK)) tell(form);
  page.addEventListener("change", (event) => {
    const form = event.target instanceof Element && event.target.closest(BULK);
    if (form) tell(form);
  });
}

function tell(form: Element): void {
  form.classList.toggle("is-ticked", form.querySelector("input[name=codes]:checked") !== null);
}
