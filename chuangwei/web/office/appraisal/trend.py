"""The course of subjects over the periods, for the drawing and for the table that says the same."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from chuangwei.web.office.appraisal import wording
from chuangwei.web.office.appraisal.addresses import PeriodAddress
from chuangwei.web.office.appraisal.reading import Told

ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Point:
    """One subject in one period; all empty where it was not ranked."""

    total: int | None
    rank: int | None
    flag: str
    flag_name: str
    address: str


@dataclass(frozen=True)
class Line:
    code: str
    name: str
    cells: list[Point]


@dataclass(frozen=True)
class PeriodRow:
    title: str
    cells: list[Point]


@dataclass(frozen=True)
class Trend:
    """Periods in time, and a line for each subject."""

    slugs: list[str]
    titles: list[str]
    lines: list[Line]

    @property
    def first_title(self) -> str:
        return self.titles[0]

    @property
    def last_title(self) -> str:
        return self.titles[-1]

    @cached_property
    def rows(self) -> list[PeriodRow]:
        return [
            PeriodRow(title, [line.cells[place] for line in self.lines]) for place, title in enumerate(self.titles)
        ]  # fmt: skip

    @property
    def json(self) -> SafeString:
        """What `<cw-trend>` reads. Data in the page, never code: angle brackets are written as escapes."""
        written = {
            "periods": self.slugs,
            "lines": [
                {
                    "name": line.name,
                    "totals": [None if cell.total is None else cell.total / 100 for cell in line.cells],
                    "ranks": [cell.rank for cell in line.cells],
                    "flags": [cell.flag_name or None for cell in line.cells],
                }
                for line in self.lines
            ],
        }
        text = json.dumps(written, ensure_ascii=False).translate(ESCAPES)
        return format_html('<script type="application/json">{}</script>', mark_safe(text))  # noqa: S308  (escaped above)


def trend_of(course: Sequence[Told], codes: Sequence[str] | None = None) -> Trend:
    """The course of these subjects (all, without codes), in the order of the last ranking."""
    names: dict[str, str] = {}
    for told in reversed(course):
        for standing in told.outcome.standings:
            names.setdefault(standing.code, standing.name)
    wanted = [code for code in names if codes is None or code in codes]
    return Trend(
        [told.period.slug for told in course],
        [told.title for told in course],
        [Line(code, names[code], [_point(told, code) for told in course]) for code in wanted],
    )


def _point(told: Told, code: str) -> Point:
    standing = told.standings.get(code)
    if standing is None or standing.rank is None:
        return Point(None, None, "", "", "")
    address = PeriodAddress.of(told.period).subject(code)
    return Point(standing.total, standing.rank, standing.flag or "", wording.flag_name(standing.flag), address)
