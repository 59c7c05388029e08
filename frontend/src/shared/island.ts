/** A module that holds one island: the class of its custom element. */
export interface IslandModule {
  default: CustomElementConstructor;
}

/**
 * Defines a custom element the first time one stands on the page, so that a page pays only for what it shows.
 *
 * Pieces that htmx swaps in later are watched too. Without scripts nothing happens and the element's own content stays.
 */
export function define(name: string, load: () => Promise<IslandModule>): void {
  const start = async (): Promise<void> => {
    const island = await load();
    if (!customElements.get(name)) customElements.define(name, island.default);
  };
  if (document.querySelector(name)) {
    void start();
    return;
  }
  const watch = new MutationObserver(() => {
    if (document.querySelector(name)) {
      watch.disconnect();
      void start();
    }
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
}
