"""A community's day on a phone: what waits, putting one thing right with a photo, reporting another, the own rank."""

import re

from playwright.sync_api import Locator, Page, expect

from chuangwei.demo.cast import HOME, PASSWORD
from tests.factories import photos
from tests.journeys.conftest import PHONE, Visit, fits, follow

SECRETARY, OFFICE = "shuji", "bangong"
COMMITTEE = f"{HOME}居民委员会"


def pick(page: Page, label: str, typed: str) -> None:
    page.get_by_label(label).fill(typed)
    page.locator("cw-picker [role=option]:visible").first.click()


def photo(field: Locator) -> None:
    field.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photos.saved(photos.street()).read()})


def unread(page: Page) -> int:
    bell = page.locator(".cw-bar-bell b")
    return int(re.sub(r"\D", "", bell.inner_text())) if bell.count() else 0


def dispatch_one(visit: Visit) -> str:
    """The office hands a problem of the community to its committee; its number."""
    page = visit(f"/problems/?standing=undispatched&q={HOME[:2]}", account=OFFICE, password=PASSWORD)
    follow(page.locator("table.cw-problems tbody a").first)
    pick(page, "责任单位", COMMITTEE)
    follow(page.locator(".cw-step").get_by_role("button", name="派遣"))
    told = page.locator(".cw-note-good")
    expect(told).to_contain_text(f"给{COMMITTEE}")
    found = re.search(r"已派遣 (\S+) 给", told.inner_text())
    assert found
    return found[1]


def number_elsewhere(visit: Visit) -> str:
    """The address of a problem of another community."""
    page = visit("/problems/?q=鼓楼社区", account=OFFICE, password=PASSWORD)
    return page.locator("table.cw-problems tbody a").first.get_attribute("href") or ""


def test_a_secretary_puts_right_what_waits_and_its_message_is_read(visit: Visit) -> None:
    code = dispatch_one(visit)
    page = visit("/", width=PHONE, account=SECRETARY, password=PASSWORD)
    before = unread(page)
    assert before > 0
    assert fits(page)

    follow(page.get_by_role("link", name="个问题派给本单位"))
    follow(page.locator("tr", has_text=code).get_by_role("link").first)
    expect(page.locator(".cw-step")).to_contain_text("下一步：报整改")
    assert fits(page)

    page.get_by_label("说明").fill("已清理干净，安排专人看守。")
    follow(page.get_by_role("button", name="报整改"))
    expect(page.get_by_text("还缺整改后照片。")).to_be_visible()
    assert page.get_by_label("说明").input_value() == "已清理干净，安排专人看守。"
    photo(page.get_by_label("整改后照片"))
    follow(page.get_by_role("button", name="报整改"))

    expect(page.locator(".cw-note-good")).to_have_text(f"已报整改 {code}，等待核查。")
    expect(page.get_by_role("heading", level=1)).to_contain_text("待核查")
    assert page.locator(".cw-photos img").count() == 1
    expect(page.locator(".cw-history")).to_contain_text("已清理干净，安排专人看守。")
    assert unread(page) == before - 1
    assert fits(page)


def test_a_step_sent_from_an_old_page_is_told_and_made_once(visit: Visit) -> None:
    code = dispatch_one(visit)
    pages = [
        visit(f"/problems/{code}/?step=return", width=PHONE, account=SECRETARY, password=PASSWORD) for _ in range(2)
    ]
    for page in pages:
        page.get_by_label("退回的理由").fill("这一段归市政。")
        follow(page.get_by_role("button", name="退回", exact=True))
    first, second = pages
    expect(first.locator(".cw-note-good")).to_have_text(f"已退回 {code}，等待重新派遣。")
    expect(second.get_by_role("alert")).to_contain_text("这一步已经办过：")
    made = [page.locator(".cw-history li", has_text="已派遣 → 退回").count() for page in pages]
    assert made == [made[0]] * 2
    assert fits(second)


def test_a_secretary_reports_what_she_found(visit: Visit) -> None:
    page = visit("/problems/", width=PHONE, account=SECRETARY, password=PASSWORD)
    follow(page.locator(".cw-head").get_by_role("link", name="上报问题"))
    pick(page, "点位", HOME[:2])
    pick(page, "问题类别", "垃圾")
    page.get_by_label("描述").fill("巷口垃圾桶满溢，没有清运。")
    expect(page.locator(".cw-count")).to_have_text("13 / 2000 字")
    photo(page.get_by_label("照片"))
    assert fits(page)
    follow(page.get_by_role("button", name="上报", exact=True))
    expect(page.locator(".cw-note-good")).to_contain_text("已上报，编号 WT")
    expect(page.get_by_role("heading", level=1)).to_contain_text("待核实")
    assert page.locator(".cw-photos img").count() == 1
    assert fits(page)


def test_a_secretary_sees_the_own_rank_and_no_problem_of_another_community(visit: Visit) -> None:
    elsewhere = number_elsewhere(visit)
    page = visit("/", width=PHONE, account=SECRETARY, password=PASSWORD)
    expect(page.locator("main")).to_contain_text(re.compile(rf"{HOME}第 \d+ 名，[\d.]+ 分"))
    answer = page.goto(page.url.rstrip("/") + elsewhere)
    assert answer is not None
    assert (answer.status, elsewhere.startswith("/problems/TZ-")) == (404, True)
    expect(page.get_by_role("heading", level=1)).to_have_text("没有这一页")
