"""Working days and office hours: a pure value, made from the State Council's yearly notices (presets/calendars).

Time allowed is told in three units (domain §6): 紧急工作时 run round the clock, 工作时 only in office hours, and 工作日
from one working day to the next at the same time of day. All answers are instants in UTC or days in Asia/Shanghai.
"""

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Any, NamedTuple, Self

from django.conf import settings

from chuangwei.core.clock import SHANGHAI, local
from chuangwei.core.errors import DomainError

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class BadCalendar(DomainError):
    """A calendar or its office hours contradict themselves."""


class MissingYear(DomainError):
    """The holidays of a year are not known, so its working days are not either."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"没有 {year} 年的放假安排，算不出这一年的工作日。请按国务院办公厅的通知写好 {year}.toml，"
            f"放到数据目录的 calendars 中。"
        )
        self.year = year


class TimeUnit(StrEnum):
    """In what time allowed is told."""

    EMERGENCY_HOUR = "紧急工作时"
    WORKING_HOUR = "工作时"
    WORKING_DAY = "工作日"


@dataclass(frozen=True, slots=True)
class TimeAllowed:
    """So many of a unit. Hours may have decimals down to whole seconds; working days are whole.

    ValueError for nothing, for less, and for what is not whole where it must be.
    """

    amount: int | Decimal
    unit: TimeUnit

    def __post_init__(self) -> None:
        amount = Fraction(self.amount)
        if amount <= 0:
            raise ValueError(f"no time allowed: {self.amount}")
        finest = 1 if self.unit is TimeUnit.WORKING_DAY else 3600
        if (amount * finest).denominator != 1:
            raise ValueError(f"{self.amount} {self.unit} is not whole days or seconds")

    def __str__(self) -> str:
        return f"{Decimal(self.amount).normalize():f} 个{self.unit}"

    @property
    def span(self) -> timedelta:
        """The hours as a span of time; only for the units of hours."""
        if self.unit is TimeUnit.WORKING_DAY:
            raise ValueError("a working day has no fixed length")
        return timedelta(seconds=int(Fraction(self.amount) * 3600))


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The hours of an office day in one season, which lasts until the next one of the list begins.

    `begins` is (month, day), the same every year; `shifts` are (opens, closes) in order, within the day.
    """

    begins: tuple[int, int]
    shifts: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        try:
            date(2023, *self.begins)  # not a leap year: a season beginning on 29 February would come every fourth year
        except ValueError:
            raise BadCalendar(f"作息时间的起始日“{self.begins[0]}-{self.begins[1]}”不是每年都有的一天。") from None
        edges = [edge for shift in self.shifts for edge in shift]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise BadCalendar("作息时间须有至少一段，每段先开始后结束，各段先后排列、互不重叠。")

    @classmethod
    def parse(cls, begins: str, shifts: Iterable[str]) -> Self:
        """From the words of a preset: "05-01" and ["08:30-12:00", "14:30-18:00"]."""
        try:
            month, day = (int(part) for part in begins.split("-"))
            spans = []
            for shift in shifts:
                opens, closes = shift.split("-")
                spans.append((_time_of_day(opens), _time_of_day(closes)))
        except ValueError:
            raise BadCalendar("作息时间须写成 05-01 和 08:30-12:00 的样子。") from None
        return cls((month, day), tuple(spans))


