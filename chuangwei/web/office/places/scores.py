"""The latest score of an area, as far as somebody may see it, and the periods behind it."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import queries
from chuangwei.domain.appraisal.enums import PeriodState
from chuangwei.domain.appraisal.models import Period, Standing
from chuangwei.web.office.appraisal.addresses import PeriodAddress

MOST_PERIODS = 400
"""The latest period of every series lies among these."""
SHOWN_PERIODS = 8


@dataclass(frozen=True)
class Score:
    """One standing with the page that explains it."""

    total: Decimal | None
    rank: int | None
    flag: str
    period: str
    is_published: bool
    address: str


def latest_scores(actor: Actor, codes: Collection[str]) -> dict[str, Score]:
    """Area code → its standing in the latest period of the series that ranks it. Two queries."""
    latest: dict[tuple[str, str], Period] = {}
    for period in queries.periods(actor=actor).exclude(state=PeriodState.OPEN)[:MOST_PERIODS]:
        latest.setdefault((period.series, period.area_code), period)
    return {code: scores[0] for code, scores in _scores(list(latest.values()), codes).items()}


def last_scores(actor: Actor, code: str) -> list[Score]:
    """The last periods an area was ranked in, the newest first."""
    found = list(queries.periods(actor=actor).exclude(state=PeriodState.OPEN)[: SHOWN_PERIODS * 4])
    return _scores(found, [code]).get(code, [])[:SHOWN_PERIODS]


def _scores(periods: list[Period], codes: Collection[str]) -> dict[str, list[Score]]:
    """The standings of these periods by area, the newest period first."""
    known = {period.pk: period for period in periods}
    computations = queries.latest_computations(known)
    rows = Standing.objects.filter(computation__in=computations, code__in=list(codes)).select_related("computation")
    found: dict[str, list[Score]] = {}
    for row in sorted(rows, key=lambda row: (known[row.computation.period_id].from_on, row.pk), reverse=True):
        found.setdefault(row.code, []).append(_score(row, known[row.computation.period_id]))
    return found


def _score(row: Standing, period: Period) -> Score:
    return Score(
        total=row.total,
        rank=row.rank,
        flag=row.flag,
        period=period.slug,
        is_published=period.state != PeriodState.COMPUTED,
        address=PeriodAddress.of(period).subject(row.code),
    )
