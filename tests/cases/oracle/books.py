"""Writes a town as the three workbooks and the preset, the way offices write them.

With a `Hand` the same values are spelt in every way the format allows (full-width, spaces, text or Excel dates, any
order of rows and columns, formulas with their results); without one they are written plainly.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import xlsxwriter

from tests.cases.oracle import library
from tests.cases.oracle.town import Town

Row = dict[str, Any]
Sheets = dict[str, list[Row]]


@dataclass(frozen=True)
class Formula:
    """A formula and the result stored with it."""

    result: str | float


class Hand:
    """How somebody writes; None of its choices changes what is meant."""

    def __init__(self, seed: int | None) -> None:
        self.random = Random(seed)
        self.is_plain = seed is None

    def often(self, chance: float) -> bool:
        return not self.is_plain and self.random.random() < chance

    def wide(self, text: str) -> str:
        """Some letters and digits full-width, some spaces between: the same in NFKC without white space."""
        if not self.often(0.15):
            return text
        letters = [chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" and self.often(0.5) else letter for letter in text]
        return self.random.choice(["", " ", "\u3000"]).join(letters) + self.random.choice(["", " ", "\t"])

    def code(self, text: str | None) -> Any:
        if text is None:
            return None
        if text.isascii() and text.isdecimal() and (text == "0" or text[0] != "0") and self.often(0.3):
            return int(text)
        if self.often(0.03):
            return Formula(text)
        return self.wide(text)

    def word(self, text: str | None) -> str | None:
        return None if text is None else self.wide(text)

    def name(self, text: str) -> str:
        return f"  {text} " if self.often(0.1) else text

    def kind(self, code: str) -> str:
        """A kind of site by any of its names."""
        return code if self.is_plain else self.wide(self.random.choice(library.spellings()[code]))

    def category(self, code: str) -> str:
        name = dict(library.categories())[code]
        return (
            self.wide(self.random.choice([code, name, library.without_brackets(name)])) if not self.is_plain else code
        )

    def day(self, day: date | None) -> Any:
        if day is None:
            return None
        return self.random.choice([day, day.isoformat()]) if not self.is_plain else day

    def instant(self, at: datetime | None) -> Any:
        """A time as Excel holds it, perhaps off by less than half a second; or as text where its seconds allow."""
        if at is None:
            return None
        if at.time() == time() and self.often(0.5):
            return self.day(at.date())
        if at.second == 0 and self.often(0.4):
            return f"{at:%Y-%m-%d %H:%M}"
        return at + timedelta(milliseconds=self.random.choice([-400, -100, 100, 400])) if self.often(0.3) else at

    def deadline(self, at: datetime | None) -> Any:
        """Without a clock (or an Excel date at 00:00) a deadline is the last second of its day."""
        if at is None:
            return None
        if at.time() == time():
            return f"{at:%Y-%m-%d %H:%M}"
        if at.time() == time(23, 59, 59) and self.often(0.7):
            return self.random.choice([at.date(), at.date().isoformat(), datetime.combine(at.date(), time())])
        return self.instant(at)

    def number(self, value: Decimal | int | None) -> Any:
        if value is None:
            return None
        plain = int(value) if value == int(value) else float(value)
        return Formula(plain) if self.often(0.05) else plain


# --- Sheets -----------------------------------------------------------------------------------------------------------
def register(town: Town, hand: Hand) -> Sheets:
    return {
        "区划": [
            {"编码": hand.code(one.code), "名称": hand.name(one.name), "类型": hand.word(one.kind),
             "上级编码": hand.code(one.parent), "人口": hand.number(1200 if len(one.code) % 2 else None), "户数": None,
             "边界": one.boundary}
            for one in town.areas
        ],
        "点位": [
            {"编码": hand.code(one.code), "名称": hand.name(one.name), "类型": hand.kind(one.kind),
             "区划编码": hand.code(one.area), "经度": one.point and one.point[0], "纬度": one.point and one.point[1],
             "坐标系": hand.word(one.datum), "示范": "是" if len(one.code) % 3 == 0 else None, "备注": None}
            for one in town.sites
        ],
        "单位": [
            {"编码": hand.code(one.code), "名称": hand.name(one.name), "类型": hand.word(one.kind),
             "上级编码": hand.code(one.parent), "区划编码": hand.code(one.area)}
            for one in town.units
        ],
        "人员": [
            {"编码": hand.code(one.code), "姓名": hand.name(one.name), "职务": None, "单位编码": hand.code(one.unit),
             "手机": hand.code(one.phone)}
            for one in town.persons
        ],
        "责任": [
            {"责任人编码": hand.code(one.holder), "角色": hand.word(one.role), "对象编码": hand.code(one.place),
             "开始日期": hand.day(one.first), "结束日期": hand.day(one.last), "时段": one.hours}
            for one in town.duties
        ],
    }  # fmt: skip


def visits(town: Town, hand: Hand) -> Sheets:
    return {
        "轮次": [
            {"编码": hand.code(one.code), "名称": hand.name(one.name), "类型": hand.word(one.kind),
             "开始日期": hand.day(one.first), "结束日期": hand.day(one.last), "督查组": one.team}
            for one in town.rounds
        ],
        "检查": [
            {"编号": hand.code(one.code), "轮次编码": hand.code(one.round), "点位编码": hand.code(one.site),
             "检查时间": hand.instant(one.at), "检查人": hand.random.choice(["、", ",", "，", "、 "]).join(one.inspectors)}
            for one in town.visits
        ],
        "评分": [
            {"检查编号": hand.code(visit.code), "检查项": hand.code(one.check), "结果": hand.word(one.result),
             "处数": hand.number(one.count), "扣分": hand.number(one.deduction), "说明": None}
            for visit in town.visits
            for one in visit.answers
        ],
    }  # fmt: skip


def ledger(town: Town, hand: Hand) -> Sheets:
    return {
        "问题": [
            {"编号": hand.code(one.code), "来源": hand.word(one.source), "点位编码": hand.code(one.site),
             "区划编码": hand.code(one.area), "类别": hand.category(one.category), "描述": f"问题{one.code}",
             "发现时间": hand.instant(one.found), "责任单位编码": hand.code(one.unit),
             "派遣时间": hand.instant(one.dispatched), "整改期限": hand.deadline(one.due),
             "整改时间": hand.instant(one.fixed), "核查时间": hand.instant(one.verified),
             "销号时间": hand.instant(one.closed), "状态": hand.word(one.state)}
            for one in town.problems
        ]
    }  # fmt: skip


HEADS: dict[str, list[str]] = {
    "区划": ["编码", "名称", "类型", "上级编码", "人口", "户数", "边界"],
    "点位": ["编码", "名称", "类型", "区划编码", "经度", "纬度", "坐标系", "示范", "备注"],
    "单位": ["编码", "名称", "类型", "上级编码", "区划编码"],
    "人员": ["编码", "姓名", "职务", "单位编码", "手机"],
    "责任": ["责任人编码", "角色", "对象编码", "开始日期", "结束日期", "时段"],
    "轮次": ["编码", "名称", "类型", "开始日期", "结束日期", "督查组"],
    "检查": ["编号", "轮次编码", "点位编码", "检查时间", "检查人"],
    "评分": ["检查编号", "检查项", "结果", "处数", "扣分", "说明"],
    "问题": [
        "编号", "来源", "点位编码", "区划编码", "类别", "描述", "发现时间", "责任单位编码", "派遣时间", "整改期限",
        "整改时间", "核查时间", "销号时间", "状态",
    ],
}  # fmt: skip

BOOKS: dict[str, Callable[[Town, Hand], Sheets]] = {
    "register.xlsx": register,
    "visits.xlsx": visits,
    "ledger.xlsx": ledger,
}


# --- Files ------------------------------------------------------------------------------------------------------------
def write_town(town: Town, folder: Path, seed: int | None = None) -> None:
    hand = Hand(seed)
    for file, build in BOOKS.items():
        sheets = {name: table(name, rows, hand) for name, rows in build(town, hand).items()}
        has_formula = any(isinstance(cell, Formula) for rows in sheets.values() for row in rows for cell in row)
        if has_formula or hand.often(0.5):
            with_xlsxwriter(folder / file, sheets)
        else:
            with_openpyxl(folder / file, sheets)
    (folder / "preset.toml").write_text(preset_text(town.preset, hand), encoding="utf-8")


def table(name: str, rows: list[Row], hand: Hand) -> list[list[Any]]:
    """Head and rows as cells: in any order, with spaces around heads, a column of somebody's own, empty rows."""
    heads, rows = list(HEADS[name]), list(rows)
    if hand.often(0.5):
        hand.random.shuffle(heads)
        hand.random.shuffle(rows)
    if hand.often(0.3):
        heads.insert(hand.random.randint(0, len(heads)), "经办")
    cells = [[f" {head} " if hand.often(0.2) else head for head in heads]]
    for row in rows:
        if hand.often(0.02):
            cells.append([None] * len(heads))
        cells.append([row.get(head) for head in heads])
    return cells


