/**
 * The data an island was given by its page: the text of the `<script type="application/json">` inside it.
 *
 * Null when there is none or it cannot be read; the island then leaves the page's own content as it is.
 */
export function readJson<T>(element: Pick<Element, "querySelector">): T | null {
  const text = element.querySelector('script[type="application/json"]')?.textContent;
  if (!text) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
