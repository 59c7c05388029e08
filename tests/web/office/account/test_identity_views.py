"""Signing in by another house: proved against a provider of our own on loopback, with every lie it may tell."""

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from chuangwei.config import identities
from chuangwei.config.identities import Keys
from chuangwei.domain.organisation.models import Account
from tests.web.office.account.conftest import code_of, prove, sign_in, told
from tests.web.office.account.provider import CLIENT, SECRET, Provider, served

pytestmark = pytest.mark.django_db
BEGIN, BACK = "/account/identity/oidc/begin/", "/account/identity/oidc/openid/"
SECURITY = "/account/security/"
CHATS = {
    "weixin": ("微信", "https://open.weixin.qq.com/connect/qrconnect", "appid"),
    "dingtalk": ("钉钉", "https://login.dingtalk.com/oauth2/auth", "client_id"),
    "feishu": ("飞书", "https://open.feishu.cn/open-apis/authen/v1/index", "app_id"),
}


@pytest.fixture(scope="module")
def house() -> Iterator[Provider]:
    with served() as provider:
        yield provider


@pytest.fixture
def provider(house: Provider, settings) -> Provider:
    house.faults.clear()
    house.asked.clear()
    house.says = {"sub": "u-1001", "name": "李主任", "phone_number": "13800000000"}
    settings.SOCIALACCOUNT_PROVIDERS = identities.openid(
        server=house.origin, keys=Keys(CLIENT, SECRET), name="政务认证"
    )
    return house


def begin(client: Client, **form: str) -> str:
    """The address the browser is sent to."""
    answer = client.post(BEGIN, form)
    assert answer.status_code == 200, answer
    return html.unescape(re.search(r'url=([^"]+)"', answer.content.decode()).group(1))


def go(client: Client, **form: str) -> str:
    """To the provider and to the address it sends back to."""
    answer = requests.get(begin(client, **form), allow_redirects=False, timeout=5)
    return answer.headers["Location"].removeprefix("http://testserver")


def link(account: Account, uid: str = "u-1001") -> SocialAccount:
    return SocialAccount.objects.create(user=account, provider="oidc", uid=uid)


def test_one_is_sent_away_with_state_nonce_and_a_challenge(client, provider):
    assert "政务认证登录" in client.get("/account/login/").content.decode()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begin(client)).query).items()}
    assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert min(len(asked["state"]), len(asked["nonce"]), len(asked["code_challenge"])) >= 16


def test_a_linked_identity_opens_its_account(client, li, provider):
    link(li)
    assert client.get(go(client, next="/imports/"))["Location"] == "/imports/"
    assert client.get("/appraisal/").status_code == 200
    assert json.loads(told("登录")[0].details)["ways"] == ["政务认证"]


def test_nothing_but_the_name_is_kept_of_the_other_houses_profile(client, li, provider):
    linked = link(li)
    client.get(go(client))
    linked.refresh_from_db()
    assert linked.extra_data == {"name": "李主任"}


def test_an_unknown_identity_makes_no_account_and_is_told_what_to_do(client, li, provider):
    answer = client.get(go(client))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert all(words in page for words in ("还没有绑定账号", "李主任", "u-1001", "安全管理员"))
    assert (Account.objects.count(), SocialAccount.objects.count()) == (1, 0)
    assert client.get("/appraisal/").status_code == 404
    assert client.get("/account/identity/signup/").status_code == 404


def test_the_same_name_or_mail_links_nothing(client, li, provider):
    Account.objects.filter(pk=li.pk).update(email="li@example.cn")
    provider.says |= {"preferred_username": "li", "email": "li@example.cn", "email_verified": True}
    assert client.get(go(client)).status_code == 403
    assert client.get("/appraisal/").status_code == 404


def test_an_account_switched_off_stays_shut(client, li, provider):
    link(li)
    Account.objects.filter(pk=li.pk).update(is_active=False)
    assert client.get(go(client))["Location"] == "/account/inactive/"
    assert client.get("/appraisal/").status_code == 404


