import pytest

from chuangwei.web.office.dashboard.tiles.problems_to_dispatch import problems_to_dispatch
from tests.factories import organisation
from tests.web.office.dashboard.tiles.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "shown"), [("filed", True), ("returned", True), ("reported", False), ("dispatched", False)]
)
def test_only_in_these_states(problem, state, shown):
    problem(state)
    assert (problems_to_dispatch(organisation.chief(), AT) is not None) == shown


def test_only_for_those_who_may(problem):
    problem("filed")
    assert problems_to_dispatch(organisation.clerk("problems.view", "problems.dispatch"), AT) is not None
    assert problems_to_dispatch(organisation.clerk("problems.view"), AT) is None
    assert (
        problems_to_dispatch(organisation.clerk("problems.view", "problems.dispatch", area_paths=("63/",)), AT) is None
    )
