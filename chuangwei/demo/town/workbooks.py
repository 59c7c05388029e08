"""The town as an office would keep it: register.xlsx, visits.xlsx, ledger.xlsx (workbooks.md)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from chuangwei.demo.town.records import Problem, Site, Visit
from chuangwei.demo.town.standards import bundled
from chuangwei.demo.town.town import Town

Cell = str | int | float | date | datetime | None


class Sheet(NamedTuple):
    """A sheet: its heads with their widths in characters, and its rows in the order of the heads."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]


def write(town: Town, folder: Path) -> list[Path]:
    """Write the three workbooks; the same town gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "register.xlsx": ("底册", _register),
        "visits.xlsx": ("督查记录", _visits),
        "ledger.xlsx": ("问题台账", _ledger),
    }
    for name, (title, sheets) in files.items():
        _write(folder / name, title, sheets(town), town.scene.today)
    return [folder / name for name in files]


# --- Rows -------------------------------------------------------------------------------------------------------------


def _register(town: Town) -> list[Sheet]:
    ground, people = town.scene.ground, town.scene.people
    areas = [(a.code, a.name, a.kind, a.parent, a.population, a.households, a.boundary) for a in ground.areas]
    area_heads = ("编码", 19), ("名称", 20), ("类型", 8), ("上级编码", 19), ("人口", 9), ("户数", 9), ("边界", 40)
    site_heads = (
        ("编码", 10), ("名称", 30), ("类型", 14), ("区划编码", 19), ("经度", 12), ("纬度", 12), ("坐标系", 8), ("示范", 6), ("备注", 16),
    )  # fmt: skip
    unit_heads = ("编码", 10), ("名称", 34), ("类型", 12), ("上级编码", 10), ("区划编码", 19)
    person_heads = ("编码", 10), ("姓名", 10), ("职务", 18), ("单位编码", 10), ("手机", 14)
    duty_heads = ("责任人编码", 12), ("角色", 16), ("对象编码", 19), ("开始日期", 12), ("结束日期", 12), ("时段", 14)
    return [
        Sheet("区划", area_heads, areas),
        Sheet("点位", site_heads, map(_site, town.scene.sites)),
        Sheet("单位", unit_heads, people.units),
        Sheet("人员", person_heads, people.persons),
        Sheet("责任", duty_heads, town.duties),
    ]


def _site(site: Site) -> Sequence[Cell]:
    longitude, latitude = site.place or (None, None)
    # A name with a stroke stands for several kinds of shop; an office writes the first of them.
    kind = bundled().kinds[site.kind].partition("/")[0]
    example = "是" if site.is_example else ""
    return site.code, site.name, kind, site.area, longitude, latitude, site.datum, example, site.note


def _visits(town: Town) -> list[Sheet]:
    round_heads = ("编码", 14), ("名称", 24), ("类型", 10), ("开始日期", 12), ("结束日期", 12), ("督查组", 10)
    visit_heads = ("编号", 12), ("轮次编码", 14), ("点位编码", 12), ("检查时间", 18), ("检查人", 20)
    mark_heads = ("检查编号", 12), ("检查项", 26), ("结果", 8), ("处数", 6), ("扣分", 6), ("说明", 46)
    return [
        Sheet("轮次", round_heads, town.rounds),
        Sheet("检查", visit_heads, map(_visit, town.visits)),
        Sheet("评分", mark_heads, town.marks),
    ]


def _visit(visit: Visit) -> Sequence[Cell]:
    return visit.code, visit.round, visit.site.code, visit.at, "、".join(visit.inspectors)


def _ledger(town: Town) -> list[Sheet]:
    heads = (
        ("编号", 15), ("来源", 10), ("点位编码", 10), ("区划编码", 19), ("类别", 9), ("描述", 60), ("发现时间", 17),
        ("责任单位编码", 12), ("派遣时间", 17), ("整改期限", 17), ("整改时间", 17), ("核查时间", 17), ("销号时间", 17), ("状态", 9),
    )  # fmt: skip
    return [Sheet("问题", heads, map(_problem, town.problems))]


def _problem(row: Problem) -> Sequence[Cell]:
    return (
        row.code, row.source, row.site, row.area, row.category, row.words, row.found, row.unit,
        row.dispatched, row.due, row.fixed, row.verified, row.closed, row.state,
    )  # fmt: skip


# --- Cells ------------------------------------------------------------------------------------------------------------


def _write(path: Path, title: str, sheets: list[Sheet], today: date) -> None:
    book = xlsxwriter.Workbook(path)
    made = datetime.combine(today, time(9))
    book.set_properties(
        {"title": title, "author": "创卫办", "created": made, "comments": "演示数据，人名、电话、地点均为虚构"}
    )
    text = {"font_name": "宋体", "font_size": 11, "border": 1, "border_color": "#BFBFBF", "valign": "vcenter"}
    head = book.add_format(text | {"bold": True, "bg_color": "#DDEBF7", "align": "center", "text_wrap": True})
    plain = book.add_format(text | {"num_format": "@"})
    number = book.add_format(text)
    day = book.add_format(text | {"num_format": "yyyy-mm-dd", "align": "center"})
    instant = book.add_format(text | {"num_format": "yyyy-mm-dd hh:mm", "align": "center"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.set_row(0, 24)
        for column, (word, width) in enumerate(sheet.columns):
            page.set_column(column, column, width)
            page.write_string(0, column, word, head)
        put = _writer(page, (plain, number, day, instant))
        last = 0
        for last, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row):
                put(last, column, cell)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, last, len(sheet.columns) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
    book.close()


def _writer(page: Any, formats: tuple[Any, Any, Any, Any]) -> Callable[[int, int, Cell], None]:
    plain, number, day, instant = formats

    def put(row: int, column: int, cell: Cell) -> None:
        if cell is None or cell == "":
            page.write_blank(row, column, None, number)
        elif isinstance(cell, str):
            page.write_string(row, column, cell, plain)
        elif isinstance(cell, datetime):
            page.write_datetime(row, column, cell.replace(tzinfo=None), instant)
        elif isinstance(cell, date):
            page.write_datetime(row, column, cell, day)
        else:
            page.write_number(row, column, cell, number)

    return put
