"""The ranking of a period as a table: every number with the page it opens into, and how it changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from chuangwei.domain.appraisal.enums import Flag
from chuangwei.domain.organisation import queries as organisation
from chuangwei.web.office.appraisal import wording
from chuangwei.web.office.appraisal.reading import PeriodReading, Told
from chuangwei.web.office.documents import offers
from chuangwei.web.office.documents.offers import Offer

WIDTH, HEIGHT, MARGIN = 96, 28, 4


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    flag: str

    @property
    def radius(self) -> str:
        return "3" if self.flag else "1.5"


@dataclass(frozen=True)
class Spark:
    """A small drawing of totals: lines broken where a period was missed."""

    lines: list[str]
    dots: list[Dot]
    label: str


@dataclass(frozen=True)
class Cell:
    title: str
    value: int | None
    address: str


@dataclass(frozen=True)
class Row:
    """One subject. Points in hundredths; `ranks_won` counts places, up is positive."""

    code: str
    name: str
    group: str
    address: str
    flag_address: str
    total: int | None
    rank: int | None
    flag: str | None
    reason: str
    parts: list[Cell]
    adjustment: int
    ranks_won: int | None
    points_won: int | None
    is_own: bool
    """Whoever looks works here."""
    spark: Spark | None = None

    @property
    def ranks_lost(self) -> int:
        return -(self.ranks_won or 0)


@dataclass(frozen=True)
class Column:
    title: str
    share: str


@dataclass(frozen=True)
class Table:
    """The ranking of one class (of all, where the series has no classes)."""

    title: str
    noun: str
    before: str
    parts: list[Column]
    has_adjustments: bool
    rows: list[Row] = field(default_factory=list)


def rows_of(reading: PeriodReading, *, sparks: bool = False) -> list[Row]:
    """Every subject in the order of the ranking, those not ranked last."""
    before = reading.before[0].standings if reading.before else {}
    return [
        _row(reading, standing, before.get(standing.code), sparks=sparks)
        for standing in reading.told.outcome.standings
    ]  # fmt: skip


def row_of(reading: PeriodReading, code: str) -> Row | None:
    standing = reading.told.standings.get(code)
    before = reading.before[0].standings if reading.before else {}
    return _row(reading, standing, before.get(code), sparks=False) if standing else None


def _row(reading: PeriodReading, standing: Any, before: Any, *, sparks: bool) -> Row:
    address, titles = reading.address, reading.part_titles
    both = standing.rank is not None and before is not None and before.rank is not None
    return Row(
        code=standing.code,
        name=standing.name,
        group=standing.group,
        address=address.subject(standing.code),
        flag_address=address.flag(standing.code),
        total=standing.total,
        rank=standing.rank,
        flag=standing.flag,
        reason=standing.reason,
        # In the order of the preset, which is that of the columns; what is kept is sorted by slug.
        parts=[
            Cell(titles[part.slug], standing.parts.get(part.slug), address.part(standing.code, part.slug))
            for part in reading.series.parts
        ],
        adjustment=sum(standing.adjustments.values()),
        ranks_won=before.rank - standing.rank if both else None,
        points_won=standing.total - before.total if both else None,
        is_own=reading.is_own(standing.code),
        spark=spark(reading.course, standing.code, standing.name) if sparks else None,
    )


def tables(reading: PeriodReading) -> list[Table]:
    """One table for each class, in the order of their names."""
    series = reading.series
    columns = [Column(wording.part_title(part), wording.weight_share(part, series)) for part in series.parts]
    rows = sorted(rows_of(reading, sparks=True), key=lambda row: row.group)
    return [
        Table(
            title=f"排名（{group}）" if group else "排名",
            noun=series.subject,
            before=wording.before_word(series),
            parts=columns,
            has_adjustments=bool(series.adjustments),
            rows=list(own),
        )
        for group, own in groupby(rows, key=lambda row: row.group)
    ]


def spark(course: Sequence[Told], code: str, name: str) -> Spark | None:
    """The course of one subject's totals, scaled to its own lowest and highest."""
    points = [(place, told.standings.get(code)) for place, told in enumerate(course)]
    ranked = [(place, one) for place, one in points if one is not None and one.total is not None]
    if len(ranked) < 2:
        return None
    totals = [one.total for _, one in ranked]
    low, high = min(totals), max(totals)
    dots = {place: _dot(place, one, len(course), low, high) for place, one in ranked}
    runs = _runs(sorted(dots))
    lines = [" ".join(f"{dots[place].x},{dots[place].y}" for place in run) for run in runs if len(run) > 1]
    label = f"{name}近 {len(course)} 期总分：" + "、".join(f"{total / 100:.2f}" for total in totals)
    return Spark(lines, list(dots.values()), label)


def _dot(place: int, standing: Any, count: int, low: int, high: int) -> Dot:
    across = MARGIN + place * (WIDTH - 2 * MARGIN) / max(count - 1, 1)
    up = (standing.total - low) / (high - low) if high > low else 0.5
    return Dot(f"{across:.1f}", f"{HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN):.1f}", standing.flag or "")


def _runs(places: Sequence[int]) -> list[list[int]]:
    """Neighbouring places together: 0 1 2, 4 5."""
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


@dataclass(frozen=True)
class Named:
    name: str
    address: str
    person: str = ""
    certificate: Offer | None = None


@dataclass(frozen=True)
class Followed:
    """One kind of consequence and whom it concerns."""

    title: str
    items: list[Named]


@dataclass(frozen=True)
class Summary:
    red: list[Named]
    yellow: list[Named]
    consequences: list[Followed]


def summary(reading: PeriodReading) -> Summary:
    """What the period comes to: flags, who speaks, who is spoken to."""
    outcome, address = reading.told.outcome, reading.address
    persons = organisation.names_of_holders({one.person for one in outcome.consequences if one.person})
    followed = []
    for slug in ("lead", "statement", "interview"):
        options = reading.series.trigger_options(slug)
        if options is not None:
            items = [
                Named(
                    reading.told.standings[one.subject].name,
                    f"{address.subject(one.subject)}#{slug}",
                    persons.get(one.person, one.person) if one.person else _nobody(options),
                )
                for one in outcome.of(slug)
            ]
            followed.append(Followed(wording.trigger_name(slug), items))
    flagged = [one.code for one in outcome.standings if one.flag]
    certificates = offers.of_flags(reading.actor, reading.period, flagged)
    return Summary(_flagged(reading, Flag.RED, certificates), _flagged(reading, Flag.YELLOW, certificates), followed)


def _nobody(options: Any) -> str:
    role = getattr(options, "of", "")
    return f"（当日无人担任{role}）" if role else ""


def _flagged(reading: PeriodReading, flag: str, certificates: Mapping[str, Offer]) -> list[Named]:
    return [
        Named(standing.name, reading.address.flag(standing.code), certificate=certificates.get(standing.code))
        for standing in reading.told.outcome.standings
        if standing.flag == flag
    ]