def with_openpyxl(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def with_xlsxwriter(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    book = xlsxwriter.Workbook(str(path))
    days, instants = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if isinstance(cell, Formula):
                    sheet.write_formula(y, x, '=T("x")' if isinstance(cell.result, str) else "=1+1", None, cell.result)
                elif isinstance(cell, date):
                    sheet.write_datetime(y, x, cell, instants if isinstance(cell, datetime) else days)
                elif isinstance(cell, str):
                    sheet.write_string(y, x, cell)
                elif cell is not None:
                    sheet.write_number(y, x, cell)
    book.close()


# --- The preset -------------------------------------------------------------------------------------------------------
def preset_text(preset: dict[str, Any], hand: Hand) -> str:
    lines = table_text("preset", preset["preset"]) + table_text("areas", {"levels": preset["levels"]})
    for kind, chain in preset.get("chains", {}).items():
        lines += table_text(f'chains."{hand.kind(kind)}"', chain)
    for name, series in preset["series"].items():
        lines += series_lines(f"series.{name}", series, hand)
    return "\n".join(lines) + "\n"


def series_lines(path: str, series: dict[str, Any], hand: Hand) -> list[str]:
    plain = {
        key: value
        for key, value in series.items()
        if not isinstance(value, dict) and key not in {"parts", "adjustments"}
    }
    if "kind_weights" in series:
        plain["kind_weights"] = {hand.kind(kind): weight for kind, weight in series["kind_weights"].items()}
    lines = table_text(path, plain)
    for many in ("parts", "adjustments"):
        for one in series.get(many, []):
            lines += table_text(f"{path}.{many}", one, "[[", "]]")
    for name in ("flags", "statement", "interview", "money"):
        if name in series:
            lines += table_text(f"{path}.{name}", series[name])
    return lines


def table_text(path: str, content: dict[str, Any], left: str = "[", right: str = "]") -> list[str]:
    return [f"{left}{path}{right}", *(f"{key} = {value_text(value)}" for key, value in content.items()), ""]


def value_text(value: Any) -> str:
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {value_text(one)}" for key, one in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(value_text(one) for one in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
