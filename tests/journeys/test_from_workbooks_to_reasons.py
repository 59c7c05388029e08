"""The straight line on the page: an office hands in its workbooks, and anybody finds why the last has a yellow flag."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, EXAMPLES, FIRST_PASSWORD, PHONE, Visit, fits, follow

LONG = 180_000
"""Milliseconds the worker may take for a whole town on a slow machine."""
WORKBOOKS = ["register.xlsx", "visits.xlsx", "ledger.xlsx"]


def hand_in(page: Page, *names: str) -> None:
    page.locator("#id_files").set_input_files([EXAMPLES / name for name in names])
    page.get_by_role("button", name="上传并预检").click()


def rank(page: Page) -> str:
    """Compute every week there is; the address of the last week's ranking."""
    follow(page.get_by_role("link", name="去评比"))
    follow(page.get_by_role("link", name="计算周期"))
    page.get_by_role("button", name="计算", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("社区周评比", timeout=LONG)
    return page.url


def test_from_the_workbooks_to_the_reason_of_the_last_yellow_flag(visit_empty: Visit) -> None:
    page = visit_empty("/imports/", account="admin", password=FIRST_PASSWORD)
    hand_in(page, *WORKBOOKS)
    expect(page.get_by_role("heading", name="确认后会改什么")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", name="已经导入")).to_be_visible(timeout=LONG)
    ranking = rank(page)

    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(ranking)
        assert fits(page)
        reason_in_two_clicks(page)
        page.goto(ranking)
        failed_check_in_three_clicks(page)


def last_row(page: Page):
    return page.locator("table.cw-ranking tbody tr").filter(has=page.locator(".cw-flag-yellow")).last


def reason_in_two_clicks(page: Page) -> None:
    """旗 → 规则、名次和得分最低的检查 → 失分的检查项."""
    follow(last_row(page).get_by_role("link", name="黄旗"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("为什么是黄旗")
    expect(page.get_by_text("黄旗挂给后 3 名")).to_be_visible()
    assert fits(page)
    follow(page.locator("section", has=page.get_by_role("heading", name="得分最低的检查")).locator("tbody a").first)
    failed_checks_are_shown(page)


def failed_check_in_three_clicks(page: Page) -> None:
    """总分 → 分项 → 检查."""
    follow(last_row(page).locator(".cw-total a"))
    expect(page.get_by_role("heading", name="总分怎么来的")).to_be_visible()
    assert fits(page)
    follow(page.get_by_role("link", name="随机抽查").first)
    assert fits(page)
    follow(page.locator("a.cw-figure-lost").first)
    failed_checks_are_shown(page)


def failed_checks_are_shown(page: Page) -> None:
    failed = page.locator("section", has=page.get_by_role("heading", name="失分的检查项"))
    expect(failed.get_by_text("不合格").first).to_be_visible()
    assert fits(page)


def test_a_bad_workbook_is_refused_with_every_mistake(visit_empty: Visit) -> None:
    page = visit_empty("/imports/", account="admin", password=FIRST_PASSWORD)
    page.locator("#id_files").set_input_files({"name": "台账.xlsx", "mimeType": "text/plain", "buffer": b"hello"})
    page.get_by_role("button", name="上传并预检").click()
    expect(page.get_by_text("1 处错误，没有导入任何内容")).to_be_visible(timeout=LONG)
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载为 .xlsx").click()
    assert re.fullmatch(r"导入错误-[\w-]+\.xlsx", taken.value.suggested_filename)
