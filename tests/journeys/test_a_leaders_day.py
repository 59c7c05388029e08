"""A leader's day: the bulletin the office wrote waits on the desk, its numbers open, it is signed, issued and received."""

import re

import pytest
from playwright.sync_api import Page, expect

from chuangwei.demo.cast import HOME, LEADER, OFFICE, PASSWORD
from tests.journeys.conftest import DESK, PHONE, Visit, fits, follow

SECRETARY = "shuji"
WEEK = "/appraisal/weekly/2026-W43/"
TITLE = "关于2026年第43周社区周评比情况的通报"
NUMBER = re.compile(r"云创卫办〔\d{4}〕\d+号")
BESIDE_A_LEADER = ("/accounts/", "/audit/", "/imports/", "/documents/new/", "/presets/")


def drafted_and_sent(page: Page) -> str:
    """The office drafts the bulletin from the page of its week and sends it for review; where the paper is."""
    follow(page.get_by_role("link", name="起草通报"))
    expect(page.get_by_role("combobox", name="评比周期")).to_have_value("2026年第43周社区周评比")
    follow(page.get_by_role("button", name="起草"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    follow(page.get_by_role("link", name="送审"))
    follow(page.get_by_role("button", name="送审"))
    expect(page.get_by_text("送审完成")).to_be_visible()
    return str(page.evaluate("location.pathname"))


def opens_into_its_rows(page: Page, address: str) -> None:
    """Every counted number of the paper leads to a list of exactly so many."""
    page.goto(address)
    links = page.locator("a.cw-paper-figure[href*='/figures/']")
    numbers = [(one.get_attribute("href") or "", one.inner_text()) for one in links.all()]
    assert len(numbers) > 10
    for place, number in numbers:
        text = page.request.get(f"{page.evaluate('location.origin')}{place}").text()
        told = re.search(r'id="figure">([^<]+)<', text)
        assert told is not None, place
        assert told[1] == number, place
        if number == "0":
            assert "这个数字是零" in text, place
            continue
        counted = re.search(r"<strong>(\d+)</strong> 条|共 (\d+) [个面]。", text)
        assert counted is not None, place
        if number.isdigit():
            assert (counted[1] or counted[2]) == number, place


def test_a_leader_signs_the_bulletin_the_office_wrote(visit: Visit) -> None:
    office = visit(WEEK, account=OFFICE, password=PASSWORD)
    paper = drafted_and_sent(office)

    leader = visit("/", account=LEADER, password=PASSWORD)
    follow(leader.get_by_role("link", name=TITLE).first)
    assert leader.url.endswith(paper)
    opens_into_its_rows(leader, leader.url)
    opens_into_its_rows(leader, f"{leader.url}?edition=public")

    leader.goto(leader.url.partition("?")[0])
    follow(leader.locator("a.cw-paper-figure[href*='/figures/']").nth(1))
    assert leader.locator("table tbody tr").count() > 10
    follow(leader.locator("table tbody a").first)
    expect(leader.locator("main")).to_contain_text("检查项")
    leader.go_back()
    leader.go_back()

    follow(leader.get_by_role("link", name="签发"))
    expect(leader.locator("form li strong")).to_have_text(NUMBER)
    told = leader.locator("form li strong").inner_text()
    expect(leader.locator("#text")).to_contain_text("各社区要对照通报的问题举一反三")
    follow(leader.get_by_role("button", name="签发"))
    expect(leader.get_by_text(f"签发完成，发文字号 {told}。")).to_be_visible()
    expect(leader.locator(".cw-paper-number")).to_have_text(told)
    leader.go_back()
    leader.reload()
    expect(leader.get_by_role("alert")).to_contain_text("这一步已经办过")
    expect(leader.locator(".cw-paper-title")).to_have_text(TITLE)

    office.goto(f"{paper_address(office, paper)}issue/")
    expect(office.locator("main form")).to_contain_text("主送：各社区，镇直各有关单位")
    communities = office.get_by_role("group", name="社区")
    assert communities.locator("input:checked").count() == communities.locator("input").count() == 13
    follow(office.get_by_role("button", name="印发"))
    expect(office.get_by_text("已印发").first).to_be_visible()

    community = visit("/", width=PHONE, account=SECRETARY, password=PASSWORD)
    follow(community.get_by_role("link", name=TITLE).first)
    assert fits(community)
    follow(community.get_by_role("button", name=f"签收（{HOME}居民委员会）"))
    expect(community.get_by_text(f"{HOME}居民委员会已签收")).to_be_visible()
    community.goto(f"{paper_address(community, '/')}messages/")
    expect(community.locator("main li", has_text=TITLE)).not_to_contain_text("未读")
    office.reload()
    expect(office.locator(".cw-receipts li", has_text=HOME)).not_to_contain_text("未签收")


def paper_address(page: Page, path: str) -> str:
    return f"{page.evaluate('location.origin')}{path}"


def test_a_leader_sees_nothing_beyond_the_right_to_sign(visit: Visit) -> None:
    page = visit("/", account=LEADER, password=PASSWORD)
    for address in BESIDE_A_LEADER:
        answer = page.goto(paper_address(page, address))
        assert answer is not None
        assert answer.status == 404, address


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_wide_table_of_a_paper_scrolls_in_its_own_box(visit: Visit, width: int) -> None:
    page = visit("/documents/new/?kind=weekly-bulletin&series=weekly&period=2026-W42", width=width,
                 account=OFFICE, password=PASSWORD)  # fmt: skip
    follow(page.get_by_role("button", name="起草"))
    ranking = page.get_by_role("region", name="2026年第42周社区周评比排名")
    ranking.focus()
    assert fits(page)
    is_wider = bool(ranking.evaluate("box => box.scrollWidth > box.clientWidth"))
    assert is_wider == (width == PHONE)
