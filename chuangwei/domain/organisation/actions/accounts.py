"""Accounts: made, given roles and a scope, switched off. Nobody changes their own rights."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from chuangwei.core import audit
from chuangwei.core.actor import ALL, Actor, system_actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.text import code_text, free_text
from chuangwei.core.writes import action
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.actions.telling import tell_of_oversight, tell_of_sign_in
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Account, Person, Unit
from chuangwei.domain.organisation.permissions import may_manage_account
from chuangwei.domain.organisation.queries import scope_text, second_factors
from chuangwei.domain.places.models import Area

SYSTEM_CODE = system_actor("").code
"""Stands for the program itself in the history; no person may bear it."""
ADMINISTRATORS = {Permission.PRESETS: "系统管理员", Permission.AUDIT: "审计管理员"}
"""By what makes them one. Whoever changes accounts manages them herself, so of those who do one is always left."""
BEYOND = "这个范围超出了您自己的范围，不能给别人。"
NOT_ANOTHER = "新密码不能与现在的密码相同。"
PASSWORD_FAULTS = {
    "password_too_short": "太短，至少 10 个字符",
    "password_too_similar": "与账号或姓名太相近",
    "password_too_common": "太常见，容易被猜到",
}
"""Django says these half in English."""


@action
def create_account(
    *, username: str, name: str, password: str, roles: Sequence[str], by: Actor, at: datetime,
    area: Area | None = None, is_everywhere: bool = False, unit: Unit | None = None, by_duty: bool = False,
    person: Person | None = None, must_change_password: bool = True,
) -> Account:  # fmt: skip
    """Make an account. Without an area and not everywhere, it sees nothing but what is its own."""
    code = code_text(username)
    account = Account(
        username=code, name=free_text(name) or (person.name if person else code), person=person, area=area, unit=unit,
        is_everywhere=is_everywhere, by_duty=by_duty, must_change_password=must_change_password, created_at=at,
    )  # fmt: skip
    require(may_manage_account(by, account))
    if not code or "|" in code or code == SYSTEM_CODE:
        raise DomainError(f"账号不能为空，不能含“|”，也不能是 {SYSTEM_CODE}。")
    if Account.objects.filter(username=code).exists():
        raise DomainError(f"账号 {code} 已经有了。")
    if person is not None and Account.objects.filter(person=person).exists():
        raise DomainError(f"{person.name}已经有账号了。")
    account.roles = _known_roles(roles, account)
    _choose_password(account, password)
    account.save()
    _record("建立账号", account, by=by, at=at, roles=account.roles, scope=scope_text(account))
    tell_of_oversight(account, frozenset(), by=by, at=at)
    return account


@action
def set_roles(*, account: Account, roles: Sequence[str], by: Actor, at: datetime) -> Account:
    """Give an account exactly these bundles of permissions. Oversight given or taken is told to it and the auditors."""
    require(may_manage_account(by, account))
    _not_oneself(by, account)
    oversight = queries.oversight_of(account)
    before = account.roles
    with _one_is_left(account, by):
        account.roles = _known_roles(roles, account)
        account.save(update_fields=["roles"])
    _record("更改账号角色", account, by=by, at=at, before=before, roles=account.roles)
    tell_of_oversight(account, oversight, by=by, at=at)
    return account


@action
def set_scope(
    *, account: Account, by: Actor, at: datetime, area: Area | None = None, is_everywhere: bool = False,
    unit: Unit | None = None, by_duty: bool = False,
) -> Account:  # fmt: skip
    """Let an account work in one area and below it, or everywhere; for a unit; where it holds a duty. They add up."""
    require(may_manage_account(by, account))
    _not_oneself(by, account)
    before = scope_text(account)
    account.area, account.is_everywhere, account.unit, account.by_duty = area, is_everywhere, unit, by_duty
    require(may_manage_account(by, account), BEYOND)
    with _one_is_left(account, by):
        account.save(update_fields=["area", "is_everywhere", "unit", "by_duty"])
    _record("更改账号范围", account, by=by, at=at, before=before, scope=scope_text(account))
    return account


@action
def set_rights(
    *, account: Account, roles: Sequence[str], by: Actor, at: datetime, area: Area | None = None,
    is_everywhere: bool = False, unit: Unit | None = None, by_duty: bool = False,
) -> Account:  # fmt: skip
    """Both at once, as a page saves them; only what differs is changed and recorded."""
    require(may_manage_account(by, account))
    _not_oneself(by, account)
    if (account.area, account.is_everywhere, account.unit, account.by_duty) != (area, is_everywhere, unit, by_duty):
        set_scope(account=account, area=area, is_everywhere=is_everywhere, unit=unit, by_duty=by_duty, by=by, at=at)
    if account.roles != list(dict.fromkeys(roles)):
        set_roles(account=account, roles=roles, by=by, at=at)
    return account


@action
def set_password(
    *, account: Account, password: str, by: Actor, at: datetime, must_change_password: bool = True
) -> Account:
    """Give an account another password; a person may do it to their own, and then it must be another one."""
    is_own = by.code == account.code
    require(is_own or may_manage_account(by, account))
    if not is_own:
        _not_of_an_overseer(by, account)
    elif account.check_password(password):
        raise DomainError(NOT_ANOTHER)
    _choose_password(account, password)
    account.must_change_password = must_change_password and not is_own
    account.save(update_fields=["password", "must_change_password"])
    _record("更改密码", account, by=by, at=at)
    if not is_own:
        tell_of_sign_in("重设", "密码", account, by=by, at=at)
    return account


@action
def reset_second_factor(*, account: Account, by: Actor, at: datetime, note: str) -> int:
    """Take away every second factor of an account (the phone is lost): the next sign-in is by password alone.

    How many there were. The reason stays in the history.
    """
    require(may_manage_account(by, account))
    _not_oneself(by, account)
    _not_of_an_overseer(by, account)
    if not free_text(note):
        raise DomainError("请写明重设第二因素的原因，如“手机丢失，已当面核对”。")
    count = second_factors(account)
    if not count:
        raise DomainError(f"{account.name}没有设置第二因素，不需要重设。")
    apps.get_model("mfa", "Authenticator").objects.filter(user=account).delete()
    _record("重设第二因素", account, by=by, at=at, note=free_text(note), count=count)
    tell_of_sign_in("重设", "第二因素", account, by=by, at=at, note=free_text(note))
    return count


@action
def switch_account(*, account: Account, is_active: bool, by: Actor, at: datetime, note: str = "") -> Account:
    """Switch an account off or on again. None is ever deleted: its name stands in the history."""
    require(may_manage_account(by, account))
    _not_oneself(by, account)
    if not is_active and not free_text(note):
        raise DomainError("停用账号须写明原因。")
    with _one_is_left(account, by):
        account.is_active = is_active
        account.save(update_fields=["is_active"])
    _record("启用账号" if is_active else "停用账号", account, by=by, at=at, note=free_text(note))
    return account


def _not_oneself(by: Actor, account: Account) -> None:
    if by.code == account.code:
        raise DomainError("自己的权限和启停须由另一位管理员更改。")


@contextmanager
def _one_is_left(account: Account, by: Actor) -> Iterator[None]:
    """The last administrator of a kind stays one, whatever is saved in here; only the server itself may take her away."""
    last = [] if ALL in by.permissions else [one for one in ADMINISTRATORS if queries.holders_of(one) == [account.code]]
    yield
    for one in last:
        if not queries.holders_of(one):
            raise DomainError(
                f"{account.name}是最后一位{ADMINISTRATORS[one]}（『{one.label}』），不能收回、缩小范围或停用。"
                "请先把这个角色给另一个启用的账号。"
            )


def _not_of_an_overseer(by: Actor, account: Account) -> None:
    """Whoever resets a sign-in can use it: neither the audit nor other managers of accounts are taken over so.

    Of an account that is switched off too: it can be switched on again.
    """
    if ALL not in by.permissions and queries.is_overseer(account):
        raise DomainError(
            f"{account.name}能查审计或管账号，密码和第二因素不能由别的账号重设。"
            f"请在服务器上运行 chuangwei password {account.code}。"
        )


def _known_roles(roles: Sequence[str], account: Account) -> list[str]:
    known = queries.bundles(area_codes=queries.home_codes(account))
    unknown = [role for role in roles if role not in known]
    if unknown:
        titles = "、".join(f"{slug}（{bundle.title}）" for slug, bundle in known.items())
        raise DomainError(f"没有名为 {'、'.join(unknown)} 的角色；可用：{titles}。")
    wanted = list(dict.fromkeys(roles))
    for one, other in queries.clashes(wanted, known):
        raise DomainError(f"『{known[one].title}』和『{known[other].title}』不能由一个账号兼任。")
    return wanted


def _choose_password(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        why = (PASSWORD_FAULTS.get(one.code or "", one.messages[0]) for one in error.error_list)
        raise DomainError("密码不合要求：" + "；".join(why) + "。") from None
    account.set_password(password)


def _record(verb: str, account: Account, *, by: Actor, at: datetime, note: str = "", **details: Any) -> None:
    audit.record(
        verb=verb, subject_kind="organisation.account", subject_code=account.code, by=by, at=at, note=note,
        details=details,
    )  # fmt: skip