def _time_of_day(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


STANDARD_HOURS = (OfficeHours((1, 1), ((time(8), time(12)), (time(14), time(18)))),)
"""Eight hours, all the year: what holds where a preset says nothing; 8 工作时 are 1 工作日 then."""


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, and at which hours.

    Only days of `years` can be asked about; any other raises MissingYear. Office hours are the preset's
    (`with_hours`), so one calendar serves towns with different hours.
    """

    years: frozenset[int]
    holidays: Mapping[date, str]
    """Each day off, week-ends within it included, with the name of the holiday."""
    make_up: frozenset[date]
    """Saturdays and Sundays that are worked."""
    hours: tuple[OfficeHours, ...] = STANDARD_HOURS

    def __post_init__(self) -> None:
        seasons = sorted(self.hours, key=lambda season: season.begins)
        if not seasons or any(one.begins == other.begins for one, other in pairwise(seasons)):
            raise BadCalendar("作息时间须至少有一季，各季的起始日须不同。")
        object.__setattr__(self, "hours", tuple(seasons))

    @classmethod
    def from_tables(
        cls, tables: Iterable[Mapping[str, Any]], *, hours: Sequence[OfficeHours] = STANDARD_HOURS
    ) -> "Calendar":
        """From tables of the shape of presets/calendars/<year>.toml; BadCalendar says what contradicts.

        A year's notice may speak of days of the year before (New Year's Eve) or after.
        """
        years: set[int] = set()
        holidays: dict[date, str] = {}
        make_up: set[date] = set()
        for table in tables:
            notice = _notice(table)
            if notice.year in years:
                raise BadCalendar(f"{notice.year} 年的放假安排有两份。")
            years.add(notice.year)
            holidays |= notice.days_off
            make_up |= notice.make_up
        for day in sorted(make_up):
            if day in holidays:
                raise BadCalendar(f"{day} 既列为{holidays[day]}放假，又列为调休上班。")
            if day.weekday() < 5:
                raise BadCalendar(f"{day} 列为调休上班，但它不是周六或周日。")
        return cls(frozenset(years), holidays, frozenset(make_up), tuple(hours))

    def with_hours(self, hours: Sequence[OfficeHours]) -> "Calendar":
        """The same days with other office hours."""
        return replace(self, hours=tuple(hours))

    # --- Days ---------------------------------------------------------------------------------------------------------

    def is_working_day(self, day: date) -> bool:
        if day.year not in self.years:
            raise MissingYear(day.year)
        return day in self.make_up or (day.weekday() < 5 and day not in self.holidays)

    def holiday(self, day: date) -> str | None:
        """The name of the public holiday a day belongs to; an ordinary week-end is none."""
        if day.year not in self.years:
            raise MissingYear(day.year)
        return self.holidays.get(day)

    def working_days(self, first: date, last: date) -> list[date]:
        """The working days from one day to another, both included."""
        days = (first + DAY * step for step in range((last - first).days + 1))
        return [day for day in days if self.is_working_day(day)]

    def add_days(self, day: date, count: int) -> date:
        """The count-th working day after a day (the day itself does not count); before it where count is negative.

        With 0, the day itself if it is worked, else the next one that is.
        """
        step = -DAY if count < 0 else DAY
        while not count and not self.is_working_day(day):
            day += step
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def shifts(self, day: date) -> tuple[tuple[time, time], ...]:
        """The office hours of a day, by its season; none on a day off."""
        if not self.is_working_day(day):
            return ()
        # Before the first season of the year begins, index −1 is right: the last one of the year before still holds.
        begun = bisect_right(self.hours, (day.month, day.day), key=lambda season: season.begins)
        return self.hours[begun - 1].shifts

    # --- Instants -----------------------------------------------------------------------------------------------------

    def add(self, start: datetime, allowed: TimeAllowed) -> datetime:
        """The deadline: the earliest instant at which the time allowed has passed since `start`.

        Outside office hours the clock of 工作时 and 工作日 stands still. One 工作日 from within office hours ends on the
        next working day at the same time of day; from outside them, at the close of the first working day to come.
        """
        if allowed.unit is TimeUnit.EMERGENCY_HOUR:
            return start.astimezone(UTC) + allowed.span
        if allowed.unit is TimeUnit.WORKING_HOUR:
            return self.add_time(start, allowed.span)
        return self._add_whole_days(start, int(allowed.amount))

    def between(self, start: datetime, end: datetime, unit: TimeUnit) -> Fraction:
        """How many of the unit passed from one instant to another; whole ones for 工作日; 0 where end is not after start.

        `between(start, add(start, allowed), allowed.unit)` is the amount allowed.
        """
        if end <= start:
            return Fraction(0)
        if unit is TimeUnit.WORKING_DAY:
            return Fraction(self._whole_days(start, end))
        span = self.working_time(start, end) if unit is TimeUnit.WORKING_HOUR else end - start
        return Fraction(span // timedelta.resolution, HOUR // timedelta.resolution)

    def part_way(self, start: datetime, due: datetime, share: Fraction, unit: TimeUnit) -> datetime:
        """The instant at which that share of the time from start to due has passed; above 1 it lies behind due.

        Round the clock for 紧急工作时, in office time for the other units.
        """
        if unit is TimeUnit.EMERGENCY_HOUR:
            return start.astimezone(UTC) + _times(due - start, share)
        return self.add_time(start, _times(self.working_time(start, due), share))

    def add_time(self, start: datetime, span: timedelta) -> datetime:
        """The earliest instant at which so much office time has passed since `start`; for no span, the next that is
        office time. ValueError for a negative span."""
        if span < timedelta():
            raise ValueError(f"a negative span: {span}")
        spans = self._shifts_from(start)
        opens, closes = next(spans)
        while span > closes - opens:
            span -= closes - opens
            opens, closes = next(spans)
        return (opens + span).astimezone(UTC)

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """The office time from one instant to another; none where end is not after start."""
        total = timedelta()
        for opens, closes in self._shifts_from(start, local(end).date()):
            total += max(min(closes, end) - opens, timedelta())
        return total

    def _shifts_from(self, start: datetime, last: date = date.max) -> Iterator[tuple[datetime, datetime]]:
        """The spans of office time from an instant on, to the end of a day or until a year is missing."""
        here = local(start)
        day = here.date()
        while day <= last:
            for opens, closes in self.shifts(day):
                closing = datetime.combine(day, closes, tzinfo=SHANGHAI)
                if closing > here:
                    yield max(datetime.combine(day, opens, tzinfo=SHANGHAI), here), closing
            day += DAY

    def _add_whole_days(self, start: datetime, count: int) -> datetime:
        before, reached = self._day_position(start)
        last = self.add_days(before, count)
        shifts = self.shifts(last)
        # The seasons may differ: a time before the office opens on the last day becomes its opening.
        due = shifts[-1][1] if reached is None else _last_open(shifts, reached) or shifts[0][0]
        return datetime.combine(last, due, tzinfo=SHANGHAI).astimezone(UTC)

    def _whole_days(self, start: datetime, end: datetime) -> int:
        before, _ = self._day_position(start)
        count = len(self.working_days(before + DAY, local(end).date()))
        # The last day is in only when its hour has come.
        return count - 1 if count and self._add_whole_days(start, count) > end else count

    def _day_position(self, start: datetime) -> tuple[date, time | None]:
        """The day behind which whole days count, and the time of day reached on it.

        No time where the office has not opened yet: then the day itself is the first to count, to its close.
        """
        here = local(start)
        reached = _last_open(self.shifts(here.date()), here.time())
        return (here.date() - DAY if reached is None else here.date()), reached


def _times(span: timedelta, share: Fraction) -> timedelta:
    return timedelta(microseconds=int(Fraction(span // timedelta.resolution) * share))


def _last_open(shifts: Sequence[tuple[time, time]], clock: time) -> time | None:
    """The last moment of office time up to a time of day: itself, or the close before it; None where none came yet."""
    found = None
    for opens, closes in shifts:
        if clock > opens:
            found = min(clock, closes)
    return found


class _Notice(NamedTuple):
    """What one year's notice says."""

    year: int
    days_off: dict[date, str]
    make_up: set[date]


