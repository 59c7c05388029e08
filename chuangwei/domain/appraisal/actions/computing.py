"""Computing periods: gather, compute, and keep a new version where something changed (domain §8, Life of a period)."""

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from chuangwei.core import audit, bulk
from chuangwei.core.actor import Actor
from chuangwei.core.errors import require
from chuangwei.core.transitions import apply_transition
from chuangwei.core.writes import action
from chuangwei.domain.appraisal import permissions, queries, states
from chuangwei.domain.appraisal.compute import Inputs, Outcome, compute_period, digest
from chuangwei.domain.appraisal.models import PERIOD_CLOSED, Computation, Period, Standing
from chuangwei.domain.appraisal.periods import Span, spans_between
from chuangwei.domain.appraisal.queries import Gatherer
from chuangwei.domain.organisation import queries as organisation

STANDING_COLUMNS = (
    "computation_id", "code", "name", "group", "total", "rank", "flag", "reason", "parts", "adjustments",
)  # fmt: skip

Streaks = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Computed:
    """A period as it came out of one run: `is_new` where a version was added, not where nothing had changed."""

    period: Period
    outcome: Outcome
    version: int
    digest: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What computing a period gives, and the texts that will be kept of it."""

    outcome: Outcome
    inputs: str
    text: str
    digest: str


@action
def compute_periods(
    *, series: str, first: str, last: str, by: Actor, at: datetime, area: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Computed]:  # fmt: skip
    """Compute every period from the first to the last, in order, so that streaks run on from one to the next.

    A published or final period is left as it is and its streaks are taken up. A new version is kept only where the
    digest changed. `progress(done, all)` is told after each. DomainError for a period not of this series, and where
    there is nobody to rank. A period still to come is nobody's mistake (publishing one is): it is what its rows say.
    """
    gatherer = Gatherer.of_series(series, area)
    require(permissions.may_compute(by, gatherer.area))
    known = gatherer.presets
    ends = [known.span_of(series, gatherer.area, text) for text in (first, last)]
    spans = list(spans_between(*ends))
    gatherer.reach = (spans[0].first, spans[-1].last)
    kept = _kept(gatherer, spans)
    streaks = streaks_before(series, gatherer.area, spans[0].first)
    done: list[Computed] = []
    with _no_collector():
        for span in spans:
            period, before = kept.get(span.slug, (None, None))
            if period is not None and before is not None and period.state in PERIOD_CLOSED:
                done.append(Computed(period, queries.outcome_of(before), before.version, before.digest, is_new=False))
            else:
                result = result_now(gatherer, span, streaks)
                done.append(_keep(gatherer, period or _new_period(gatherer, span), before, result, by=by, at=at))
            streaks = done[-1].outcome.streaks
            if progress:
                progress(len(done), len(spans))
    _record(gatherer, [one for one in done if one.is_new], by=by, at=at)
    return done


@contextmanager
def _no_collector() -> Iterator[None]:
    """Facts are tuples of text and numbers and form no rings; looking for rings among them takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _kept(gatherer: Gatherer, spans: Sequence[Span]) -> dict[str, tuple[Period, Computation | None]]:
    """The periods there are already, each with its latest computation."""
    found = Period.objects.filter(
        series=gatherer.series, area_code=gatherer.area, slug__in=[span.slug for span in spans]
    )  # fmt: skip
    rows = {period.pk: period for period in found}
    latest = {one.period_id: one for one in queries.latest_computations(rows).defer("inputs")}
    return {period.slug: (period, latest.get(pk)) for pk, period in rows.items()}


def streaks_before(series: str, area: str, first: date) -> Streaks:
    """The streaks the latest computed period before a day left behind."""
    before = (
        Period.objects.filter(series=series, area_code=area, to_on__lt=first, computations__isnull=False)
        .order_by("-to_on")
        .first()
    )
    return queries.outcome_of(queries.latest_computation(before)).streaks if before else {}


