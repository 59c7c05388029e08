"""Every kind of page, walked as the people of the demo town: axe finds nothing serious, nothing scrolls sideways.

The walk follows links and opens each kind of address once (numbers and codes aside), so a new page is looked at as soon
as anything leads to it.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import DESK, PHONE, ROOT, fits

PASSWORD = "yundu-2026-demo"

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = {"serious", "critical"}
KINDS = re.compile(
    r"[^/]*[0-9@][^/]*|(?<=/items/)[^/]+|(?<=/editions/)[^/]+|(?<=/categories/)[^/]+|(?<=/checklists/)[^/]+"
)
NOT_PAGES = re.compile(r"/(text|download|photos|api|static|export|file)/|\.(docx|pdf|json|py|xlsx)$|/logout/")
MOST_PAGES = 90
WALKS = [
    ("bangong", DESK, 60), ("bangong", PHONE, 60), ("shuji", PHONE, 15), ("ducha", PHONE, 15), ("lingdao", DESK, 15),
    ("anquan", DESK, 5), ("shenji", DESK, 4),
]  # fmt: skip
"""Who walks, how wide, and how many kinds of page at least: far fewer, and the walk itself is broken."""


def kind_of(path: str) -> str:
    return KINDS.sub("*", path)


def links_of(page: Page) -> list[str]:
    addresses = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    own = urlsplit(page.url).netloc
    parts = [urlsplit(one) for one in addresses]
    return [part.path for part in parts if part.netloc == own and not NOT_PAGES.search(part.path)]


def walked(page: Page, base: str) -> Iterator[str]:
    """Each kind of page once, the page standing on it; nearest to the desk first."""
    seen: set[str] = set()
    waiting = [urlsplit(page.url).path]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        seen.add(kind_of(path))
        answer = page.goto(f"{base}{path}")
        assert answer is not None
        assert answer.status == 200, f"{path} answers {answer.status}"
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        waiting += links_of(page)
        yield path


def faults(page: Page) -> list[str]:
    """What axe calls serious: the rule, and where."""
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [f"{one['id']} {one['nodes'][0]['target']}" for one in found if one["impact"] in SERIOUS]


@pytest.mark.parametrize(("account", "width", "least"), WALKS)
def test_nothing_serious_on_any_page(visit, address, account, width, least):
    page = visit("/", width=width, account=account, password=PASSWORD)
    page.context.add_init_script(path=AXE)
    wrong, kinds = {}, 0
    for path in walked(page, address):
        kinds += 1
        found = faults(page)
        if not fits(page):
            found.append("scrolls sideways")
        if found:
            wrong[path] = found
    assert wrong == {}
    assert kinds >= least


def test_the_keyboard_leads_from_the_menu_to_a_record(visit):
    page = visit("/desk/", account="bangong", password=PASSWORD)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    for _ in range(40):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.getAttribute('href') || ''")
        if where.startswith(("/problems/", "/appraisal/")):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(problems|appraisal)/"))
    assert page.locator("h1").count() == 1
