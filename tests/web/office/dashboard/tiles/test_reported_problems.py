import pytest

from chuangwei.web.office.dashboard.tiles.reported_problems import reported_problems
from tests.factories import organisation
from tests.web.office.dashboard.tiles.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("state", "shown"), [("reported", True), ("filed", False), ("closed", False)])
def test_only_in_these_states(problem, state, shown):
    problem(state)
    assert (reported_problems(organisation.chief(), AT) is not None) == shown


def test_only_for_those_who_may(problem):
    problem("reported")
    assert reported_problems(organisation.clerk("problems.view", "problems.file"), AT) is not None
    assert reported_problems(organisation.clerk("problems.view"), AT) is None
    assert reported_problems(organisation.clerk("problems.view", "problems.file", area_paths=("63/",)), AT) is None
