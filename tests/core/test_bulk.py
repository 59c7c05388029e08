from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from chuangwei.core.bulk import BATCH, insert_rows
from chuangwei.domain.inspections.models import Answer, Round, Visit
from chuangwei.domain.problems.models import Problem
from tests.factories import places, standards
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db


def test_insert_rows_stores_what_the_model_reads_back():
    town, _ = places.town()
    category = standards.category()
    columns = ("code", "source", "area_id", "category_id", "description", "state", "found_at", "due_at", "rework_count")
    insert_rows(
        Problem, columns,
        [("1", "patrol", town.pk, category.pk, "甲\t乙\n丙\\", "filed", MONDAY, None, 0),
         ("2", "patrol", town.pk, category.pk, "丁", "filed", MONDAY + timedelta(microseconds=1), MONDAY, 3)],
    )  # fmt: skip
    first, second = Problem.objects.order_by("code")
    assert (first.description, first.found_at, first.due_at) == ("甲\t乙\n丙\\", MONDAY, None)
    assert (second.found_at, second.due_at, second.rework_count) == (MONDAY + timedelta(microseconds=1), MONDAY, 3)


def test_insert_rows_takes_scaled_decimals_as_whole_numbers():
    lane = places.site(in_area=places.town()[0])
    sheet = standards.checklist()
    made = Round.objects.create(code="R", name="r", kind="daily", starts_on=MONDAY.date(), ends_on=MONDAY.date())
    visit = Visit.objects.create(
        code="V", round=made, site=lane, at=MONDAY, checklist=sheet, got=1, possible=1, recorded_at=MONDAY
    )
    check = sheet.checks.get(order=1)
    insert_rows(
        Answer, ("visit_id", "check_item_id", "result", "deduction", "lost", "note"),
        [(visit.pk, check.pk, "fail", 5000, 5000, "")],
    )  # fmt: skip
    answer = Answer.objects.get()
    assert (answer.lost, answer.deduction) == (Decimal("0.5"), Decimal("0.5"))


@pytest.mark.parametrize("count", [0, 1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH])
def test_insert_rows_leaves_none_out(count: int):
    columns = ("code", "name", "kind", "starts_on", "ends_on", "team_id", "is_sealed", "released_at")
    day = MONDAY.date()
    insert_rows(
        Round,
        columns,
        ((f"R{number}", "r", "daily", day, day, None, True, MONDAY if number % 2 else None) for number in range(count)),
    )
    assert set(Round.objects.values_list("code", flat=True)) == {f"R{number}" for number in range(count)}
    assert Round.objects.filter(released_at=MONDAY).count() == count // 2


def test_insert_rows_keeps_the_constraints():
    town, _ = places.town()
    row = ("1", "patrol", town.pk, standards.category().pk, "x", "dispatched", MONDAY, 0)
    columns = ("code", "source", "area_id", "category_id", "description", "state", "found_at", "rework_count")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Problem, columns, [row])


def test_insert_rows_refuses_a_column_the_model_has_not():
    with pytest.raises(ValueError, match="has no column nothing"):
        insert_rows(Problem, ("nothing",), [])
