import pytest

from chuangwei.domain.appraisal.models import Consequence
from chuangwei.web.office.dashboard.tiles.follow_ups_due import follow_ups_due
from tests.factories import organisation
from tests.web.office.dashboard.tiles.conftest import AT

pytestmark = pytest.mark.django_db


def test_what_has_fallen_due(town):
    town.publish()
    assert follow_ups_due(organisation.chief(), AT) is None
    Consequence.objects.update(state="due")
    tile = follow_ups_due(organisation.chief(), AT)
    assert tile is not None
    assert (tile.figure, tile.lines[0].title) == ("1", "丙社区表态发言")


def test_only_for_whoever_carries_them_out(town):
    town.publish()
    Consequence.objects.update(state="due")
    assert follow_ups_due(organisation.clerk("appraisal.view"), AT) is None
