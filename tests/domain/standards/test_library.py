from decimal import Decimal
from pathlib import Path

import pytest

from chuangwei.core.errors import Refused
from chuangwei.domain.standards.library import read_library
from tests.domain.standards.conftest import Edit


def faults(folder: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        read_library(folder)
    return [f"{mistake.file} {mistake.message}" for mistake in refused.value.mistakes]


def test_reads_what_the_files_say(folder: Path):
    library = read_library(folder)
    assert [row.code for row in library.editions] == ["TOWN-2021", "TOWN-OLD"]
    assert [(row.code, row.threshold) for row in library.items] == [
        ("T-A01", None), ("T-I01", Decimal("8.5")), ("T-I02", None),
    ]  # fmt: skip
    assert [row.code for row in library.categories] == ["06010", "06001", "W5001"]
    assert [row.code for row in library.classes] == ["06", "W5"]
    assert library.checklists[0].check[0].deduct_per == Decimal("0.5")
    assert library.references[0].entry[0].body == {"share": Decimal("0.10")}


@pytest.mark.parametrize(
    "name",
    [
        "sources.toml", "editions/town-2021.toml", "cited-standards.toml", "indicators/standard.toml", "units.toml",
        "site-kinds.toml", "obsolete.toml", "reference/lines.toml",
    ],
)  # fmt: skip
def test_half_a_library_is_refused(folder: Path, name: str):
    (folder / name).unlink()
    pattern = f"{name.partition('/')[0]}/*.toml" if "/" in name else name
    assert faults(folder) == [f"{pattern} 没有这样的文件。"]


def test_an_empty_list_is_refused(folder: Path):
    (folder / "obsolete.toml").write_text("pattern = []")
    assert faults(folder) == ["标准库 没有过期条款。"]


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("site-kinds.toml", 'code = "market"', 'code = "back_lane"', "标准库 点位类型 back_lane 出现了 2 次。"),
        ("categories/06.toml", 'code = "06001"', 'code = "06"', "标准库 类别 06 出现了 2 次。"),
        ("indicators/standard.toml", 'aliases = ["街巷保洁时间"]', 'aliases = ["道路装灯率"]', "标准库 指标名称 道路装灯率 出现了 2 次。"),
        ("checklists/market.toml", "points = 3\n", "points = 4\n", "标准库 检查表 CK-MARKET 各项合计 11 分，与满分 10 分不符。"),
        ("checklists/back-lane.toml", 'line = "市政"', 'line = "水务"', "标准库 检查项 CK-LANE-01 写的条线 水务 不存在。"),
        ("checklists/back-lane.toml", 'items = ["T-A01"]', 'items = ["T-A09"]', "标准库 检查项 CK-LANE-01 写的条目 T-A09 不存在。"),
        ("checklists/back-lane.toml", '"06010", "06001"', '"06010", "06"', "标准库 检查项 CK-LANE-02 写的类别 06 不存在。"),
        ("cited-standards.toml", '"TOWN-2021"', '"TOWN-2031"', "标准库 标准 TOWN-OLD 写的标准 TOWN-2031 不存在。"),
        ("editions/town-2021.toml", '"lit-roads"', '"dark-roads"', "标准库 条目 T-I02 写的指标 dark-roads 不存在。"),
        ("editions/town-2021.toml", "number = 3", "number = 4", "标准库 条目 T-A01 写的部分 3 不存在。"),
        ("obsolete.toml", 'source = "paper"', 'source = "rumour"', "标准库 过期条款 OB-1 写的出处 rumour 不存在。"),
    ],
)  # fmt: skip
def test_files_that_do_not_fit_each_other_are_refused(edit: Edit, name: str, old: str, new: str, told: str):
    assert told in faults(edit(name, old, new))


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("sources.toml", 'key = "paper"', "key = ", "不是有效的 TOML：第 3 行第 7 列附近写法不对。"),
        ("units.toml", '"2000/3"', '"2000/0"', "换算率须为正整数或分数，如 1000、2000/3。"),
        ("units.toml", '"2000/3"', '"很多"', "换算率须为正整数或分数，如 1000、2000/3。"),
        ("obsolete.toml", "保洁.{0,6}不低于12", "保洁(", "不是有效的正则表达式。"),
        ("categories/06.toml", 'unit = "工作时", source = "paper"', 'unit = "小时", source = "paper"', "时限单位只能是 紧急工作时、工作时、工作日。"),
        ("categories/06.toml", "amount = 160", "amount = 0", "不得小于 1。"),
        ("editions/town-2021.toml", 'comparator = ">="\nthreshold = 8.5', "threshold = 8.5", "指标（indicator）和比较方式（comparator）须同时有或同时无。"),
        (
            "editions/town-2021.toml", 'comparator = ">="\nthreshold = 8.5', 'comparator = "exists"\nthreshold = 8.5',
            "这种比较方式没有标准值（threshold）。",
        ),
        ("editions/town-2021.toml", "threshold = 8.5\n", "", "没有标准值的条目须 verified = false。"),
        ("checklists/back-lane.toml", "deduct_per = 0.5\n", "", "每处扣分（deduct_per）只用于、也必须用于按处扣分的检查项。"),
        ("checklists/back-lane.toml", "deduct_per = 0.5\n", "deduct_per = 4.5\n", "每处扣分不能超过分值。"),
        ("checklists/market.toml", 'rule = "grade"\n', 'rule = "pass"\n', "分档（grades）只用于、也必须用于分档的检查项。"),
        ("checklists/market.toml", 'name = "好", points = 3', 'name = "好", points = 3.5', "各档得分不能超过分值。"),
        ("checklists/market.toml", "veto_below_rate = 0.7", "veto_below_rate = 1.7", "不得大于 1。"),
        ("checklists/back-lane.toml", 'code = "CK-LANE-02"', 'code = "CK|02"', "写法不对。"),
        ("site-kinds.toml", 'measure_unit = "条"', 'measure = "条"', "这一项的值不对。"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_its_place(edit: Edit, name: str, old: str, new: str, told: str):
    (fault,) = faults(edit(name, old, new))
    assert fault.startswith(f"{name} ")
    assert fault.endswith(told)


def test_a_file_in_another_encoding_is_refused(folder: Path):
    (folder / "sources.toml").write_bytes("[[source]]\nkey = 'a'\ntitle = '文件'".encode("gb18030"))
    assert faults(folder) == ["sources.toml 不是 UTF-8 编码的文本。"]


def test_every_mistake_is_told_at_once(edit: Edit):
    edit("units.toml", '"2000/3"', '"0"')
    assert len(faults(edit("obsolete.toml", "保洁.{0,6}不低于12", "("))) == 2
