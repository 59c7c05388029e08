"""Three small workbooks of one town that fit together, to be spoilt cell by cell."""

from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.web.office.sheets import importing
from chuangwei.web.office.sheets.importing import ImportFile, Outcome
from tests.core.workbook.made import workbook
from tests.factories import organisation, places, standards

Sheets = dict[str, list[list[Any]]]
AT = clock.instant(date(2023, 10, 30))
SQUARE = '{"type":"Polygon","coordinates":[[[104,33],[105,33],[105,34],[104,33]]]}'

REGISTER: Sheets = {
    "区划": [
        ["编码", "名称", "类型", "上级编码", "人口", "户数", "边界"],
        ["62", "云岭县", "县", None, None, None, None],
        ["6201", "青石镇", "乡镇", "62", 82232, 27373, SQUARE],
        ["620101", "东关社区", "社区", "6201", None, None, None],
    ],
    "点位": [
        ["编码", "名称", "类型", "区划编码", "经度", "纬度", "坐标系", "示范", "备注"],
        ["BL-1", "竹篮巷", "背街小巷", "620101", 104.92, 33.38, "GCJ02", "是", "=备注"],
        ["NM-1", "东关市场", "农贸市场", "620101", None, None, None, None, None],
    ],
    "单位": [
        ["编码", "名称", "类型", "上级编码", "区划编码"],
        ["U1", "创卫办", "办公室", None, None],
        ["U2", "环卫站", "部门", "U1", "6201"],
    ],
    "人员": [["编码", "姓名", "职务", "单位编码", "手机"], ["P1", "李华", "主任", "U1", 19900026220], ["P2", "张三", None, None, None]],
    "责任": [
        ["责任人编码", "角色", "对象编码", "开始日期", "结束日期", "时段"],
        ["P1", "网格员", "620101", date(2023, 3, 1), None, None],
        ["U2", "保洁员", "BL-1", "2023-03-01", date(2023, 12, 31), "8:00-12:00、14:00-18:00"],
    ],
}  # fmt: skip
VISITS: Sheets = {
    "轮次": [
        ["编码", "名称", "类型", "开始日期", "结束日期", "督查组"],
        ["DQ-1", "第一周", "定期督导", date(2023, 9, 4), date(2023, 9, 8), "U1"],
    ],
    "检查": [
        ["编号", "轮次编码", "点位编码", "检查时间", "检查人"],
        ["JC-1", "DQ-1", "BL-1", datetime(2023, 9, 4, 9, 30), "P1、P2"],  # noqa: DTZ001 - a wall clock
        ["JC-2", "DQ-1", "NM-1", "2023-09-05 10:00:30", "P2"],
    ],
    "评分": [
        ["检查编号", "检查项", "结果", "处数", "扣分", "说明"],
        ["JC-1", "CK-BACK_LANE-01", "不合格", 2, None, "@两处"],
        ["JC-1", "CK-BACK_LANE-02", "不适用", None, None, None],
        ["JC-2", "CK-MARKET-01", "不合格", None, 1.25, None],
    ],
}
LEDGER: Sheets = {
    "问题": [
        ["编号", "来源", "点位编码", "区划编码", "类别", "描述", "发现时间", "责任单位编码", "派遣时间", "整改期限", "整改时间", "核查时间", "销号时间", "状态"],
        ["WT-1", "督查发现", "BL-1", None, "09006", "占道经营", "2023-09-04 09:30", "U2", "2023-09-04 10:00", "2023-09-05",
         "2023-09-05 09:00", "2023-09-05 10:00", "2023-09-05 11:00", "已销号"],
        ["WT-2", "群众举报", None, "620101", "占道经营", "摊位", "2023-09-06 09:00", "U2", "2023-09-06 10:00",
         "2023-09-07 00:00", None, None, None, "已派遣"],
        ["WT-3", "自查", None, "6201", "占道经营", "垃圾", "2023-09-06", None, None, None, None, None, None, "不予立案"],
    ]
}  # fmt: skip
BOOKS = {"底册": REGISTER, "督查记录": VISITS, "问题台账": LEDGER}


def prepare() -> None:
    """What the library must know for these workbooks."""
    places.site_kind("back_lane", aliases=["小巷"])
    places.site_kind("market", name="农(集)贸市场", aliases=["农贸市场"])
    standards.checklist(points=("60", "40"))
    standards.checklist("market", points=("100",))
    standards.category()


def written(folder: Path, name: str, sheets: Sheets) -> ImportFile:
    return ImportFile(workbook(folder / f"{name}.xlsx", sheets), f"{name}.xlsx")


def run(
    folder: Path, books: dict[str, Sheets] | None = None, *, by: Actor | None = None, is_preview: bool = False
) -> Outcome:
    files = [written(folder, name, sheets) for name, sheets in (BOOKS if books is None else books).items()]
    return importing.run(files=files, by=by or organisation.chief(), at=AT, is_preview=is_preview)


def spoilt(book: Sheets, sheet: str, row: int, head: str, value: Any) -> Sheets:
    """A copy with one cell changed; `row` as Excel counts it."""
    copy = deepcopy(book)
    copy[sheet][row - 1][copy[sheet][0].index(head)] = value
    return copy


def said(outcome: Outcome) -> list[tuple[str, str, int | None, str | None, str]]:
    return [(each.file, each.sheet, each.row, each.column, each.message) for each in outcome.mistakes]
