from datetime import date

import pytest

from chuangwei.demo import telling
from chuangwei.domain.appraisal.steps import Step
from tests.factories import inspections, places, standards

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("many", "last"), [(6, "等 6 项，共扣 6 分"), (4, "扣 1 分　第 4 项")])
def test_deductions_that_are_not_all_told_say_how_many_there_are(many, last):
    sheet = standards.checklist(points=("20",) * 6)
    each = inspections.round_(starts_on=date(2023, 9, 4))
    found = {f"CK-BACK_LANE-{number:02}": inspections.failed(times=1) for number in range(1, many + 1)}
    lane = places.site(in_area=places.area("62"))
    inspections.visit(site=lane, sheet=sheet, in_round=each, code="V-1", found=found)
    told = list(telling._visit(Step("检查", kind="visit", code="V-1")))
    assert told[-1].strip() == last
