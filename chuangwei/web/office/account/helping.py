"""What a security administrator does for somebody else's sign-in. Each needs a reason, and none is done to oneself."""

from collections.abc import Mapping
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from chuangwei.core import audit
from chuangwei.core.actor import ALL, Actor
from chuangwei.core.errors import DomainError, NotFound, require
from chuangwei.core.text import free_text
from chuangwei.core.writes import action
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.actions.telling import tell_of_sign_in
from chuangwei.domain.organisation.models import Account
from chuangwei.domain.organisation.permissions import may_manage_account
from chuangwei.web.office.account import locks, outside
from chuangwei.web.office.account.records import SUBJECT

SHORTEST_REASON = 4
LONGEST_UID = 191
OF_AN_OVERSEER = "{name}能查审计或管账号，不能由别的账号为其绑定外部身份。请本人凭密码登录，在“账号安全”中绑定。"


@action
def link_identity(*, account: Account, house: str, uid: str, note: str, by: Actor, at: datetime) -> SocialAccount:
    """Let an identity of another house open an account. `uid` is what that house calls the person, as its page shows it.

    Whoever links an identity of her own could sign in with it: the audit and the accounts are linked by themselves.
    """
    reason = _reason(account, note, by)
    if ALL not in by.permissions and queries.is_overseer(account):
        raise DomainError(OF_AN_OVERSEER.format(name=account.name))
    if house not in {one.slug for one in outside.houses()}:
        raise NotFound(f"没有启用 {house} 登录。")
    code = uid.strip()
    if not code or len(code) > LONGEST_UID:
        raise DomainError("请填写对方系统给出的标识，如“u-1001”。")
    if SocialAccount.objects.filter(provider=house, uid=code).exists():
        raise DomainError("这个身份已经绑定了账号，须先解绑。")
    if SocialAccount.objects.filter(provider=house, user=account).exists():
        raise DomainError(f"{account.name}已经绑定了{outside.title_of(house)}的另一个身份，须先解绑。")
    made = SocialAccount.objects.create(user=account, provider=house, uid=code)
    _record("绑定外部身份", account, reason, by=by, at=at, details={"provider": house, "uid": code})
    _tell("绑定", house, account, reason, by=by, at=at)
    return made


@action
def unlink_identity(*, account: Account, linked: SocialAccount, note: str, by: Actor, at: datetime) -> None:
    reason = _reason(account, note, by)
    details = {"provider": linked.provider, "uid": linked.uid}
    linked.delete()
    _record("解绑外部身份", account, reason, by=by, at=at, details=details)
    _tell("解绑", details["provider"], account, reason, by=by, at=at)


@action
def lift_lock(*, account: Account, note: str, by: Actor, at: datetime) -> None:
    """Let somebody try again at once."""
    reason = _reason(account, note, by)
    locks.lift(account)
    _record("解除登录锁定", account, reason, by=by, at=at)


@action
def end_sessions(*, account: Account, note: str, by: Actor, at: datetime) -> int:
    """Sign somebody out everywhere; how many places that were."""
    reason = _reason(account, note, by)
    seats = list(UserSession.objects.filter(user=account))
    for seat in seats:
        seat.end()
    _record("结束全部会话", account, reason, by=by, at=at, details={"sessions": len(seats)})
    return len(seats)


def _reason(account: Account, note: str, by: Actor) -> str:
    require(may_manage_account(by, account))
    if by.code == account.code:
        raise DomainError("自己的登录请在“账号安全”中办理。")
    reason = free_text(note)
    if len(reason) < SHORTEST_REASON:
        raise DomainError("请写明原因，如“已当面核对身份”。")
    return reason


def _tell(deed: str, house: str, account: Account, note: str, *, by: Actor, at: datetime) -> None:
    tell_of_sign_in(deed, f"外部身份（{outside.title_of(house)}）", account, by=by, at=at, note=note)


def _record(
    verb: str, account: Account, note: str, *, by: Actor, at: datetime, details: Mapping[str, object] | None = None
) -> None:
    audit.record(
        verb=verb, subject_kind=SUBJECT, subject_code=account.code, by=by, at=at, note=note, details=details
    )  # fmt: skip
