import pytest

from chuangwei.web.office.dashboard.tiles.problems_to_verify import problems_to_verify
from tests.factories import organisation
from tests.web.office.dashboard.tiles.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("state", "shown"), [("fixed", True), ("dispatched", False), ("closed", False)])
def test_only_in_these_states(problem, state, shown):
    problem(state)
    assert (problems_to_verify(organisation.chief(), AT) is not None) == shown


def test_only_for_those_who_may(problem):
    problem("fixed")
    assert problems_to_verify(organisation.clerk("problems.view", "problems.verify"), AT) is not None
    assert problems_to_verify(organisation.clerk("problems.view"), AT) is None
    assert problems_to_verify(organisation.clerk("problems.view", "problems.verify", area_paths=("63/",)), AT) is None
