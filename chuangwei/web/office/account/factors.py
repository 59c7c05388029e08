"""Second factors: who must have one, what somebody has, and whether one may go."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.models import Account

Type = Authenticator.Type


@dataclass(frozen=True)
class Key:
    """A passkey: on a phone, in a computer or on a stick."""

    pk: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Factors:
    """What somebody proves themselves with beside the password."""

    totp: Authenticator | None
    keys: tuple[Key, ...]
    codes_left: int | None
    """None: there are no recovery codes."""

    @property
    def has_any(self) -> bool:
        return self.totp is not None or bool(self.keys)


def of(account: Account) -> Factors:
    found = list(Authenticator.objects.filter(user=account).order_by("pk"))
    codes = next((one for one in found if one.type == Type.RECOVERY_CODES), None)
    return Factors(
        totp=next((one for one in found if one.type == Type.TOTP), None),
        keys=tuple(
            Key(one.pk, one.data["name"], one.created_at, one.last_used_at)
            for one in found
            if one.type == Type.WEBAUTHN
        ),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )


def has_any(account: Account) -> bool:
    return Authenticator.objects.filter(user=account).exclude(type=Type.RECOVERY_CODES).exists()


def is_due(account: Account) -> bool:
    """Whether the account must have a second factor and has none."""
    return queries.needs_second_factor(account) and not has_any(account)


def may_drop(authenticator: Authenticator) -> bool:
    """Nobody whose role needs a second factor drops the last one."""
    if not queries.needs_second_factor(authenticator.user):
        return True
    others = Authenticator.objects.filter(user=authenticator.user).exclude(type=Type.RECOVERY_CODES)
    return others.exclude(pk=authenticator.pk).exists()
