"""What every page shares: the menu of a phone, opened by keyboard and without scripts, and how a page prints."""

import pytest
from playwright.sync_api import Locator, expect

from chuangwei.demo.cast import OFFICE, PASSWORD
from tests.journeys.conftest import PHONE, Visit, fits, follow

PAPER = 703
"""The width of A4 between the margins of the print sheet, in pixels: narrower than a tablet."""


def is_whole(links: Locator) -> bool:
    """Whether all of them lie within the screen, from edge to edge."""
    boxes = [link.bounding_box() for link in links.all()]
    return all(box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE for box in boxes)


def test_the_menu_of_a_phone_is_all_in_sight_and_opens_by_keyboard(visit: Visit) -> None:
    page = visit("/duties/gaps/", width=PHONE, account=OFFICE, password=PASSWORD)
    beside = page.locator(".cw-beside a")
    assert beside.count() > 5
    assert is_whole(beside)

    button = page.locator(".cw-bar-fold summary")
    button.focus()
    page.keyboard.press("Enter")
    words = page.locator(".cw-bar-fold a")
    expect(words.first).to_be_visible()
    assert words.all_inner_texts() == page.locator(".cw-bar-nav a").all_text_contents()
    assert is_whole(words)
    assert page.locator(".cw-bar-fold a[aria-current]").inner_text() == "点位责任"
    page.keyboard.press("Escape")
    expect(words.first).to_be_hidden()
    expect(button).to_be_focused()
    assert fits(page)


def test_the_menu_of_a_phone_opens_without_scripts(visit: Visit) -> None:
    page = visit("/desk/", width=PHONE, account=OFFICE, password=PASSWORD, scripts=False)
    page.get_by_text("菜单", exact=True).click()
    follow(page.locator(".cw-bar-fold").get_by_role("link", name="标准"))
    expect(page.get_by_role("heading", level=1)).to_have_text("标准")


@pytest.mark.parametrize("path", ["/problems/", "/appraisal/weekly/2026-W43/", "/sites/XD-094/"])
def test_a_page_prints_as_a_table_and_without_its_buttons(visit: Visit, path: str) -> None:
    page = visit(path, width=PAPER, account=OFFICE, password=PASSWORD)
    page.emulate_media(media="print")
    table = page.locator("table").first
    expect(table.locator("thead th").nth(1)).to_be_visible()
    assert table.locator("tbody tr").first.evaluate("row => getComputedStyle(row).display") == "table-row"
    for gone in (".cw-bar", ".cw-beside", ".cw-filters", ".cw-bulk-bar"):
        assert page.locator(gone).first.is_hidden(), gone
