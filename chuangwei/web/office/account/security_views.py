"""账号安全: one's own password, second factors, identities of other houses and sessions, on one page."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Account
from chuangwei.web.office.account import factors, outside, records
from chuangwei.web.shared.rendering import render_page

BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Lark|Feishu", "飞书"), ("Edg", "Edge"), ("QQBrowser", "QQ 浏览器"),
    ("360SE|QihooBrowser", "360 浏览器"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS|OpenHarmony", "鸿蒙"), ("Android", "安卓手机"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows 电脑"), ("Mac OS", "Mac 电脑"), ("UOS|UnionTech", "统信电脑"), ("Kylin", "麒麟电脑"),
    ("Linux", "Linux 电脑"),
)  # fmt: skip


@dataclass(frozen=True)
class Seat:
    """One place somebody is signed in at."""

    device: str
    address: str
    since: datetime
    seen: datetime
    is_here: bool


@dataclass(frozen=True)
class Linked:
    """An identity of another house that opens this account."""

    pk: int
    house: str
    name: str
    since: datetime


def device_of(agent: str) -> str:
    """A browser's long line about itself, as people call the thing before them."""
    system = next((name for words, name in SYSTEMS if re.search(words, agent)), "")
    browser = next((name for words, name in BROWSERS if re.search(words, agent)), "")
    return " · ".join(part for part in (system, browser) if part) or "未知设备"


def seats_of(request: HttpRequest, account: Account) -> list[Seat]:
    """Where the account is signed in, this place first, then the latest."""
    here = request.session.session_key
    rows = [one for one in UserSession.objects.filter(user=account) if one.exists()]
    seats = [
        Seat(device_of(one.user_agent), one.ip, one.created_at, one.last_seen_at, one.session_key == here)
        for one in rows
    ]
    return sorted(seats, key=lambda seat: (not seat.is_here, -seat.seen.timestamp()))


def linked_to(account: Account) -> list[Linked]:
    return [
        Linked(one.pk, outside.title_of(one.provider), outside.name_of(one), one.date_joined)
        for one in SocialAccount.objects.filter(user=account).order_by("pk")
    ]


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    account = cast("Account", request.user)
    has, linked = factors.of(account), linked_to(account)
    taken = {one.house for one in linked}
    needs = queries.needs_second_factor(account)
    return render_page(
        request, "office/account/security.html",
        has=has,
        needs=needs,
        is_due=needs and not has.has_any,
        linked=linked,
        houses=[house for house in outside.houses() if house.title not in taken],
        seats=seats_of(request, account),
        adviser="审计管理员" if Permission.ACCOUNTS in queries.actor_of(account).permissions else "安全管理员",
    )  # fmt: skip


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    account = cast("Account", request.user)
    end_other_sessions(request, account)
    records.record(verb="结束其他会话", account=account.code, by=records.of(account), request=request)
    messages.success(request, "已结束其他会话，别处须重新登录。")
    return redirect("mfa_index")
