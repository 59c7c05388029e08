"""The list of series, each with its latest periods and how they came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import permissions, queries
from chuangwei.domain.appraisal.enums import Flag, PeriodState
from chuangwei.web.office.appraisal import addresses
from chuangwei.web.office.appraisal.addresses import PeriodAddress
from chuangwei.web.office.appraisal.open_periods import Choices, choices
from chuangwei.web.office.appraisal.reading import Told, tell
from chuangwei.web.shared.paging import Page, keyset_page

SHOWN = 12


@dataclass(frozen=True)
class Listed:
    """One period in one line."""

    title: str
    address: str
    first: date
    last: date
    red: list[str]
    yellow: list[str]
    bottom: list[str]
    state: str
    is_final: bool


@dataclass(frozen=True)
class Group:
    """One series and its periods, the latest first."""

    title: str
    about: str
    periods: list[Listed]
    page: Page[Any]
    trend_address: str
    choices: Choices | None
    compute_address: str


def groups(request: HttpRequest, actor: Actor) -> list[Group]:
    """Every series; only the one asked for where somebody looks through its older periods."""
    wanted = request.GET.get("series")
    every = {
        addresses.series_key(one.slug, one.area_code): one for one in queries.all_series(day=clock.today(), actor=actor)
    }
    return [_group(request, actor, key, one) for key, one in every.items() if wanted not in every or key == wanted]


def _group(request: HttpRequest, actor: Actor, key: str, series: Any) -> Group:
    found = queries.periods(actor=actor, series=series.slug, area=series.area_code)
    address = f"{request.path}?{urlencode({'series': key})}"
    page = keyset_page(
        found, order=("-from_on", "-pk"), after=request.GET.get("after", ""), size=SHOWN, address=address
    )  # fmt: skip
    told = tell(list(page.rows))
    may_compute = permissions.may_compute(actor, series.area_code)
    return Group(
        title=series.title,
        about=queries.area_title(series.area_code) if series.area_code else "",
        periods=[listed(one) for one in told],
        page=page,
        trend_address=addresses.trend_address(series.slug, series.area_code) if told else "",
        choices=choices(series) if may_compute else None,
        compute_address=reverse("office:series_compute", args=[key]),
    )


def listed(told: Told) -> Listed:
    standings: Sequence[Any] = told.outcome.standings
    ranks = [one.rank for one in standings if one.rank is not None]
    period = told.period
    return Listed(
        title=told.title,
        address=PeriodAddress.of(period).ranking,
        first=period.from_on,
        last=period.to_on,
        red=[one.name for one in standings if one.flag == Flag.RED],
        yellow=[one.name for one in standings if one.flag == Flag.YELLOW],
        bottom=[one.name for one in standings if ranks and one.rank == max(ranks)],
        state=period.get_state_display(),
        is_final=period.state == PeriodState.FINAL,
    )
