"""How often one person may ask for what is dear to answer; beyond it a page says when to come back.

Counted by allauth in the shared cache, so the limits hold over all processes. The rates are in settings.py.
"""

import functools
import math
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from chuangwei.web.shared.errors import error_page

P = ParamSpec("P")

TOO_MANY = 429
OURS = "chuangwei"
SIGN_IN = "allauth.account"
MINUTE = 60


def limited(
    action: str,
) -> Callable[[Callable[Concatenate[HttpRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Decorate a view, outside of `@page` and `@command`: what is beyond the rate of `action` is answered 429.

    A stranger is not counted where people are: the view shows them that there is nothing.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: P.args, **parts: P.kwargs) -> HttpResponseBase:
            if not is_within(request, action):
                return too_many(request, seconds=wait(request, action))
            return view(request, *args, **parts)

        return answer

    return decorate


def is_within(request: HttpRequest, action: str) -> bool:
    """Count one more of `action`; False where that is too many."""
    if not request.user.is_authenticated and any(rate.per == "user" for rate in _rates(OURS, action)):
        return True
    rates = settings.CHUANGWEI_RATE_LIMITS
    return bool(ratelimit.consume(request, app=OURS, action=action, config=rates, limit_get=True))


def wait(request: HttpRequest, action: str, *, app: str = OURS, key: str | None = None) -> int:
    """Seconds until one more of `action` would be answered; 0 where it would be now."""
    longest = 0.0
    for rate in _rates(app, action):
        place = ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key)
        history: list[float] = cache.get(place, [])
        if len(history) >= rate.amount:
            longest = max(longest, history[rate.amount - 1] + rate.duration - time.time())
    return math.ceil(longest)


def in_words(seconds: int) -> str:
    """A wait as people say it: never 0, never shorter than it is."""
    if seconds < MINUTE:
        return f"{max(seconds, 1)} 秒"
    return f"{math.ceil(seconds / MINUTE)} 分钟"


def too_many(request: HttpRequest, exception: Any = None, *, seconds: int = 0) -> HttpResponse:
    when = f"请过 {in_words(seconds)}再试。" if seconds else "请过几分钟再试。"
    response = error_page(request, status=TOO_MANY, title="操作太频繁", message=when)
    if seconds:
        response["Retry-After"] = str(seconds)
    return response


def _rates(app: str, action: str) -> list[ratelimit.Rate]:
    config = settings.CHUANGWEI_RATE_LIMITS if app == OURS else None
    return list(ratelimit.get_rates(app=app, action=action, config=config))
