"""A day of the creation office at its desk: what waits, the ledger and its sheet, one problem on its way, a week, a month, a
bulletin.
"""

import re
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from chuangwei.demo.cast import OFFICE, PASSWORD
from tests.journeys.conftest import DESK, Visit, fits, follow

ROADS = "市政"
LEAST_NUMBERS = 4
WEEK = "/appraisal/weekly/2026-W41/"
"""A week whose bulletin nobody else's day writes."""


def told(page: Page) -> int:
    """How many rows a list says it has."""
    return int(page.locator(".cw-list-said [role=status] strong").inner_text().replace(",", ""))


def numbers(page: Page) -> dict[str, int]:
    """The figures of the desk that open, by the address they open."""
    found = {}
    for link in page.locator(".cw-desk-tile header a").all():
        figure = link.locator("strong").inner_text()
        if figure.isdecimal():
            found[str(link.get_attribute("href"))] = int(figure)
    return found


def test_every_number_of_the_office_opens_into_as_many_rows(visit: Visit, address: str) -> None:
    page = visit("/desk/", width=DESK, account=OFFICE, password=PASSWORD)
    waiting = numbers(page)
    assert len(waiting) >= LEAST_NUMBERS
    for link, figure in waiting.items():
        page.goto(f"{address}{link}")
        assert (link, told(page)) == (link, figure)


def listed(page: Page) -> list[str]:
    """The numbers of all problems of a list, page after page."""
    found: list[str] = []
    while True:
        found += [re.split(r"\s·\s", text)[0] for text in page.locator(".cw-problem p.cw-faint").all_inner_texts()]
        further = page.get_by_role("link", name="下一页")
        if further.count() == 0:
            return found
        follow(further)


def test_the_ledger_is_searched_and_leaves_as_it_is_shown(visit: Visit, tmp_path: Path) -> None:
    page = visit("/problems/", width=DESK, account=OFFICE, password=PASSWORD)
    everything = told(page)
    page.get_by_label("情形").select_option(label="已逾期")
    page.wait_for_url("**standing=overdue**")
    expect(page.locator(".cw-chip")).to_have_count(1)
    late = told(page)
    words = page.locator(".cw-problem strong").first.inner_text()[:2]
    page.get_by_label("搜索").fill(words)
    page.get_by_label("搜索").press("Enter")
    page.wait_for_url(re.compile("[?&]q="))
    assert "unit=" not in page.url, "the address holds what was asked, and no empty fields"
    expect(page.locator(".cw-chip")).to_have_count(2)
    assert 0 < told(page) < late < everything
    first, count = page.url, told(page)
    shown = listed(page)
    assert len(shown) == count

    page.goto(first)
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出所列").click()
    taken.value.save_as(tmp_path / "list.xlsx")
    heads, *rows = load_workbook(tmp_path / "list.xlsx").active.iter_rows(values_only=True)
    assert [row[heads.index("编号")] for row in rows] == shown
    assert {row[heads.index("状态")] for row in rows} <= {"已派遣", "退回"}


def test_a_report_is_filed_and_dispatched(visit: Visit, address: str) -> None:
    page = visit("/desk/", width=DESK, account=OFFICE, password=PASSWORD)
    tile = page.locator(".cw-desk-tile", has=page.get_by_role("heading", name="待核实"))
    before = int(tile.locator("strong").inner_text())
    follow(tile.locator("li a").first)
    code = page.url.rstrip("/").rpartition("/")[2]
    follow(page.get_by_role("button", name="立案", exact=True))
    expect(page.locator("h1")).to_contain_text("已立案")

    follow(page.get_by_role("button", name="派遣", exact=True))
    wrong = page.get_by_text("请选择责任单位。")
    expect(wrong).to_be_visible()
    unit = page.get_by_role("combobox", name="责任单位")
    unit.fill(ROADS)
    expect(wrong).to_have_count(0)
    page.locator("cw-picker [role=option]:visible").first.click()
    follow(page.get_by_role("button", name="派遣", exact=True))
    expect(page.locator("h1")).to_contain_text("已派遣")
    expect(page.locator("main")).to_contain_text(ROADS)
    assert fits(page)

    page.goto(f"{address}/problems/?state=dispatched&q={code}")
    assert told(page) == 1
    page.goto(f"{address}/desk/")
    assert int(tile.locator("strong").inner_text()) == before - 1


def yuan(text: str) -> int:
    return int(re.sub(r"[,元\s+]", "", text).replace("−", "-"))


def test_a_week_is_closed_and_its_month_settled(visit: Visit, address: str) -> None:
    page = visit("/appraisal/", width=DESK, account=OFFICE, password=PASSWORD)
    follow(page.locator("table tbody a").first)
    expect(page.locator("h1")).to_contain_text("公示中")
    follow(page.get_by_role("link", name="定案"))
    expect(page.get_by_text("本期结果从此不再改动")).to_be_visible()
    follow(page.get_by_role("button", name="定案"))
    expect(page.locator("h1")).to_contain_text("已定案")

    page.goto(f"{address}/settlements/")
    follow(page.get_by_role("button", name="核算"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("奖惩")
    expect(page.locator("h1")).to_contain_text("已核算")
    heads = page.locator("section:has(#entries) thead th").all_inner_texts()
    rows = [row.locator("th, td").all_inner_texts() for row in page.locator("section:has(#entries) tbody tr").all()]
    amounts = [yuan(row[heads.index("本月奖扣")]) for row in rows]
    assert [yuan(row[heads.index("批准后实发")]) + yuan(row[heads.index("结转下期")]) for row in rows] == [
        amount + yuan(row[heads.index("上期结转")]) for row, amount in zip(rows, amounts, strict=True)
    ]
    totals = [yuan(page.locator("dt", has_text=name).locator("+ dd").inner_text()) for name in ("奖励合计", "扣减合计")]
    assert totals == [sum(one for one in amounts if one > 0), sum(one for one in amounts if one < 0)]
    assert totals[0] > 0
    assert page.get_by_role("button", name="批准").count() == 0, "money is the leader's to approve"


def test_the_bulletin_is_drafted_read_and_drawn(visit: Visit, address: str) -> None:
    page = visit(WEEK, width=DESK, account=OFFICE, password=PASSWORD)
    first = page.locator("table.cw-ranking tbody th").first.inner_text().split()[0]
    follow(page.get_by_role("link", name="起草通报"))
    follow(page.get_by_role("button", name="起草", exact=True))
    expect(page.locator("h1")).to_contain_text("通报")
    expect(page.locator(".cw-paper").first).to_contain_text(first)
    assert fits(page)
    page.emulate_media(media="print")
    expect(page.locator(".cw-bar")).to_be_hidden()
    expect(page.locator(".cw-paper").first).to_be_visible()
    page.emulate_media(media="screen")

    for kind, begins in (("PDF", b"%PDF"), ("Word", b"PK")):
        file = page.request.get(address + str(page.get_by_role("link", name=kind).first.get_attribute("href")))
        assert (file.status, file.body()[: len(begins)]) == (200, begins)
    assert BytesIO(file.body()).getbuffer().nbytes > 1000
