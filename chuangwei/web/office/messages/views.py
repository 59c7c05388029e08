"""Messages 消息 to the one who is signed in: nobody sees another's, and nobody but the reader learns what was read."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from chuangwei.core import clock, notices
from chuangwei.core.models import Notice
from chuangwei.core.search import MOST_PHRASES
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.listing import Filter, Listing, Sort
from chuangwei.web.shared.rendering import get_or_404, render_page
from chuangwei.web.shared.surfaces import OfficeRequest, command, page

UNREAD, READ = "unread", "read"


def _holding(found: QuerySet[Notice], typed: str) -> QuerySet[Notice]:
    """Those in which every word stands, in the title or the body."""
    for word in typed.split()[:MOST_PHRASES]:
        found = found.filter(Q(title__contains=word) | Q(body__contains=word))
    return found


LISTING = Listing[Notice](
    sorts=[Sort("newest", "最近的", ("-sent_at", "-pk"))],
    filters=[
        Filter(
            "state", "状态", lambda value: Q(read_at__isnull=value == UNREAD),
            choices=[(UNREAD, "未读"), (READ, "已读")], is_tab=True,
        )
    ],
    search=_holding,
    search_hint="标题、正文",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One message; `address` is where it leads, empty where the thing has no page."""

    about: Notice
    address: str


@page
def message_list(request: OfficeRequest) -> HttpResponse:
    shown = LISTING.shown(notices.notices_of(request.actor.code), request)
    return render_page(
        request, "office/messages/list.html", part="list",
        list=shown,
        lines=[Line(one, _leads_to(one)) for one in shown.page.rows],
        unread=notices.unread_count(request.actor.code),
    )  # fmt: skip


@command
def message_open(request: OfficeRequest, pk: int) -> HttpResponse:
    """Note it as read and go where it leads."""
    one: Notice = get_or_404(notices.notices_of(request.actor.code), pk=pk)
    notices.mark_read(recipient=request.actor.code, at=clock.now(), ids=[one.pk])
    return redirect(_leads_to(one) or _back(request))


@command
def message_read_all(request: OfficeRequest) -> HttpResponse:
    notices.mark_read(recipient=request.actor.code, at=clock.now())
    return redirect(_back(request))


def _leads_to(one: Notice) -> str:
    return page_of(one.subject_kind.rpartition(".")[2], one.subject_code)


def _back(request: OfficeRequest) -> str:
    wanted = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if own and wanted.startswith("/messages/") else "/messages/"
