"""What a security administrator may do for somebody else's sign-in, and nobody else."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test import Client

from chuangwei.config import identities
from chuangwei.config.identities import Keys
from chuangwei.core.actor import system_actor
from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.models import Notice
from chuangwei.web.office.account import helping, locks
from tests.factories import organisation, places
from tests.factories.problems import MONDAY
from tests.web.office.account.conftest import PASSWORD, sign_in, told

pytestmark = pytest.mark.django_db
PAGE, HELP = "/account/of/li/", "/account/of/li/help/"
NOTE = "已当面核对身份"


@pytest.fixture
def house(settings):
    settings.SOCIALACCOUNT_PROVIDERS = identities.openid(
        server="https://id.example.cn", keys=Keys("c", "s"), name="政务认证"
    )


@pytest.fixture
def helper(li, house) -> Client:
    organisation.account("anquan", roles=["admin"], password=PASSWORD)
    client = Client()
    sign_in(client, "anquan")
    return client


@pytest.mark.parametrize("role", ["office", "leader", "auditor", "inspector"])
@pytest.mark.parametrize(("method", "address"), [("get", PAGE), ("post", HELP)])
def test_nobody_else_finds_the_page(li, role, method, address):
    organisation.account("other", roles=[role])
    client = Client()
    client.force_login(organisation.account("third", roles=[role]))
    assert getattr(client, method)(address, {"do": "end", "note": NOTE}).status_code == 404
    assert getattr(Client(), method)(address).status_code == 404


def test_an_identity_is_linked_and_unlinked(helper, li):
    assert "政务认证" in helper.get(PAGE).content.decode()
    sent = {"do": "link", "house": "oidc", "uid": " u-7 ", "note": NOTE}
    assert helper.post(HELP, sent)["Location"] == PAGE
    linked = SocialAccount.objects.get()
    assert (linked.user, linked.uid, linked.provider) == (li, "u-7", "oidc")
    event = told("绑定外部身份")[0]
    assert (event.actor_code, event.subject_code, event.note) == ("anquan", "li", NOTE)

    assert helper.post(HELP, {"do": "unlink", "linked": linked.pk, "note": NOTE})["Location"] == PAGE
    assert (SocialAccount.objects.count(), len(told("解绑外部身份"))) == (0, 1)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"do": "link", "house": "oidc", "uid": ""}, "标识"),
        ({"do": "link", "house": "oidc", "uid": "x" * 200}, "标识"),
        ({"do": "link", "house": "google", "uid": "1"}, "没有启用"),
        ({"do": "link", "house": "oidc", "uid": "taken"}, "已经绑定了账号"),
        ({"do": "unlock", "note": ""}, "原因"),
        ({"do": "end", "note": "啊"}, "原因"),
        ({"do": ""}, "请选择"),
    ],
)
def test_what_does_not_hold_is_said(helper, li, sent, sentence):
    SocialAccount.objects.create(user=organisation.account("wang"), provider="oidc", uid="taken")
    answer = helper.post(HELP, {"note": NOTE, **sent})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert SocialAccount.objects.count() == 1


def test_one_house_knows_a_person_once(helper, li):
    SocialAccount.objects.create(user=li, provider="oidc", uid="u-1")
    with pytest.raises(DomainError, match="另一个身份"):
        helping.link_identity(account=li, house="oidc", uid="u-2", note=NOTE, by=organisation.chief(), at=MONDAY)


@pytest.mark.parametrize("linked", ["x", "0", "99999999999999999999", "²", ""])
def test_what_is_not_linked_is_not_unlinked(helper, li, linked):
    assert helper.post(HELP, {"do": "unlink", "linked": linked, "note": NOTE}).status_code == 404


def test_a_lock_is_lifted(helper, li):
    for _ in range(5):
        sign_in(Client(), password="wrong", REMOTE_ADDR="10.1.1.1")
    assert sign_in(Client()).status_code == 422
    assert "还锁定 5 分钟" in helper.get(PAGE).content.decode()
    helper.post(HELP, {"do": "unlock", "note": NOTE})
    assert locks.seconds_left(li) == 0
    assert sign_in(Client()).status_code == 302
    assert told("解除登录锁定")[0].note == NOTE


def test_sessions_of_another_are_ended(helper, li):
    client = Client()
    sign_in(client)
    assert "1 处" in helper.get(PAGE).content.decode()
    helper.post(HELP, {"do": "end", "note": NOTE})
    assert client.get("/appraisal/").status_code == 404
    assert "没有登录" in helper.get(PAGE).content.decode()


def test_ones_own_sign_in_is_not_helped(helper):
    page = helper.get("/account/of/anquan/").content.decode()
    assert "在 <a" in page
    answer = helper.post("/account/of/anquan/help/", {"do": "unlock", "note": NOTE})
    assert (answer.status_code, "账号安全" in answer.content.decode()) == (422, True)


DEEDS = [
    lambda li, by: helping.lift_lock(account=li, note=NOTE, by=by, at=MONDAY),
    lambda li, by: helping.end_sessions(account=li, note=NOTE, by=by, at=MONDAY),
    lambda li, by: helping.link_identity(account=li, house="oidc", uid="u-5", note=NOTE, by=by, at=MONDAY),
    lambda li, by: helping.unlink_identity(
        account=li,
        linked=SocialAccount.objects.create(user=li, provider="oidc", uid="u-6"),
        note=NOTE,
        by=by,
        at=MONDAY,
    ),
]


@pytest.mark.parametrize("deed", DEEDS)
def test_who_may_not_manage_accounts_does_none_of_it(li, house, deed):
    with pytest.raises(NotAllowed):
        deed(li, organisation.clerk("organisation.view"))


@pytest.mark.parametrize("deed", DEEDS)
def test_who_manages_accounts_of_another_area_does_none_of_it(li, house, deed):
    area = places.area("6299")
    with pytest.raises(NotAllowed):
        deed(li, organisation.clerk("organisation.accounts", area_paths=(area.path,)))


OVERSEERS = ["audit-administrator", "security-administrator", "admin", "auditor"]


@pytest.mark.parametrize("role", OVERSEERS)
@pytest.mark.parametrize("is_active", [True, False])
def test_nobody_lets_an_identity_of_hers_open_an_overseers_account(house, role, *, is_active):
    overseer = organisation.account("shenji", roles=[role], is_active=is_active)
    manager = organisation.clerk("organisation.accounts")
    with pytest.raises(DomainError, match="请本人凭密码登录，在“账号安全”中绑定"):
        helping.link_identity(account=overseer, house="oidc", uid="u-9", note=NOTE, by=manager, at=MONDAY)
    assert not SocialAccount.objects.exists()
    helping.link_identity(account=overseer, house="oidc", uid="u-9", note=NOTE, by=system_actor("root"), at=MONDAY)
    assert SocialAccount.objects.get().user == overseer


def test_the_page_of_an_overseers_sign_in_offers_no_linking(helper, house):
    organisation.account("shenji", roles=["audit-administrator"])
    page = helper.get("/account/of/shenji/").content.decode()
    assert ('value="unlock"' in page, 'value="link"' in page, "由本人" in page) == (True, False, True)


def test_the_account_and_the_auditors_are_told_of_a_linked_identity(helper, li):
    organisation.account("shenji", roles=["audit-administrator"])
    helper.post(HELP, {"do": "link", "house": "oidc", "uid": "u-7", "note": NOTE})
    assert notices_to("li") == ["anquan绑定了您的外部身份（政务认证）"]
    assert notices_to("shenji") == ["anquan绑定了小李（li）的外部身份（政务认证）"]
    helper.post(HELP, {"do": "unlink", "linked": SocialAccount.objects.get().pk, "note": NOTE})
    assert notices_to("li")[1:] == ["anquan解绑了您的外部身份（政务认证）"]


def notices_to(code: str) -> list[str]:
    return list(Notice.objects.filter(recipient_code=code).order_by("pk").values_list("title", flat=True))


def test_the_page_of_who_was_locked_long_ago_opens(helper, li):
    """The cache throws its expired entry away while the page is made, which is no write of the page's."""
    sign_in(Client(), password="wrong", REMOTE_ADDR="10.1.1.1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cache SET expires = %s", ["2001-01-01 00:00:00"])
    assert helper.get(PAGE).status_code == 200
