"""Rules of repetition with working days: pure values that name their occurrences between two days (domain §5, §9).

An occurrence is a window: something is to be held so many times from its first day to its last. 每周五 has windows of
one day; 每月不少于 2 次 has the month, twice; 每两月更换 has two months, once. An occurrence belongs to the day its window
ends, so the occurrences of two stretches of days that follow each other are those of both together.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

from chuangwei.core.calendar import Calendar
from chuangwei.core.errors import DomainError
from chuangwei.core.text import chinese_number

DAY = timedelta(days=1)
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class BadRule(DomainError):
    """A rule of repetition that cannot be."""


class WhenOff(StrEnum):
    """What becomes of an occurrence whose day is not worked."""

    KEEP = "keep"
    SKIP = "skip"
    NEXT = "next"
    PREVIOUS = "previous"


WHEN_OFF_WORDS = {
    WhenOff.KEEP: "",
    WhenOff.SKIP: "，遇放假不办",
    WhenOff.NEXT: "，遇放假顺延到上班第一天",
    WhenOff.PREVIOUS: "，遇放假提前到放假前一个工作日",
}


@dataclass(frozen=True, order=True, slots=True)
class Occurrence:
    """Once (or `times` times) between two days, both included."""

    from_on: date
    to_on: date
    times: int = 1


class Rule(Protocol):
    """What a rule of repetition can do."""

    def occurrences(self, first: date, last: date, calendar: Calendar) -> list[Occurrence]:
        """The occurrences whose windows end from one day to another, both included, in order."""
        ...

    def __str__(self) -> str:
        """The rule as people say it: 每周五."""
        ...


@dataclass(frozen=True, slots=True)
class Weekly:
    """每周二、周五; or every n weeks, counted from the ISO week in which `anchor` lies."""

    weekdays: frozenset[int]
    """ISO numbers: Monday is 1."""
    every: int = 1
    anchor: date | None = None
    when_off: WhenOff = WhenOff.KEEP

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise BadRule("每周重复须指明周一至周日中的哪几天。")
        if self.every < 1 or (self.every > 1 and self.anchor is None):
            raise BadRule("隔周重复须指明从哪一周算起。")

    def falls_on(self, day: date) -> bool:
        if day.isoweekday() not in self.weekdays:
            return False
        return self.anchor is None or (_monday(day) - _monday(self.anchor)).days // 7 % self.every == 0

    def occurrences(self, first: date, last: date, calendar: Calendar) -> list[Occurrence]:
        return _single_days(self, first, last, calendar)

    def __str__(self) -> str:
        days = "、".join(WEEKDAYS[number - 1] for number in sorted(self.weekdays))
        often = "每" if self.every == 1 else f"每{_counted(self.every)}周的"
        return f"{often}{days}{WHEN_OFF_WORDS[self.when_off]}"


@dataclass(frozen=True, slots=True)
class MonthDays:
    """每月 1 日、15 日. Days counted from the end are negative: −1 is the last day of the month.

    A month without the day (the 31st) has no occurrence.
    """

    days: frozenset[int]
    when_off: WhenOff = WhenOff.KEEP

    def __post_init__(self) -> None:
        if not self.days or not all(1 <= abs(number) <= 31 for number in self.days):
            raise BadRule("每月重复须指明 1 至 31 日中的哪几天，−1 为最后一天。")

    def falls_on(self, day: date) -> bool:
        return day.day in self.days or day.day - _length(day) - 1 in self.days

    def occurrences(self, first: date, last: date, calendar: Calendar) -> list[Occurrence]:
        return _single_days(self, first, last, calendar)

    def __str__(self) -> str:
        forward = [f"{number} 日" for number in sorted(self.days) if number > 0]
        backward = [
            "最后一天" if number == -1 else f"倒数第 {-number} 天" for number in sorted(self.days) if number < 0
        ]
        return f"每月 {'、'.join(forward + backward)}{WHEN_OFF_WORDS[self.when_off]}"


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """每月第二个周五; nth −1 is the last one. A month without a fifth one has no occurrence."""

    nth: int
    weekday: int
    when_off: WhenOff = WhenOff.KEEP

    def __post_init__(self) -> None:
        if self.nth not in {1, 2, 3, 4, 5, -1} or self.weekday not in range(1, 8):
            raise BadRule("须写明每月第几个（1 至 5，或 −1 为最后一个）周几。")

    def falls_on(self, day: date) -> bool:
        if day.isoweekday() != self.weekday:
            return False
        return day.day > _length(day) - 7 if self.nth == -1 else (day.day - 1) // 7 + 1 == self.nth

    def occurrences(self, first: date, last: date, calendar: Calendar) -> list[Occurrence]:
        return _single_days(self, first, last, calendar)

    def __str__(self) -> str:
        which = "最后一" if self.nth == -1 else f"第{chinese_number(self.nth)}"
        return f"每月{which}个{WEEKDAYS[self.weekday - 1]}{WHEN_OFF_WORDS[self.when_off]}"


@dataclass(frozen=True, slots=True)
class EveryDay:
    """每天, or every working day 每个工作日."""

    working_only: bool = False

    def occurrences(self, first: date, last: date, calendar: Calendar) -> list[Occurrence]:
        if self.working_only:
            return [Occurrence(day, day) for day in calendar.working_days(first, last)]
        return [Occurrence(day, day) for day in _days(first, last)]

    def __str__(self) -> str:
        return "每个工作日" if self.working_only else "每天"


@dataclass(frozen=True, slots=True)
class PerWeeks:
    """每周不少于 n 次, on days of one's own choice; or in every window of so many ISO weeks from `anchor` on."""

    times: int
    weeks: int = 1
    anchor: date | None = None

    def __post_init__(self) -> None:
        if self.times < 1 or self.weeks < 1 or (self.weeks > 1 and self.anchor is None):
            raise BadRule("次数和周数须大于 0；多周一次须指明从哪一周算起。")

    def occurrences(self, first: date, last: date, calendar: Calendar) -> list[Occurrence]:
        begun = _monday(self.anchor or first)
        windows = (_monday(first) - begun).days // 7 // self.weeks
        start = begun + 7 * DAY * self.weeks * windows
        found = []
        while (end := start + 7 * DAY * self.weeks - DAY) <= last:
            found.append(Occurrence(start, end, self.times))
            start = end + DAY
        return found

    def __str__(self) -> str:
        return f"每{'' if self.weeks == 1 else _counted(self.weeks)}周不少于 {self.times} 次"


