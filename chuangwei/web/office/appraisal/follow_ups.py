"""What follows from a published ranking 后续措施: who speaks, who is spoken to; held with its minutes, or withdrawn."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.errors import DomainError
from chuangwei.core.transitions import history_of
from chuangwei.domain.appraisal import actions, permissions, queries
from chuangwei.domain.appraisal.enums import ConsequenceKind, ConsequenceState, Permission
from chuangwei.domain.appraisal.models import Consequence
from chuangwei.domain.appraisal.registry import TRIGGERS
from chuangwei.domain.organisation.permissions import may_export
from chuangwei.web.office.appraisal import concerned
from chuangwei.web.office.appraisal.addresses import PeriodAddress
from chuangwei.web.office.appraisal.wording import trigger_name
from chuangwei.web.office.documents import offers
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.listing import Choices, Column, Filter, Listing, Sort, day_of
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command, page

TITLE = "后续措施"
OPEN = (ConsequenceState.PROPOSED, ConsequenceState.DUE)


def trigger_names() -> Choices:
    return [(slug, trigger.name) for slug, trigger in TRIGGERS.all().items()]


LISTING = Listing[Consequence](
    sorts=[
        Sort("newest", "最近的周期", ("-period_id", "subject_code", "pk")),
        Sort("oldest", "最早的周期", ("period_id", "pk")),
    ],
    filters=[
        Filter("state", "状态", lambda value: Q(state=value), choices=ConsequenceState.choices, is_tab=True),
        Filter("kind", "种类", lambda value: Q(trigger=value), choices=trigger_names),
        Filter("since", "周期不早于", lambda value: Q(period__to_on__gte=day_of(value)), is_day=True),
    ],
    columns=[
        Column("周期", lambda one: queries.parse_span(one.period.slug).title),
        Column("种类", lambda one: trigger_name(one.trigger)),
        Column("社区（村、单位）", lambda one: one.subject_name),
        Column("对象", lambda one: one.person_name),
        Column("角色", lambda one: one.role),
        Column("理由", lambda one: one.reason),
        Column("办理", lambda one: one.carried_out_by),
        Column("场合", lambda one: one.meeting),
        Column("状态", lambda one: one.get_state_display()),
        Column("办理日期", lambda one: one.held_on),
        Column("纪要", lambda one: one.minutes),
    ],
    search=lambda found, words: found.filter(Q(subject_name__contains=words) | Q(person_name__contains=words)),
    search_hint="社区或姓名",
)


@dataclass(frozen=True)
class Line:
    """One follow-up in one line."""

    title: str
    address: str
    about: Consequence
    period: str
    is_open: bool


def line_of(one: Consequence) -> Line:
    return Line(
        f"{one.subject_name}{trigger_name(one.trigger)}", reverse("office:follow_up_detail", args=[one.pk]), one,
        queries.parse_span(one.period.slug).title, one.state in OPEN,
    )  # fmt: skip


@page
def follow_up_list(request: OfficeRequest) -> HttpResponse:
    require_or_404(request.actor.may(Permission.VIEW))
    shown = LISTING.shown(queries.consequences(actor=request.actor), request)
    return render_page(
        request, "office/appraisal/follow_up_list.html", part="list",
        list=shown,
        lines=[line_of(one) for one in shown.page.rows],
        export_address=reverse("office:follow_up_export") if may_export(request.actor) else "",
    )  # fmt: skip


@command
def follow_up_export(request: OfficeRequest) -> HttpResponseBase:
    require_or_404(may_export(request.actor) and request.actor.may(Permission.VIEW))
    return export_listing(LISTING, queries.consequences(actor=request.actor), request, title=TITLE, by=request.actor)


@page
def follow_up_detail(request: OfficeRequest, pk: int) -> HttpResponse:
    return _detail(request, _found(request, pk))


@command
def follow_up_hold(request: OfficeRequest, pk: int) -> HttpResponse:
    """Say that it took place, with the day and the minutes."""
    one = _found(request, pk)
    require_or_404(permissions.may_carry_out(request.actor, one))
    held_on: date | None = day_of(request.POST.get("held_on", ""))
    try:
        if held_on is None:
            raise DomainError("请填写办理日期。")
        actions.hold_consequence(
            consequence=one, held_on=held_on, minutes=request.POST.get("minutes", ""), by=request.actor, at=clock.now()
        )
    except DomainError as refusal:
        return _detail(request, _found(request, pk), message=refusal.message, status=UNPROCESSABLE)
    return redirect("office:follow_up_detail", pk)


@command
def follow_up_withdraw(request: OfficeRequest, pk: int) -> HttpResponse:
    one = _found(request, pk)
    require_or_404(permissions.may_carry_out(request.actor, one))
    try:
        note = request.POST.get("note", "").strip()
        if not note:
            raise DomainError("请写明撤销的理由。")
        actions.withdraw_consequence(consequence=one, by=request.actor, at=clock.now(), note=note)
    except DomainError as refusal:
        return _detail(request, _found(request, pk), message=refusal.message, status=UNPROCESSABLE)
    return redirect("office:follow_up_detail", pk)


def _certificate(request: OfficeRequest, one: Consequence) -> offers.Offer | None:
    """Beside praise alone: of the flag it follows from; none where the subject got none."""
    if one.trigger != ConsequenceKind.LEAD:
        return None
    outcome = queries.outcome_of(queries.latest_computation(one.period))
    flagged = {standing.code for standing in outcome.standings if standing.flag}
    return offers.of_flag(request.actor, one.period, one.subject_code) if one.subject_code in flagged else None


def _found(request: OfficeRequest, pk: int) -> Consequence:
    one: Consequence = get_or_404(queries.consequences(actor=request.actor), pk=pk)
    return one


def _detail(request: OfficeRequest, one: Consequence, *, message: str = "", status: int = 200) -> HttpResponse:
    may_act = permissions.may_carry_out(request.actor, one)
    line = line_of(one)
    return render_page(
        request, "office/appraisal/follow_up_detail.html",
        status=status,
        one=one,
        line=line,
        flag_address=PeriodAddress.of(one.period).flag(one.subject_code),
        certificate=_certificate(request, one),
        whom=concerned.whom(request.actor, one),
        by=concerned.carried_out_by(request.actor, one),
        may_hold=may_act and one.state == ConsequenceState.DUE,
        may_withdraw=may_act and line.is_open,
        today=clock.today(),
        given={"held_on": request.POST.get("held_on", ""), "minutes": request.POST.get("minutes", "")},
        message=message,
        history=history_of(one),
        trail=[Crumb("评比", reverse("office:series_list")), Crumb(TITLE, reverse("office:follow_up_list")), Crumb(line.title)],
    )  # fmt: skip
