"""The workbook of visits: each wrong cell is told; a published period is closed to corrections."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chuangwei.core import clock
from chuangwei.domain.appraisal.enums import PeriodState
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.inspections.actions import PublishedDays
from chuangwei.domain.inspections.models import Visit
from chuangwei.web.office.sheets.visits import published_days
from tests.web.office.sheets.books import AT, REGISTER, VISITS, prepare, run, said, spoilt

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _library(tmp_path: Path) -> None:
    prepare()
    run(tmp_path, {"底册": REGISTER})


def test_visits_are_read(tmp_path: Path) -> None:
    run(tmp_path, {"督查记录": VISITS})
    lane, market = Visit.objects.order_by("code")
    assert (clock.local(lane.at).hour, lane.got, lane.possible) == (9, 58, 60)
    assert (clock.local(market.at).second, f"{market.got:f}") == (30, "98.75")
    assert list(lane.inspectors.order_by("order").values_list("person__code", flat=True)) == ["P1", "P2"]


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        (("轮次", 2, "类型"), "抽查", "不在可填的词里：定期督导"),
        (("轮次", 2, "结束日期"), "2023-09-01", "早于开始日期"),
        (("轮次", 2, "督查组"), "U9", "没有编码为 U9 的单位"),
        (("检查", 2, "编号"), "JC-2", "与第 2 行重复"),
        (("检查", 2, "轮次编码"), "X", "没有编码为 X 的轮次"),
        (("检查", 2, "点位编码"), "X", "没有编码为 X 的点位"),
        (("检查", 2, "点位编码"), "620101", "没有编码为 620101 的点位"),
        (("检查", 2, "检查时间"), "2023-09-04 25:00", "没有"),
        (("检查", 2, "检查人"), "P1、P9", "没有编码为 P9 的人员"),
        (("检查", 2, "检查人"), "U1", "没有编码为 U1 的人员"),
        (("检查", 2, "检查人"), None, "不能为空"),
        (("评分", 2, "检查编号"), "JC-9", "没有编号为 JC-9 的检查"),
        (("评分", 2, "检查项"), "CK-MARKET-01", "属于『market检查表』"),
        (("评分", 2, "检查项"), "CK-0", "没有编码为 CK-0 的检查项"),
        (("评分", 3, "检查项"), "CK-BACK_LANE-01", "“JC-1”、“CK-BACK_LANE-01”与第 2 行重复"),
        (("评分", 2, "结果"), "差", "不在可填的词里：合格、不合格、不适用"),
        (("评分", 2, "结果"), "合格", "不能有处数或扣分"),
        (("评分", 3, "处数"), 1, "不能有处数或扣分"),
        (("评分", 3, "扣分"), 0.5, "不能有处数或扣分"),
        (("评分", 2, "处数"), 0, "处数不能是 0"),
        (("评分", 2, "处数"), 1.5, "整数"),
        (("评分", 2, "扣分"), 60.5, "扣分超过了检查项的分值"),
        (("评分", 2, "扣分"), -1, "不能小于 0"),
        (("评分", 2, "扣分"), 0.12345, "最多 4 位小数"),
    ],
)
def test_a_wrong_cell_is_told(tmp_path: Path, cell: tuple[str, int, str], value: Any, words: str) -> None:
    sheet, row, head = cell
    found = said(run(tmp_path, {"督查记录": spoilt(VISITS, *cell, value)}))
    where = [(each[1], each[2]) for each in found if words in each[4]]
    line = {"JC-2": 3}.get(value, row) if head == "编号" else row
    assert where == [(sheet, line)], found
    assert not Visit.objects.exists()


def test_a_published_period_is_closed_to_corrections(tmp_path: Path) -> None:
    run(tmp_path, {"督查记录": VISITS})
    changed = spoilt(VISITS, "评分", 2, "处数", 3)
    Period.objects.create(
        code="p", series="weekly", slug="2023-W36", from_on=date(2023, 9, 4), to_on=date(2023, 9, 10),
        state=PeriodState.PUBLISHED, published_at=AT, objections_until=date(2023, 9, 15),
    )  # fmt: skip
    assert published_days() == [PublishedDays("", date(2023, 9, 4), date(2023, 9, 10))]
    assert said(run(tmp_path, {"督查记录": changed})) == [
        ("督查记录.xlsx", "评分", 2, None, "这次检查所在的周期已经公示，不能用导入更正。请走异议程序。")
    ]
    Period.objects.update(state=PeriodState.COMPUTED, published_at=None)
    assert not run(tmp_path, {"督查记录": changed}).is_refused
