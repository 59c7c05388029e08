import pytest

from chuangwei.web.office.dashboard.tiles.duty_gaps import duty_gaps
from tests.factories import organisation
from tests.web.office.dashboard.tiles.conftest import AT

pytestmark = pytest.mark.django_db


def test_counted_for_whoever_keeps_the_duties(make_town):
    town = make_town(weeks=0)
    tile = duty_gaps(organisation.chief(), AT)
    assert tile is not None
    assert (tile.figure, tile.address) == ("3", "/duties/gaps/?show=gaps")
    for lane in town.lanes:
        organisation.duty(organisation.person(), "网格员", lane)
    assert duty_gaps(organisation.chief(), AT) is None


def test_nothing_for_the_others(make_town):
    make_town(weeks=0)
    assert duty_gaps(organisation.clerk("organisation.view"), AT) is None
