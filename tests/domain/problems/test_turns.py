"""Who has had a problem in hand: another unit gets its own turn, being sent back begins another, resting ends one."""

from datetime import date, timedelta

import pytest

from chuangwei.domain.problems import actions
from chuangwei.domain.problems.models import Problem, Turn
from tests.factories import organisation, places
from tests.factories.problems import MONDAY, problem

pytestmark = pytest.mark.django_db
CHIEF = organisation.chief()
HOUR = timedelta(hours=1)


@pytest.fixture
def dispatched() -> Problem:
    lane = places.site("BL-1", in_area=places.town()[1][0])
    return actions.dispatch_problem(problem=problem(site=lane), to=organisation.unit("U1"), by=CHIEF, at=MONDAY)


def turns() -> list[tuple[str, float, float | None]]:
    """Unit, and from when to when in hours since Monday nine."""
    return [
        (turn.unit.code, (turn.from_at - MONDAY) / HOUR, (turn.to_at - MONDAY) / HOUR if turn.to_at else None)
        for turn in Turn.objects.order_by("pk")
    ]


def do(one: Problem, act, hours: int, **values) -> None:
    act(problem=one, by=CHIEF, at=MONDAY + hours * HOUR, **values)


def test_a_return_does_not_stop_the_turn_and_the_same_unit_goes_on(dispatched: Problem):
    do(dispatched, actions.return_problem, 1, note="x")
    do(dispatched, actions.dispatch_problem, 2, to=dispatched.unit)
    assert turns() == [("U1", 0, None)]


def test_another_unit_begins_its_own(dispatched: Problem):
    do(dispatched, actions.return_problem, 1, note="x")
    do(dispatched, actions.dispatch_problem, 2, to=organisation.unit("U2"))
    assert turns() == [("U1", 0, 2), ("U2", 2, None)]


def test_sent_back_it_is_the_units_again(dispatched: Problem):
    do(dispatched, actions.report_fixed, 1)
    do(dispatched, actions.send_back, 3, note="x")
    do(dispatched, actions.report_fixed, 4)
    do(dispatched, actions.close_problem, 5)
    assert turns() == [("U1", 0, 1), ("U1", 3, 4)]


def test_resting_does_not_count(dispatched: Problem):
    do(dispatched, actions.suspend_problem, 1, note="x", until=date(2024, 1, 1))
    do(dispatched, actions.resume_problem, 5)
    assert turns() == [("U1", 0, 1), ("U1", 5, None)]


def test_merged_away_it_is_nobodys(dispatched: Problem):
    do(dispatched, actions.merge_problem, 1, note="x", into=problem(in_area=dispatched.area))
    assert turns() == [("U1", 0, 1)]


def test_reopening_keeps_the_first_closing(dispatched: Problem):
    do(dispatched, actions.report_fixed, 1)
    do(dispatched, actions.close_problem, 2)
    do(dispatched, actions.reopen_problem, 3, note="x")
    dispatched.refresh_from_db()
    assert (dispatched.closed_at, dispatched.first_closed_at) == (None, MONDAY + 2 * HOUR)
    do(dispatched, actions.dispatch_problem, 4, to=dispatched.unit)
    do(dispatched, actions.report_fixed, 5)
    do(dispatched, actions.close_problem, 6)
    dispatched.refresh_from_db()
    assert (dispatched.closed_at, dispatched.first_closed_at) == (MONDAY + 6 * HOUR, MONDAY + 2 * HOUR)
