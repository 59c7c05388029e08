"""The clock of a problem in words: the time allowed, what it skips, who has had it and for how long (domain §6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chuangwei.core import clock
from chuangwei.core.calendar import Calendar, MissingYear
from chuangwei.core.errors import DomainError
from chuangwei.domain.problems import queries
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.problems.wording import worked

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Held:
    """One unit's turn."""

    unit: str
    from_at: datetime
    to_at: datetime | None
    worked: str


@dataclass(frozen=True)
class Clock:
    """`allowed` is empty where the category has no time yet; `skipped` says what does not count."""

    allowed: str
    dispatched_at: datetime | None
    due_at: datetime | None
    skipped: str
    turns: Sequence[Held]
    total: str


def clock_of(problem: Problem, at: datetime) -> Clock | None:
    """Nothing for what was never handed to anybody."""
    if problem.due_at is None:
        return None
    try:
        allowed = str(queries.time_allowed(problem.category))
    except DomainError:
        allowed = ""
    days = queries.clock_of(problem.area, at)
    turns = list(problem.turns.select_related("unit"))
    spans = [_office_time(days, turn.from_at, turn.to_at or at) for turn in turns]
    known = [span for span in spans if span is not None]
    return Clock(
        allowed=allowed,
        dispatched_at=problem.dispatched_at,
        due_at=problem.due_at,
        skipped=_skipped(days, problem),
        turns=[
            Held(turn.unit.name, turn.from_at, turn.to_at, worked(span) if span is not None else "")
            for turn, span in zip(turns, spans, strict=True)
        ],
        total=worked(sum(known, timedelta())) if len(known) > 1 else "",
    )


def _office_time(days: Calendar, start: datetime, end: datetime) -> timedelta | None:
    """Nothing where the working days of a year are not known."""
    try:
        return days.working_time(start, end)
    except MissingYear:
        return None


def _skipped(days: Calendar, problem: Problem) -> str:
    """Which days between dispatch and deadline nobody works."""
    if problem.dispatched_at is None or problem.due_at is None or problem.state == ProblemState.REJECTED:
        return ""
    first, last = clock.local_day(problem.dispatched_at), clock.local_day(problem.due_at)
    between = max((last - first).days + 1, 0)
    try:
        free = between - len(days.working_days(first, last))
        names = dict.fromkeys(name for step in range(between) if (name := days.holiday(first + step * DAY)))
    except MissingYear:
        return ""
    if not free:
        return ""
    named = f"（{'、'.join(names)}）" if names else ""
    return f"其间 {free} 天不上班{named}，不计入。"
