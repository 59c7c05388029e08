"""A real town, served as people start it, and a real browser before it. Nothing here touches the database directly.

`visit()` opens a page of a given width and watches it: a request to another machine, a refusal by the page's own policy
or an error in a script fails the journey, whatever else it proved. `make test` runs these after everything else.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "var" / "journeys"
CHROMIUM = os.environ.get("CHUANGWEI_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
# Without these the browser calls home at every start.
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK, PHONE = 1440, 390
TOTP_STEP = 30
"""An authenticator shows another code so many seconds later."""
EXAMPLES = ROOT / "examples"
FIRST_PASSWORD = "first-pass-2026"
SLOW_LINE = int(os.environ.get("CHUANGWEI_SLOW_LINE", "0"))
"""So many thousandths of a second every answer takes longer: a journey that reads too early fails at once, not now and
then. CONTRIBUTING says when to use it."""
Visit = Callable[..., Page]

# A busy machine is no fault of the program.
expect.set_options(timeout=20_000)


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "chuangwei.config", *arguments]


def environment(home: Path) -> dict[str, str]:
    return os.environ | {"CHUANGWEI_HOME": str(home), "DATABASE_URL": ""}


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a demo town: eight weeks imported and ranked."""
    home = tmp_path_factory.mktemp("town")
    command = program("demo", "--no-serve")
    made = subprocess.run(command, cwd=ROOT, env=environment(home), capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return home


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of an installation, while it is served as people start it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen(
        program("serve", "--port", str(port)),
        cwd=ROOT, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    line = running.stdout.readline()
    assert f"127.0.0.1:{port}" in line, line
    yield f"http://127.0.0.1:{port}"
    running.terminate()
    running.communicate(timeout=60)


@pytest.fixture(scope="session")
def address(home: Path) -> Iterator[str]:
    """Where the demo town is served."""
    with served(home) as where:
        yield where


@pytest.fixture(scope="session")
def empty_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where an installation is served that has its preset and its first account, and nothing else yet."""
    home = tmp_path_factory.mktemp("empty")
    command = program("init", "--preset", str(EXAMPLES / "preset.toml"), "--county", "岚山县")
    first = environment(home) | {"CHUANGWEI_FIRST_PASSWORD": FIRST_PASSWORD}
    made = subprocess.run(command, cwd=ROOT, env=first, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    with served(home) as where:
        yield where


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def spare_codes() -> dict[str, list[str]]:
    """The recovery codes of accounts that have set up a second factor, as their owners wrote them down."""
    return {}


@pytest.fixture
def visit(
    address: str, browser: Browser, request: pytest.FixtureRequest, spare_codes: dict[str, list[str]]
) -> Iterator[Visit]:
    """`visit(path, width=DESK)` opens a page of the demo town as a stranger; with `account=` it signs in first."""
    yield from watched(address, browser, request, spare_codes)


@pytest.fixture
def visit_empty(empty_address: str, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """The same in the installation that has nothing yet."""
    yield from watched(empty_address, browser, request, {})


def watched(
    address: str, browser: Browser, request: pytest.FixtureRequest, spare_codes: dict[str, list[str]]
) -> Iterator[Visit]:
    pages: list[Page] = []
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # The browser itself reports a page that answers 404 or 422; that may be just what the journey wants.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    def watch(asked: Request) -> None:
        if not asked.url.startswith((address, "data:", "blob:")):
            complaints.append(f"asked {asked.url}")

    def open_page(
        path: str = "/", *, width: int = DESK, account: str = "", password: str = "", scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
        )  # fmt: skip
        page = context.new_page()
        page.on("console", hear)
        page.on("request", watch)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        slow_down(page)
        if account:
            sign_in(page, address, account, password)
            pass_second_factor(page, account, password, spare_codes)
        page.goto(f"{address}{path}")
        return page

    yield open_page
    for number, page in enumerate(pages):
        if getattr(request.node, "failed", False):
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"{request.node.name}-{number}.png", full_page=True)
        page.context.close()
    assert complaints == []


def slow_down(page: Page) -> None:
    """Put the page at the far end of a bad line, where CHUANGWEI_SLOW_LINE asks for it."""
    if SLOW_LINE:
        line = {"offline": False, "latency": SLOW_LINE, "downloadThroughput": -1, "uploadThroughput": -1}
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)


def sign_in(page: Page, address: str, account: str, password: str) -> None:
    page.goto(f"{address}/account/login/")
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码", exact=True).fill(password)
    follow(page.get_by_role("button", name="登录", exact=True))


def pass_second_factor(page: Page, account: str, password: str, spare_codes: dict[str, list[str]]) -> None:
    """Where a role asks for more than the password: set it up the first time, use up a recovery code afterwards."""
    if "/login/second/" in page.url:
        page.get_by_label("验证码").fill(spare_codes[account].pop())
        follow(page.get_by_role("button", name="继续"))
        assert "/account/" not in page.url
    elif "/account/security/" in page.url:
        spare_codes[account] = set_up_codes(page, password)


def set_up_codes(page: Page, password: str) -> list[str]:
    """From the page that asks for a second factor: an authenticator, and the recovery codes it comes with."""
    follow(page.get_by_role("link", name="启用身份验证器"))
    if "/again/" in page.url:
        page.get_by_label("密码", exact=True).fill(password)
        follow(page.get_by_role("button", name="确认"))
    page.get_by_text("扫不了").click()
    secret = page.locator(".cw-secret").inner_text().replace(" ", "")
    page.get_by_label("验证码").fill(format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_STEP)))
    follow(page.get_by_role("button", name="启用"))
    expect(page.get_by_role("heading", name="恢复代码")).to_be_visible()
    return page.locator(".cw-codes li").all_inner_texts()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Let `visit` know that the journey failed, so that it keeps a picture."""
    report = yield
    if call.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]
    return report


def follow(leads: Locator) -> None:
    """Click what leads to another page, and wait for that page: whatever is read next is read there, not here."""
    with leads.page.expect_navigation():
        leads.click()


def fits(page: Page) -> bool:
    """True when nothing makes the page itself scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
