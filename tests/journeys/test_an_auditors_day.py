"""The audit administrator's day: in by two factors where nothing is switched off; what was done, the root of a day on
paper, who read whose number, and nothing else of the house. What she looks at she cannot change, and it is written down.
"""

import re
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from chuangwei.demo.cast import AUDIT, PASSWORD
from tests.journeys.conftest import (
    DESK,
    FIRST_PASSWORD,
    PHONE,
    ROOT,
    Visit,
    environment,
    fits,
    follow,
    program,
    served,
    set_up_codes,
    sign_in,
    watched,
)

OWN_PASSWORD = "巷子里的公示牌2026"

CLOSED = (
    "/accounts/", "/accounts/new/", "/accounts/of/bangong/", "/accounts/roles/", "/problems/", "/visits/", "/rounds/",
    "/appraisal/", "/units/", "/persons/", "/sites/", "/duties/", "/documents/", "/imports/", "/presets/",
)  # fmt: skip


def enter(visit: Visit, path: str, *, width: int) -> Page:
    return visit(path, width=width, account=AUDIT, password=PASSWORD)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_an_auditor_sees_what_was_done_and_nothing_else(visit: Visit, address: str, width: int) -> None:
    page = enter(visit, "/desk/", width=width)
    assert fits(page)
    menu = page.locator("header")
    expect(menu.get_by_role("link", name="问题台账")).to_have_count(0)

    page.goto(f"{address}/audit/")
    expect(page.get_by_role("heading", name="审计", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile(r"链上现有 \d+ 条"))).to_be_visible()
    assert fits(page)
    listed = page.locator("#list").inner_text()
    assert "weekly@" not in listed, "a series is called by its title"
    assert not re.search(r"\b(told|ways|unit|units|roles|scope)\b", listed), "facts are told in words"

    page.goto(f"{address}/audit/?verb=建立账号&code={AUDIT}")
    row = page.locator("#list tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("审计管理员")
    follow(row.get_by_role("link", name="建立账号"))
    expect(page.get_by_role("heading", name="建立账号")).to_be_visible()
    expect(page.get_by_text("与前一条相连，没有改动")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("角色"))).to_contain_text("审计管理员")
    assert fits(page)

    for path in CLOSED:
        answer = page.goto(f"{address}{path}")
        assert answer is not None
        assert answer.status == 404, path


@pytest.fixture(scope="module")
def formal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """An installation as an office makes it, by a bundled preset: where it is served, and the auditor's first password."""
    home = tmp_path_factory.mktemp("formal")
    first = environment(home) | {"CHUANGWEI_FIRST_PASSWORD": FIRST_PASSWORD}
    command = program("init", "--preset", "town-weekly-flags", "--county", "岚山县")
    made = subprocess.run(command, cwd=ROOT, env=first, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    told = re.search(rf"：{AUDIT}，密码：(\S+?)（", made.stdout)
    assert told, made.stdout
    with served(home) as where:
        yield where, told[1]


@pytest.fixture
def visit_formal(
    formal: tuple[str, str], browser: Browser, request: pytest.FixtureRequest, spare_codes: dict[str, list[str]]
) -> Iterator[Visit]:
    yield from watched(formal[0], browser, request, spare_codes)


def test_an_auditor_is_led_to_a_second_factor_before_anything_else(
    visit_formal: Visit, formal: tuple[str, str]
) -> None:
    """A password of her own, then an authenticator: each page says what comes next, and no other opens."""
    address, given = formal
    page = visit_formal("/account/login/")
    sign_in(page, address, AUDIT, given)
    page.get_by_label("现在的密码").fill(given)
    page.get_by_label("新密码", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("再输一遍新密码").fill(OWN_PASSWORD)
    follow(page.get_by_role("button", name="保存新密码"))
    page.goto(f"{address}/audit/")
    expect(page.get_by_text("您的角色除密码外还须有第二因素")).to_be_visible()
    assert fits(page)
    codes = set_up_codes(page, OWN_PASSWORD)
    assert len(codes) == 10
    page.goto(f"{address}/audit/")
    expect(page.get_by_role("heading", name="审计", exact=True)).to_be_visible()

    page = visit_formal("/account/login/")
    sign_in(page, address, AUDIT, OWN_PASSWORD)
    page.get_by_label("验证码").fill(codes[0])
    follow(page.get_by_role("button", name="继续"))
    assert "/account/" not in page.url
    page.goto(f"{address}/audit/?who={AUDIT}")
    expect(page.locator("#list")).to_contain_text("添加身份验证器")
    expect(page.locator("#list")).to_contain_text("登录方式 密码、恢复代码")


def test_an_auditor_prints_the_root_of_a_day_and_checks_the_paper(visit: Visit, address: str) -> None:
    page = enter(visit, "/audit/roots/", width=DESK)
    row = page.locator("main table tbody tr").first
    root = row.locator(".cw-hash").inner_text()
    follow(row.get_by_role("link"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text(root.split()[0])
    assert fits(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="日根").first).to_be_hidden()
    page.emulate_media(media="screen")

    day = page.url.rstrip("/").rsplit("/", 1)[1]
    page.goto(f"{address}/audit/roots/")
    for typed, verdict in (
        (root, "与纸上的一致"),
        (root.replace(root[0], "f" if root[0] != "f" else "0", 1), "与您输入的不同"),
    ):
        page.get_by_label("日期").fill(day)
        page.get_by_label("纸上的日根").fill(typed)
        follow(page.get_by_role("button", name="对照"))
        expect(page.locator("main .cw-note")).to_contain_text(verdict)


def test_an_auditor_reads_who_read_whose_number_and_is_written_down_herself(visit: Visit, address: str) -> None:
    page = enter(visit, "/audit/readings/", width=PHONE)
    expect(page.get_by_role("heading", name="个人信息查阅记录")).to_be_visible()
    assert fits(page)
    page.goto(f"{address}/audit/?who={AUDIT}")
    expect(page.locator("#list")).to_contain_text("登录")
    with page.expect_download() as saved:
        page.get_by_role("button", name="导出所列").click()
    assert saved.value.suggested_filename.endswith(".xlsx")
    page.goto(f"{address}/audit/?who={AUDIT}")
    expect(page.locator("#list")).to_contain_text("导出列表")
