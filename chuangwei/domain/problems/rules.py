"""Pure rules of the ledger: when it is due, whether it was in time, whether it came back (domain §6)."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from fractions import Fraction

from chuangwei.core.calendar import Calendar, TimeAllowed, TimeUnit
from chuangwei.domain.problems.enums import EscalationStep


def deadline(*, allowed: TimeAllowed, start: datetime, calendar: Calendar) -> datetime:
    """The instant by which a problem handed over at `start` must be put right."""
    return calendar.add(start, allowed)


def was_on_time(*, due_at: datetime | None, fixed_at: datetime | None, closed_at: datetime | None) -> bool:
    """Put right not after the deadline, and closed: both, or it was not on time (workbooks.md, cases)."""
    return due_at is not None and fixed_at is not None and closed_at is not None and fixed_at <= due_at


def pending_hides_lateness(*, due_at: datetime, at: datetime) -> bool:
    """A long-term stay approved after the deadline does not undo being late (domain §6, Pending)."""
    return at > due_at


def comes_back(*, found_at: datetime, closed_at: datetime, window_days: int) -> bool:
    """Whether a problem found again at the same place and category lies in the window of recurrence."""
    return closed_at <= found_at <= closed_at + timedelta(days=window_days)


def is_late(*, due_at: datetime, at: datetime) -> bool:
    """Whether a deadline has passed; the instant itself is still in time."""
    return at > due_at


def escalation_times(
    *, start: datetime, due_at: datetime, unit: TimeUnit, calendar: Calendar, remind_at: Fraction, supervise: bool,
    committee_at: Fraction,
) -> list[tuple[EscalationStep, datetime]]:  # fmt: skip
    """When each step is due, in their order: a share of the time, the deadline, a multiple of the time (domain §6).

    A share or multiple of 0 leaves its step out. Time is counted as the deadline was: in office hours, but for
    紧急工作时 round the clock.
    """
    times = []
    if remind_at:
        times.append((EscalationStep.REMIND, calendar.part_way(start, due_at, remind_at, unit)))
    if supervise:
        times.append((EscalationStep.SUPERVISE, due_at))
    if committee_at:
        times.append((EscalationStep.COMMITTEE, calendar.part_way(start, due_at, committee_at, unit)))
    return times


def step_due(
    times: Sequence[tuple[EscalationStep, datetime]], *, at: datetime, taken: AbstractSet[str]
) -> EscalationStep | None:  # fmt: skip
    """The farthest step that is due and was not taken; one that was overtaken by a later step is not made up for."""
    reached = [step for step, due in times if at > due or (at == due and step != EscalationStep.SUPERVISE)]
    return reached[-1] if reached and reached[-1] not in taken else None