@dataclass(frozen=True, slots=True)
class PerMonths:
    """每月不少于 n 次, 每两月一次, 每季, 每年 (12 months).

    Windows of several months begin with the month `starts_in` of a year, and from there every so many months; so the
    number of months must go into a year.
    """

    times: int
    months: int = 1
    starts_in: int = 1

    def __post_init__(self) -> None:
        if self.times < 1 or self.months not in {1, 2, 3, 4, 6, 12} or self.starts_in not in range(1, 13):
            raise BadRule("次数须大于 0，月数须是 1、2、3、4、6 或 12，起始月份须在 1 至 12 之间。")

    def occurrences(self, first: date, last: date, calendar: Calendar) -> list[Occurrence]:
        # Months counted from year 0, so that a window may reach over the end of a year.
        month = first.year * 12 + first.month - 1
        month -= (month - (self.starts_in - 1)) % self.months
        found = []
        while (end := _month_start(month + self.months) - DAY) <= last:
            found.append(Occurrence(_month_start(month), end, self.times))
            month += self.months
        return found

    def __str__(self) -> str:
        often = {1: "每月", 2: "每两月", 3: "每季度", 6: "每半年", 12: "每年"}.get(self.months, "每四个月")
        return f"{often}不少于 {self.times} 次"


class FallsOnDays(Protocol):
    """A rule whose occurrences are single days, which may have to give way to a day off."""

    @property
    def when_off(self) -> WhenOff: ...

    def falls_on(self, day: date) -> bool: ...


