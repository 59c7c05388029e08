"""Passkeys and codes in a real browser: Chromium's virtual authenticator stands for the finger on the sensor."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from chuangwei.demo.cast import PASSWORD
from tests.journeys.conftest import DESK, PHONE, fits, follow, sign_in, slow_down

INSPECTOR, DISCIPLINE = "ducha", "jiwei"
SENSOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
STEP = 30


@pytest.fixture
def house(address: str) -> str:
    """By name: browsers know no passkeys for a bare number."""
    return address.replace("127.0.0.1", "localhost")


@pytest.fixture(params=[DESK, PHONE])
def page(browser: Browser, house: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 900}, locale="zh-CN")
    page = context.new_page()
    slow_down(page)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((house, "data:")) else complaints.append(asked.url))
    yield page
    context.close()
    assert complaints == []


def enter(page: Page, house: str, account: str) -> None:
    sign_in(page, house, account, PASSWORD)
    assert "/account/login/" not in page.url or "second" in page.url


def leave(page: Page, house: str) -> None:
    page.goto(f"{house}/account/logout/")
    follow(page.get_by_role("main").get_by_role("button", name="退出登录"))
    assert "/account/login/" in page.url


def prove(page: Page) -> None:
    """Say the password once more, where it is asked for."""
    if "/again/" in page.url:
        if page.get_by_label("密码", exact=True).count() == 0:
            follow(page.get_by_role("link", name="用密码"))
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        follow(page.get_by_role("button", name="确认"))


def test_a_passkey_is_added_and_opens_without_a_password(page: Page, house: str) -> None:
    sensor = page.context.new_cdp_session(page)
    sensor.send("WebAuthn.enable")
    sensor.send("WebAuthn.addVirtualAuthenticator", {"options": SENSOR})
    enter(page, house, INSPECTOR)
    page.goto(f"{house}/account/security/")
    assert fits(page)
    follow(page.get_by_role("link", name="添加通行密钥"))
    prove(page)
    page.get_by_label("名称").fill("办公室电脑")
    assert fits(page)
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("heading", name="恢复代码")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="我已保存").click()
    expect(page.locator(".cw-key-name")).to_have_text("办公室电脑")

    leave(page, house)
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(lambda url: "/account/" not in url)
    page.goto(f"{house}/account/security/")
    expect(page.locator(".cw-head-note")).to_contain_text(INSPECTOR)

    leave(page, house)
    enter(page, house, INSPECTOR)
    expect(page.get_by_role("heading", name="再确认一步")).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="使用通行密钥").click()
    page.wait_for_url(lambda url: "/account/" not in url)

    page.goto(f"{house}/account/security/")
    follow(page.get_by_role("link", name="删除办公室电脑"))
    prove(page)
    follow(page.get_by_role("button", name="删除"))
    expect(page.get_by_text("通行密钥已删除")).to_be_visible()


def test_a_sensor_that_says_no_is_a_sentence(page: Page, house: str) -> None:
    sensor = page.context.new_cdp_session(page)
    sensor.send("WebAuthn.enable")
    sensor.send("WebAuthn.addVirtualAuthenticator", {"options": SENSOR | {"isUserVerified": False}})
    page.goto(f"{house}/account/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_text("请再试一次")).to_be_visible()


def code(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP + steps))


def test_a_code_and_a_recovery_code_open(page: Page, house: str) -> None:
    enter(page, house, DISCIPLINE)
    page.goto(f"{house}/account/security/")
    follow(page.get_by_role("link", name="启用身份验证器"))
    prove(page)
    picture = page.get_by_alt_text("身份验证器二维码")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 0, "the policy lets the picture be drawn"
    assert fits(page)
    page.get_by_text("扫不了").click()
    secret = page.locator(".cw-secret").inner_text().replace(" ", "")
    page.get_by_label("验证码").fill(code(secret))
    follow(page.get_by_role("button", name="启用"))
    expect(page.get_by_role("heading", name="恢复代码")).to_be_visible()
    spare = page.locator(".cw-codes li").all_inner_texts()
    assert len(spare) == 10

    leave(page, house)
    enter(page, house, DISCIPLINE)
    page.get_by_label("验证码").fill("000000")
    follow(page.get_by_role("button", name="继续"))
    expect(page.get_by_text("代码不正确或已过期")).to_be_visible()
    page.get_by_label("验证码").fill(code(secret, steps=1))
    follow(page.get_by_role("button", name="继续"))
    assert "/account/" not in page.url

    leave(page, house)
    enter(page, house, DISCIPLINE)
    page.get_by_label("验证码").fill(spare[0])
    follow(page.get_by_role("button", name="继续"))
    assert "/account/" not in page.url

    page.goto(f"{house}/account/security/")
    expect(page.get_by_text(re.compile("还剩 9 个"))).to_be_visible()
    follow(page.get_by_role("link", name="停用身份验证器"))
    prove(page)
    follow(page.get_by_role("button", name="停用"))
    expect(page.get_by_text("身份验证器已停用")).to_be_visible()