def test_the_second_factor_is_asked_here_too(client, li, totp, provider):
    link(li)
    assert client.get(go(client))["Location"] == "/account/login/second/"
    assert client.get("/appraisal/").status_code == 404
    client.post("/account/login/second/", {"code": code_of(totp)})
    assert client.get("/appraisal/").status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        "issuer", "audience", "nonce", "old", "no-sub", "unsigned", "hmac", "other-key", "unknown-key", "no-token",
        "other-person", "nonsense",
    ],
)  # fmt: skip
def test_no_lie_of_the_provider_opens_anything(client, li, provider, fault):
    link(li)
    provider.faults.add(fault)
    answer = client.get(go(client))
    assert (answer.status_code, "没有确认身份" in answer.content.decode()) == (401, True)
    assert client.get("/appraisal/").status_code == 404
    assert told("登录") == []


def test_a_provider_that_is_down_is_a_page(client, li, provider):
    provider.faults.add("down")
    answer = client.post(BEGIN)
    assert (answer.status_code, "没有确认身份" in answer.content.decode()) == (401, True)


def test_whoever_says_no_there_is_back_at_the_door(client, li, provider):
    provider.faults.add("denied")
    answer = client.get(go(client))
    assert answer["Location"] == "/account/identity/cancelled/"
    assert client.get(answer["Location"])["Location"] == "/account/login/"
    assert "您取消了登录" in client.get("/account/login/").content.decode()


def test_what_one_browser_began_no_other_can_end(client, li, provider):
    link(li)
    back = go(client)
    other = Client()
    assert other.get(back).status_code == 401
    assert other.get("/appraisal/").status_code == 404
    assert client.get(back).status_code == 302


def test_an_answer_is_taken_once(client, li, provider):
    link(li)
    back = go(client)
    assert client.get(back).status_code == 302
    assert Client().get(back).status_code == 401
    assert client.get(back).status_code == 401


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?code=x&state=x", "?error=server_error"])
def test_coming_back_from_nowhere_is_a_page(client, provider, query):
    assert client.get(f"{BACK}{query}").status_code == 401


def test_one_is_led_only_to_pages_of_ours(client, li, provider):
    link(li)
    assert client.get(go(client, next="https://elsewhere.example/"))["Location"] == "/"


def test_one_links_ones_own_identity_after_saying_the_password(member, li, provider):
    assert member.post(BEGIN)["Location"].startswith("/account/again/")
    prove(member, SECURITY)
    assert "绑定后可以用它登录" in member.get(SECURITY).content.decode()

    assert member.get(go(member))["Location"] == SECURITY

    page = member.get(SECURITY).content.decode()
    assert ("李主任" in page, "已绑定" in page) == (True, True)
    linked = SocialAccount.objects.get()
    assert (linked.user, linked.uid, linked.extra_data) == (li, "u-1001", {"name": "李主任"})
    assert json.loads(told("绑定外部身份")[0].details)["uid"] == "u-1001"


def test_what_is_linked_elsewhere_is_not_taken_over(member, li, provider):
    from tests.factories import organisation

    other = organisation.account("wang")
    link(other)
    prove(member, SECURITY)
    assert member.get(go(member))["Location"] == SECURITY
    assert "已绑定在另一个账号上" in member.get(SECURITY).content.decode()
    assert SocialAccount.objects.get().user == other


def test_one_unlinks_ones_own_and_nobody_elses(member, li, provider):
    from tests.factories import organisation

    own, foreign = link(li), link(organisation.account("wang"), "u-2")
    prove(member, SECURITY)
    assert member.post(f"/account/security/identity/{foreign.pk}/unlink/").status_code == 404
    assert member.post(f"/account/security/identity/{own.pk}/unlink/")["Location"] == SECURITY
    assert list(SocialAccount.objects.all()) == [foreign]
    assert len(told("解绑外部身份")) == 1


