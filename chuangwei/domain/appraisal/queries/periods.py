"""Questions about periods: which there are, what they came to, why, and what a month of them moves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import Exists, OuterRef, QuerySet

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import NotFound
from chuangwei.domain.appraisal import periods as periods_of_days
from chuangwei.domain.appraisal import permissions, report
from chuangwei.domain.appraisal.compute import Inputs, Outcome
from chuangwei.domain.appraisal.enums import PeriodKind
from chuangwei.domain.appraisal.explain import explain
from chuangwei.domain.appraisal.models import Computation, Consequence, Period, Settlement, Standing
from chuangwei.domain.appraisal.periods import Span, spans_between
from chuangwei.domain.appraisal.queries.gathering import within
from chuangwei.domain.appraisal.queries.standing_presets import Presets, SeriesInForce
from chuangwei.domain.appraisal.steps import Step
from chuangwei.domain.inspections.models import Round, Visit

PRIVATE = ("visit", "problem")
"""Steps that only the subject itself and those above it may open."""


@dataclass(frozen=True, slots=True)
class SeriesHere:
    """A series somewhere: its slug, the area of its preset ("" for the whole installation), and how people call it."""

    slug: str
    area_code: str
    title: str
    period: str


def all_series(*, day: date, actor: Actor | None = None) -> list[SeriesHere]:
    """Every series that holds on a day, by area and slug; for an actor, those with something to see."""
    found = []
    known = Presets()
    visible = set(_visible_series(actor)) if actor else set()
    for area in sorted({use.area_code for use in known.uses}):
        begun = [use for use in known.uses if use.area_code == area and (use.from_on is None or use.from_on <= day)]
        if not begun:
            continue
        latest = max(begun, key=lambda use: use.from_on or date.min)
        for slug, series in latest.document.sections["series"].root.items():
            if actor is None or (slug, area) in visible or permissions.may_compute(actor, area):
                found.append(SeriesHere(slug, area, series.name, series.period))
    return found


def _visible_series(actor: Actor) -> Iterable[tuple[str, str]]:
    return permissions.visible_periods(actor).order_by().values_list("series", "area_code").distinct()


def series_of(period: Period) -> SeriesInForce:
    """The series by the version of the preset that holds for a period."""
    return Presets().in_force(period.series, period.area_code, period.from_on)


def periods(*, actor: Actor, series: str | None = None, area: str | None = None) -> QuerySet[Period]:
    """The periods the actor may see, the latest first."""
    found = permissions.visible_periods(actor)
    if series is not None:
        found = found.filter(series=series)
    if area is not None:
        found = found.filter(area_code=area)
    return found.order_by("-from_on", "series", "area_code")


def period_of(*, actor: Actor, series: str, slug: str, area: str | None = None) -> Period:
    """One period the actor may see; NotFound otherwise."""
    found = periods(actor=actor, series=series, area=area).filter(slug=slug).first()
    if found is None:
        raise NotFound(f"没有 {series} 的 {slug} 这个周期。")
    return found


def latest_computation(period: Period) -> Computation:
    """The computation that counts; NotFound for a period not computed yet."""
    found = period.computations.select_related("preset_version").order_by("-version").first()
    if found is None:
        raise NotFound(f"{period.slug} 还没有计算。")
    return found


def latest_computations(period_pks: Iterable[int]) -> QuerySet[Computation]:
    later = Computation.objects.filter(period=OuterRef("period"), version__gt=OuterRef("version"))
    return Computation.objects.filter(~Exists(later), period_id__in=list(period_pks))


def standings(period: Period) -> QuerySet[Standing]:
    """The ranking: by rank, then code, those not ranked last."""
    return latest_computation(period).standings.all()


def outcome_of(computation: Computation) -> Outcome:
    return Outcome.from_json(computation.result)


def explanation(*, actor: Actor, period: Period, subject: str, version: int | None = None) -> Step:
    """Why a subject has what it has, from the kept inputs; without the rows of others where the actor may not see them.

    NotFound for a subject not in it, and for a period entered from paper, of which nothing but the result is kept.
    """
    found = period.computations.filter(version=version).first() if version else latest_computation(period)
    if found is None:
        raise NotFound(f"{period.slug} 没有第 {version} 版。")
    if not found.inputs:
        raise NotFound(f"{period.slug} 是按『{period.paper}』录入的历史评比，没有明细。")
    tree = explain(Inputs.from_json(found.inputs), outcome_of(found), subject)
    return tree if permissions.sees_rows_of(actor, subject) else without_rows(tree)


def without_rows(step: Step) -> Step:
    """An explanation as every subject of the series may read it: all parts and numbers, no single visit or problem."""
    kept = tuple(without_rows(below) for below in step.steps if below.kind not in PRIVATE)
    return Step(step.label, step.value, step.words, step.kind, step.code, kept)


@dataclass(frozen=True, slots=True)
class Trend:
    """How one subject went: a point for each period, in time."""

    code: str
    name: str
    totals: list[Decimal | None]
    ranks: list[int | None]
    flags: list[str]


def trends(*, periods: Sequence[Period]) -> list[Trend]:
    """The curve of every subject over these periods (given in time), by code. Two queries."""
    order = {period.pk: place for place, period in enumerate(periods)}
    rows = (
        Standing.objects.filter(computation__in=latest_computations(order))
        .order_by("code", "computation__period__from_on")
        .values_list("code", "name", "computation__period_id", "total", "rank", "flag")
    )
    found: dict[str, Trend] = {}
    for code, name, period, total, rank, flag in rows:
        blank = Trend(code, name, [None] * len(order), [None] * len(order), [""] * len(order))
        trend, place = found.setdefault(code, blank), order[period]
        trend.totals[place], trend.ranks[place], trend.flags[place] = cast("Decimal | None", total), rank, flag
    return list(found.values())


def consequences(*, actor: Actor) -> QuerySet[Consequence]:
    """What follows from the periods the actor may see: of a series the actor is only ranked in, the actor's own."""
    return permissions.visible_consequences(actor).select_related("period")


