"""Accounts locked after wrong passwords or codes: for how much longer, and open again by somebody who may."""

import math
import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

from chuangwei.domain.organisation.models import Account
from chuangwei.web.shared.limits import SIGN_IN

FAILED = "login_failed"


def key_of(username: str) -> str:
    """What wrong passwords are counted under: the account alone, however it was typed, at whatever host."""
    return username.casefold()


def seconds_left(account: Account) -> int:
    """How long the account itself stays locked; 0 where it is not. An address that is locked is another matter."""
    longest = 0.0
    for place, rate in _places(account):
        history: list[float] = cache.get(place, [])
        if len(history) >= rate.amount:
            longest = max(longest, history[rate.amount - 1] + rate.duration - time.time())
    return math.ceil(longest)


def lift(account: Account) -> None:
    for place, _ in _places(account):
        cache.delete(place)


def _places(account: Account) -> list[tuple[str, ratelimit.Rate]]:
    rates = [rate for rate in ratelimit.get_rates(app=SIGN_IN, action=FAILED) if rate.per == "key"]
    return [
        (ratelimit.get_cache_key(HttpRequest(), app=SIGN_IN, action=FAILED, rate=rate, key=key), rate)
        for rate in rates
        for key in (key_of(account.username), f"mfa-auth-user-{account.pk}")
    ]
