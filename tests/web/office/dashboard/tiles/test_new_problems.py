import pytest

from chuangwei.web.office.dashboard.tiles.new_problems import new_problems
from tests.factories import organisation
from tests.web.office.dashboard.tiles.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("hours", "shown"), [(1, True), (30, True), (60, False)])
def test_found_since_the_start_of_yesterday(problem, hours, shown):
    problem("reported", found=hours)
    assert (new_problems(organisation.chief(), AT) is not None) == shown


def test_nothing_for_a_stranger(problem):
    problem("reported", found=1)
    assert new_problems(organisation.stranger(), AT) is None
