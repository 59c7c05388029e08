"""Which periods of a series can be computed: those the data reach, up to the present one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Min

from chuangwei.core import clock
from chuangwei.core.errors import DomainError
from chuangwei.domain.appraisal import queries
from chuangwei.domain.appraisal.enums import PeriodKind
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.inspections.models import Visit

MOST = 60
"""More than a year of weeks is computed on the command line."""


@dataclass(frozen=True)
class Choice:
    """A period to choose; `is_done` where it has been computed."""

    slug: str
    title: str
    first: date
    last: date
    is_done: bool


@dataclass(frozen=True)
class Choices:
    """The periods in time, and which stretch to propose: from the first not yet computed to the last with visits."""

    spans: list[Choice]
    first: str
    last: str


def choices(series: Any) -> Choices | None:
    """None where nothing was ever visited: there is nothing to compute yet."""
    seen = Visit.objects.aggregate(first=Min("at"), last=Max("at"))
    if seen["first"] is None:
        return None
    begin, end = clock.local_day(seen["first"]), min(clock.local_day(seen["last"]), clock.today())
    if begin > end:
        return None
    spans = _spans(series, begin, end)
    done = set(
        Period.objects.filter(series=series.slug, area_code=series.area_code, computations__isnull=False)
        .values_list("slug", flat=True)
    )  # fmt: skip
    found = [Choice(span.slug, span.title, span.first, span.last, span.slug in done) for span in spans]
    waiting = [one for one in found if not one.is_done]
    return Choices(found, (waiting or found)[0].slug, found[-1].slug)


def refuse_others(series: Any, *slugs: str) -> None:
    """DomainError for a period the page does not offer: nobody may keep a page busy with thousands of empty weeks."""
    found = choices(series)
    offered = {one.slug for one in found.spans} if found else set()
    for slug in slugs:
        span = queries.span_of(series=series.slug, text=slug, area=series.area_code)
        if span.slug not in offered:
            raise DomainError(f"{span.title}不在这里可以计算的周期里。请从列表中选；更早的周期用命令行计算。")


def _spans(series: Any, begin: date, end: date) -> list[Any]:
    """The periods from the one that holds `begin` to the one that holds `end`, the last MOST of them."""
    spans = [queries.span_holding(kind=PeriodKind(series.period), day=end)]
    while spans[-1].first > begin and len(spans) < MOST:
        spans.append(spans[-1].previous())
    return spans[::-1]
