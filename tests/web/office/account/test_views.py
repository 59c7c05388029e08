import pytest
from django.test import Client

from chuangwei.core import clock
from chuangwei.core.models import AuditEvent, Installation
from chuangwei.domain.organisation.models import Account
from tests.factories import organisation

PASSWORD = "demo-pass-1"
NEW = "巷子里的公示牌2024"
pytestmark = pytest.mark.django_db


@pytest.fixture
def li():
    return organisation.account("li", name="小李", roles=["office"], password=PASSWORD)


def sign_in(client, username="li", password=PASSWORD, **more):
    return client.post("/account/login/", {"login": username, "password": password, **more})


def test_signing_in_leads_to_the_work(client, li):
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/appraisal/").status_code == 200


@pytest.mark.parametrize(("username", "password"), [("li", "wrong"), ("nobody", PASSWORD), ("", ""), ("li", "")])
def test_a_wrong_name_or_password_is_refused_in_chinese(client, li, username, password):
    answer = sign_in(client, username, password)
    assert answer.status_code == 422
    assert client.get("/appraisal/").status_code == 404


def test_whom_the_office_switched_off_cannot_come_in(client, li):
    Account.objects.filter(pk=li.pk).update(is_active=False)
    assert sign_in(client).status_code in (302, 422)
    assert client.get("/appraisal/").status_code == 404


def test_one_is_led_only_to_pages_of_ours(client, li):
    assert sign_in(client, next="https://elsewhere.example/")["Location"] == "/"
    client.logout()
    assert sign_in(client, next="/imports/")["Location"] == "/imports/"


def test_signing_out_takes_a_button(client, li):
    sign_in(client)
    assert "确定要退出吗" in client.get("/account/logout/").content.decode()
    client.post("/account/logout/")
    assert client.get("/appraisal/").status_code == 404


def test_one_changes_ones_own_password(client, li):
    Account.objects.filter(pk=li.pk).update(must_change_password=True)
    sign_in(client)
    assert client.get("/appraisal/")["Location"] == "/account/password/"
    assert "初始密码" in client.get("/account/password/").content.decode()

    answer = client.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/appraisal/").status_code == 200
    assert sign_in(Client(), password=NEW).status_code == 302
    assert AuditEvent.objects.filter(verb="更改密码", actor_code="li").count() == 1


@pytest.mark.parametrize(
    ("old", "first", "second"),
    [("wrong", NEW, NEW), (PASSWORD, NEW, "other-word-99"), (PASSWORD, "short", "short"), (PASSWORD, "password123", "password123")],
)  # fmt: skip
def test_a_bad_new_password_is_refused(client, li, old, first, second):
    sign_in(client)
    answer = client.post("/account/password/", {"oldpassword": old, "password1": first, "password2": second})
    assert answer.status_code == 422
    assert "cw-field-error" in answer.content.decode()
    assert sign_in(Client()).status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "/account/password/", "/account/signup/", "/account/email/", "/account/reset/", "/account/set/", "/account/again/",
    ],
)  # fmt: skip
def test_a_stranger_finds_nothing_but_the_door(client, address):
    assert client.get(address).status_code == 404


def test_the_pages_of_accounts_can_be_read(client):
    assert "使用安全管理员发给您的账号" in client.get("/account/login/").content.decode()
    assert "账号已停用" in client.get("/account/inactive/").content.decode()


def test_people_see_at_whose_door_they_stand(client):
    Installation.objects.create(pk=Installation.ONLY, county="云岭县", started_at=clock.now())
    assert "云岭县" in client.get("/account/login/").content.decode()


def test_after_many_wrong_passwords_the_right_one_must_wait(client, li):
    for _ in range(5):
        sign_in(client, password="wrong")
    answer = sign_in(client)
    assert (answer.status_code, "次数过多" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("is_forced", [True, False])
def test_the_new_password_is_another_one(client, li, is_forced):
    Account.objects.filter(pk=li.pk).update(must_change_password=is_forced)
    sign_in(client)
    answer = client.post("/account/password/", {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD})
    assert (answer.status_code, "新密码不能与现在的密码相同。" in answer.content.decode()) == (422, True)
    li.refresh_from_db()
    assert li.must_change_password is is_forced


@pytest.mark.parametrize(("role", "adviser"), [("office", "告诉安全管理员"), ("admin", "告诉审计管理员")])
def test_nobody_is_sent_to_herself_for_advice(role, adviser):
    account, client = organisation.account("wen", roles=[role], password=PASSWORD), Client()
    client.force_login(account)
    assert adviser in client.get("/account/security/").content.decode()
