"""Signing in and second factors in the audit chain: who, what, from which address. Never a password, never a code."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from chuangwei.core import audit, clock
from chuangwei.core.actor import Actor
from chuangwei.core.writes import action
from chuangwei.domain.organisation.models import Account

SUBJECT = "organisation.account"
NOBODY = Actor(code="", name="未登录")
UNKNOWN = "（没有这个账号）"
"""What people type as their name may be their password: it is kept only where it names an account."""


def address_of(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


def of(account: Account) -> Actor:
    """Somebody as the history names them, without asking what they may do."""
    return Actor(code=account.code, name=account.name)


@action
def record(
    *,
    verb: str,
    account: str,
    by: Actor,
    request: HttpRequest,
    note: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        verb=verb, subject_kind=SUBJECT, subject_code=account, by=by, at=clock.now(), note=note,
        details={"address": address_of(request), **(details or {})},
    )  # fmt: skip


def failed(*, username: str, request: HttpRequest) -> None:
    """A wrong password. Limits bound how many of these there can be."""
    record(verb="登录失败", account=_known(username), by=NOBODY, request=request)


def locked_out(*, username: str, seconds: int, request: HttpRequest) -> None:
    """Once per lock, not once per further try: nobody may fill the chain."""
    if cache.add(f"chuangwei.locked:{_known(username)}:{address_of(request)}", value=True, timeout=max(seconds, 1)):
        record(verb="登录锁定", account=_known(username), by=NOBODY, request=request, details={"seconds": seconds})


def _known(username: str) -> str:
    found = Account.objects.filter(username__iexact=username).values_list("username", flat=True).first()
    return found or UNKNOWN
