"""Every sign-in and every failure stands in the audit chain, with the address, and no password does."""

import json

import pytest
from django.test import Client

from chuangwei.core import audit
from chuangwei.core.models import AuditEvent
from chuangwei.domain.organisation.models import Account
from chuangwei.web.office.account.adapter import locked
from tests.web.office.account.conftest import PASSWORD, code_of, prove, sign_in, told

pytestmark = pytest.mark.django_db


def details(event: AuditEvent) -> dict:
    return json.loads(event.details)


def test_signing_in_and_out_is_recorded_with_its_address(client, li):
    sign_in(client, REMOTE_ADDR="10.0.0.8")
    client.post("/account/logout/", REMOTE_ADDR="10.0.0.8")
    came, went = told("登录")[0], told("退出登录")[0]
    assert (came.actor_code, came.subject_code, details(came)) == (
        "li",
        "li",
        {"address": "10.0.0.8", "ways": ["密码"]},
    )
    assert (went.actor_code, details(went)) == ("li", {"address": "10.0.0.8"})
    assert audit.verify() == []


@pytest.mark.parametrize(("typed", "kept"), [("li", "li"), ("LI", "li"), ("my-secret-word", "（没有这个账号）")])
def test_a_failure_names_the_account_but_never_what_was_typed(client, li, typed, kept):
    sign_in(client, typed, "wrong-password-77")
    event = told("登录失败")[0]
    assert (event.subject_code, event.actor_name, details(event)) == (kept, "未登录", {"address": "127.0.0.1"})
    whole = json.dumps(list(AuditEvent.objects.values()), default=str, ensure_ascii=False)
    assert "wrong-password-77" not in whole
    assert "my-secret-word" not in whole


def test_a_lock_is_recorded_once(client, li):
    for _ in range(9):
        sign_in(client, password="wrong")
    assert (len(told("登录失败")), len(told("登录锁定"))) == (5, 1)
    assert details(told("登录锁定")[0])["seconds"] > 240


@pytest.mark.parametrize(("username", "password"), [("li", PASSWORD), ("LI", PASSWORD), ("li", "wrong")])
def test_a_locked_account_says_for_how_long_whatever_is_typed(client, li, username, password):
    for _ in range(5):
        sign_in(client, password="wrong")
    answer = sign_in(client, username, password)
    assert answer.status_code == 422
    assert "错误次数过多，暂时锁定，请过 5 分钟再试。" in answer.content.decode()


def test_the_lock_holds_for_every_host_and_address(client, li):
    for _ in range(5):
        sign_in(client, password="wrong")
    assert sign_in(Client(), HTTP_HOST="localhost", REMOTE_ADDR="10.7.7.7").status_code == 422


def test_the_lock_of_one_is_not_the_lock_of_all(client, li):
    for _ in range(5):
        sign_in(client, "nobody-here", "wrong")
    assert sign_in(client).status_code == 302


def test_one_address_may_not_try_many_names(client, li):
    for number in range(20):
        sign_in(client, f"name-{number}", "wrong", REMOTE_ADDR="10.0.0.9")
    assert sign_in(client, REMOTE_ADDR="10.0.0.9").status_code == 422
    assert sign_in(Client(), REMOTE_ADDR="10.0.0.10").status_code == 302


def test_a_flood_at_the_door_gets_a_page_of_its_own(client, li):
    for number in range(30):
        sign_in(client, f"name-{number}", "wrong")
    answer = sign_in(client)
    assert (answer.status_code, "操作太频繁" in answer.content.decode()) == (429, True)


def test_a_good_sign_in_is_not_counted(client, li):
    for _ in range(8):
        assert sign_in(Client()).status_code == 302


def test_the_old_password_is_not_tried_all_day(member):
    wrong = {"oldpassword": "wrong", "password1": "x", "password2": "x"}
    answers = [member.post("/account/password/", wrong).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_saying_the_password_again_is_counted_with_signing_in(member, li):
    for _ in range(5):
        prove(member, "/account/security/totp/", password="wrong")
    answer = prove(member, "/account/security/totp/")
    assert (answer.status_code, "暂时锁定" in answer.content.decode()) == (422, True)


def test_a_code_never_stands_in_the_chain(client, li, totp):
    sign_in(client)
    code = code_of(totp)
    client.post("/account/login/second/", {"code": "123456"})
    client.post("/account/login/second/", {"code": code})
    whole = json.dumps(list(AuditEvent.objects.values()), default=str)
    assert not any(word in whole for word in (code, "123456", totp))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "127.0.0.1"),
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "10.0.0.7", "10.0.0.7"),
        (1, "6.6.6.6, 10.0.0.7", "10.0.0.7"),
        (1, None, "127.0.0.1"),
        (2, "6.6.6.6, 10.0.0.7, 10.0.0.1", "10.0.0.7"),
        (1, "fd00::7", "fd00::7"),
    ],
)
@pytest.mark.usefixtures("li")
def test_the_address_is_the_one_our_own_proxy_saw(client, settings, proxies, forwarded, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    sign_in(client, headers=headers)
    assert details(told("登录")[0])["address"] == address


@pytest.mark.parametrize(("proxies", "forwarded"), [(2, "10.0.0.7"), (1, "not-an-address"), (1, "10.0.0.7, <script>")])
def test_an_address_nobody_can_read_is_refused_not_counted_as_another(client, li, settings, proxies, forwarded):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert sign_in(client, headers={"x-forwarded-for": forwarded}).status_code == 403


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "1 秒"), (0, "1 秒"), (59, "59 秒"), (60, "1 分钟"), (61, "2 分钟")]
)
def test_a_wait_is_never_said_too_short(seconds, words):
    assert words in locked(seconds).message


def test_nobody_switched_off_is_recorded_as_having_come_in(client, li):
    Account.objects.filter(pk=li.pk).update(is_active=False)
    sign_in(client)
    assert told("登录") == []
