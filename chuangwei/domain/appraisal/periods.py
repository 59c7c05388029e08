"""Spans of days that a series ranks: days, ISO weeks, fortnights, months and longer ones (domain §8, workbooks `cases/`).

A span is named by its slug. Every kind cuts the calendar without gap or overlap:

    2023-09-04  day          2023-W36  ISO week       2023-F18  ISO weeks 35 and 36; week 53 stands alone as F27
    2023-09     month        2023-Q3   quarter        2023      year
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chuangwei.core.errors import DomainError
from chuangwei.domain.appraisal.enums import PeriodKind

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A named stretch of days, both ends included."""

    kind: PeriodKind
    slug: str
    first: date
    last: date

    @property
    def month(self) -> str:
        """The month the span belongs to: that of its last day."""
        return f"{self.last:%Y-%m}"

    @property
    def title(self) -> str:
        """How people name it: 2023年第36周."""
        return TITLES[self.kind](self)

    def next(self) -> "Span":
        return span_of(self.kind, self.last + ONE_DAY)

    def previous(self) -> "Span":
        return span_of(self.kind, self.first - ONE_DAY)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def span_of(kind: PeriodKind, day: date) -> Span:
    """The span of this kind that holds a day."""
    return MAKERS[kind](day)


def spans_between(first: Span, last: Span) -> Iterator[Span]:
    """Every span from the first to the last; DomainError where they are of two kinds or the wrong way round."""
    if first.kind != last.kind:
        raise DomainError(f"周期 {first.slug} 与 {last.slug} 不是同一种。")
    if first.first > last.first:
        raise DomainError(f"起始周期 {first.slug} 在截止周期 {last.slug} 之后。")
    span = first
    while span.first < last.first:
        yield span
        span = span.next()
    yield span


def parse_span(text: str) -> Span:
    """The span a slug names; DomainError in Chinese for anything else, also for a week the year does not have."""
    for kind, pattern in PATTERNS.items():
        found = pattern.fullmatch(text)
        if found:
            try:
                return READERS[kind](*map(int, found.groups()))
            except (ValueError, OverflowError):  # no such day, or one beyond what a calendar reaches
                raise DomainError(f"没有 {text} 这个周期。") from None
    raise DomainError(
        f"看不懂周期『{text}』。周期写作 2023-09-04（日）、2023-W36（周）、2023-F18（两周）、2023-09（月）、"
        "2023-Q3（季）或 2023（年）。"
    )


def parse_span_of(text: str, kind: PeriodKind) -> Span:
    """Like parse_span, but of this kind only."""
    span = parse_span(text)
    if span.kind != kind:
        raise DomainError(f"{text} 不是按{PeriodKind(kind).label}的周期；应写作 {EXAMPLES[kind]} 的样子。")
    return span


def weeks_in_year(year: int) -> int:
    """52, or 53 in a long ISO year such as 2020 and 2026."""
    return date(year, 12, 28).isocalendar().week


def _day(day: date) -> Span:
    return Span(PeriodKind.DAY, day.isoformat(), day, day)


def _week(day: date) -> Span:
    year, number, weekday = day.isocalendar()
    monday = day - (weekday - 1) * ONE_DAY
    return Span(PeriodKind.WEEK, f"{year}-W{number:02}", monday, monday + 6 * ONE_DAY)


def _fortnight(day: date) -> Span:
    year, number, _ = day.isocalendar()
    return _fortnight_of(year, (number + 1) // 2)


def _fortnight_of(year: int, number: int) -> Span:
    first_week = 2 * number - 1
    last_week = min(first_week + 1, weeks_in_year(year))
    first, last = date.fromisocalendar(year, first_week, 1), date.fromisocalendar(year, last_week, 7)
    return Span(PeriodKind.FORTNIGHT, f"{year}-F{number:02}", first, last)


def _months(kind: PeriodKind, slug: str, year: int, first_month: int, last_month: int) -> Span:
    last = date(year, last_month, calendar.monthrange(year, last_month)[1])
    return Span(kind, slug, date(year, first_month, 1), last)


def _month_of(year: int, month: int) -> Span:
    date(year, month, 1)
    return _months(PeriodKind.MONTH, f"{year:04}-{month:02}", year, month, month)


def _quarter_of(year: int, number: int) -> Span:
    return _months(PeriodKind.QUARTER, f"{year:04}-Q{number}", year, 3 * number - 2, 3 * number)


def _year_of(year: int) -> Span:
    return _months(PeriodKind.YEAR, f"{year:04}", year, 1, 12)


MAKERS: dict[PeriodKind, Callable[[date], Span]] = {
    PeriodKind.DAY: _day,
    PeriodKind.WEEK: _week,
    PeriodKind.FORTNIGHT: _fortnight,
    PeriodKind.MONTH: lambda day: _month_of(day.year, day.month),
    PeriodKind.QUARTER: lambda day: _quarter_of(day.year, (day.month + 2) // 3),
    PeriodKind.YEAR: lambda day: _year_of(day.year),
}
PATTERNS: dict[PeriodKind, re.Pattern[str]] = {
    PeriodKind.DAY: re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII),
    PeriodKind.WEEK: re.compile(r"(\d{4})-W(\d\d)", re.ASCII),
    PeriodKind.FORTNIGHT: re.compile(r"(\d{4})-F(0[1-9]|1\d|2[0-7])", re.ASCII),
    PeriodKind.MONTH: re.compile(r"(\d{4})-(\d\d)", re.ASCII),
    PeriodKind.QUARTER: re.compile(r"(\d{4})-Q([1-4])", re.ASCII),
    PeriodKind.YEAR: re.compile(r"(\d{4})", re.ASCII),
}
READERS: dict[PeriodKind, Callable[..., Span]] = {
    PeriodKind.DAY: lambda year, month, day: _day(date(year, month, day)),
    PeriodKind.WEEK: lambda year, week: _week(date.fromisocalendar(year, week, 1)),
    PeriodKind.FORTNIGHT: _fortnight_of,
    PeriodKind.MONTH: _month_of,
    PeriodKind.QUARTER: _quarter_of,
    PeriodKind.YEAR: _year_of,
}
TITLES: dict[PeriodKind, Callable[[Span], str]] = {
    PeriodKind.DAY: lambda span: f"{span.first.year}年{span.first.month}月{span.first.day}日",
    PeriodKind.WEEK: lambda span: f"{span.slug[:4]}年第{int(span.slug[6:])}周",
    PeriodKind.FORTNIGHT: lambda span: f"{span.slug[:4]}年第{int(span.slug[6:])}个两周",
    PeriodKind.MONTH: lambda span: f"{span.first.year}年{span.first.month}月",
    PeriodKind.QUARTER: lambda span: f"{span.first.year}年第{span.slug[6:]}季度",
    PeriodKind.YEAR: lambda span: f"{span.first.year}年",
}
EXAMPLES: dict[PeriodKind, str] = {
    PeriodKind.DAY: "2023-09-04",
    PeriodKind.WEEK: "2023-W36",
    PeriodKind.FORTNIGHT: "2023-F18",
    PeriodKind.MONTH: "2023-09",
    PeriodKind.QUARTER: "2023-Q3",
    PeriodKind.YEAR: "2023",
}
