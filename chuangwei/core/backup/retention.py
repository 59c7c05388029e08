"""Which backups are kept: the newest of so many days, weeks and months. Pure."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from chuangwei.core import clock

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days, weeks (Monday to Sunday) and months keep their newest backup."""

    days: int = 7
    weeks: int = 4
    months: int = 12


def superfluous(backups: Mapping[T, datetime], retention: Retention) -> list[T]:
    """The backups that may go, the oldest first; the newest of all is never among them."""
    newest_first = sorted(backups, key=lambda name: backups[name], reverse=True)
    kept = set(newest_first[:1])
    for count, period_of in (
        (retention.days, _day), (retention.weeks, _week), (retention.months, _month),
    ):  # fmt: skip
        kept |= set(_newest_of_each(newest_first, backups, count, period_of))
    return [name for name in reversed(newest_first) if name not in kept]


def _newest_of_each(
    newest_first: Sequence[T], backups: Mapping[T, datetime], count: int, period_of: Callable[[datetime], Hashable]
) -> Iterator[T]:
    """The newest backup of each of the last `count` periods that have one."""
    seen: set[Hashable] = set()
    for name in newest_first:
        period = period_of(backups[name])
        if period not in seen and len(seen) < count:
            seen.add(period)
            yield name


def _day(at: datetime) -> Hashable:
    return clock.local_day(at)


def _week(at: datetime) -> Hashable:
    day = clock.local_day(at)
    return day - timedelta(days=day.weekday())


def _month(at: datetime) -> Hashable:
    day = clock.local_day(at)
    return day.year, day.month