def _notice(table: Mapping[str, Any]) -> _Notice:
    year, holidays, make_up = table.get("year"), table.get("holiday"), table.get("make_up")
    if type(year) is not int or not 1949 <= year <= 9998:
        raise BadCalendar("放假安排须写明年份（year）。")
    if not isinstance(holidays, list) or not isinstance(make_up, list) or any(type(day) is not date for day in make_up):
        raise BadCalendar(f"{year} 年的放假安排须有 holiday 和 make_up 两项，make_up 是日期的列表。")
    days_off: dict[date, str] = {}
    for holiday in holidays:
        days_off |= _days_off(year, holiday)
    return _Notice(year, days_off, set(make_up))


def _days_off(year: int, holiday: Any) -> dict[date, str]:
    keys = ("name", "from", "to")
    name, first, last = (holiday.get(key) for key in keys) if isinstance(holiday, Mapping) else (None, None, None)
    if not isinstance(name, str) or type(first) is not date or type(last) is not date:
        raise BadCalendar(f"{year} 年的每个假期须有 name（名称）、from（首日）、to（末日）。")
    if not year - 1 <= first.year <= last.year <= year + 1 or not 0 <= (last - first).days <= 30:
        raise BadCalendar(f"{year} 年{name}假期的日期不对：{first} 至 {last}。")
    return {first + DAY * step: name for step in range((last - first).days + 1)}


def read(*folders: Traversable) -> Calendar:
    """The calendar of the .toml files in these folders, named for their years; a later folder's file replaces an
    earlier one of the same name. A folder that does not exist is empty."""
    files = {
        entry.name: entry for folder in folders if folder.is_dir() for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }  # fmt: skip
    tables = []
    for name, file in sorted(files.items()):
        try:
            tables.append(tomllib.loads(file.read_text(encoding="utf-8")))
        except ValueError:
            raise BadCalendar(f"日历文件 {name} 写法不对，不是 UTF-8 的 TOML。") from None
    return Calendar.from_tables(tables)


@cache
def load() -> Calendar:
    """The calendar of this installation, read once: the bundled notices, and those the operator put into
    CHUANGWEI_HOME/calendars (the next year's, which comes out in autumn)."""
    return read(resources.files("chuangwei.presets") / "calendars", settings.CHUANGWEI_HOME / "calendars")
