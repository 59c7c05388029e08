from decimal import Decimal

import pytest

from chuangwei.domain.inspections import consistency, queries
from chuangwei.domain.inspections.models import Answer, Visit
from tests.factories import inspections, places, standards
from tests.factories.inspections import failed

pytestmark = pytest.mark.django_db


@pytest.fixture
def visits() -> list[Visit]:
    lane = places.site(in_area=places.town()[0])
    sheet, made = standards.checklist(), inspections.round_()
    return [
        inspections.visit(site=lane, sheet=sheet, in_round=made),
        inspections.visit(site=lane, sheet=sheet, in_round=made, found={"CK-BACK_LANE-01": failed("2.5")}),
        inspections.visit(site=lane, sheet=sheet, in_round=made, found={"CK-BACK_LANE-02": failed(times=3)}),
        inspections.visit(site=lane, sheet=sheet, in_round=made),
    ]


def test_visits_that_agree_with_their_answers_are_sound(visits: list[Visit]):
    assert [visit.got for visit in visits] == [Decimal(100), Decimal("97.5"), Decimal(97), Decimal(100)]
    assert list(consistency.checks()) == []


def test_visit_whose_sums_were_changed_is_told(visits: list[Visit]):
    Visit.objects.filter(pk=visits[0].pk).update(got=Decimal(99))
    Answer.objects.filter(visit=visits[2]).delete()
    assert list(consistency.checks()) == [
        f"检查 {visits[0].code} 的得分合计与各项评分不符。",
        f"检查 {visits[2].code} 的得分合计与各项评分不符。",
    ]


def test_consistency_asks_five_questions_however_many_visits_there_are(visits: list[Visit], django_assert_num_queries):
    with django_assert_num_queries(5):
        list(consistency.checks())


@pytest.mark.parametrize(
    ("points", "rate", "below"), [("20", "0.7", 140000), ("1", "0.3333", 3333), ("0.0001", "0.5", 1)]
)
def test_veto_rate_becomes_the_smallest_whole_share_that_is_kept(points: str, rate: str, below: int):
    sheet = standards.checklist(points=(points,))
    sheet.checks.update(veto_below_rate=Decimal(rate))
    from chuangwei.domain.standards.queries import checklists_by_id

    assert queries.check_rules(checklists_by_id([sheet.pk])[sheet.pk])["CK-BACK_LANE-01"].veto_below == below
