"""The pages of accounts: who finds them, what they show, and what each step does."""

import re

import pytest
from django.contrib.auth import authenticate

from chuangwei.core.models import AuditEvent
from chuangwei.domain.organisation.models import Account
from tests.factories import organisation

pytestmark = pytest.mark.django_db
NEW = {"username": "wang", "name": "王芳", "roles": ["office"], "is_everywhere": "on"}


def last_verb() -> str:
    return AuditEvent.objects.latest("seq").verb


# --- The list ----------------------------------------------------------------------------------------------------------


def names(response) -> list[str]:
    return [line.about.username for line in response.context["lines"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["member0", "unit", "idle", "off", "jia"]),
        ("?q=甲社", ["unit", "jia"]),
        ("?role=office", ["jia"]),
        ("?state=off", ["off"]),
        ("?state=first", ["idle"]),
        ("?scope=everywhere", ["member0"]),
        ("?scope=area", ["jia"]),
        ("?scope=unit", ["unit"]),
        ("?scope=none", ["idle", "off"]),
        ("?area=620101", ["unit", "jia"]),
        ("?area=620102", []),
        ("?sort=username", ["idle", "jia", "member0", "off", "unit"]),
    ],
)
def test_the_list_is_searched_filtered_and_sorted(asked, found, two, made, signed_in):
    made("jia", roles=["office"], area=two[0])
    made("off", is_active=False)
    made("idle", must_change_password=True)
    made("unit", unit=organisation.Unit.objects.get(code="U-620101"))
    client = signed_in("security-administrator", area=None)
    Account.objects.filter(username="member4").update(username="member0")
    assert names(client.get(f"/accounts/{asked}")) == found


def test_who_manages_one_community_lists_only_its_own(two, made, signed_in):
    for area in two:
        made(f"of-{area.code}", area=area)
    made("nowhere")
    client = signed_in("security-administrator", area=two[0])
    assert sorted(names(client.get("/accounts/"))) == ["member3", "of-620101"]
    assert client.get("/accounts/of/of-620102/").status_code == 404
    assert client.get("/accounts/of/nowhere/").status_code == 404


def test_the_list_asks_as_often_for_three_as_for_one(security, made, two, django_assert_max_num_queries):
    made("one", area=two[0])
    with django_assert_max_num_queries(40) as asked:
        security.get("/accounts/")
    once = len(asked)
    for name in ("two", "three"):
        made(name, area=two[1], roles=["office"])
    with django_assert_max_num_queries(40) as asked:
        security.get("/accounts/")
    assert len(asked) == once


# --- A new account -----------------------------------------------------------------------------------------------------


def test_a_new_account_shows_its_password_once_and_signs_in_with_it(security, two, rf):
    told = security.post("/accounts/new/do/", NEW).content.decode()
    password = re.search(r"\w{4}(?:-\w{4}){3}", told)[0]
    account = authenticate(rf.get("/"), username="wang", password=password)
    assert (account.name, account.roles, account.is_everywhere, account.must_change_password) == (
        "王芳", ["office"], True, True,
    )  # fmt: skip
    assert password not in security.get("/accounts/of/wang/").content.decode()
    assert password not in str(list(AuditEvent.objects.values()))


def test_a_new_account_takes_its_name_from_the_person_and_its_scopes_together(security, two):
    given = {"username": "jia", "person": "P-620101", "area": "620102", "unit": "U-620101", "by_duty": "on"}
    security.post("/accounts/new/do/", given)
    account = Account.objects.get(username="jia")
    assert (account.name, account.area, account.unit.code, account.by_duty) == ("甲某", two[1], "U-620101", True)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"username": ""}, "请填写账号。"),
        ({"username": "member0"}, "账号 member0 已经有了"),
        ({"area": "nowhere", "is_everywhere": ""}, "没有编码为 nowhere 的区划"),
        ({"area": "620101"}, "选了全域，就不必再选区划"),
        ({"person": "P-0"}, "没有编码为 P-0 的人员"),
        ({"roles": ["security-administrator", "audit-administrator"]}, "不能由一个账号兼任"),
    ],
)
def test_a_new_account_that_is_not_right_saves_nothing(given, why, security, two):
    before = Account.objects.count()
    response = security.post("/accounts/new/do/", {**NEW, **given})
    assert response.status_code == 422
    assert why in response.content.decode()
    assert Account.objects.count() == before


def test_an_account_without_a_scope_is_saved_only_when_that_is_meant(security, two):
    given = {"username": "wang", "roles": ["office"]}
    refused = security.post("/accounts/new/do/", given)
    assert (refused.status_code, Account.objects.filter(username="wang").exists()) == (422, False)
    told = refused.content.decode()
    assert ("没有给范围" in told, 'name="sees_nothing"' in told) == (True, True)
    saved = security.post("/accounts/new/do/", {**given, "sees_nothing": "on"}).content.decode()
    assert Account.objects.get(username="wang").roles == ["office"]
    assert ("这个账号没有范围" in saved, "/accounts/of/wang/rights/" in saved) == (True, True)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"by_duty": "on"}, "今天没有对得上的责任"),
        ({}, "没有给范围"),
        ({"person": "P-620101"}, ""),
        ({"unit": "U-620101"}, ""),
        ({"area": "620101"}, ""),
        ({"is_everywhere": "on"}, ""),
    ],
)
def test_what_shows_nothing_today_is_told_before_it_is_saved(security, two, given, says):
    response = security.post("/accounts/new/do/", {"username": "wang", "name": "王芳", "roles": ["office"], **given})
    assert Account.objects.filter(username="wang").exists() is not bool(says)
    assert says in response.content.decode()


