"""A town in the database, small enough to reckon by hand: communities A to D, a site in each, weeks of visits."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from chuangwei.core import clock, presets
from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import actions
from chuangwei.domain.appraisal.actions import Computed
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.appraisal.periods import parse_span
from chuangwei.domain.inspections.models import Round, Visit
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.standards.models import Checklist
from tests.factories import inspections, organisation, places, problems, standards

PRESET = """
[preset]
slug = "town"
title = "乡镇周评比"
[areas]
levels = ["县", "乡镇", "社区", "网格"]
[series.weekly]
title = "社区周评比"
subject = "社区"
period = "week"
objection_days = 2
kind_weights = {"market" = 2}
[[series.weekly.parts]]
slug = "regular"
rule = "visit-mean"
rounds = ["定期督导", "互查"]
weight = 0.8
[[series.weekly.parts]]
slug = "ledger"
rule = "on-time-closure"
weight = 0.2
[[series.weekly.adjustments]]
slug = "complaints"
rule = "verified-complaints"
sources = ["热线转办"]
each = -0.2
[series.weekly.flags]
red = 1
yellow = 1
[series.weekly.statement]
last = 1
meeting = "干部大会"
[series.weekly.interview]
yellow_streak = 2
of = "包社区领导"
by = "镇纪委"
[series.weekly.money]
month_red = 100000
month_yellow = -100000
paper = "青发〔2023〕1号"
[series.monthly]
subject = "社区"
period = "month"
[[series.monthly.parts]]
slug = "weeks"
rule = "series-mean"
series = "weekly"
weight = 1
"""

NOW = datetime(2023, 12, 1, 9, tzinfo=clock.SHANGHAI)
_numbers = count(1)


@dataclass
class World:
    """The rows a test speaks of."""

    town: Area
    areas: dict[str, Area]
    sites: dict[str, Site]
    sheet: Checklist
    rounds: dict[str, Round] = field(default_factory=dict)

    def round(self, kind: str) -> Round:
        if kind not in self.rounds:
            self.rounds[kind] = inspections.round_(f"R-{kind}", kind=kind)
        return self.rounds[kind]

    def visit(
        self, site: str, score: str, at: str = "2023-09-05 08:00", *, kind: str = "regular", **values: Any
    ) -> Visit:
        """A visit to the site of a community at a time of Shanghai, with so many of 100 points."""
        made = {
            "code": f"JC-{next(_numbers):05}", "round": self.round(kind), "site": self.sites[site], "at": here(at),
            "checklist": self.sheet, "got": Decimal(score), "possible": Decimal(100), "recorded_at": here(at), **values,
        }  # fmt: skip
        return Visit.objects.create(**made)

    def week(self, slug: str, **scores: str) -> None:
        """One visit to each community named, on the Tuesday of a week."""
        day = parse_span(slug).first + timedelta(days=1)
        for community, score in scores.items():
            self.visit(community, score, f"{day} 08:00")

    def problem(self, site: str, **values: Any) -> Problem:
        """A problem found on the Monday, put right in time, closed."""
        times = {"found_at": "2023-09-04 09:00", "due_at": "2023-09-06 09:00", "fixed_at": "2023-09-05 09:00",
                 "closed_at": "2023-09-06 10:00"} | {key: value for key, value in values.items() if key.endswith("_at")}  # fmt: skip
        rest = {"state": "closed"} | {key: value for key, value in values.items() if not key.endswith("_at")}
        if "in_area" not in rest:
            rest["site"] = self.sites[site]
        return problems.problem(**{key: here(at) if at else None for key, at in times.items()}, **rest)


def here(text: str) -> datetime:
    """A time of Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


def noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), tzinfo=clock.SHANGHAI)


def use(text: str, *, area: str = "", from_on: date | None = None) -> None:
    """Let a preset hold."""
    presets.discover()
    document = presets.read_preset(text, "town.toml")
    presets.use_preset(document=document, area_code=area, from_on=from_on, by=organisation.chief(), at=NOW)


def found_town() -> World:
    county = places.area("62", kind="县")
    town = places.area("6201", parent=county, kind="乡镇")
    areas = {code: places.area(code, parent=town, name=f"{code}社区") for code in "ABCD"}
    sites = {code: places.site(f"S{code}", in_area=area) for code, area in areas.items()}
    places.site_kind("market")
    use(PRESET)
    return World(town, areas, sites, standards.checklist(points=("100",)))


def compute(first: str, last: str | None = None, *, by: Actor | None = None, series: str = "weekly") -> list[Computed]:
    return actions.compute_periods(
        series=series, first=first, last=last or first, by=by or organisation.chief(), at=NOW
    )


def settled_week(slug: str, *, by: Actor | None = None) -> Period:
    """A computed week, published the day after it ended and made final when its objections are over."""
    (done,) = compute(slug)
    chief, after = by or organisation.chief(), parse_span(slug).last + timedelta(days=1)
    period = actions.publish_period(period=done.period, by=chief, at=noon(f"{after}"))
    return actions.finalise_period(period=period, by=chief, at=noon(f"{after + timedelta(days=14)}"))