def test_the_last_way_in_stays(member, li, provider):
    own = link(li)
    prove(member, SECURITY)
    Account.objects.filter(pk=li.pk).update(password="!")
    li.refresh_from_db()
    client = Client()
    client.force_login(li)
    session = client.session
    session.save()
    assert client.post(f"/account/security/identity/{own.pk}/unlink/")["Location"] == SECURITY
    assert SocialAccount.objects.filter(pk=own.pk).exists()


def test_one_address_does_not_send_everybody_away(client, provider):
    answers = [client.post(BEGIN).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]


@pytest.mark.parametrize("slug", [*CHATS, "oidc", "google", "x" * 60])
def test_what_is_not_configured_is_not_there(client, db, slug):
    page = client.get("/account/login/").content.decode()
    assert not any(title in page for title, _, _ in CHATS.values())
    assert client.post(f"/account/identity/{slug}/begin/").status_code == 404
    assert client.get(f"/account/identity/{slug}/back/").status_code == 404
    assert client.get(f"/account/identity/{slug}/openid/").status_code == 404


@pytest.mark.parametrize("slug", CHATS)
def test_a_work_chat_has_its_button_and_its_own_door(client, db, settings, slug):
    _, address, key = CHATS[slug]
    settings.SOCIALACCOUNT_PROVIDERS = identities.work_chats({slug: Keys("app-1", "secret-1")})
    page = client.get("/account/login/").content.decode()
    assert [f"{name}登录" in page for name, _, _ in CHATS.values()] == [one == slug for one in CHATS]

    answer = client.post(f"/account/identity/{slug}/begin/")

    sent = html.unescape(re.search(r'url=([^"]+)"', answer.content.decode()).group(1))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent).query).items()}
    assert sent.startswith(f"{address}?")
    assert asked[key] == "app-1"
    assert asked["redirect_uri"] == f"http://testserver/account/identity/{slug}/back/"
    assert len(asked["state"]) >= 16
    assert "secret-1" not in sent
    assert client.get(f"/account/identity/{slug}/back/?code=1&state=2").status_code == 401


class Answer:
    """What a work chat's server says."""

    status_code = 200

    def __init__(self, said: dict) -> None:
        self.said, self.content = said, b""

    def raise_for_status(self) -> None:
        pass

    def json(self) -> dict:
        return self.said


CHAT_ANSWERS = {
    "weixin": [{"access_token": "t", "openid": "w-1"}, {"openid": "w-1", "nickname": "li", "headimgurl": "https://x"}],
    "dingtalk": [{"accessToken": "t", "refreshToken": "r", "expireIn": 60}, {"openId": "d-1", "nick": "小李", "mobile": "1"}],
    "feishu": [
        {"app_access_token": "a"}, {"data": {"access_token": "t"}}, {"code": 0, "data": {"open_id": "f-1", "name": "小李"}},
    ],
}  # fmt: skip


@pytest.mark.parametrize(("slug", "uid"), [("weixin", "w-1"), ("dingtalk", "d-1"), ("feishu", "f-1")])
def test_a_linked_work_chat_opens_its_account(settings, monkeypatch, li, slug, uid):
    client = Client()
    settings.SOCIALACCOUNT_PROVIDERS = identities.work_chats({slug: Keys("app-1", "secret-1")})
    linked = SocialAccount.objects.create(user=li, provider=slug, uid=uid)
    answers = iter(CHAT_ANSWERS[slug])
    monkeypatch.setattr(requests.Session, "request", lambda *_a, **_k: Answer(next(answers)))
    monkeypatch.setattr(requests.Session, "get", lambda *_a, **_k: Answer(next(answers)))
    page = client.post(f"/account/identity/{slug}/begin/").content.decode()
    state = re.search(r"state=([\w-]+)", html.unescape(page)).group(1)
    code = "authCode" if slug == "dingtalk" else "code"

    assert client.get(f"/account/identity/{slug}/back/?{code}=c&state={state}")["Location"] == "/"

    assert client.get("/appraisal/").status_code == 200
    linked.refresh_from_db()
    assert set(linked.extra_data) == {"name"}


def test_the_password_still_opens_beside_it(client, li, provider):
    link(li)
    assert sign_in(client)["Location"] == "/"
