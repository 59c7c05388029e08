import pytest

from chuangwei.web.office.dashboard.tiles.problems_to_fix import problems_to_fix
from tests.factories import organisation
from tests.web.office.dashboard.tiles.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("units", "permissions", "shown"),
    [
        (("CGJ",), ("problems.view", "problems.fix"), True),
        (("other",), ("problems.view", "problems.fix"), False),
        (("CGJ",), ("problems.view",), False),
        ((), ("problems.view", "problems.fix"), False),
    ],
)
def test_dispatched_to_a_unit_of_mine(problem, units, permissions, shown):
    problem("dispatched", due=5)
    actor = organisation.clerk(*permissions, unit_codes=units)
    assert (problems_to_fix(actor, AT) is not None) == shown


def test_the_nearest_deadline_comes_first(problem):
    problem("dispatched", due=50)
    near = problem("dispatched", due=5)
    actor = organisation.clerk("problems.view", "problems.fix", unit_codes=("CGJ",))
    tile = problems_to_fix(actor, AT)
    assert tile is not None
    assert tile.lines[0].address == f"/problems/{near.code}/"
