"""The rows of the three workbooks, before they are written: one named tuple for each sheet (workbooks.md)."""

from datetime import date, datetime
from typing import NamedTuple

from chuangwei.demo.town.mesh import Point


class Site(NamedTuple):
    """点位. `kind` is the code of a kind of site; the sheet shows its name."""

    code: str
    name: str
    kind: str
    area: str
    community: str
    """Empty for what lies in no community: the town's own streets."""
    place: Point | None
    datum: str = ""
    is_example: bool = False
    note: str = ""


class Unit(NamedTuple):
    """单位."""

    code: str
    name: str
    kind: str
    parent: str
    area: str


class Person(NamedTuple):
    """人员."""

    code: str
    name: str
    title: str
    unit: str
    phone: str


class Duty(NamedTuple):
    """责任: who answers as what for what, from when, until when, at which hours."""

    holder: str
    role: str
    place: str
    starts: date
    ends: date | None = None
    hours: str = ""


class Round(NamedTuple):
    """轮次."""

    code: str
    name: str
    kind: str
    starts: date
    ends: date
    team: str = ""


class Visit(NamedTuple):
    """检查."""

    code: str
    round: str
    site: Site
    at: datetime
    inspectors: tuple[str, ...]


class Mark(NamedTuple):
    """评分: what was found of one check. Times and points empty where the sheet leaves them empty."""

    visit: str
    check: str
    result: str
    times: int | None = None
    points: float | None = None
    note: str = ""


class Problem(NamedTuple):
    """问题, as the ledger stands on the day of the workbook."""

    code: str
    source: str
    site: str
    area: str
    category: str
    words: str
    found: datetime
    state: str
    unit: str = ""
    dispatched: datetime | None = None
    due: datetime | None = None
    fixed: datetime | None = None
    verified: datetime | None = None
    closed: datetime | None = None