def settlements(*, actor: Actor) -> QuerySet[Settlement]:
    return permissions.visible_settlements(actor)


def late_visits(period: Period) -> list[tuple[str, str]]:
    """迟报: visits of the period's days that its figures do not know, each with its time; they count in no period."""
    found = latest_computation(period)
    if not found.inputs:
        return []
    inputs = Inputs.from_json(found.inputs)
    known = {visit.code for visit in inputs.visits}
    opened = Round.objects.filter(kind__in=sorted(inputs.series.round_kinds)).exclude(is_sealed=True, released_at=None)
    rows = (
        Visit.objects.filter(within("at", inputs.span), round__in=opened, recorded_at__gt=found.computed_at)
        .order_by("at", "code")
        .values_list("code", "at")
    )
    return [(code, clock.local(at).isoformat()) for code, at in rows if code not in known]


def span_of(*, series: str, text: str, area: str | None = None) -> Span:
    """The period a person wrote, checked to be of the kind the series has; DomainError in Chinese otherwise."""
    known = Presets()
    return known.span_of(series, known.area_of(series, area), text)


def span_holding(*, kind: PeriodKind, day: date) -> Span:
    """The period of this kind in which a day lies."""
    return periods_of_days.span_of(kind, day)


def appraisal_json(*, series: str, first: str, last: str, area: str | None = None) -> dict[str, Any]:
    """The shape of `expected/appraisal.json` for the computed periods of a stretch (workbooks `cases/`).

    NotFound where one of them was not computed.
    """
    known = Presets()
    area_code = known.area_of(series, area)
    spans = list(spans_between(known.span_of(series, area_code, first), known.span_of(series, area_code, last)))
    rows = Period.objects.filter(series=series, area_code=area_code, slug__in=[span.slug for span in spans])
    results = dict(latest_computations(rows.values_list("pk", flat=True)).values_list("period__slug", "result"))
    missing = [span.slug for span in spans if span.slug not in results]
    if missing:
        raise NotFound(f"这些周期还没有计算：{'、'.join(missing)}。")
    outcomes = [Outcome.from_json(results[span.slug]) for span in spans]
    settled: list[dict[str, Any]] = []
    for money, own in _by_money(known, series, area_code, outcomes):
        settled += report.settlements_json(own, money)
    return {
        "series": series,
        "periods": [report.period_json(outcome) for outcome in outcomes],
        "settlements": sorted(settled, key=lambda due: (due["month"], due["subject"])),
    }


def _by_money(known: Presets, series: str, area: str, outcomes: Sequence[Outcome]) -> list[tuple[Any, list[Outcome]]]:
    """The outcomes of each month, with the money their month's last period rests on."""
    months: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        months.setdefault(outcome.span.month, []).append(outcome)
    return [(known.in_force(series, area, own[-1].span.first).series.money, own) for own in months.values()]
