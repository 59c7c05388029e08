"""Pages of appraisal: series, the ranking of a period, and every reason behind it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.errors import DomainError, NotFound
from chuangwei.domain.appraisal import actions, permissions, queries
from chuangwei.domain.appraisal.enums import PeriodState, Permission
from chuangwei.domain.organisation.permissions import may_import
from chuangwei.web.office.appraisal import addresses, listing, months, ranking, reasons, rows, stepping, wording
from chuangwei.web.office.appraisal.open_periods import choices, refuse_others
from chuangwei.web.office.appraisal.reading import PeriodReading, neighbours, read_period, tell
from chuangwei.web.office.appraisal.trend import trend_of
from chuangwei.web.office.documents import offers
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.rendering import render_page, require_or_404
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command, page

HOME = "评比"
TREND_PERIODS = 26
MOST_LINES = 6


@page
def series_list(request: OfficeRequest) -> HttpResponse:
    require_or_404(request.actor.may(Permission.VIEW))
    return render_page(
        request, "office/appraisal/series_list.html",
        groups=listing.groups(request, request.actor),
        may_import=may_import(request.actor),
    )  # fmt: skip


@page
def period_detail(request: OfficeRequest, key: str, slug: str) -> HttpResponse:
    reading = read_period(request.actor, key, slug)
    return render_page(
        request, "office/appraisal/period_detail.html",
        **_common(reading, Crumb(reading.title)),
        neighbours=neighbours(reading),
        bulletin=offers.of_period(request.actor, reading.period),
        next_steps=stepping.next_steps(request.actor, reading.period, reading.series),
        notes=_notes(reading),
        summary=ranking.summary(reading),
        tables=ranking.tables(reading),
        months=months.months(reading),
        rules=wording.rule_sentences(reading.series),
    )  # fmt: skip


@page
def subject_detail(request: OfficeRequest, key: str, slug: str, code: str) -> HttpResponse:
    reading, row = _row(request, key, slug, code)
    reason = reasons.reason_of(reading, code)
    ranked = [one for one in reading.told.outcome.standings if one.rank is not None and one.group == row.group]
    return render_page(
        request, "office/appraisal/subject_detail.html",
        **_common(reading, Crumb(reading.title, reading.address.ranking), Crumb(row.name)),
        subject=row,
        row=row,
        neighbours=neighbours(reading, code),
        ranked_count=len(ranked),
        has_flags=reading.series.flag_options is not None,
        why_title=reasons.why_title(row.flag),
        total_words=reason.total_words,
        rank_words=reason.rank_words,
        parts=reason.parts,
        adjustments=reason.adjustments,
        consequences=reasons.follows(reading, code, reason),
        trend=trend_of(reading.course, [code]) if len(reading.course) > 1 else None,
        trend_caption=f"{row.name}近 {len(reading.course)} 期总分与名次",
    )  # fmt: skip


@page
def part_detail(request: OfficeRequest, key: str, slug: str, code: str, part: str) -> HttpResponse:
    reading, row = _row(request, key, slug, code)
    item = reasons.reason_of(reading, code).item(part)
    trail = [Crumb(reading.title, reading.address.ranking), Crumb(row.name, row.address), Crumb(item.title)]
    return render_page(
        request, "office/appraisal/part_detail.html",
        **_common(reading, *trail),
        subject=row,
        item=item,
        **rows.behind(request.actor, item.steps),
    )  # fmt: skip


@page
def flag_detail(request: OfficeRequest, key: str, slug: str, code: str) -> HttpResponse:
    reading, row = _row(request, key, slug, code)
    if row.rank is None or reading.series.flag_options is None:
        raise Http404
    reason = reasons.reason_of(reading, code)
    why = reasons.why_title(row.flag)
    trail = [Crumb(reading.title, reading.address.ranking), Crumb(row.name, row.address), Crumb(why)]
    return render_page(
        request, "office/appraisal/flag_detail.html",
        **_common(reading, *trail),
        subject=row,
        row=row,
        why_title=why,
        flag_words=reason.flag_words,
        certificate=offers.of_flag(request.actor, reading.period, code) if row.flag else None,
        rank_words=reason.rank_words,
        weakest=reasons.weakest(reading, code),
        worst=rows.worst_visits(request.actor, reason.parts),
        ladder=reasons.ladder(reading, code),
        flag_rules=wording.flag_sentences(reading.series),
        streak=reasons.periods_named(reading, reason.streak, code),
    )  # fmt: skip


@page
def series_trend(request: OfficeRequest, key: str) -> HttpResponse:
    series, area = addresses.series_and_area(key)
    found = queries.periods(actor=request.actor, series=series, area=area)[:TREND_PERIODS]
    course = tell(list(found))[::-1]
    if not course:
        raise Http404
    everybody = trend_of(course)
    known = [line.code for line in everybody.lines]
    chosen = [code for code in request.GET.getlist("subject") if code in known][:MOST_LINES]
    chosen = chosen or list(dict.fromkeys([*known[:2], *known[-1:]]))
    reading = read_period(request.actor, key, course[-1].period.slug)
    metric = "rank" if request.GET.get("metric") == "rank" else "total"
    return render_page(
        request, "office/appraisal/trend.html",
        **_common(reading, Crumb("走势")),
        trend=trend_of(course, chosen),
        metric=metric,
        caption=f"{'名次' if metric == 'rank' else '总分'}走势",
        everybody=everybody.lines,
        most=MOST_LINES,
        choices=[
            {"code": line.code, "name": line.name, "is_chosen": line.code in chosen} for line in everybody.lines
        ],
    )  # fmt: skip


@page
def series_compute(request: OfficeRequest, key: str) -> HttpResponse:
    """Say what computing does before it is done."""
    return _compute_page(request, key)


def _compute_page(request: OfficeRequest, key: str, *, message: str = "", status: int = 200) -> HttpResponse:
    series = _series_to_compute(request, key)
    found = choices(series)
    require_or_404(found is not None)
    return render_page(
        request, "office/appraisal/compute.html",
        status=status,
        series=series,
        choices=found,
        message=message,
        command=reverse("office:series_compute_do", args=[key]),
        trail=[Crumb(HOME, reverse("office:series_list")), Crumb("计算")],
    )  # fmt: skip


@command
def series_compute_do(request: OfficeRequest, key: str) -> HttpResponse:
    series = _series_to_compute(request, key)
    first, last = request.POST.get("first", ""), request.POST.get("last", "")
    try:
        refuse_others(series, first, last)
        done = actions.compute_periods(
            series=series.slug, area=series.area_code, first=first, last=last, by=request.actor, at=clock.now()
        )
    except DomainError as refusal:
        return _compute_page(request, key, message=refusal.message, status=UNPROCESSABLE)
    new = sum(one.is_new for one in done)
    messages.success(request, f"算了 {len(done)} 期，其中 {new} 期有新的结果。")
    return redirect(addresses.PeriodAddress.of(done[-1].period).ranking)


@page
def period_step(request: OfficeRequest, key: str, slug: str, move: str) -> HttpResponse:
    """Say what a step does before it is taken."""
    return _step_page(request, key, slug, move)


def _step_page(
    request: OfficeRequest, key: str, slug: str, move: str, *, message: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    reading = read_period(request.actor, key, slug)
    step = _step(request, reading, move)
    trail = [Crumb(reading.title, reading.address.ranking), Crumb(step.title)]
    return render_page(
        request, "office/appraisal/confirm.html",
        status=status, **_common(reading, *trail), step=step, message=message, back=reading.address.ranking,
    )  # fmt: skip


@command
def period_move(request: OfficeRequest, key: str, slug: str, move: str) -> HttpResponse:
    reading = read_period(request.actor, key, slug)
    step = _step(request, reading, move)
    try:
        _take(step.move, reading, request)
    except DomainError as refusal:
        return _step_page(request, key, slug, move, message=refusal.message, status=UNPROCESSABLE)
    messages.success(request, f"{reading.title}{step.title}完成。")
    return redirect(reading.address.ranking)


def _take(move: str, reading: PeriodReading, request: OfficeRequest) -> None:
    period, at = reading.period, clock.now()
    if move == stepping.PUBLISH:
        actions.publish_period(period=period, by=request.actor, at=at)
    elif move == stepping.FINALISE:
        actions.finalise_period(period=period, by=request.actor, at=at)
    else:
        actions.compute_periods(
            series=period.series, area=period.area_code, first=period.slug, last=period.slug, by=request.actor, at=at
        )


def _step(request: OfficeRequest, reading: PeriodReading, move: str) -> stepping.NextStep:
    found = stepping.next_steps(request.actor, reading.period, reading.series)
    step = next((one for one in found if one.move == move), None)
    if step is None:
        raise Http404
    return step


def _series_to_compute(request: OfficeRequest, key: str) -> Any:
    slug, area = addresses.series_and_area(key)
    found = queries.all_series(day=clock.today(), actor=request.actor)
    series = next((one for one in found if (one.slug, one.area_code) == (slug, area)), None)
    require_or_404(series is not None and permissions.may_compute(request.actor, area))
    return series


def _row(request: OfficeRequest, key: str, slug: str, code: str) -> tuple[PeriodReading, ranking.Row]:
    reading = read_period(request.actor, key, slug)
    row = ranking.row_of(reading, code)
    if row is None:
        raise NotFound(f"{reading.title}中没有 {code}。")
    return reading, row


def _notes(reading: PeriodReading) -> list[str]:
    """What a reader should know before reading on."""
    period, found = reading.period, []
    if period.is_history:
        found.append(f"本期按『{period.paper}』录入，没有明细。")
    if period.state == PeriodState.COMPUTED:
        found.append("本期只是算出来的结果，还没有公示，各社区看不到；之后的更正会改变它。")
    if period.state == PeriodState.PUBLISHED and period.objections_until:
        until = f"{period.objections_until.month}月{period.objections_until.day}日"
        is_over = clock.today() > period.objections_until
        found.append(f"公示期已于{until}届满，待定案。" if is_over else f"公示中，{until}（含）以前可以提出异议。")
    return found


def _common(reading: PeriodReading, *trail: Crumb) -> dict[str, Any]:
    """What every page of a period shows."""
    period, computation = reading.period, reading.computation
    series, area = period.series, period.area_code
    title = reading.series.name
    return {
        "series": {"title": title, "trend_address": addresses.trend_address(series, area)},
        "noun": reading.series.subject,
        "before": wording.before_word(reading.series),
        "period": {
            "title": reading.title, "first": period.from_on, "last": period.to_on,
            "state": period.get_state_display(), "is_final": period.state == PeriodState.FINAL,
        },
        "computation": {
            "version": computation.version, "at": computation.computed_at, "by": computation.by_name,
            "digest": computation.digest,
            "preset": f"{computation.preset_version.title}（{computation.preset_version}）",
        },
        "trail": [Crumb(HOME, reverse("office:series_list")), *trail],
    }  # fmt: skip
