from datetime import timedelta

import pytest

from chuangwei.web.office.dashboard.tiles.new_visits import new_visits
from tests.factories import organisation
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db


def test_visits_since_the_start_of_yesterday(make_town):
    make_town(weeks=1)
    tile = new_visits(organisation.chief(), MONDAY + timedelta(hours=20))
    assert tile is not None
    assert tile.figure == "3"
    assert new_visits(organisation.chief(), MONDAY + timedelta(days=3)) is None


def test_nothing_for_a_stranger(make_town):
    make_town(weeks=1)
    assert new_visits(organisation.stranger(), MONDAY + timedelta(hours=20)) is None
