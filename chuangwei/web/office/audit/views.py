"""The audit chain for whoever keeps watch over it: what was done, who read whose number, the daily roots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from chuangwei.core import audit_list, daily_roots
from chuangwei.core.errors import DomainError
from chuangwei.core.models import AuditEvent, AuditRoot, Installation, JobRun
from chuangwei.domain.organisation.enums import EVERYBODY, PERSON_SUBJECT, READINGS
from chuangwei.domain.organisation.permissions import may_audit
from chuangwei.web.office.audit import words
from chuangwei.web.office.audit.listing import READ, READING_LIST, event_listing
from chuangwei.web.office.audit.naming import Names, names_in
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.listing import day_of
from chuangwei.web.shared.paging import paged
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import OfficeRequest, command, page

VERIFYING = "organisation-verify-audit"
"""The job that walks the chain at night."""
ROOTS_A_PAGE = 31


@dataclass(frozen=True)
class EventRow:
    """An entry as the list shows it."""

    event: AuditEvent
    kind: str
    address: str
    told: str
    thing: str


def _rows(events: Sequence[AuditEvent], names: Names, request: OfficeRequest) -> list[EventRow]:
    return [
        EventRow(
            event,
            words.kind_title(event.subject_kind),
            words.address_of(event, request.actor),
            words.summary(event, names),
            names.name(event.subject_kind, event.subject_code),
        )
        for event in events
    ]


# --- All of it --------------------------------------------------------------------------------------------------------


@page
def audit_event_list(request: OfficeRequest) -> HttpResponse:
    require_or_404(may_audit(request.actor))
    shown = event_listing(request.actor).shown(audit_list.events(actor=request.actor), request)
    names = names_in(shown.page.rows, request.actor)
    verified = JobRun.objects.filter(slug=VERIFYING, finished_at__isnull=False).order_by("-due_at").first()
    length = audit_list.length()
    # What was chained while the walk went on may have come behind it.
    seen = audit_list.length_at(verified.started_at) if verified else 0
    return render_page(
        request, "office/audit/list.html", part="list",
        list=shown,
        rows=_rows(shown.page.rows, names, request),
        export_address=reverse("office:audit_export"),
        verified=verified,
        length=length,
        unverified=length - seen,
    )  # fmt: skip


@command
def audit_export(request: OfficeRequest) -> HttpResponseBase:
    require_or_404(may_audit(request.actor))
    found = audit_list.events(actor=request.actor)
    return export_listing(event_listing(request.actor), found, request, title="审计记录", by=request.actor)


@page
def audit_event_detail(request: OfficeRequest, seq: int) -> HttpResponse:
    require_or_404(may_audit(request.actor))
    event: AuditEvent = get_or_404(audit_list.events(actor=request.actor), seq=seq)
    before = AuditEvent.objects.filter(seq=event.seq - 1).first()
    names = names_in([event], request.actor)
    return render_page(
        request, "office/audit/detail.html",
        event=event,
        row=_rows([event], names, request)[0],
        facts=words.facts(event.details, names, of=event.subject_kind),
        hash=daily_roots.in_groups(event.hash),
        previous_hash=daily_roots.in_groups(event.previous_hash),
        is_whole=event.hash == event.computed_hash()
        and event.previous_hash == (before.hash if before else AuditEvent.GENESIS),
        trail=[Crumb("审计", reverse("office:audit_event_list")), Crumb(f"第 {event.seq} 条")],
    )  # fmt: skip


# --- Who read whose number --------------------------------------------------------------------------------------------


@page
def reading_list(request: OfficeRequest) -> HttpResponse:
    require_or_404(may_audit(request.actor))
    shown = READING_LIST.shown(audit_list.events(actor=request.actor).filter(READ), request)
    names = names_in(shown.page.rows, request.actor)
    return render_page(
        request, "office/audit/readings.html", part="list",
        list=shown,
        rows=_rows(shown.page.rows, names, request),
        export_address=reverse("office:reading_export"),
    )  # fmt: skip


@command
def reading_export(request: OfficeRequest) -> HttpResponseBase:
    require_or_404(may_audit(request.actor))
    found = audit_list.events(actor=request.actor).filter(READ)
    return export_listing(READING_LIST, found, request, title="个人信息查阅记录", by=request.actor)


@page
def my_readings(request: OfficeRequest) -> HttpResponse:
    """Everybody may see who read their own number; whole registers that went out may have held it."""
    code = request.actor.person_code
    found = AuditEvent.objects.filter(
        subject_kind=PERSON_SUBJECT, subject_code__in=[code or "", EVERYBODY], verb__in=READINGS
    )
    return render_page(
        request, "office/audit/my_readings.html",
        is_person=bool(code),
        everybody=EVERYBODY,
        page=paged(found if code else found.none(), request, order=("-seq",)),
    )  # fmt: skip


# --- Daily roots ------------------------------------------------------------------------------------------------------


@page
def root_list(request: OfficeRequest) -> HttpResponse:
    """The roots there are, and whether one from the paper still agrees."""
    require_or_404(may_audit(request.actor))
    day, typed = day_of(request.GET.get("day", "")), request.GET.get("root", "")
    roots = paged(daily_roots.roots(), request, order=("-day",), size=ROOTS_A_PAGE)
    return render_page(
        request, "office/audit/roots.html",
        page=roots,
        rows=[(root, daily_roots.in_groups(root.hash)) for root in roots.rows],
        day=day,
        typed=typed,
        is_asked=bool(typed),
        faults=_root_faults(day, typed) if typed else [],
    )  # fmt: skip


def _root_faults(day: date | None, typed: str) -> list[str]:
    if day is None:
        return ["请选择纸上的日期。"]
    try:
        return list(daily_roots.root_faults(day, typed))
    except DomainError as refusal:
        return [refusal.message]


@page
def root_detail(request: OfficeRequest, day: str) -> HttpResponse:
    """One root on one sheet of paper, to be signed and kept."""
    require_or_404(may_audit(request.actor))
    wanted = day_of(day)
    if wanted is None:
        raise Http404
    root: AuditRoot = get_or_404(daily_roots.roots(), day=wanted)
    installation = Installation.objects.first()
    return render_page(
        request, "office/audit/root.html",
        root=root,
        groups=daily_roots.in_groups(root.hash).split(),
        county=installation.county if installation else "",
        trail=[
            Crumb("审计", reverse("office:audit_event_list")), Crumb("日根", reverse("office:root_list")), Crumb(str(root.day)),
        ],
    )  # fmt: skip
