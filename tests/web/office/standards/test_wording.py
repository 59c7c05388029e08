from decimal import Decimal

import pytest

from chuangwei.domain.standards.models import Category, Check, Indicator, Item
from chuangwei.web.office.standards import wording

PERCENT = Indicator(code="I", name="达标率", unit="%", adds_up="latest")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, ""),
        ({"comparator": ">=", "threshold": Decimal(95)}, "不低于 95%"),
        ({"comparator": "<=", "threshold": Decimal("2.50")}, "不高于 2.5%"),
        ({"comparator": ">="}, "不低于（标准值待核）"),
        ({"comparator": ">=", "threshold": Decimal(0)}, "不低于 0%"),
        ({"comparator": "level>=", "threshold_level": "C"}, "不低于等级 C 级"),
        ({"comparator": ">=", "threshold_text": "每万人 3 座"}, "每万人 3 座"),
        ({"comparator": "decreasing"}, "逐年下降"),
        ({"comparator": ">=", "threshold": Decimal(95), "alternative_text": "或逐年提高"}, "不低于 95%，或逐年提高"),
    ],
)
def test_what_an_item_demands(values, says):
    assert wording.demand(Item(indicator=PERCENT, **values)) == says


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"allowed_amount": 4, "allowed_unit": "work_hour", "parent_id": 1}, "4 工作时"),
        ({"allowed_amount": 2, "allowed_unit": "emergency_hour"}, "2 紧急工作时"),
        ({"parent_id": 1}, "待核"),
        ({}, ""),
    ],
)
def test_how_long_a_category_allows(values, says):
    assert wording.time_allowed(Category(**values)) == says


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"rule": "deduct", "deduct_per": Decimal("2.5")}, "每处扣 2.5 分，扣完为止"),
        ({"rule": "pass"}, "不合格不得分"),
        ({"rule": "pass", "is_veto": True}, "不合格不得分；不合格一票否决"),
        ({"rule": "grade", "grades": [{"name": "好", "points": "10"}, {"name": "中", "points": "6.5"}]}, "分档：好 10 分、中 6.5 分"),
        ({"rule": "deduct", "deduct_per": Decimal(1), "veto_below_rate": Decimal("0.6")},
         "每处扣 1 分，扣完为止；得分率低于 60% 一票否决"),
    ],
)  # fmt: skip
def test_how_a_check_loses_points(values, says):
    assert wording.loses(Check(**values)) == says


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("绿化覆盖率.{0,6}36%|8\\.5平方米", ["绿化覆盖率…36%", "8.5平方米"]),
        ("县城.{0,4}不?低?于?12", ["县城…（不低于）12"]),
        ("健康(基本)?知识知晓率", ["健康（基本）知识知晓率"]),
        ("GB/T ?30428\\.2", ["GB/T 30428.2"]),
        ("全爱卫发〔201[045]〕", ["全爱卫发〔2010〕", "全爱卫发〔2014〕", "全爱卫发〔2015〕"]),
    ],
)
def test_old_wording_is_told_as_people_write_it(pattern, written):
    assert wording.spelled(pattern) == written


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("GWC21-I13/I14（时间值须核原文）", ["GWC21-I13", "GWC21-I14"]),
        ("GWC21-I02居民健康素养水平", ["GWC21-I02"]),
        ("全爱卫发〔2021〕6号", []),
    ],
)
def test_items_named_by_their_codes_are_found(words, codes):
    assert wording.cited(words) == codes
