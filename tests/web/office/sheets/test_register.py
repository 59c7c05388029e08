"""The register: each wrong cell is told by sheet, row and column; the preset's levels are held against it."""

from pathlib import Path
from typing import Any

import pytest

from chuangwei.core import presets
from chuangwei.domain.organisation.models import Duty, Person
from chuangwei.domain.places.models import Area, Site
from tests.factories import organisation
from tests.web.office.sheets.books import AT, REGISTER, prepare, run, said, spoilt

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _library() -> None:
    prepare()


def test_a_register_is_read(tmp_path: Path) -> None:
    run(tmp_path, {"底册": REGISTER})
    town, lane = Area.objects.get(code="6201"), Site.objects.get(code="BL-1")
    assert (town.path, town.population, town.west) == ("62/6201/", 82232, 104.0)
    assert (lane.kind.code, lane.datum, lane.is_example, lane.note) == ("back_lane", "GCJ02", True, "=备注")
    assert (lane.given_longitude, lane.longitude != lane.given_longitude) == (104.92, True)
    assert Person.objects.get(code="P1").phone == "19900026220"
    assert list(Duty.objects.values_list("role", "hours")) == [("网格员", ""), ("保洁员", "08:00-12:00、14:00-18:00")]


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        (("区划", 3, "编码"), None, "不能为空"),
        (("区划", 3, "编码"), "62|01", "不能有 |"),
        (("区划", 4, "编码"), "６２０１", "与第 3 行重复"),
        (("区划", 3, "名称"), "名" * 101, "最长 100 个字"),
        (("区划", 3, "类型"), "小区", "不在可填的词里：县、乡镇"),
        (("区划", 3, "上级编码"), "99", "没有编码为 99 的区划"),
        (("区划", 2, "上级编码"), "620101", "绕成了一圈：62 → 620101 → 6201 → 62"),
        (("区划", 3, "人口"), -1, "不小于 0 的整数"),
        (("区划", 3, "户数"), 1.5, "整数，这里是 1.5"),
        (("区划", 3, "边界"), "{", "不是有效的 GeoJSON"),
        (("区划", 3, "边界"), '{"type":"Point","coordinates":[104,33]}', "须是 Polygon 或 MultiPolygon"),
        (("区划", 3, "边界"), '{"type":"Polygon","coordinates":[[[104,33],[105,33],[105,34],[104,34]]]}', "没有闭合"),
        (("区划", 3, "边界"), '{"type":"Polygon","coordinates":[[[33,104],[34,104],[34,105],[33,104]]]}', "写反了"),
        (("点位", 2, "类型"), "花园", "没有“花园”这种点位类型"),
        (("点位", 2, "区划编码"), "99", "没有编码为 99 的区划"),
        (("点位", 2, "纬度"), None, "须同时填写"),
        (("点位", 2, "经度"), 33.38, "不在 73 至 136 之间"),
        (("点位", 2, "经度"), "东经104", "不是数"),
        (("点位", 2, "坐标系"), "北京54", "不在可填的词里：WGS84、GCJ02、BD09"),
        (("点位", 2, "示范"), "有", "只能填是或否"),
        (("点位", 2, "编码"), "62", "区划和点位不能同码"),
        (("单位", 3, "类型"), "公司", "不在可填的词里：领导小组"),
        (("单位", 2, "上级编码"), "U2", "绕成了一圈"),
        (("单位", 3, "区划编码"), "99", "没有编码为 99 的区划"),
        (("人员", 2, "单位编码"), "U9", "没有编码为 U9 的单位"),
        (("人员", 2, "编码"), "U1", "单位和人员不能同码"),
        (("人员", 2, "手机"), "1" * 33, "最长 32 个字"),
        (("责任", 2, "责任人编码"), "P9", "没有编码为 P9 的人员或单位"),
        (("责任", 2, "对象编码"), "X", "没有编码为 X 的区划或点位"),
        (("责任", 2, "开始日期"), "2023-02-30", "没有“2023-02-30”这一天"),
        (("责任", 3, "结束日期"), "2023-02-28", "早于开始日期"),
        (("责任", 3, "时段"), "全年", "看不懂"),
    ],
)
def test_a_wrong_cell_is_told(tmp_path: Path, cell: tuple[str, int, str], value: Any, words: str) -> None:
    found = said(run(tmp_path, {"底册": spoilt(REGISTER, *cell, value)}))
    assert any(each[:4] == ("底册.xlsx", *cell) and words in each[4] for each in found), found
    assert not Area.objects.exists()


def test_swapped_coordinates_are_named_as_such(tmp_path: Path) -> None:
    swapped = spoilt(spoilt(REGISTER, "点位", 2, "经度", 33.38), "点位", 2, "纬度", 104.92)
    assert said(run(tmp_path, {"底册": swapped})) == [
        ("底册.xlsx", "点位", 2, "经度", "经度 33.38 和纬度 104.92 写反了，请对调。")
    ]


def test_a_kind_of_area_beside_the_levels_of_the_preset_is_noticed(tmp_path: Path) -> None:
    document = presets.read_preset('[preset]\nslug="t"\ntitle="试"\n[areas]\nlevels=["县","乡镇","网格"]', "t.toml")
    presets.use_preset(document=document, area_code="", from_on=None, by=organisation.chief(), at=AT)
    outcome = run(tmp_path, {"底册": REGISTER})
    assert outcome.notices == ["底册.xlsx『区划』里有 1 个“社区”，不在所用预设的层级（乡镇、县、网格）里。"]
    assert not outcome.is_refused
