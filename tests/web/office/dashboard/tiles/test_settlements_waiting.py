import pytest

from chuangwei.domain.appraisal.models import Period, Settlement
from chuangwei.web.office.dashboard.tiles.settlements_waiting import settlements_waiting
from tests.factories import organisation
from tests.web.office.dashboard.tiles.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(town) -> Settlement:
    return Settlement.objects.create(
        code="x",
        series="weekly",
        month="2023-09",
        month_red=1,
        month_yellow=-1,
        settled_at=AT,
        paper="云政发〔2023〕1号",
    )


def test_a_leader_is_asked_to_approve(waiting):
    tile = settlements_waiting(organisation.clerk("appraisal.view", "appraisal.approve"), AT)
    assert tile is not None
    assert [(line.title, line.words) for line in tile.lines] == [("2023年9月奖惩", "待批准")]


def test_one_without_a_paper_or_approved_already_does_not_wait(waiting):
    leader = organisation.clerk("appraisal.view", "appraisal.approve")
    Settlement.objects.update(paper="")
    assert settlements_waiting(leader, AT) is None
    Settlement.objects.update(paper="a", state="approved", approved_at=AT)
    assert settlements_waiting(leader, AT) is None


def test_the_office_is_told_what_can_be_settled(town):
    clerk = organisation.clerk("appraisal.view", "appraisal.settle")
    assert settlements_waiting(clerk, AT) is None
    Period.objects.update(state="final", published_at=AT, objections_until=AT.date(), finalised_at=AT)
    tile = settlements_waiting(clerk, AT)
    assert tile is not None
    assert tile.lines[0].words == "各期已定案，可以核算"


def test_nobody_else_is_asked(waiting):
    assert settlements_waiting(organisation.clerk("appraisal.view"), AT) is None