def _single_days(rule: FallsOnDays, first: date, last: date, calendar: Calendar) -> list[Occurrence]:
    """The days of a rule, moved off days that are not worked as the rule says; two that meet on a day are one."""
    if rule.when_off is WhenOff.KEEP:
        return [Occurrence(day, day) for day in _days(first, last) if rule.falls_on(day)]
    worked = calendar.working_days(first, last)
    if rule.when_off is WhenOff.SKIP:
        return [Occurrence(day, day) for day in worked if rule.falls_on(day)]
    step = -DAY if rule.when_off is WhenOff.NEXT else DAY
    found = []
    for day in worked:
        # The days that give way to this one are the days off that touch it on the side they come from.
        candidate = day
        while not (due := rule.falls_on(candidate)):
            candidate += step
            if calendar.is_working_day(candidate):
                break
        if due:
            found.append(Occurrence(day, day))
    return found


def _days(first: date, last: date) -> Iterable[date]:
    return (first + DAY * step for step in range((last - first).days + 1))


def _counted(number: int) -> str:
    """两 before a measure word, not 二."""
    return "两" if number == 2 else chinese_number(number)


def _monday(day: date) -> date:
    return day - DAY * day.weekday()


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _month_start(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


# --- As data ----------------------------------------------------------------------------------------------------------

RULES: dict[str, type[Rule]] = {
    "weekly": Weekly,
    "month-days": MonthDays,
    "nth-weekday": NthWeekday,
    "every-day": EveryDay,
    "per-weeks": PerWeeks,
    "per-months": PerMonths,
}


def table_of(rule: Rule) -> dict[str, Any]:
    """A rule as a table for TOML or JSON: its slug under `rule`, and its fields where they differ from the default."""
    slug = next(slug for slug, kind in RULES.items() if type(rule) is kind)
    table: dict[str, Any] = {"rule": slug}
    for known in _fields_of(type(rule)):
        value = getattr(rule, known.name)
        if value != known.default:
            table[known.name] = sorted(value) if isinstance(value, frozenset) else _plain(value)
    return table


def rule_from_table(table: Mapping[str, Any]) -> Rule:
    """The rule of such a table: {rule = "weekly", weekdays = [5], when_off = "next"}; BadRule says what is wrong."""
    kind = RULES.get(str(table.get("rule")))
    if kind is None:
        raise BadRule(f"重复方式（rule）须是 {'、'.join(RULES)} 之一，现为“{table.get('rule')}”。")
    known = {field.name for field in _fields_of(kind)}
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name != "rule":
            if name not in known:
                raise BadRule(f"重复方式“{table['rule']}”没有“{name}”这一项。")
            values[name] = _field_value(name, value)
    try:
        return kind(**values)
    except TypeError:
        raise BadRule(f"重复方式“{table['rule']}”缺少必需的项。") from None


def _fields_of(kind: type[Rule]) -> Sequence[Field[Any]]:
    return fields(kind)  # type: ignore[arg-type]  # every rule above is a dataclass


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _field_value(name: str, value: Any) -> Any:
    """A value of TOML or JSON in the type of the field; BadRule where it is of none."""
    try:
        if name == "anchor":
            return value if type(value) is date else date.fromisoformat(value)
        if name == "when_off":
            return WhenOff(value)
    except (TypeError, ValueError):
        raise BadRule(f"“{name}”的值“{value}”不对。") from None
    wanted: type = bool if name == "working_only" else int
    numbers = value if name in {"weekdays", "days"} else [value]
    if not isinstance(numbers, list) or any(type(number) is not wanted for number in numbers):
        raise BadRule(f"“{name}”的值“{value}”不对。")
    return frozenset(numbers) if numbers is value else value
