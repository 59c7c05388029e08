"""The only place that asks the system clock. People live in Asia/Shanghai, the database in UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_stopped: list[datetime] = []


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _stopped[-1] if _stopped else datetime.now(UTC)


def today() -> date:
    """The present day in Asia/Shanghai."""
    return local_day(now())


def local(at: datetime) -> datetime:
    """The same instant on a Shanghai wall clock. ValueError for an instant without a zone: it names no instant."""
    if at.tzinfo is None:
        raise ValueError(f"an instant without a time zone: {at}")
    return at.astimezone(SHANGHAI)


def local_day(at: datetime) -> date:
    """The day an instant falls on for people here."""
    return local(at).date()


def instant(day: date, clock: time = time()) -> datetime:
    """The instant, in UTC, at which Shanghai clocks show this time (midnight unless given) on this day."""
    return datetime.combine(day, clock, tzinfo=SHANGHAI).astimezone(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Stop the clock at an instant for tests and demonstrations, in every thread; may be nested."""
    _stopped.append(local(at).astimezone(UTC))
    try:
        yield _stopped[-1]
    finally:
        _stopped.pop()
