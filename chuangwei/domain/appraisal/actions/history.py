"""Earlier results on paper 历史评比, entered as final periods, so that streaks do not begin at nothing (domain §8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from chuangwei.core import audit, bulk
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.transitions import apply_transition
from chuangwei.core.writes import action
from chuangwei.domain.appraisal import permissions, states
from chuangwei.domain.appraisal.actions.computing import (
    STANDING_COLUMNS,
    new_period,
    standing_rows,
    streaks_before,
)
from chuangwei.domain.appraisal.compute import Consequence, Outcome, Standing, digest
from chuangwei.domain.appraisal.enums import Flag
from chuangwei.domain.appraisal.models import PERIOD_CLOSED, Computation, Period
from chuangwei.domain.appraisal.models import Standing as StandingRow
from chuangwei.domain.appraisal.periods import Span
from chuangwei.domain.appraisal.queries import Gatherer, SeriesInForce
from chuangwei.domain.appraisal.rules import FULL, streak_after

NOT_RANKED = "原表未排名"


@dataclass(frozen=True, slots=True)
class PastStanding:
    """One line of the old table. `total` of None: not ranked. An interview held for it ends the streak."""

    subject: str
    total: Decimal | None
    rank: int | None = None
    flag: Flag | None = None
    was_interviewed: bool = False


@action
def enter_history(
    *, series: str, slug: str, lines: Sequence[PastStanding], paper: str, by: Actor, at: datetime,
    area: str | None = None,
) -> Period:  # fmt: skip
    """Enter one period from a paper, as it was published then: nothing is computed, nothing follows.

    Oldest first. DomainError for a line that contradicts itself, an unknown subject, and a period that is not before
    every published one. What was computed after it must be computed again.
    """
    gatherer = Gatherer.of_series(series, area)
    area_code = gatherer.area
    require(permissions.may_publish(by, area_code))
    span = gatherer.presets.span_of(series, area_code, slug)
    _refuse_out_of_order(series, area_code, span)
    held = gatherer.presets.in_force(series, area_code, span.first)
    names = {subject.code: subject.name for subject in gatherer.subjects(held.series, span)}
    _check(lines, names)
    outcome = past_outcome(span, lines, names, streaks_before(series, area_code, span.first))
    period = _kept(series, area_code, held, outcome, paper, by=by, at=at)
    audit.record(
        verb="录入历史评比", subject_kind="appraisal.period", subject_code=period.code, by=by, at=at, note=paper
    )  # fmt: skip
    return period


def _refuse_out_of_order(series: str, area: str, span: Span) -> None:
    """What was published stands on the streaks before it; what was only computed can be computed again."""
    later = Period.objects.filter(series=series, area_code=area, to_on__gte=span.first).order_by("from_on")
    standing = later.filter(Q(state__in=PERIOD_CLOSED) | Q(slug=span.slug)).first()
    if standing is not None:
        raise DomainError(f"已有 {standing.slug}；历史评比须在它之前，并按先后录入。")


def _check(lines: Sequence[PastStanding], names: Mapping[str, str]) -> None:
    seen: set[str] = set()
    for line in lines:
        if line.subject not in names:
            raise DomainError(f"{line.subject} 当时不是这个评比的对象。")
        if line.subject in seen:
            raise DomainError(f"{names[line.subject]}出现了两次。")
        seen.add(line.subject)
        if (line.total is None) != (line.rank is None) or (line.rank is None and line.flag):
            raise DomainError(f"{names[line.subject]}：有总分须有名次，未排名的不能有旗。")
        if line.total is not None and not 0 <= line.total * 100 <= FULL:
            raise DomainError(f"{names[line.subject]}：总分须在 0 至 100 之间。")
        if line.total is not None and line.total * 100 != int(line.total * 100):
            raise DomainError(f"{names[line.subject]}：总分最多 2 位小数。")
    if not lines:
        raise DomainError("至少要录入一行。")


def past_outcome(
    span: Span, lines: Sequence[PastStanding], names: Mapping[str, str], streaks: Mapping[str, tuple[str, ...]]
) -> Outcome:
    """The old table as an outcome; subjects the table leaves out were not ranked."""
    known = {line.subject: line for line in lines}
    standings = [_standing(span, code, name, known.get(code), streaks.get(code, ())) for code, name in names.items()]
    standings.sort(key=lambda standing: (standing.rank is None, standing.rank, standing.code))
    held = sorted(line.subject for line in lines if line.was_interviewed)
    consequences = tuple(Consequence("interview", code, "按原表录入") for code in held)
    waiting = {code: streak for code, streak in streaks.items() if code not in names}
    return Outcome(span, tuple(standings), consequences, waiting)


def _standing(span: Span, code: str, name: str, line: PastStanding | None, streak: tuple[str, ...]) -> Standing:
    if line is None or line.total is None:
        return Standing(code, name, "", {}, {}, None, None, None, NOT_RANKED, list(streak))
    after = streak_after(streak, period=span.slug, is_ranked=True, is_yellow=line.flag == Flag.YELLOW)
    flag = line.flag.value if line.flag else None
    kept = [] if line.was_interviewed else list(after)
    return Standing(code, name, "", {}, {}, int(line.total * 100), line.rank, flag, "", kept)


def _kept(
    series: str, area: str, held: SeriesInForce, outcome: Outcome, paper: str, *, by: Actor, at: datetime
) -> Period:
    if not paper.strip():
        raise DomainError("历史评比须写明所据的文件。")
    period = new_period(series, area, outcome.span)
    period.is_history, period.paper = True, paper.strip()
    period.save()
    text = outcome.to_json()
    computation = Computation.objects.create(
        period=period, version=1, preset_version=held.version, inputs="", result=text, digest=digest("", text),
        computed_at=at, by_code=by.code, by_name=by.name,
    )  # fmt: skip
    bulk.insert_rows(StandingRow, STANDING_COLUMNS, standing_rows(computation.pk, outcome))
    period.finalised_at = at
    apply_transition(period, states.ENTER, by=by, at=at, note=paper, save=["finalised_at"])
    return period
