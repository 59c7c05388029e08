"""A stranger sees the sign-in page and nothing else; an account gets in."""

import pytest

from chuangwei.demo.cast import OFFICE, PASSWORD
from tests.journeys.conftest import DESK, PHONE, Visit, fits, sign_in

LOGIN = "/account/login/"


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_sign_in_page_fits_and_asks_nobody_else(visit: Visit, width: int) -> None:
    page = visit(LOGIN, width=width)
    assert fits(page)
    assert page.get_by_role("heading", name="登录").is_visible()
    # The style sheet of ours arrived: without it the card has no frame.
    assert page.evaluate("document.styleSheets.length") > 0
    assert "Noto" in page.evaluate("getComputedStyle(document.body).fontFamily")


def test_a_wrong_password_is_refused_in_chinese(visit: Visit, address: str) -> None:
    page = visit(LOGIN)
    sign_in(page, address, OFFICE, "not this one")
    assert LOGIN in page.url
    assert page.get_by_role("alert").inner_text().strip()


def test_an_account_gets_in(visit: Visit) -> None:
    page = visit("/", account=OFFICE, password=PASSWORD)
    assert LOGIN not in page.url
    assert fits(page)


@pytest.mark.parametrize("path", ["/", "/imports/", "/nothing-here/"])
def test_a_stranger_gets_404(visit: Visit, path: str) -> None:
    page = visit(LOGIN)
    answer = page.goto(page.url.removesuffix(LOGIN) + path)
    assert answer is not None
    assert answer.status == 404 or LOGIN in page.url
