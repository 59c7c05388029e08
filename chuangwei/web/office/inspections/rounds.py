"""Rounds: the list, the page of one with what it leaves unseen, planning and release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.domain.inspections import actions, permissions, queries
from chuangwei.domain.inspections.enums import Choosing, Permission, RoundKind, RoundState
from chuangwei.domain.inspections.models import Draw, Round, Visit
from chuangwei.domain.inspections.queries import Progress
from chuangwei.web.office.inspections import wording
from chuangwei.web.office.inspections.forms import ReleaseForm, RoundForm, round_begins
from chuangwei.web.office.inspections.listing import ROUNDS
from chuangwei.web.office.inspections.trails import trail, with_from
from chuangwei.web.office.inspections.views import visit_rows
from chuangwei.web.office.places import households
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command, page

SHOWN = 20
"""So many sites and visits stand on the page of a round; all visits are behind a link."""


@dataclass(frozen=True)
class RoundRow:
    each: Round
    state: RoundState
    seal: str
    progress: Progress
    address: str


@page
def round_list(request: OfficeRequest) -> HttpResponse:
    require_or_404(request.actor.may(Permission.VIEW))
    shown = ROUNDS.shown(queries.rounds(actor=request.actor), request)
    return render_page(
        request, "office/inspections/round_list.html", part="list",
        list=shown, rows=_rows(shown.page.rows, request), may_plan=permissions.may_plan(request.actor),
        may_export=permissions.may_export(request.actor),
    )  # fmt: skip


@command
def round_export(request: OfficeRequest) -> HttpResponseBase:
    require_or_404(permissions.may_export(request.actor))
    return export_listing(ROUNDS, queries.rounds(actor=request.actor), request, title="轮次", by=request.actor)


def _rows(rounds: Sequence[Round], request: OfficeRequest) -> list[RoundRow]:
    today, done = clock.today(), queries.progress(rounds, actor=request.actor)
    return [
        RoundRow(
            each, each.state_on(today), wording.seal(each), done[each.pk],
            with_from(page_of("round", each.code), request),
        )
        for each in rounds
    ]  # fmt: skip


# --- One round --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unseen:
    """A site that is left, and how long ago anybody looked at it."""

    site: Any
    name: str
    days: int | None
    address: str


@page
def round_detail(request: OfficeRequest, code: str) -> HttpResponse:
    each: Round = get_or_404(queries.rounds(actor=request.actor), code=code)
    actor, today = request.actor, clock.today()
    is_daily = each.kind == RoundKind.DAILY and each.state_on(today) == RoundState.RUNNING
    may_record = permissions.may_record(actor, each)
    return render_page(
        request, "office/inspections/round_detail.html",
        each=each, state=each.state_on(today), seal=wording.seal(each),
        progress=queries.progress([each], actor=actor)[each.pk],
        no_targets=_why_no_targets(each),
        members=list(each.members.select_related("person", "unit")),
        sheets=_sheets(each),
        unseen=_unseen(each, request, today, may_record=may_record),
        not_today=queries.communities_unseen(each, day=today, actor=actor) if is_daily else None,
        visits=visit_rows(_latest(each, request), request),
        draws=_draws(each, request),
        may_change=permissions.may_change(actor, each),
        may_release=permissions.may_release(actor, each),
        may_draw=each.choosing == Choosing.DRAW and permissions.may_change(actor, each),
        may_record=may_record and each.state_on(today) == RoundState.RUNNING,
        visits_address=f"{reverse('office:visit_list')}?round={each.code}",
        trail=trail(request, each.name, home="round_list"),
    )  # fmt: skip


def _why_no_targets(each: Round) -> str:
    """Why a round tells somebody nothing of what is to be seen, where it does not."""
    if each.targets.exists():
        return "这个轮次的应查点位都不在您的范围内，所以这里没有应查、已查、未查的数。"
    if each.choosing == Choosing.DRAW:
        return "应查点位由抽取产生，还没有抽取。"
    return "这个轮次没有列明应查点位，所以没有应查、已查、未查的数；查过的见检查记录。"


def _unseen(each: Round, request: OfficeRequest, today: date, *, may_record: bool) -> list[Unseen]:
    running = may_record and each.state_on(today) == RoundState.RUNNING
    return [
        Unseen(
            target.site, households.name_of(request.actor, target.site),
            (today - clock.local_day(target.last_at)).days if target.last_at else None,
            reverse("office:sheet_form", args=[each.code, target.site.code]) if running else "",
        )
        for target in queries.unseen(each, actor=request.actor)[:SHOWN]
    ]  # fmt: skip


def _latest(each: Round, request: OfficeRequest) -> Sequence[Visit]:
    found = queries.visits(actor=request.actor).filter(round=each).prefetch_related("inspectors__person")
    return list(found.order_by("-at", "-pk")[:SHOWN])


def _draws(each: Round, request: OfficeRequest) -> list[tuple[Draw, str]]:
    found = queries.draws(actor=request.actor).filter(round_code=each.code)
    return [(draw, wording.step_of(draw)) for draw in found]


def _sheets(each: Round) -> list[str]:
    """The versions of sheets the round fixes; any other kind is scored by the one in force."""
    kinds = list(each.checklists)
    if not kinds:
        return []
    known = {(sheet.site_kind.code, sheet.version): sheet for sheet in queries.checklists_to_choose(kinds)}
    return [
        f"{sheet.title} 第 {number} 版"
        for kind, number in each.checklists.items()
        if (sheet := known.get((kind, number)))
    ]


# --- Planning ---------------------------------------------------------------------------------------------------------


@page
def round_new(request: OfficeRequest) -> HttpResponse:
    require_or_404(permissions.may_plan(request.actor))
    today = clock.today()
    return _form_page(request, RoundForm(actor=request.actor, initial={"starts_on": today, "ends_on": today}))


@command
def round_make(request: OfficeRequest) -> HttpResponse:
    require_or_404(permissions.may_plan(request.actor))
    form = RoundForm(request.POST, actor=request.actor)
    if form.accepted_by(actions.plan_round, by=request.actor, at=clock.now()):
        messages.success(request, f"已安排轮次“{form.result.name}”。")
        return redirect("office:round_detail", form.result.code)
    return _form_page(request, form, status=UNPROCESSABLE)


@page
def round_edit(request: OfficeRequest, code: str) -> HttpResponse:
    each: Round = get_or_404(queries.rounds(actor=request.actor), code=code)
    require_or_404(permissions.may_change(request.actor, each))
    return _form_page(request, RoundForm(actor=request.actor, thing=each, initial=round_begins(each)), each)


@command
def round_change(request: OfficeRequest, code: str) -> HttpResponse:
    each: Round = get_or_404(queries.rounds(actor=request.actor), code=code)
    require_or_404(permissions.may_change(request.actor, each))
    form = RoundForm(request.POST, actor=request.actor, thing=each, initial=round_begins(each))
    if form.accepted_by(actions.change_round, each=each, by=request.actor, at=clock.now()):
        messages.success(request, f"已更改轮次“{form.result.name}”。")
        return redirect("office:round_detail", each.code)
    return _form_page(request, form, each, status=UNPROCESSABLE)


def _form_page(
    request: OfficeRequest, form: RoundForm, each: Round | None = None, *, status: int = 200
) -> HttpResponse:
    first = Crumb("轮次", reverse("office:round_list"))
    back = page_of("round", each.code) if each else reverse("office:round_list")
    steps = [first, Crumb(each.name, back), Crumb("更改")] if each else [first, Crumb("安排轮次")]
    address = reverse("office:round_change", args=[each.code]) if each else reverse("office:round_make")
    return render_page(
        request, "office/inspections/round_form.html", status=status,
        form=form, each=each, command=address, back=back, trail=steps,
    )  # fmt: skip


# --- Release ----------------------------------------------------------------------------------------------------------


@page
def round_release_ask(request: OfficeRequest, code: str) -> HttpResponse:
    return _release_page(request, _to_release(request, code), ReleaseForm(actor=request.actor))


@command
def round_release(request: OfficeRequest, code: str) -> HttpResponse:
    each = _to_release(request, code)
    form = ReleaseForm(request.POST, actor=request.actor)
    if form.accepted_by(actions.release_round, each=each, by=request.actor, at=clock.now()):
        messages.success(request, f"已解封轮次“{each.name}”。")
        return redirect("office:round_detail", each.code)
    return _release_page(request, each, form, status=UNPROCESSABLE)


def _to_release(request: OfficeRequest, code: str) -> Round:
    each: Round = get_or_404(queries.rounds(actor=request.actor), code=code)
    require_or_404(permissions.may_release(request.actor, each))
    return each


def _release_page(request: OfficeRequest, each: Round, form: ReleaseForm, *, status: int = 200) -> HttpResponse:
    steps = [Crumb("轮次", reverse("office:round_list")), Crumb(each.name, page_of("round", each.code)), Crumb("解封")]
    visits = Visit.objects.filter(round=each).count()
    return render_page(
        request,
        "office/inspections/round_release.html",
        status=status,
        each=each,
        form=form,
        visits=visits,
        trail=steps,
    )
