const OPEN = "details.cw-menu[open]";

/** Menus open without scripts; with them Escape closes one and gives the focus back, and so does a click beside it. */
export function closeMenus(page: Document): void {
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of page.querySelectorAll<HTMLDetailsElement>(OPEN)) {
      const held = menu.contains(page.activeElement);
      menu.open = false;
      if (held) menu.querySelector("summary")?.focus();
    }
  });
  page.addEventListener("click", (event) => {
    for (const menu of page.querySelectorAll<HTMLDetailsElement>(OPEN))
      if (!menu.contains(event.target as Node)) menu.open = false;
  });
}
