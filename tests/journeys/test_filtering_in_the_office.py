"""The ledger is filtered in place: nothing doubles, nothing set in haste is lost, a phone sees the list first."""

import re

from playwright.sync_api import Page, Route, expect

from chuangwei.demo.cast import OFFICE, PASSWORD
from tests.journeys.conftest import DESK, PHONE, Visit, fits

SLOW = 800
"""So long an answer is held back, in thousandths of a second."""


def held_back(page: Page) -> None:
    def wait(route: Route) -> None:
        page.wait_for_timeout(SLOW)
        route.continue_()

    page.route(re.compile(r"/problems/\?"), wait)


def test_the_picker_of_the_bar_stands_once_however_often_the_list_is_filtered(visit: Visit) -> None:
    page = visit("/problems/", width=DESK, account=OFFICE, password=PASSWORD)
    for source in ("督查发现", ""):
        page.locator("select[name=source]").select_option(label=source or "全部")
        expect(page.locator(".cw-chip")).to_have_count(1 if source else 0)
        page.wait_for_timeout(SLOW)
        expect(page.locator("[id=id_to]")).to_have_count(1)
        expect(page.locator(".cw-bulk-bar input[name=to]")).to_be_hidden()


def test_a_second_filter_set_before_the_answer_came_counts_too(visit: Visit) -> None:
    page = visit("/problems/", width=DESK, account=OFFICE, password=PASSWORD)
    held_back(page)
    page.locator("select[name=source]").select_option(label="督查发现")
    page.locator("select[name=standing]").select_option(label="已逾期")
    page.get_by_role("button", name="筛选", exact=True).click()
    expect(page.locator(".cw-chip")).to_have_count(2)

    page.locator("select[name=source]").select_option(label="全部")
    page.get_by_label("搜索").press_sequentially("垃")
    page.wait_for_timeout(2 * SLOW)
    expect(page.get_by_label("搜索")).to_have_value("垃")
    page.get_by_label("搜索").blur()
    page.wait_for_url(re.compile("[?&]q="))
    assert "source=" not in page.url


def test_a_phone_shows_the_list_first_and_the_bar_with_the_first_tick(visit: Visit) -> None:
    page = visit("/problems/?standing=undispatched", width=PHONE, account=OFFICE, password=PASSWORD)
    expect(page.locator(".cw-filter-more")).to_contain_text("已设 1 项")
    expect(page.locator("select[name=standing]")).to_be_hidden()
    bar = page.locator(".cw-bulk-bar")
    expect(bar).to_be_hidden()
    page.locator("input[name=codes]").first.check()
    expect(bar).to_be_visible()
    page.get_by_role("combobox", name="责任单位").last.click()
    expect(bar.locator("[role=option]").first).to_be_visible()
    assert fits(page)
