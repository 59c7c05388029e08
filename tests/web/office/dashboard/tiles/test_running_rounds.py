import pytest

from chuangwei.domain.inspections.models import RoundTarget
from chuangwei.web.office.dashboard.tiles.running_rounds import running_rounds
from tests.factories import inspections, organisation
from tests.web.office.dashboard.tiles.conftest import AT

pytestmark = pytest.mark.django_db


def test_what_runs_today_and_what_it_leaves_unseen(lane):
    running = inspections.round_("DQ-A")
    inspections.round_("DQ-B", starts_on=AT.date().replace(day=20), ends_on=AT.date().replace(day=22))
    RoundTarget.objects.create(round=running, site=lane)
    tile = running_rounds(organisation.chief(), AT)
    assert tile is not None
    assert [(line.words, line.address) for line in tile.lines] == [("还有 1 个点位没到", "/rounds/DQ-A/")]


def test_a_round_without_targets_counts_what_was_seen(lane):
    inspections.round_("DQ-A")
    tile = running_rounds(organisation.chief(), AT)
    assert tile is not None
    assert tile.lines[0].words == "已查 0 次"


def test_only_for_whoever_records(lane):
    inspections.round_("DQ-A")
    assert running_rounds(organisation.clerk("inspections.view"), AT) is None
    assert running_rounds(organisation.stranger(), AT) is None
