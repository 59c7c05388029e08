/** What was wrong with a field is true only until somebody touches it: the sentence and the mark go with the first key. */
export function forgetMended(page: Document): void {
  for (const kind of ["input", "change"]) page.addEventListener(kind, mended);
}

function mended(event: Event): void {
  const touched = event.target;
  if (!(touched instanceof Element)) return;
  const field = touched.closest(".cw-field, fieldset");
  for (const said of field?.querySelectorAll(":scope > .cw-field-error") ?? []) said.remove();
  for (const marked of field?.querySelectorAll(":scope > [aria-invalid], cw-picker > [aria-invalid]") ?? [])
    marked.removeAttribute("aria-invalid");
}
