"""Monthly settlements 月度奖惩: what is ready to be settled, what was settled, and the leader's approval."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q, Sum
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError
from chuangwei.core.transitions import history_of
from chuangwei.domain.appraisal import actions, permissions, queries
from chuangwei.domain.appraisal.enums import Permission, SettlementState
from chuangwei.domain.appraisal.models import Settlement, SettlementEntry
from chuangwei.domain.organisation.permissions import may_export
from chuangwei.web.office.appraisal import paying
from chuangwei.web.office.appraisal.addresses import (
    PeriodAddress,
    series_and_area,
    series_key,
    settlement_address,
)
from chuangwei.web.office.appraisal.reading import tell
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.listing import Column, Filter, Listing, Sort
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command, page

TITLE = "月度奖惩"

LISTING = Listing[Settlement](
    sorts=[Sort("newest", "最近的月份", ("-month", "-pk")), Sort("oldest", "最早的月份", ("month", "pk"))],
    filters=[Filter("state", "状态", lambda value: Q(state=value), choices=SettlementState.choices, is_tab=True)],
)


def entries_listing(accounts: Mapping[str, queries.Account], paid_word: str) -> Listing[SettlementEntry]:
    """The lines of one settlement with what each account comes to, for the one who pays."""
    return Listing[SettlementEntry](
        sorts=[Sort("code", "编码", ("subject_code",))],
        columns=[
            Column("编码", lambda one: one.subject_code),
            Column("名称", lambda one: one.subject_name),
            Column("红旗", lambda one: one.red_count),
            Column("黄旗", lambda one: one.yellow_count),
            Column("本月奖扣（元）", lambda one: one.amount / 100),
            Column("上期结转（元）", lambda one: accounts[one.subject_code].brought / 100),
            Column(f"{paid_word}（元）", lambda one: accounts[one.subject_code].paid / 100),
            Column("结转下期（元）", lambda one: accounts[one.subject_code].carried / 100),
        ],
    )


@dataclass(frozen=True)
class Ready:
    """A month that can be settled now: all its periods are final."""

    series: str
    key: str
    month: str
    title: str


def ready_to_settle(actor: Actor) -> list[Ready]:
    """The months of series with money whose computed periods are all final and that nobody settled yet."""
    return list(_ready(actor))


def _ready(actor: Actor) -> Iterator[Ready]:
    done = set(Settlement.objects.values_list("series", "area_code", "month"))
    for series in queries.all_series(day=clock.today(), actor=actor):
        if not permissions.may_settle(actor, series.area_code):
            continue
        months: dict[str, bool] = {}
        for period in queries.periods(actor=actor, series=series.slug, area=series.area_code):
            month = f"{period.to_on:%Y-%m}"
            months[month] = months.get(month, True) and period.finalised_at is not None
        for month, is_final in sorted(months.items()):
            if (
                is_final
                and (series.slug, series.area_code, month) not in done
                and _has_money(series.slug, series.area_code, month)
            ):
                yield Ready(
                    series.title, series_key(series.slug, series.area_code), month, queries.parse_span(month).title
                )


def _has_money(series: str, area: str, month: str) -> bool:
    day = queries.parse_span(month).last
    try:
        return queries.Presets().in_force(series, area, day).series.money is not None
    except DomainError:
        return False


@dataclass(frozen=True)
class Line:
    about: Settlement
    title: str
    address: str
    series: str
    award: int
    deduction: int


@page
def settlement_list(request: OfficeRequest) -> HttpResponse:
    return _list(request)


def _list(request: OfficeRequest, *, message: str = "", status: int = 200) -> HttpResponse:
    require_or_404(request.actor.may(Permission.VIEW))
    shown = LISTING.shown(queries.settlements(actor=request.actor), request)
    names = {(one.slug, one.area_code): one.title for one in queries.all_series(day=clock.today())}
    sums = _sums([one.pk for one in shown.page.rows])
    return render_page(
        request, "office/appraisal/settlement_list.html", part="list",
        status=status,
        list=shown,
        lines=[
            Line(
                one, queries.parse_span(one.month).title, settlement_address(one), names.get((one.series, one.area_code), one.series),
                *sums.get(one.pk, (0, 0)),
            )
            for one in shown.page.rows
        ],
        ready=ready_to_settle(request.actor),
        message=message,
    )  # fmt: skip


def _sums(settlements: list[int]) -> dict[int, tuple[int, int]]:
    """What is awarded and what is deducted, in fen, by settlement. One query."""
    rows = (
        SettlementEntry.objects.filter(settlement__in=settlements).order_by().values_list("settlement")
        .annotate(award=Sum("amount", filter=Q(amount__gt=0), default=0), off=Sum("amount", filter=Q(amount__lt=0), default=0))
    )  # fmt: skip
    return {pk: (award, off) for pk, award, off in rows}


@command
def settlement_do(request: OfficeRequest) -> HttpResponse:
    """Settle one month of one series."""
    series, area = series_and_area(request.POST.get("series", ""))
    known = any(
        (one.slug, one.area_code) == (series, area)
        for one in queries.all_series(day=clock.today(), actor=request.actor)
    )
    require_or_404(known and permissions.may_settle(request.actor, area))
    try:
        done = actions.settle_month(
            series=series, area=area, month=request.POST.get("month", ""), by=request.actor, at=clock.now()
        )
    except DomainError as refusal:
        return _list(request, message=refusal.message, status=UNPROCESSABLE)
    return redirect(settlement_address(done))


@page
def settlement_detail(request: OfficeRequest, key: str, month: str) -> HttpResponse:
    return _detail(request, _found(request, key, month))


@command
def settlement_approve(request: OfficeRequest, key: str, month: str) -> HttpResponse:
    one = _found(request, key, month)
    require_or_404(permissions.may_approve(request.actor, one.area_code))
    try:
        actions.approve_settlement(settlement=one, by=request.actor, at=clock.now())
    except DomainError as refusal:
        return _detail(request, _found(request, key, month), message=refusal.message, status=UNPROCESSABLE)
    messages.success(request, f"{queries.parse_span(one.month).title}奖惩已批准。")
    return redirect(settlement_address(one))


@command
def settlement_export(request: OfficeRequest, key: str, month: str) -> HttpResponseBase:
    one = _found(request, key, month)
    require_or_404(may_export(request.actor))
    title = f"{queries.parse_span(one.month).title}{TITLE}"
    listing = entries_listing(queries.accounts_of(one), paying.paid_word(one))
    return export_listing(listing, one.entries.all(), request, title=title, by=request.actor)


def _found(request: OfficeRequest, key: str, month: str) -> Settlement:
    series, area = series_and_area(key)
    one: Settlement = get_or_404(queries.settlements(actor=request.actor), series=series, area_code=area, month=month)
    return one


def _detail(request: OfficeRequest, one: Settlement, *, message: str = "", status: int = 200) -> HttpResponse:
    span = queries.parse_span(one.month)
    periods = queries.periods(actor=request.actor, series=one.series, area=one.area_code)
    own = [period for period in periods.order_by("from_on") if span.first <= period.to_on <= span.last]
    if not own:
        raise Http404
    lines = paying.lines_of(one, tell(own))
    return render_page(
        request, "office/appraisal/settlement_detail.html",
        status=status,
        one=one,
        title=span.title,
        lines=lines,
        award=sum(line.account.amount for line in lines if line.account.amount > 0),
        deduction=sum(line.account.amount for line in lines if line.account.amount < 0),
        paid_word=paying.paid_word(one),
        paid=sum(line.account.paid for line in lines),
        carried=sum(line.account.carried for line in lines),
        waiting=paying.months_named(queries.awaiting_approval(one)) if not one.approved_at else [],
        periods=[Crumb(queries.parse_span(period.slug).title, PeriodAddress.of(period).ranking) for period in own],
        key=series_key(one.series, one.area_code),
        may_approve=one.state == SettlementState.COMPUTED and permissions.may_approve(request.actor, one.area_code),
        may_export=may_export(request.actor),
        message=message,
        history=history_of(one),
        trail=[
            Crumb("评比", reverse("office:series_list")), Crumb(TITLE, reverse("office:settlement_list")), Crumb(span.title)
        ],
    )  # fmt: skip