def test_a_scope_taken_away_whole_is_asked_for_too(security, two, made):
    made("jia", roles=["office"], area=two[0])
    refused = security.post("/accounts/of/jia/rights/do/", {"roles": ["office"]})
    assert (refused.status_code, "没有给范围" in refused.content.decode()) == (422, True)
    assert Account.objects.get(username="jia").area == two[0]
    sent = {"roles": ["office"], "sees_nothing": "on"}
    assert security.post("/accounts/of/jia/rights/do/", sent).status_code == 302
    assert Account.objects.get(username="jia").area is None
    assert security.get("/accounts/sight/?account=jia&draft=1&roles=office").status_code == 200


# --- Rights ------------------------------------------------------------------------------------------------------------


def test_roles_and_scope_are_saved_together_and_recorded(security, two, made):
    made("jia", roles=["leader"], area=two[0])
    page = security.get("/accounts/of/jia/rights/").content.decode()
    assert 'value="620101"' in page
    response = security.post("/accounts/of/jia/rights/do/", {"roles": ["office"], "area": "620102"})
    account = Account.objects.get(username="jia")
    assert (response.status_code, account.roles, account.area) == (302, ["office"], two[1])
    verbs = list(AuditEvent.objects.order_by("-seq").values_list("verb", flat=True)[:2])
    assert verbs == ["更改账号角色", "更改账号范围"]


def test_nobody_hands_out_a_scope_wider_than_their_own(two, made, signed_in):
    made("jia", area=two[0])
    client = signed_in("security-administrator", area=two[0])
    for given in ({"is_everywhere": "on"}, {"area": "620102"}, {"unit": "U-620102"}):
        assert client.post("/accounts/of/jia/rights/do/", given).status_code in (404, 422)
    assert Account.objects.get(username="jia").area == two[0]


def test_nobody_changes_their_own_rights(security):
    own = Account.objects.get(username="member0")
    assert "须由另一位管理员更改" in security.get("/accounts/of/member0/").content.decode()
    assert security.get("/accounts/of/member0/rights/").status_code == 404
    for step in ("rights/do", "switch", "password", "second-factor"):
        assert security.post(f"/accounts/of/member0/{step}/", {"note": "想改"}).status_code in (404, 422)
    before = own.password
    own.refresh_from_db()
    assert (own.roles, own.is_active, own.password) == (["security-administrator"], True, before)


# --- Switching, passwords, second factor -------------------------------------------------------------------------------


def test_switching_off_needs_a_reason_and_ends_the_session(security, made, client):
    client.force_login(made("jia", roles=["office"]))
    refused = security.post("/accounts/of/jia/switch/", {"note": " "})
    assert refused.status_code == 422
    assert client.get("/desk/").status_code == 200
    assert security.post("/accounts/of/jia/switch/", {"note": "调离"}).status_code == 302
    assert client.get("/desk/").status_code == 404
    assert AuditEvent.objects.latest("seq").note == "调离"
    security.post("/accounts/of/jia/switch/", {"note": "调回"})
    assert (Account.objects.get(username="jia").is_active, last_verb()) == (True, "启用账号")


def test_another_first_password_is_shown_once_and_ends_the_session(security, made, client, rf):
    client.force_login(made("jia", roles=["office"]))
    told = security.post("/accounts/of/jia/password/").content.decode()
    password = re.search(r"\w{4}(?:-\w{4}){3}", told)[0]
    assert authenticate(rf.get("/"), username="jia", password=password).must_change_password is True
    assert client.get("/desk/").status_code == 404


def test_who_oversees_is_not_reset_from_a_page(security, made):
    account = made("shenji", roles=["audit-administrator"])
    refused = security.post("/accounts/of/shenji/password/")
    assert refused.status_code == 422
    assert "chuangwei password shenji" in refused.content.decode()
    before = account.password
    account.refresh_from_db()
    assert account.password == before


def test_a_second_factor_is_taken_away_with_a_reason(security, made):
    from allauth.mfa.models import Authenticator

    account = made("jia")
    nothing = security.post("/accounts/of/jia/second-factor/", {"note": "手机丢失"})
    assert nothing.status_code == 422
    assert "没有设置第二因素" in nothing.content.decode()
    Authenticator.objects.create(user=account, type="totp", data={})
    assert security.post("/accounts/of/jia/second-factor/", {}).status_code == 422
    assert security.post("/accounts/of/jia/second-factor/", {"note": "手机丢失"}).status_code == 302
    assert not Authenticator.objects.filter(user=account).exists()
    assert last_verb() == "重设第二因素"


# --- Roles -------------------------------------------------------------------------------------------------------------


def test_the_roles_are_told_in_words(security):
    told = security.get("/accounts/roles/").content.decode()
    assert "立案" in told
    assert "problems.file" not in told
    assert "系统管理员" in told


@pytest.mark.parametrize(
    "address", ["", "new/", "roles/", "sight/", "of/member0/", "of/member0/rights/", "of/member0/sight/"]
)
@pytest.mark.parametrize("role", ["system-administrator", "audit-administrator", "office", "auditor"])
def test_the_pages_are_for_who_manages_accounts(role, address, signed_in):
    assert signed_in(role).get(f"/accounts/{address}").status_code == 404


def test_the_page_of_an_overseer_offers_no_reset_that_would_be_refused(security, made, two):
    made("shenji", roles=["audit-administrator"], is_everywhere=True)
    made("jia", roles=["office"], area=two[0])
    told = security.get("/accounts/of/shenji/").content.decode()
    assert ("chuangwei password shenji" in told, "给初始密码" in told) == (True, False)
    assert "给初始密码" in security.get("/accounts/of/jia/").content.decode()
