"""An inspector's day: the office plans a round, the inspector records a visit on a phone, and the problems are there."""

import re
from io import BytesIO

from playwright.sync_api import Page, Route, expect

from chuangwei.demo.cast import PASSWORD
from tests.factories import photos
from tests.journeys.conftest import PHONE, Visit, fits, follow

ROUND = "检查员的一天"


def pick(page: Page, label: str, words: str) -> None:
    page.get_by_label(label).fill(words)
    page.locator("cw-picker [role=option]:visible").first.wait_for()
    page.get_by_label(label).press("Enter")


def test_what_is_typed_before_a_picker_stands_is_picked_all_the_same(visit: Visit) -> None:
    page = visit("/desk/", account="bangong", password=PASSWORD)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/picker-[^/]*\.js"), hold)
    page.goto(page.url.replace("/desk/", "/rounds/new/"))
    page.get_by_label("督查组").press_sequentially("督查一")
    assert page.get_by_role("combobox", name="督查组").count() == 0
    for route in held:
        route.continue_()
    page.locator("cw-picker [role=option]:visible", has_text="督查一组").wait_for()
    expect(page.get_by_role("combobox", name="督查组")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="督查组")).to_have_value("督查一组")


def plan(page: Page) -> None:
    """By names and the keyboard alone where one picks; what was picked once too often is taken away again."""
    page.get_by_label("名称").fill(ROUND)
    pick(page, "督查组", "督查一组")
    for words in ("市政设施", "环境卫生", "教育局"):
        pick(page, "参加单位", words)
    chips = page.locator(".cw-picker-chips li:visible")
    assert [text.split("\n")[0][3:] for text in chips.all_inner_texts()] == [
        "市政设施服务中心",
        "环境卫生服务中心",
        "教育局",
    ]
    page.get_by_label("参加单位").press("Backspace")
    page.get_by_role("button", name="去掉 岚川县市政设施服务中心").press("Enter")
    assert page.locator("textarea[name=units]").input_value() == "DW022"
    page.get_by_label("背街小巷").check()
    assert fits(page)
    follow(page.get_by_role("button", name="安排轮次"))
    expect(page.get_by_role("heading", name=ROUND)).to_be_visible()
    assert "岚川县环境卫生服务中心" in page.locator("main").inner_text()


def answer(page: Page, number: int, words: str) -> None:
    """Answer a check and wait until the sheet says how far it is."""
    with page.expect_response(lambda answer: answer.url.endswith("/save/")):
        page.locator(".cw-check").nth(number).get_by_text(words, exact=True).click()


def photo(page: Page, number: int) -> None:
    picture: BytesIO = photos.saved(photos.street())
    field = page.locator(".cw-check").nth(number).locator("input[type=file]").first
    field.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture.read()})
    page.locator(".cw-check").nth(number).locator("img").wait_for()


def chosen(page: Page) -> list[str]:
    """What is answered, check by check in the order of the sheet."""
    return page.locator(".cw-check > input:checked").evaluate_all("found => found.map(one => one.value)")


def fill_in(page: Page) -> str:
    """Two checks fail, one passes, and the rest passes at one stroke after the sheet was refused; what it comes to."""
    checks = page.locator(".cw-check").count()
    total = page.locator("#total")
    assert chosen(page) == []
    assert f"已查 0/{checks} 项，未查完" in total.inner_text().replace("\n", " ")
    answer(page, 0, "不合格")
    answer(page, 1, "合格")
    answer(page, 2, "不合格")
    photo(page, 0)
    page.reload()
    assert chosen(page) == ["fail", "pass", "fail"]
    assert f"已查 3/{checks} 项，未查完" in total.inner_text().replace("\n", " ")

    follow(page.get_by_role("button", name="交表"))
    missing = page.locator("[role=alert] a")
    assert missing.count() == checks - 3
    assert fits(page)
    third = page.locator(".cw-check").nth(3)
    missing.first.click()
    page.wait_for_url(f"**#{third.get_attribute('id')}")
    expect(third.get_by_text("未填")).to_be_visible()

    follow(page.get_by_role("button", name="其余全部合格"))
    expect(page.get_by_text(f"其余 {checks - 3} 项已填为合格，请核对后交表。")).to_be_visible()
    assert chosen(page) == ["fail", "pass", "fail"] + ["pass"] * (checks - 3)
    assert f"已查完 {checks} 项" in total.inner_text()
    return total.locator("strong").inner_text()


def test_an_inspector_records_a_visit_and_the_problems_are_there(visit: Visit) -> None:
    plan(visit("/rounds/new/", account="bangong", password=PASSWORD))

    page = visit("/sheets/", width=PHONE, account="ducha", password=PASSWORD)
    follow(page.get_by_role("link", name=ROUND))
    follow(page.locator(".cw-choose a").first)
    assert fits(page)
    score = fill_in(page)

    follow(page.get_by_role("button", name="交表"))
    expect(page.get_by_text("已录入")).to_be_visible()
    assert score in page.locator("main").inner_text()
    assert page.locator(".cw-check-photos img").count() == 1
    assert fits(page)
    opened = page.get_by_role("link", name="已立案")
    assert opened.count() == 2
    follow(opened.first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("已立案")


def test_the_demo_has_a_round_for_today_to_record_in(visit: Visit) -> None:
    page = visit("/sheets/", width=PHONE, account="ducha", password=PASSWORD)
    today = page.get_by_role("link", name=re.compile("月.*日督导检查"))
    assert "还有 11 处没查，共 11 处" in today.inner_text()
    follow(today)
    assert page.locator(".cw-choose a").count() == 11


def test_without_scripts_a_sheet_is_filled_in_and_a_team_written_down_all_the_same(visit: Visit) -> None:
    page = visit("/rounds/new/", account="bangong", password=PASSWORD, scripts=False)
    page.get_by_label("名称").fill("不用脚本的轮次")
    page.get_by_label("督查组").fill("DW009")
    page.get_by_label("参加单位").fill("DW022、岚川县教育局")
    page.get_by_label("农(集)贸市场").check()
    follow(page.get_by_role("button", name="安排轮次"))
    expect(page.get_by_role("heading", name="不用脚本的轮次")).to_be_visible()
    assert "岚川县教育局" in page.locator("main").inner_text()

    page = visit("/sheets/", account="ducha", password=PASSWORD, scripts=False)
    follow(page.get_by_role("link", name="不用脚本的轮次"))
    follow(page.locator(".cw-choose a").first)
    page.locator(".cw-check").first.get_by_text("不适用").click()
    follow(page.get_by_role("button", name="其余全部合格"))
    assert set(chosen(page)) == {"na", "pass"}
    follow(page.get_by_role("button", name="交表"))
    assert "得分 100.00" in page.locator("main").inner_text()
