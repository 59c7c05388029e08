"""The audit and the accounts given to an account or taken from it: itself and the auditors are told."""

import inspect
import itertools

import pytest
from allauth.mfa.models import Authenticator

from chuangwei.core.errors import DomainError
from chuangwei.core.models import Notice
from chuangwei.domain.organisation import actions
from chuangwei.domain.organisation.enums import Permission
from tests.factories import organisation
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db
AUDITOR, MANAGER = "audit-administrator", "security-administrator"


@pytest.fixture
def auditor():
    return organisation.account("shenji", roles=[AUDITOR])


def manager():
    return organisation.clerk(Permission.ACCOUNTS)


def told() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("pk").values_list("recipient_code", "title"))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (["office"], [AUDITOR], [("给了{}『查看审计』的权限")]),
        ([AUDITOR], [], [("收回了{}『查看审计』的权限")]),
        ([AUDITOR], ["auditor"], []),
        ([], [MANAGER], [("给了{}『管理账号』的权限")]),
        ([MANAGER], ["office"], [("收回了{}『管理账号』的权限")]),
        ([AUDITOR], [MANAGER], ["收回了{}『查看审计』的权限", "给了{}『管理账号』的权限"]),
        (["office"], ["leader"], []),
    ],
)
def test_what_is_given_and_taken_is_told_to_both(auditor, before, after, said):
    account = organisation.account("lihua", name="李华", roles=before)
    actions.set_roles(account=account, roles=after, by=manager(), at=MONDAY)
    assert told() == [
        (code, "小李" + one.format(whom))
        for one in said
        for code, whom in (("lihua", "您"), ("shenji", "李华（lihua）"))
    ]  # fmt: skip


def test_nobody_is_taken_over_by_taking_her_role_for_a_moment_without_word(auditor):
    """The role taken away, the sign-in reset, the role given back: every step reaches her and the other auditor."""
    second = organisation.account("shenji2", name="周明", roles=[AUDITOR])
    Authenticator.objects.get_or_create(user=second, type=Authenticator.Type.TOTP, defaults={"data": {}})
    by = manager()
    actions.set_rights(account=second, roles=[], is_everywhere=True, by=by, at=MONDAY)
    actions.reset_second_factor(account=second, by=by, at=MONDAY, note="手机丢失")
    actions.set_rights(account=second, roles=[AUDITOR], is_everywhere=True, by=by, at=MONDAY)
    deeds = ["收回了{}『查看审计』的权限", "重设了{}的第二因素", "给了{}『查看审计』的权限"]
    for code, whom in (("shenji2", "您"), ("shenji", "周明（shenji2）")):
        assert [title for to, title in told() if to == code] == ["小李" + deed.format(whom) for deed in deeds]


def test_an_account_made_with_the_audit_is_told_to_the_auditors(auditor):
    given = {"username": "new", "name": "新人", "password": "hong-qi-2-mian", "is_everywhere": True}
    actions.create_account(roles=[AUDITOR], by=manager(), at=MONDAY, **given)
    assert ("shenji", "小李给了新人（new）『查看审计』的权限") in told()


def test_telling_is_no_verb():
    """It asks for no right, so nobody finds it among what pages may do."""
    assert "tell_of_sign_in" not in actions.__all__
    assert all(
        "by" in inspect.signature(getattr(actions, name)).parameters for name in actions.__all__ if name.islower()
    )
    assert not hasattr(actions, "tell_of_sign_in")


WATCHERS = [
    *itertools.product(["auditor"], ["system-administrator", MANAGER, "office", "leader"]),
    *itertools.product([AUDITOR], ["leader", "inspector", "community", "grid-worker", "department", "discipline"]),
]


@pytest.mark.parametrize("pair", [*WATCHERS, *((other, one) for one, other in WATCHERS)])
def test_who_reads_the_audit_neither_administers_nor_decides(pair):
    account = organisation.account("lihua", roles=[])
    with pytest.raises(DomainError, match="不能由一个账号兼任"):
        actions.set_roles(account=account, roles=pair, by=organisation.chief(), at=MONDAY)


LOSSES = {
    "role": lambda account, by: actions.set_roles(account=account, roles=["office"], by=by, at=MONDAY),
    "off": lambda account, by: actions.switch_account(account=account, is_active=False, by=by, at=MONDAY, note="调走"),
    "scope": lambda account, by: actions.set_scope(account=account, by=by, at=MONDAY),
}


@pytest.mark.parametrize(
    ("role", "loss", "title"),
    [
        (AUDITOR, "role", "审计管理员"), (AUDITOR, "off", "审计管理员"), (AUDITOR, "scope", "审计管理员"),
        ("system-administrator", "role", "系统管理员"), ("system-administrator", "off", "系统管理员"),
    ],
)  # fmt: skip
def test_the_last_administrator_of_a_kind_stays_one(role, loss, title):
    account = organisation.account("last", roles=[role])
    organisation.account("gone", roles=[role], is_active=False)
    with pytest.raises(DomainError, match=f"最后一位{title}"):
        LOSSES[loss](account, manager())
    account.refresh_from_db()
    assert (account.roles, account.is_active, account.is_everywhere) == ([role], True, True)

    organisation.account("another", roles=[role])
    LOSSES[loss](account, manager())


def test_the_server_itself_may_take_the_last_one_away():
    account = organisation.account("last", roles=[AUDITOR])
    assert actions.set_roles(account=account, roles=[], by=organisation.chief(), at=MONDAY).roles == []
