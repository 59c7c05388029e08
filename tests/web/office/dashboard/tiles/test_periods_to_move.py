from datetime import timedelta

import pytest

from chuangwei.domain.appraisal.models import Period
from chuangwei.web.office.dashboard.tiles.periods_to_move import periods_to_move
from tests.factories import organisation
from tests.web.office.conftest import NEXT_MONDAY, WEEKS

pytestmark = pytest.mark.django_db
LATER = NEXT_MONDAY + timedelta(days=60)


def test_what_may_be_published_and_made_final(town):
    town.publish()
    Period.objects.filter(slug=WEEKS[0]).update(objections_until=LATER.date() - timedelta(days=1))
    tile = periods_to_move(organisation.chief(), LATER)
    assert tile is not None
    assert [line.words for line in tile.lines] == ["待公示", "待公示", "公示期满，待定案"]


def test_only_for_whoever_publishes(town):
    assert periods_to_move(organisation.clerk("appraisal.view"), LATER) is None
    partly = organisation.clerk("appraisal.view", "appraisal.publish", area_paths=(town.communities[0].path,))
    assert periods_to_move(partly, LATER) is None
