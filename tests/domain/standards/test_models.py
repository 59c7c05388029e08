from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from chuangwei.domain.standards.models import (
    Category,
    Check,
    Checklist,
    Edition,
    Indicator,
    Item,
    LibraryEntry,
    ObsoletePattern,
)
from tests.factories import places

pytestmark = pytest.mark.django_db

AT = datetime(2023, 9, 1, tzinfo=UTC)


def refused(make: Any) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    ("values", "is_refused"),
    [
        ({"kind": "qualitative"}, False),
        ({"kind": "quantitative"}, True),
        ({"kind": "quantitative", "comparator": ">="}, True),
        ({"kind": "quantitative", "indicator": True}, True),
        ({"kind": "quantitative", "indicator": True, "comparator": ">="}, False),
        ({"kind": "quantitative", "indicator": True, "comparator": ">=", "threshold": Decimal(90)}, False),
        ({"kind": "qualitative", "comparator": ">="}, True),
        ({"kind": "qualitative", "threshold": Decimal(0)}, True),
        ({"kind": "qualitative", "indicator": True}, True),
    ],
)
def test_item_has_an_indicator_exactly_when_quantitative(values: dict[str, Any], is_refused: bool):
    edition = Edition.objects.create(code="E", title="标准")
    if values.get("indicator"):
        values = {**values, "indicator": Indicator.objects.create(code="i", name="指标", adds_up="mean")}
    item = Item(edition=edition, code="A", order=1, section_number=1, section="一", title="条", **values)
    assert refused(item.save) is is_refused


@pytest.mark.parametrize(
    ("amount", "unit", "is_refused"),
    [(None, "", False), (4, "work_hour", False), (4, "", True), (None, "work_hour", True), (0, "work_hour", True)],
)
def test_category_time_has_amount_and_unit(amount: int | None, unit: str, is_refused: bool):
    category = Category(code="06", name="类", allowed_amount=amount, allowed_unit=unit)
    assert refused(category.save) is is_refused


def sheet(version: int = 1, **values: Any) -> Checklist:
    defaults = {
        "code": "CK",
        "site_kind": places.site_kind(),
        "title": "表",
        "full_points": Decimal(100),
        "loaded_at": AT,
    }
    return Checklist(version=version, **{**defaults, **values})


def test_one_checklist_of_a_kind_is_in_force():
    sheet().save()
    assert refused(sheet(2).save)
    assert refused(sheet(1, is_current=False).save)
    assert not refused(sheet(2, is_current=False).save)
    assert not refused(sheet(code="CK-2", site_kind=places.site_kind("market")).save)


def test_checklist_has_points():
    assert refused(sheet(full_points=Decimal(0)).save)


@pytest.mark.parametrize(
    ("values", "is_refused"),
    [
        ({"deduct_per": Decimal("0.5")}, False),
        ({"deduct_per": None}, True),
        ({"deduct_per": Decimal(0)}, True),
        ({"rule": "pass"}, False),
        ({"points": Decimal(0), "deduct_per": Decimal(1)}, True),
        ({"deduct_per": Decimal(1), "veto_below_rate": Decimal("0.7")}, False),
        ({"deduct_per": Decimal(1), "veto_below_rate": Decimal(1)}, False),
        ({"deduct_per": Decimal(1), "veto_below_rate": Decimal("1.1")}, True),
        ({"deduct_per": Decimal(1), "veto_below_rate": Decimal(0)}, True),
    ],
)
def test_check_can_be_scored(values: dict[str, Any], is_refused: bool):
    owner = sheet()
    owner.save()
    check = Check(checklist=owner, order=1, code="CK-01", text="项", **{"points": Decimal(10), **values})
    assert refused(check.save) is is_refused


def test_codes_are_given_once():
    owner = sheet()
    owner.save()
    Check.objects.create(checklist=owner, order=1, code="CK-01", text="项", points=Decimal(1), deduct_per=Decimal(1))
    again = Check(checklist=owner, order=2, code="CK-01", text="项", points=Decimal(1), deduct_per=Decimal(1))
    assert refused(again.save)
    LibraryEntry.objects.create(kind="vetoes", code="V", order=1, name="否决")
    assert refused(LibraryEntry(kind="vetoes", code="V", order=2, name="否决").save)
    assert refused(Indicator(code="x", name="x", adds_up="sum", series_years=0).save)


def test_names_as_people_read_them():
    owner = sheet(2)
    assert str(owner) == "表（第 2 版）"
    assert [
        str(Edition(title="标准")), str(Indicator(name="指标")), str(Item(code="A", title="条")), str(Category(name="类")),
        str(Check(code="CK-01", text="项")), str(LibraryEntry(name="资料")),
        str(ObsoletePattern(code="OB-1")),
    ] == ["标准", "指标", "A 条", "类", "CK-01 项", "资料", "OB-1"]  # fmt: skip
