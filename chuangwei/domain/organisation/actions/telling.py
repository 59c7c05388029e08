"""What is done to an account's sign-in or to its oversight is told to itself and to the auditors."""

from datetime import datetime

from chuangwei.core import notices
from chuangwei.core.actor import Actor
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Account

SUBJECT = "organisation.account"
UNASKED = "如不是您要求的，请告诉审计管理员。"


def tell_of_sign_in(deed: str, what: str, account: Account, *, by: Actor, at: datetime, note: str = "") -> None:
    """A sign-in taken over by a reset or another identity is noticed by both."""
    reason = f"原因：{note}。" if note else ""
    notices.send(
        to=[account.code], kind="sign-in-reset", at=at, title=f"{by.name}{deed}了您的{what}", body=reason + UNASKED,
        subject_kind=SUBJECT, subject_code=account.code,
    )  # fmt: skip
    notices.send(
        to=_auditors(account), kind="sign-in-reset", at=at, title=f"{by.name}{deed}了{_named(account)}的{what}",
        body=reason, subject_kind=SUBJECT, subject_code=account.code,
    )  # fmt: skip


def tell_of_oversight(account: Account, before: frozenset[str], *, by: Actor, at: datetime) -> None:
    """The audit or the accounts given to an account or taken from it, against what it had before.

    Only of an account without them can the sign-in be reset by others: whoever took them, reset it and gave them back
    would read the audit as somebody else.
    """
    now = queries.oversight_of(account)
    for deed, changed in (("收回了{whom}『{what}』的权限", before - now), ("给了{whom}『{what}』的权限", now - before)):
        if not changed:
            continue
        what = "』『".join(Permission(value).label for value in sorted(changed))
        notices.send(
            to=[account.code], kind="oversight-changed", at=at, title=by.name + deed.format(whom="您", what=what),
            body=UNASKED, subject_kind=SUBJECT, subject_code=account.code,
        )  # fmt: skip
        notices.send(
            to=_auditors(account), kind="oversight-changed", at=at,
            title=by.name + deed.format(whom=_named(account), what=what), subject_kind=SUBJECT, subject_code=account.code,
        )  # fmt: skip


def _auditors(account: Account) -> list[str]:
    return [code for code in queries.holders_of(Permission.AUDIT) if code != account.code]


def _named(account: Account) -> str:
    return f"{account.name}（{account.code}）"
