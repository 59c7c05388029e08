"""What the flags of a month come to in money: as settled, or as it stands so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from chuangwei.core.errors import NotFound
from chuangwei.domain.appraisal import queries
from chuangwei.domain.appraisal.enums import Flag
from chuangwei.domain.appraisal.models import Period
from chuangwei.web.office.appraisal import addresses
from chuangwei.web.office.appraisal.reading import PeriodReading, Told, tell


@dataclass(frozen=True)
class Given:
    """A flag that counts in the month: in which period, and where its reason is told."""

    title: str
    href: str


@dataclass(frozen=True)
class Due:
    name: str
    red: int
    yellow: int
    amount: int
    reds: list[Given]
    yellows: list[Given]


@dataclass(frozen=True)
class Month:
    """One month of a series; subjects without a flag are told in one sentence."""

    title: str
    about: str
    noun: str
    rows: list[Due]
    quiet: str
    settlement: str
    """The page of the settlement, which tells what is paid; "" before there is one."""


def months(reading: PeriodReading) -> list[Month]:
    """The month the period ends in; none where the preset says nothing of money."""
    if reading.series.money is None:
        return []
    slug = str(reading.told.outcome.span.month)
    series, area = addresses.series_and_area(reading.address.key)
    own = _periods_of(reading)
    settled = (
        queries.settlements(actor=reading.actor).filter(series=series, area_code=area, month=slug)
        .prefetch_related("entries").first()
    )  # fmt: skip
    if settled is not None:
        dues = [
            _due(own, entry.subject_code, entry.subject_name, (entry.red_count, entry.yellow_count), entry.amount)
            for entry in settled.entries.all()
        ]
        page = reverse("office:settlement_detail", args=[reading.address.key, slug])
        return [_month(reading, slug, dues, settled.get_state_display(), page)]
    dues = _so_far(reading, own)
    titles = "、".join(told.title for told in own)
    about = f"按已计算的周期预计：{titles}。全部定案后核算。"
    return [_month(reading, slug, dues, about)] if dues else []


def _periods_of(reading: PeriodReading) -> list[Told]:
    """The computed periods that end in the same month, in time."""
    series, area = addresses.series_and_area(reading.address.key)
    day = reading.period.to_on
    rows: Sequence[Period] = list(
        queries.periods(actor=reading.actor, series=series, area=area)
        .filter(to_on__year=day.year, to_on__month=day.month)
        .order_by("from_on")
    )
    return tell(rows)


def _so_far(reading: PeriodReading, own: Sequence[Told]) -> list[Due]:
    series, area = addresses.series_and_area(reading.address.key)
    names = {code: standing.name for told in own for code, standing in told.standings.items()}
    try:
        told: dict[str, Any] = queries.appraisal_json(
            series=series, first=own[0].period.slug, last=own[-1].period.slug, area=area
        )
    except NotFound:
        # A week between them was never computed: what the month comes to cannot be told yet.
        return []
    return [
        _due(own, due["subject"], names[due["subject"]], (due["red"], due["yellow"]), due["amount"])
        for due in told["settlements"]
    ]


def _due(own: Sequence[Told], code: str, name: str, flags: tuple[int, int], amount: int) -> Due:
    return Due(name, *flags, amount, given(own, code, Flag.RED), given(own, code, Flag.YELLOW))


def given(own: Sequence[Told], code: str, flag: str) -> list[Given]:
    """The periods of the month in which a subject got this flag, each with the page that gives its reason."""
    found = ((told, told.standings.get(code)) for told in own)
    return [
        Given(told.title, addresses.PeriodAddress.of(told.period).flag(code))
        for told, standing in found
        if standing is not None and standing.flag == flag
    ]


def _month(reading: PeriodReading, slug: str, dues: Sequence[Due], about: str, settlement: str = "") -> Month:
    year, month = slug.split("-")
    flagged = sorted((due for due in dues if due.red or due.yellow), key=lambda due: (-due.amount, due.name))
    rest = len(dues) - len(flagged)
    quiet = f"其余 {rest} 个{reading.series.subject}本月没有旗，不奖不扣。" if rest else ""
    return Month(f"{year}年{int(month)}月", about, reading.series.subject, flagged, quiet, settlement)
