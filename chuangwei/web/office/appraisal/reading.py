"""One period as somebody may see it, read in a fixed number of questions: what every page of it begins with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chuangwei.core import presets
from chuangwei.core.actor import Actor
from chuangwei.core.errors import NotFound
from chuangwei.core.models import PresetVersion
from chuangwei.domain.appraisal import queries
from chuangwei.domain.appraisal.models import Computation, Period
from chuangwei.web.office.appraisal import addresses, wording
from chuangwei.web.office.appraisal.addresses import PeriodAddress

LOOK_BACK = 8
"""How many periods a small course shows."""


@dataclass(frozen=True)
class Told:
    """One period and what its latest computation says."""

    period: Period
    outcome: Any

    @property
    def title(self) -> str:
        return str(self.outcome.span.title)

    @cached_property
    def standings(self) -> dict[str, Any]:
        return {standing.code: standing for standing in self.outcome.standings}


@dataclass(frozen=True)
class PeriodReading:
    """A computed period, the ones before it, and the rules it was computed by."""

    actor: Actor
    period: Period
    computation: Computation
    told: Told
    before: Sequence[Told]
    """Earlier periods, the latest first; at most LOOK_BACK − 1."""
    series: Any

    @property
    def address(self) -> PeriodAddress:
        return PeriodAddress.of(self.period)

    @property
    def title(self) -> str:
        return self.told.title

    @cached_property
    def part_titles(self) -> dict[str, str]:
        return wording.titles(self.series)

    def is_own(self, code: str) -> bool:
        """Whether whoever looks works in this subject."""
        return any(code in path.split("/") for path in self.actor.area_paths)

    @property
    def course(self) -> list[Told]:
        """The periods in time, this one last."""
        return [*reversed(self.before), self.told]


def read_period(actor: Actor, key: str, slug: str) -> PeriodReading:
    """NotFound for a period the actor may not see or that was not computed yet."""
    series, area = addresses.series_and_area(key)
    period = queries.period_of(actor=actor, series=series, slug=slug, area=area)
    earlier = queries.periods(actor=actor, series=series, area=area).filter(from_on__lt=period.from_on)
    told = tell([period, *earlier[: LOOK_BACK - 1]])
    if not told or told[0].period.pk != period.pk:
        raise NotFound(f"{slug} 还没有计算。")
    computation = latest([period]).select_related("preset_version").get()
    return PeriodReading(
        actor, period, computation, told[0], told[1:], series_by(computation.preset_version, period.series)
    )


def latest(periods: Sequence[Period]) -> Any:
    """The computations that count, without the kept inputs, which are large and wanted by explanations only."""
    return queries.latest_computations([period.pk for period in periods]).defer("inputs")


def tell(periods: Sequence[Period]) -> list[Told]:
    """The periods that have been computed, in the order given. One query."""
    outcomes = {found.period_id: queries.outcome_of(found) for found in latest(periods)}
    return [Told(period, outcomes[period.pk]) for period in periods if period.pk in outcomes]


def series_by(version: PresetVersion, slug: str) -> Any:
    """The series exactly as the version of the preset says it that a period was computed by."""
    document = presets.read_preset(version.body, version.slug)
    found = document.sections["series"].root.get(slug)
    if found is None:
        raise NotFound(f"预设 {version.slug} 第 {version.number} 版中没有『{slug}』。")
    return found


@dataclass(frozen=True)
class Neighbour:
    """The period before or after, and the page of it."""

    title: str
    address: str


@dataclass(frozen=True)
class Neighbours:
    previous: Neighbour | None
    next: Neighbour | None


def neighbours(reading: PeriodReading, subject: str = "") -> Neighbours:
    """The computed periods on both sides: their rankings, or the pages of one subject in them."""
    series, area = addresses.series_and_area(reading.address.key)
    later = queries.periods(actor=reading.actor, series=series, area=area).filter(
        from_on__gt=reading.period.from_on, computations__isnull=False
    )
    after = tell(list(later.order_by("from_on").distinct()[:1]))
    return Neighbours(
        _neighbour(reading.before[0], subject) if reading.before else None,
        _neighbour(after[0], subject) if after else None,
    )


def _neighbour(told: Told, subject: str) -> Neighbour | None:
    address = PeriodAddress.of(told.period)
    if subject and subject not in told.standings:
        return None
    return Neighbour(told.title, address.subject(subject) if subject else address.ranking)
