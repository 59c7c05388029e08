"""How long somebody stays signed in: at most so many hours, not while nobody is there, not with rights of yesterday.

Django itself ends a session when the password changes or the account is switched off.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from chuangwei.core import clock
from chuangwei.domain.organisation.models import Account
from chuangwei.web.office.account import factors, records
from chuangwei.web.shared.errors import sign_in_address, signed_out

SIGNED_IN_AT, SEEN_AT, RIGHTS = "signed_in_at", "seen_at", "rights"
SEEN_EVERY = timedelta(minutes=1)
"""Being there is written down no oftener: not every page costs a write."""
OPEN = ("/account/", "/healthz", "/static/")
"""What somebody may open who must first set up a second factor."""
OVER = "登录已满 {hours} 小时，请重新登录。"
IDLE = "超过 {minutes} 分钟没有操作，请重新登录。"
CHANGED = "您的权限有变动，请重新登录。"


def begin(request: HttpRequest, account: Account) -> None:
    """Write down, at signing in, what the rules are measured by."""
    now = clock.now()
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now.timestamp()
    request.session[RIGHTS] = rights_of(account)


def rights_of(account: Account) -> str:
    """A fingerprint of what the account was given: another one, and whoever is signed in signs in anew."""
    given = [
        sorted(account.roles), account.is_everywhere, account.area_id, account.unit_id, account.by_duty, account.person_id
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(given).encode()).hexdigest()[:16]


class SessionRules:
    """Middleware, behind the one that knows who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Without a session nobody is signed in, and the database need not be asked who.
        if BACKEND_SESSION_KEY in request.session and isinstance(request.user, Account):
            now = clock.now()
            why = _why_over(request, request.user, now)
            if why:
                return self._ended(request, request.user, why)
            if _is_led_to_factors(request, request.user):
                return redirect("mfa_index")
            _see(request, now)
        return self.get_response(request)

    def _ended(self, request: HttpRequest, account: Account, why: str) -> HttpResponseBase:
        records.record(verb="会话结束", account=account.code, by=records.of(account), request=request, note=why)
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        logout(request)
        if request.path.startswith(("/api/", "/account/")):
            return self.get_response(request)
        messages.warning(request, why)
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": sign_in_address(request)})
        return signed_out(request) if request.method == "POST" else redirect(sign_in_address(request))


def _why_over(request: HttpRequest, account: Account, now: datetime) -> str:
    """The sentence that ends a session; empty where it goes on."""
    moment, begun, seen = now.timestamp(), request.session.get(SIGNED_IN_AT), request.session.get(SEEN_AT)
    if begun is None or seen is None or moment - begun > settings.SESSION_COOKIE_AGE:
        return OVER.format(hours=settings.SESSION_COOKIE_AGE // 3600)
    if moment - seen > settings.SESSION_IDLE_AGE:
        return IDLE.format(minutes=settings.SESSION_IDLE_AGE // 60)
    return CHANGED if request.session.get(RIGHTS) != rights_of(account) else ""


def _is_led_to_factors(request: HttpRequest, account: Account) -> bool:
    """Whether somebody must set up a second factor before this page. A password of one's own comes first.

    Asked at every page, like the rights themselves: what a preset demands from today, and a factor that was reset a
    minute ago, count at once and not at the next signing in.
    """
    return not (account.must_change_password or request.path.startswith(OPEN)) and factors.is_due(account)


def _see(request: HttpRequest, now: datetime) -> None:
    if now.timestamp() - request.session[SEEN_AT] < SEEN_EVERY.total_seconds():
        return
    request.session[SEEN_AT] = now.timestamp()
    UserSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=now, ip=records.address_of(request)
    )
