"""A community reads its week: drawn with scripts, in a table without them, at the desk and on a phone."""

import pytest
from playwright.sync_api import expect

from chuangwei.demo.cast import HOME, PASSWORD
from tests.journeys.conftest import DESK, PHONE, Visit, fits, follow

SECRETARY = "shuji"


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_secretary_finds_her_own_community(visit: Visit, width: int) -> None:
    page = visit("/appraisal/", width=width, account=SECRETARY, password=PASSWORD)
    follow(page.locator("table tbody a").first)
    own = page.locator("table.cw-ranking tbody tr", has_text=f"本{HOME[-2:]}")
    expect(own).to_contain_text(HOME)
    follow(own.locator(".cw-total a"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(HOME)
    expect(page.locator("cw-trend canvas")).to_be_visible()
    assert fits(page)


def test_without_scripts_the_course_is_a_table(visit: Visit) -> None:
    page = visit("/appraisal/weekly/trend/", account=SECRETARY, password=PASSWORD, scripts=False)
    assert page.locator("cw-trend canvas").count() == 0
    expect(page.locator("cw-trend table")).to_be_visible()
    assert page.get_by_role("link", name="评比", exact=True).first.is_visible()


def test_the_menu_of_a_person_opens_without_scripts(visit: Visit) -> None:
    page = visit("/appraisal/", account=SECRETARY, password=PASSWORD, scripts=False)
    page.locator(".cw-bar-person summary").click()
    follow(page.get_by_role("button", name="退出登录"))
    assert "/account/login/" in page.url


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_courses_are_compared(visit: Visit, width: int) -> None:
    page = visit("/appraisal/weekly/trend/", width=width, account=SECRETARY, password=PASSWORD)
    expect(page.locator("cw-trend canvas")).to_be_visible()
    follow(page.get_by_role("button", name="看名次"))
    assert "metric=rank" in page.url
    assert fits(page)
