"""Periods by their names: 2023-09-04, 2023-W36, 2023-F18, 2023-09 (workbooks.md; domain §8)."""

from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    name: str
    first: date
    last: date

    @property
    def month(self) -> str:
        """A period belongs to the month of its last day."""
        return f"{self.last:%Y-%m}"


def span_of(day: date, period: str) -> Span:
    """The period of this length that holds the day."""
    first = last = day
    while name_of(first - DAY, period) == name_of(day, period):
        first -= DAY
    while name_of(last + DAY, period) == name_of(day, period):
        last += DAY
    return Span(name_of(day, period), first, last)


def name_of(day: date, period: str) -> str:
    year, week, _ = day.isocalendar()
    return {
        "day": f"{day:%Y-%m-%d}",
        "week": f"{year}-W{week:02}",
        "fortnight": f"{year}-F{(week + 1) // 2:02}",  # weeks 1–2, 3–4, …; week 53 stands alone
        "month": f"{day:%Y-%m}",
    }[period]


def spans(period: str, first: str, last: str) -> list[Span]:
    """Every period from the first named to the last named."""
    day = date(int(first[:4]) - 1, 12, 20)
    while name_of(day, period) != first:
        day += DAY
    found = [span_of(day, period)]
    while found[-1].name != last:
        found.append(span_of(found[-1].last + DAY, period))
    return found
