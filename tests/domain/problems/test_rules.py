from datetime import timedelta

import pytest

from chuangwei.core import calendar
from chuangwei.core.calendar import TimeAllowed, TimeUnit
from chuangwei.domain.problems import rules
from tests.factories.problems import MONDAY

SECOND = timedelta(seconds=1)


def test_deadline_skips_the_national_day_and_counts_its_make_up_days():
    """2023: off from 29 September to 6 October, worked on 7 and 8 October (国务院办公厅)."""
    thursday = MONDAY.replace(day=28)
    due = rules.deadline(
        allowed=TimeAllowed(2, TimeUnit.WORKING_DAY), start=thursday, calendar=calendar.load()
    )  # fmt: skip
    assert (due.month, due.day) == (10, 8)


@pytest.mark.parametrize(
    ("fixed", "closed", "on_time"),
    [
        (MONDAY, MONDAY, True),
        (MONDAY, MONDAY + timedelta(days=9), True),
        (MONDAY + SECOND, MONDAY + SECOND, False),
        (MONDAY, None, False),
        (None, MONDAY, False),
    ],
)
def test_problem_was_on_time_when_fixed_by_the_deadline_and_closed_at_all(fixed, closed, on_time: bool):
    assert rules.was_on_time(due_at=MONDAY, fixed_at=fixed, closed_at=closed) is on_time
    assert not rules.was_on_time(due_at=None, fixed_at=fixed, closed_at=closed)


@pytest.mark.parametrize(("late_by", "hides"), [(timedelta(), False), (SECOND, True), (-SECOND, False)])
def test_pending_approved_after_the_deadline_is_late(late_by: timedelta, hides: bool):
    assert rules.pending_hides_lateness(due_at=MONDAY, at=MONDAY + late_by) is hides


@pytest.mark.parametrize(("days", "comes"), [(0, True), (30, True), (30.1, False), (-1, False)])
def test_comeback_lies_in_the_window(days: float, comes: bool):
    found = MONDAY + timedelta(days=days)
    assert rules.comes_back(found_at=found, closed_at=MONDAY, window_days=30) is comes
