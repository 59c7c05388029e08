import pytest

from chuangwei.core import clock
from chuangwei.web.office.dashboard.tiles.latest_ranking import latest_ranking
from tests.factories import organisation

pytestmark = pytest.mark.django_db


def test_the_last_period_and_its_flags(town):
    tile = latest_ranking(organisation.chief(), clock.now())
    assert tile is not None
    assert tile.lines[0].title == "2023年第38周社区周评比（已计算）"
    assert tile.lines[0].words == "红旗 甲社区；黄旗 丙社区"
    assert len(tile.lines) == 1


def test_a_community_reads_its_own_place_of_what_is_published(town):
    actor = organisation.clerk("appraisal.view", area_paths=(town.communities[2].path,))
    assert latest_ranking(actor, clock.now()) is None
    town.publish()
    tile = latest_ranking(actor, clock.now())
    assert tile is not None
    assert [line.title.partition("，")[0] for line in tile.lines][1:] == ["丙社区第 3 名"]
    assert tile.lines[1].title == "丙社区第 3 名，59.50 分"
    assert tile.lines[1].is_late


def test_nothing_for_a_stranger(town):
    assert latest_ranking(organisation.stranger(), clock.now()) is None
