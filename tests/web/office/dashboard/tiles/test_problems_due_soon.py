import pytest

from chuangwei.web.office.dashboard.tiles.problems_due_soon import problems_due_soon
from tests.factories import organisation
from tests.web.office.dashboard.tiles.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("due", "shown"), [(-1, False), (0.01, True), (71.9, True), (72, True), (72.01, False)])
def test_within_three_days_and_not_late_yet(problem, due, shown):
    problem("dispatched", due=due)
    found = problems_due_soon(organisation.chief(), AT)
    assert (found is not None) == shown


def test_the_words_say_until_when(problem):
    problem("dispatched", due=1)
    tile = problems_due_soon(organisation.chief(), AT)
    assert tile is not None
    assert tile.lines[0].words.startswith("限 9月6日")


def test_nothing_for_a_stranger(problem):
    problem("dispatched", due=1)
    assert problems_due_soon(organisation.stranger(), AT) is None


def test_nothing_for_who_only_verifies(problem):
    problem("dispatched", due=1)
    assert problems_due_soon(organisation.clerk("problems.view", "problems.verify"), AT) is None
    assert problems_due_soon(organisation.clerk("problems.view", "problems.fix"), AT) is not None
