"""A small town as plain values: what its workbooks say, before anybody writes or reads them.

Times are those of Shanghai, to the second; codes are as they are after reading. Nothing here knows the product.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

WORKBOOKS = ("register.xlsx", "visits.xlsx", "ledger.xlsx")


@dataclass
class Area:
    code: str
    name: str
    kind: str
    parent: str | None = None
    boundary: str | None = None


@dataclass
class Site:
    code: str
    name: str
    kind: str  # the code of the kind
    area: str
    point: tuple[float, float] | None = None
    datum: str | None = None


@dataclass
class Unit:
    code: str
    name: str
    kind: str
    parent: str | None = None
    area: str | None = None


@dataclass
class Person:
    code: str
    name: str
    unit: str | None = None
    phone: str | None = None


@dataclass
class Duty:
    holder: str  # a person or a unit
    role: str
    place: str  # an area or a site
    first: date
    last: date | None = None
    hours: str | None = None


@dataclass
class Round:
    code: str
    name: str
    kind: str
    first: date
    last: date
    team: str | None = None


@dataclass
class Answer:
    check: str
    result: str  # 合格, 不合格, 不适用
    count: int | None = None
    deduction: Decimal | None = None


@dataclass
class Visit:
    code: str
    round: str
    site: str
    at: datetime
    inspectors: list[str]
    answers: list[Answer] = field(default_factory=list)


@dataclass
class Problem:
    code: str
    source: str
    site: str | None
    area: str | None
    category: str
    found: datetime
    state: str
    unit: str | None = None
    dispatched: datetime | None = None
    due: datetime | None = None
    fixed: datetime | None = None
    verified: datetime | None = None
    closed: datetime | None = None


@dataclass
class Draw:
    round: str
    seed: str
    strata: dict[str, int]  # by the code of the kind
    excluded: dict[str, str] = field(default_factory=dict)


@dataclass
class Town:
    """`preset` is the content of preset.toml; `asked` the rankings wanted: series, first and last period."""

    slug: str
    preset: dict[str, Any]
    areas: list[Area] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    day: date = date(2023, 10, 15)
    draw: Draw | None = None

    def area(self, code: str) -> Area:
        return next(area for area in self.areas if area.code == code)

    def site(self, code: str) -> Site:
        return next(site for site in self.sites if site.code == code)

    def upwards(self, code: str | None) -> list[str]:
        """An area and every area above it, nearest first."""
        found = []
        while code is not None:
            found.append(code)
            code = self.area(code).parent
        return found
