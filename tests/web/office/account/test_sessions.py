"""How long somebody stays signed in, and what ends it."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from chuangwei.core import clock
from chuangwei.domain.organisation import actions
from chuangwei.domain.organisation.models import Account
from chuangwei.web.office.account.security_views import device_of
from tests.factories import organisation, places
from tests.factories.problems import MONDAY
from tests.web.office.account.conftest import PASSWORD, STRICT, code_of, sign_in, told

pytestmark = pytest.mark.django_db
NEW = "巷子里的公示牌2024"


def walk(client: Client, frozen_clock, minutes: list[int]) -> list[int]:
    """Open a page at each of these minutes after signing in; what each answered."""
    answers = []
    for minute in minutes:
        frozen_clock(MONDAY + timedelta(minutes=minute))
        answers.append(client.get("/appraisal/").status_code)
    return answers


@pytest.mark.parametrize(
    ("minutes", "answers"),
    [
        ([0, 30, 60], [200, 200, 200]),
        ([31], [302]),
        ([10, 41], [200, 302]),
        ([10, 40, 70], [200, 200, 200]),
        ([*range(20, 721, 20), 722], [*([200] * 36), 302]),
    ],
)
def test_a_session_ends_when_nobody_is_there_and_after_half_a_day(client, li, frozen_clock, minutes, answers):
    frozen_clock(MONDAY)
    sign_in(client)
    assert walk(client, frozen_clock, minutes) == answers


@pytest.mark.parametrize("setting", ["SESSION_IDLE_AGE", "SESSION_COOKIE_AGE"])
def test_the_operator_may_set_both(client, li, frozen_clock, settings, setting):
    setattr(settings, setting, 60)
    frozen_clock(MONDAY)
    sign_in(client)
    assert walk(client, frozen_clock, [2]) == [302]


def test_whoever_was_away_is_told_why_and_led_back(client, li, frozen_clock):
    frozen_clock(MONDAY)
    sign_in(client)
    frozen_clock(MONDAY + timedelta(minutes=31))
    answer = client.get("/appraisal/?x=1")
    assert answer["Location"] == "/account/login/?next=%2Fappraisal%2F%3Fx%3D1"
    assert "超过 30 分钟没有操作" in client.get(answer["Location"]).content.decode()
    assert [event.note for event in told("会话结束")] == ["超过 30 分钟没有操作，请重新登录。"]


def test_a_part_of_a_page_is_sent_to_the_door_whole(client, li, frozen_clock):
    frozen_clock(MONDAY)
    sign_in(client)
    frozen_clock(MONDAY + timedelta(minutes=31))
    assert client.get("/appraisal/", headers={"hx-request": "true"})["HX-Redirect"] == "/account/login/"


def test_a_form_is_not_sent_again_behind_the_door(client, li, frozen_clock):
    frozen_clock(MONDAY)
    sign_in(client)
    frozen_clock(MONDAY + timedelta(minutes=31))
    answer = client.post("/imports/upload/", {"note": "写了一半"})
    assert (answer.status_code, "没有保存" in (said := answer.content.decode()), "写了一半" in said) == (
        404,
        True,
        True,
    )


def test_the_key_of_a_session_is_another_after_signing_in(client, li):
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client)
    assert client.session.session_key != session.session_key
    assert not client.session.exists(session.session_key)


def test_a_key_brought_along_is_not_taken(client, li):
    client.cookies["sessionid"] = "a" * 32
    sign_in(client)
    assert client.session.session_key != "a" * 32


@pytest.mark.parametrize(
    "change",
    [
        lambda li, by: actions.set_roles(account=li, roles=["leader"], by=by, at=MONDAY),
        lambda li, by: actions.set_scope(account=li, area=places.area("6299"), by=by, at=MONDAY),
        lambda li, by: actions.switch_account(account=li, is_active=False, by=by, at=MONDAY, note="已离岗"),
        lambda li, by: actions.set_password(account=li, password=NEW, by=by, at=MONDAY),
    ],
    ids=["roles", "scope", "off", "password"],
)
def test_other_rights_or_another_password_end_every_session(client, li, change):
    sign_in(client)
    assert client.get("/appraisal/").status_code == 200
    change(li, organisation.chief())
    assert client.get("/appraisal/").status_code in (302, 404)
    assert client.get("/appraisal/").status_code == 404


def test_a_second_factor_demanded_meanwhile_is_demanded_at_once(member, li, use_preset):
    assert member.get("/appraisal/").status_code == 200
    use_preset(STRICT)
    for page in ("/appraisal/", "/desk/", "/api/areas"):
        assert member.get(page)["Location"] == "/account/security/"
    assert "须有第二因素" in member.get("/account/security/").content.decode()


def test_a_second_factor_reset_meanwhile_is_missed_at_once(client, li, strict, totp):
    sign_in(client)
    client.post("/account/login/second/", {"code": code_of(totp)})
    assert client.get("/organisation/units/").status_code != 302
    actions.reset_second_factor(account=li, by=organisation.chief(), at=MONDAY, note="手机丢失，已当面核对")
    assert client.get("/organisation/units/")["Location"] == "/account/security/"


def test_a_role_that_needs_a_second_factor_counts_from_the_next_page_on(member, li):
    actions.set_roles(account=li, roles=["audit-administrator"], by=organisation.chief(), at=MONDAY)
    assert member.get("/audit/")["Location"].startswith("/account/login/")
    sign_in(member)
    assert member.get("/audit/")["Location"] == "/account/security/"


def test_ones_own_new_password_ends_the_other_sessions_only(member, li):
    other = Client()
    sign_in(other)
    before = member.session.session_key
    member.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert member.get("/appraisal/").status_code == 200
    assert member.session.session_key != before
    assert other.get("/appraisal/").status_code == 404


def test_one_sees_where_one_is_signed_in_and_ends_the_others(member, li):
    other = Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8.0"})
    sign_in(other, REMOTE_ADDR="10.1.2.3")
    page = member.get("/account/security/").content.decode()
    assert ("安卓手机 · 微信" in page, "10.1.2.3" in page, page.count("本机")) == (True, True, 1)

    assert member.post("/account/security/sessions/end/")["Location"] == "/account/security/"

    assert other.get("/appraisal/").status_code == 404
    page = member.get("/account/security/").content.decode()
    assert ("10.1.2.3" in page, "/account/security/sessions/end/" in page) == (False, False)
    assert len(told("结束其他会话")) == 1


def test_being_there_is_written_down_once_a_minute(client, li, frozen_clock, django_assert_num_queries):
    frozen_clock(MONDAY)
    sign_in(client)
    seen = UserSession.objects.get().last_seen_at
    walk(client, frozen_clock, [0])
    assert UserSession.objects.get().last_seen_at == seen
    walk(client, frozen_clock, [5])
    assert UserSession.objects.get().last_seen_at == MONDAY + timedelta(minutes=5)


def test_the_list_of_sessions_costs_the_same_for_one_account_of_many(member, li):
    organisation.account("wang", password=PASSWORD)
    sign_in(Client(), "wang", REMOTE_ADDR="10.9.9.9")
    assert "10.9.9.9" not in member.get("/account/security/").content.decode()


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari/537.36", "Windows 电脑 · Chrome"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120", "Windows 电脑 · Edge"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "iPhone · Safari"),
        ("Mozilla/5.0 (X11; Linux aarch64; UOS) Chrome/100 Safari/537.36", "统信电脑 · Chrome"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Firefox/121", "Mac 电脑 · Firefox"),
        ("curl/8", "未知设备"), ("", "未知设备"),
    ],
)  # fmt: skip
def test_a_device_is_called_what_people_call_it(agent, device):
    assert device_of(agent) == device


def test_an_account_without_a_session_has_no_one_ended(client, li):
    assert client.get("/account/login/").status_code == 200
    assert not UserSession.objects.exists()


def test_without_marks_of_its_beginning_a_session_is_over(member, li):
    session = member.session
    del session["signed_in_at"]
    session.save()
    assert member.get("/appraisal/").status_code == 302


def test_clock_of_the_installation_is_the_one_asked(client, li):
    sign_in(client)
    assert abs(client.session["signed_in_at"] - clock.now().timestamp()) < 60
    assert Account.objects.filter(pk=li.pk).exists()
