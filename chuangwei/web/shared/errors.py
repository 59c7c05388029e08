"""Pages for what went wrong: what happened, why, and the way on."""

import logging
import sys
from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils.html import escape
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from chuangwei.core.outages import outage

logger = logging.getLogger(__name__)


def error_page(request: HttpRequest, *, status: int, title: str, message: str) -> HttpResponse:
    """A page of its own. Where htmx asked for a part, the browser is told to load the whole page anew instead."""
    told = {"status": status, "title": title, "message": message, "login": sign_in_address(request)}
    response = render(request, "shared/error.html", told, status=status)
    if getattr(request, "htmx", None):
        response["HX-Refresh"] = "true"
    return response


def sign_in_address(request: HttpRequest) -> str:
    """Where to sign in, and come back to what was asked for; for a part of a page, to the page it is of.

    Only paths of this very installation are carried; what is sent, not asked for, is nothing to come back to.
    """
    htmx = HtmxDetails(request)
    onward = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    if htmx:
        onward = htmx.current_url_abs_path or ""
    own = url_has_allowed_host_and_scheme(onward, allowed_hosts=None) and not onward.startswith("/account/")
    address = reverse("account_login")
    return f"{address}?{urlencode({'next': onward})}" if own and onward != "/" else address


def signed_out(request: HttpRequest, *, status: int = 404) -> HttpResponse:
    """Something was sent by nobody who is signed in: it was not taken, and what was written is given back to be copied."""
    told = {
        "status": status, "title": "请先登录", "message": SIGNED_OUT, "written": list(_written(request)),
        "login": reverse("account_login"),
    }  # fmt: skip
    return render(request, "shared/signed_out.html", told, status=status)


def _written(request: HttpRequest) -> Iterator[str]:
    """The sentences of a form, without codes, ticks and keys, and never a password."""
    for name, texts in request.POST.lists():
        yield from (text for text in texts if "password" not in name and not text.isascii())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, status=400, title="看不懂这个请求", message="地址或填写的内容不完整。请返回上一页重试。")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, status=403, title="不能进行此操作", message="请返回上一页；仍不行时请与管理员联系。")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One page for what does not exist and for what one may not see: nobody learns which of the two it is."""
    signed_in = request.user.is_authenticated if hasattr(request, "user") else False
    if not signed_in and HtmxDetails(request):
        return HttpResponse(status=404, headers={"HX-Redirect": sign_in_address(request)})
    if not signed_in and request.method == "POST":
        return signed_out(request)
    message = (
        "地址可能写错了，或者这一页不在您的权限之内。" if signed_in else "地址可能写错了；办公页面须先登录才能打开。"
    )
    return error_page(request, status=404, title="没有这一页", message=message)


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without the request, the database and the built files: any of them may be what broke.

    503 with its sentence where the disk or the database is at fault, else 500; both with the number under which the log
    tells what happened.
    """
    reason = outage(sys.exc_info()[1])
    # Pages are read by people who cannot see to the server; the sentence for the command line is in the log.
    title, message = ("暂时不能使用", f"{reason.split('。')[0]}。{UNAVAILABLE}") if reason else ("程序出了问题", BROKEN)
    status = 503 if reason else 500
    event_id = getattr(request, "event_id", "")
    told = {"title": title, "message": message, "event_id": event_id}
    try:
        response = HttpResponse(loader.get_template("shared/broken.html").render(told), status=status)
    except Exception:
        logger.exception("the page for faults is at fault itself")
        response = HttpResponse(
            f"<!doctype html><meta charset=utf-8><p>{title}：{escape(message)} {event_id}</p>", status=status
        )
    if reason:
        response["Retry-After"] = "60"
    return response


SIGNED_OUT = (
    "登录已过期，或者还没有登录，刚才提交的没有保存。请在新窗口登录，再从原来的页面重新提交；"
    "这一页不要关，写过的文字列在下面，可以复制。"
)
BROKEN = "已记入日志，没有保存任何半截的改动。请稍后再试；若再次出现，请把下面的事件编号告诉管理员。"
UNAVAILABLE = "没有保存任何半截的改动。请稍后再试，并把下面的事件编号告诉管理员。"