def result_now(gatherer: Gatherer, span: Span, streaks: Streaks) -> Result:
    """The result from the rows as they stand. Whom an interview is of is asked only once it is known of whom."""
    held = gatherer.presets.in_force(gatherer.series, gatherer.area, span.first)
    inputs = gatherer.inputs(series=held.series, span=span, streaks=streaks)
    outcome = compute_period(inputs)
    holders = _holders(inputs, outcome)
    if holders:
        inputs = replace(inputs, holders=holders)
        outcome = compute_period(inputs)
    kept, text = inputs.to_json(), outcome.to_json()
    return Result(outcome, kept, text, digest(kept, text))


def role_of(inputs: Inputs, trigger: str) -> str:
    """The role whose holder a consequence is about; "" for one that is about the subject alone."""
    return str(getattr(inputs.series.trigger_options(trigger), "of", ""))


def _holders(inputs: Inputs, outcome: Outcome) -> dict[str, dict[str, str | None]]:
    """Who holds the role on the period's last day; of several the first by code; nobody: none (domain §8)."""
    asked: dict[str, list[str]] = {}
    for one in outcome.consequences:
        if role_of(inputs, one.trigger):
            asked.setdefault(one.trigger, []).append(one.subject)
    return {
        trigger: organisation.who_hold(role=role_of(inputs, trigger), areas=areas, day=inputs.span.last)
        for trigger, areas in asked.items()
    }


def new_period(series: str, area: str, span: Span) -> Period:
    """An unsaved, open period."""
    code = f"{series}@{area or '全域'}:{span.slug}"
    return Period(code=code, series=series, area_code=area, slug=span.slug, from_on=span.first, to_on=span.last)


def _new_period(gatherer: Gatherer, span: Span) -> Period:
    period = new_period(gatherer.series, gatherer.area, span)
    period.save(force_insert=True)
    return period


def _keep(
    gatherer: Gatherer, period: Period, before: Computation | None, result: Result, *, by: Actor, at: datetime
) -> Computed:
    """Keep a new version with its standings; nothing where the digest is that of the version before."""
    if before is not None and before.digest == result.digest:
        return Computed(period, result.outcome, before.version, before.digest, is_new=False)
    version = before.version + 1 if before else 1
    held = gatherer.presets.in_force(gatherer.series, gatherer.area, period.from_on)
    computation = Computation.objects.create(
        period=period, version=version, preset_version=held.version, inputs=result.inputs, result=result.text,
        digest=result.digest, computed_at=at, by_code=by.code, by_name=by.name,
    )  # fmt: skip
    bulk.insert_rows(Standing, STANDING_COLUMNS, standing_rows(computation.pk, result.outcome))
    apply_transition(period, states.COMPUTE, by=by, at=at)
    return Computed(period, result.outcome, version, result.digest, is_new=True)


def standing_rows(computation: int, outcome: Outcome) -> Iterable[tuple[object, ...]]:
    """Standings as the database's own values (totals in hundredths, JSON as text)."""
    for one in outcome.standings:
        yield (
            computation, one.code, one.name, one.group, one.total, one.rank, one.flag or "", one.reason,
            _json_text(one.parts), _json_text(one.adjustments),
        )  # fmt: skip


def _json_text(points: Mapping[str, int | None]) -> str:
    """A small JSON object of whole numbers; the encoder's own set-up would cost more than all of it."""
    inside = ", ".join(f"{_json_key(slug)}: {'null' if value is None else value}" for slug, value in points.items())
    return f"{{{inside}}}"


@cache
def _json_key(slug: str) -> str:
    return json.dumps(slug)


def _record(gatherer: Gatherer, done: Sequence[Computed], *, by: Actor, at: datetime) -> None:
    if done:
        audit.record(
            verb="计算评比", subject_kind="appraisal.period", by=by, at=at,
            subject_code=f"{gatherer.series}@{gatherer.area or '全域'}",
            details={one.period.slug: {"version": one.version, "digest": one.digest} for one in done},
        )  # fmt: skip
