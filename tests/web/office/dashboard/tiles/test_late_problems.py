import pytest

from chuangwei.web.office.dashboard.tiles.late_problems import late_problems
from tests.factories import organisation
from tests.web.office.dashboard.tiles.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "due", "shown"),
    [
        ("dispatched", -1, True),
        ("dispatched", 1, False),
        ("returned", -0.01, True),
        ("fixed", -1, False),
        ("closed", -1, False),
    ],
)
def test_dispatched_or_returned_and_past_the_deadline(problem, state, due, shown):
    problem(state, due=due)
    found = late_problems(organisation.chief(), AT)
    assert (found is not None) == shown
    if found:
        assert (found.figure, found.is_late, found.lines[0].is_late) == ("1", True, True)
        assert "东街一巷" in found.lines[0].title


def test_somebody_elses_are_not_shown(problem):
    problem("dispatched", due=-1)
    assert late_problems(organisation.clerk("problems.view", area_paths=("63/",)), AT) is None
    assert late_problems(organisation.stranger(), AT) is None


@pytest.mark.parametrize(
    ("right", "shown"),
    [("fix", True), ("dispatch", True), ("approve", True), ("verify", False), ("report", False)],
)
def test_only_for_whoever_may_move_it_on(problem, right, shown):
    problem("dispatched", due=-1)
    found = late_problems(organisation.clerk("problems.view", f"problems.{right}"), AT)
    assert (found is not None) == shown
