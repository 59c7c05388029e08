"""Whole sheets: right ones in any shape, and every mistake of a wrong one at once, with sheet, row and column."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwei.core.workbook import cells, tables
from chuangwei.core.workbook.tables import Column, Mistakes, SheetSpec, Workbook
from tests.core.workbook.made import by_hand, package, rows_xml, workbook

PEOPLE = SheetSpec(
    "人员",
    [
        Column("编码", "code", cells.code, required=True),
        Column("姓名", "name", cells.text(length=10), required=True),
        Column("人数", "count", cells.count),
        Column("日期", "day", cells.day),
        Column("备注", "note", cells.text(), empty=""),
    ],
    key=("code",),
)
DUTIES = SheetSpec("责任", [Column("编码", "code", cells.code, required=True)])
HEAD = ["编码", "姓名", "人数", "日期", "备注"]


def read(path: Path, *specs: SheetSpec) -> Workbook:
    return tables.read(path, specs or [PEOPLE], file="底册.xlsx")


def of_rows(tmp_path: Path, *rows: Sequence[Any]) -> Workbook:
    return read(workbook(tmp_path / "a.xlsx", {"人员": rows}))


def said(book: Workbook) -> list[tuple[str, int | None, str | None, str]]:
    return [(mistake.sheet, mistake.row, mistake.column, mistake.message) for mistake in book.mistakes.all()]


# --- Right ones -------------------------------------------------------------------------------------------------------


def test_a_sheet_is_read_by_column(tmp_path: Path) -> None:
    book = of_rows(tmp_path, HEAD, ["P1", "甲", 3, date(2023, 9, 4), "x"], [2.0, " 乙 ", None, None, None])
    rows = book.tables["人员"]
    assert said(book) == []
    assert list(rows.each("code", "name", "count", "day", "note")) == [
        (2, "P1", "甲", 3, date(2023, 9, 4), "x"),
        (3, "2", "乙", None, None, ""),
    ]
    assert (rows.given, rows.is_whole) == ({"code", "name", "count", "day", "note"}, True)


def test_columns_in_any_order_with_spaces_and_strangers(tmp_path: Path) -> None:
    book = of_rows(tmp_path, [" 备 注", "姓名 ", "电话", "编码*"], ["x", "甲", "1", "P1"])
    assert said(book) == []
    assert list(book.tables["人员"].each("code", "name", "count", "note")) == [(2, "P1", "甲", None, "x")]
    assert book.tables["人员"].given == {"code", "name", "note"}
    assert book.notices == ["底册.xlsx『人员』：列“电话”不认识，没有读。"]


@given(st.permutations(HEAD), st.lists(st.integers(0, 3), max_size=3), st.sampled_from(["", " ", "\u3000"]))
@settings(max_examples=25, deadline=None)
def test_neither_order_nor_gaps_nor_spaces_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], gaps: list[int], space: str
) -> None:
    rows = [{"编码": "P1", "姓名": "甲", "人数": 3, "日期": "2023-09-04", "备注": "x"}, {"编码": "P2", "姓名": "乙"}]
    shown: list[list[Any]] = [[space + head for head in order]]
    for number, row in enumerate(rows):
        shown += [[None] * 5] * (gaps[number] if number < len(gaps) else 0)
        shown.append([row.get(head) for head in order])
    book = of_rows(tmp_path_factory.mktemp("x"), *shown)
    assert said(book) == []
    assert [row[1:] for row in book.tables["人员"].each("code", "name", "count", "day", "note")] == [
        ("P1", "甲", 3, date(2023, 9, 4), "x"), ("P2", "乙", None, None, ""),
    ]  # fmt: skip


def test_empty_rows_are_skipped_and_lines_stay_true(tmp_path: Path) -> None:
    book = of_rows(tmp_path, HEAD, [None] * 5, ["  ", None, None, None, "　"], ["P1", "甲"])
    assert list(book.tables["人员"].each("code")) == [(4, "P1")]


def test_a_sheet_may_have_a_head_only(tmp_path: Path) -> None:
    book = of_rows(tmp_path, HEAD)
    assert (said(book), len(book.tables["人员"])) == ([], 0)


def test_sheets_nobody_knows_and_hidden_ones_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = openpyxl.Workbook()
    made.active.title = "说明"
    people = made.create_sheet(" 人员 ")
    people.append(HEAD)
    people.append(["P1", "甲"])
    people.sheet_state = "hidden"
    made.save(path)
    book = read(path)
    assert (said(book), len(book.tables["人员"])) == ([], 1)
    assert book.notices == [
        "底册.xlsx：工作表『说明』不认识，没有读。",
        "底册.xlsx：工作表『人员』是隐藏的，已照常读取。",
    ]


def test_formulas_count_as_their_stored_result(tmp_path: Path) -> None:
    sheet = rows_xml(
        '<row r="1"><c r="A1" t="str"><v>编码</v></c><c r="B1" t="str"><f>"姓"&amp;"名"</f><v>姓名</v></c></row>',
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>A1</f><v>甲</v></c></row>',
    )
    book = read(by_hand(tmp_path / "a.xlsx", sheet, name="人员"))
    assert (said(book), list(book.tables["人员"].each("code", "name"))) == ([], [(2, "2", "甲")])


def test_a_1904_workbook_has_the_same_days(tmp_path: Path) -> None:
    sheet = rows_xml(
        '<row r="1"><c r="A1" t="str"><v>编码</v></c><c r="B1" t="str"><v>姓名</v></c><c r="C1" t="str"><v>日期</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="str"><v>甲</v></c><c r="C2" s="1"><v>43711</v></c></row>',
    )
    book = read(by_hand(tmp_path / "a.xlsx", sheet, name="人员", head='<workbookPr date1904="1"/>'))
    assert book.tables["人员"]["day"] == [date(2023, 9, 4)]


def test_custom_date_formats_are_known(tmp_path: Path) -> None:
    styles = (
        '<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="176"/></cellXfs></styleSheet>'
    )
    sheet = rows_xml(
        '<row r="1"><c r="A1" t="str"><v>编码</v></c><c r="B1" t="str"><v>姓名</v></c><c r="C1" t="str"><v>日期</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="str"><v>甲</v></c><c r="C2" s="1"><v>45173</v></c></row>',
    )
    assert read(by_hand(tmp_path / "a.xlsx", sheet, name="人员", styles=styles)).tables["人员"]["day"] == [
        date(2023, 9, 4)
    ]


def test_a_sheet_the_patterns_do_not_know_is_read_all_the_same(tmp_path: Path) -> None:
    sheet = (
        '<x:worksheet xmlns:x="y"><x:sheetData><x:row><x:c t="str"><x:v>编码</x:v></x:c><x:c t="str"><x:v>姓名</x:v></x:c>'
        '<x:c t="str"><x:v>旧</x:v></x:c></x:row><x:row><x:c><x:v>1</x:v></x:c><x:c t="str"><x:v>甲</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    book = read(by_hand(tmp_path / "a.xlsx", sheet, name="人员"))
    assert (said(book), list(book.tables["人员"].each("code", "name"))) == ([], [(2, "1", "甲")])
    assert book.notices == ["底册.xlsx『人员』：列“旧”不认识，没有读。"]


def test_empty_formatted_cells_far_away_are_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = openpyxl.Workbook()
    people = made.active
    people.title = "人员"
    people.append(HEAD)
    people.append(["P1", "甲"])
    people.cell(1_048_576, 16_384).font = openpyxl.styles.Font(bold=True)
    made.save(path)
    book = read(path)
    assert (said(book), len(book.tables["人员"]), book.notices) == ([], 1, [])


def test_a_value_beside_the_table_is_told(tmp_path: Path) -> None:
    book = of_rows(tmp_path, [*HEAD, None, "旧"], ["P1", "甲", None, None, None, "x"], ["P2", "乙", *[None] * 5, "y"])
    assert said(book) == []
    assert book.notices == [
        "底册.xlsx『人员』：列“旧”不认识，没有读。",
        "底册.xlsx『人员』：F 列没有表头，第 2 行起的内容没有读。",
        "底册.xlsx『人员』：H 列没有表头，第 3 行起的内容没有读。",
    ]


def test_progress_is_heard(tmp_path: Path) -> None:
    heard: list[tuple[str, int]] = []
    path = workbook(tmp_path / "a.xlsx", {"人员": [HEAD, ["P1", "甲"]]})
    tables.read(path, [PEOPLE], progress=lambda sheet, rows: heard.append((sheet, rows)))
    assert heard == [("人员", 1)]


# --- Wrong ones -------------------------------------------------------------------------------------------------------


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "人员": [HEAD, ["P1", "甲", 1.5, "昨天"], [None, "乙"], ["P1", "丙" * 11], ["P|2", None, -1]],
            "责任": [["编码", "编码"], ["x"]],
        },
    )
    assert said(read(path, PEOPLE, DUTIES)) == [
        ("人员", 2, "人数", "须为不小于 0 的整数，这里是 1.5。"),
        ("人员", 2, "日期", "“昨天”不是日期。请写成 2023-09-04 或 2023-09-04 15:20。"),
        ("人员", 3, "编码", "不能为空。"),
        ("人员", 4, "姓名", "最长 10 个字，这里有 11 个。"),
        ("人员", 4, "编码", "“P1”与第 2 行重复。"),
        ("人员", 5, "编码", "“P|2”不能作编码：编码里不能有 |。"),
        ("人员", 5, "姓名", "不能为空。"),
        ("人员", 5, "人数", "须为不小于 0 的整数，这里是 -1。"),
        ("责任", 1, "编码", "表头“编码”出现了两次，请只留一列。"),
    ]


def test_a_missing_sheet_and_a_missing_column_are_mistakes(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"人员": [["姓名", "备注"], ["甲", "x"]]})
    book = read(path, PEOPLE, DUTIES)
    assert said(book) == [
        ("责任", None, None, "缺少这张工作表。没有内容也要留着表头。"),
        ("人员", 1, "编码", "缺少这一列。"),
    ]
    assert (book.tables["责任"].is_whole, book.tables["人员"].is_whole, len(book.tables["责任"])) == (False, False, 0)


def test_a_head_behind_a_title_row_is_no_head(tmp_path: Path) -> None:
    assert said(of_rows(tmp_path, ["底册"], HEAD, ["P1", "甲"])) == [
        ("人员", 1, "编码", "缺少这一列。"), ("人员", 1, "姓名", "缺少这一列。"),
    ]  # fmt: skip


def test_two_sheets_of_one_name_are_a_mistake(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"人员": [HEAD], "人员 ": [HEAD]})
    assert said(read(path)) == [("人员", None, None, "同名的工作表有两张，请只留一张。")]


def test_formulas_without_result_errors_and_merged_cells_are_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = openpyxl.Workbook()
    people = made.active
    people.title = "人员"
    people.append(HEAD)
    people.append(["P1", '=A2&"号"'])
    people.append(["P2", "乙", "#N/A"])
    people["C3"].data_type = "e"
    people.append(["P3", "丙"])
    people.merge_cells("A4:A6")
    people.merge_cells("G1:H1")
    people.merge_cells("J4:K4")
    people.merge_cells("A20:B20")
    made.save(path)
    assert said(read(path)) == [
        ("人员", 2, "姓名", "公式没有存下结果。请在 Excel 中打开、重算并保存，或把公式换成数值。"),
        ("人员", 3, "人数", "单元格是 Excel 错误值 #N/A。请改正公式，或填入结果。"),
        ("人员", 4, "编码", "单元格 A4:A6 是合并的。请取消合并，每行都填上内容。"),
    ]


def test_an_error_for_a_head_is_a_mistake(tmp_path: Path) -> None:
    sheet = rows_xml(
        '<row r="1"><c r="A1" t="str"><v>编码</v></c><c r="B1" t="str"><v>姓名</v></c><c r="C1" t="e"><v>#REF!</v></c></row>',
        behind='<mergeCells><mergeCell ref="A:A"/></mergeCells>',
    )
    assert said(read(by_hand(tmp_path / "a.xlsx", sheet, name="人员"))) == [
        ("人员", 1, "C", "单元格是 Excel 错误值 #REF!。请改正公式，或填入结果。")
    ]


def test_a_value_in_a_huge_empty_area_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = openpyxl.Workbook()
    people = made.active
    people.title = "人员"
    people.append(HEAD)
    people.append(["P1", "甲"])
    people.cell(1_048_576, 16_384).value = 1
    made.save(path)
    message = "XFD 列离表格很远却有内容，中间是大片空白。请删去这个单元格再导入。"
    assert said(read(path)) == [("人员", 1_048_576, "XFD", message)]


def test_a_file_that_cannot_be_read_is_one_mistake(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("编码", encoding="utf-8")
    book = read(path)
    message = "这不是 .xlsx 工作簿，只是文件名像。请在 Excel 中另存为 .xlsx 后再导入。"
    assert (said(book), book.is_readable) == ([("", None, None, message)], False)


@pytest.mark.parametrize(
    "parts",
    [
        {"_rels/.rels": "<Relationships/>"},
        {"xl/workbook.xml": "<workbook><sheets>"},
        {
            "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="人员" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="gone.xml"/></Relationships>',
        },
    ],
)
def test_a_workbook_with_missing_parts_is_refused(tmp_path: Path, parts: dict[str, str]) -> None:
    book = read(package(tmp_path / "a.xlsx", parts))
    ((_, row, _, message),) = said(book)
    assert (row, book.is_readable) == (None, False)
    assert "损坏" in message or "没有工作簿" in message


def test_charts_and_links_elsewhere_are_no_sheets(tmp_path: Path) -> None:
    parts = {
        "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="图" r:id="r1"/><sheet name="外" r:id="r2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="x/chartsheet" Target="a.xml"/>'
        '<Relationship Id="r2" Type="x/worksheet" Target="http://a.example/" TargetMode="External"/></Relationships>',
    }
    assert tables.sheet_names(package(tmp_path / "a.xlsx", parts)) == []


def test_mistakes_beyond_the_limit_are_counted(tmp_path: Path) -> None:
    found = Mistakes("a.xlsx", limit=2)
    for row in range(5):
        found.add("错", sheet="表", row=row)
    other = Mistakes("a.xlsx", limit=10)
    other.take(found)
    assert [mistake.message for mistake in other.all()] == ["错", "错", "另有 3 处错误没有列出。"]
    assert (len(other), len(list(other))) == (5, 2)


def test_a_memo_that_grows_too_large_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MEMO_LIMIT", 3)
    book = of_rows(tmp_path, HEAD, *[[f"P{number}", "甲"] for number in range(40)])
    assert book.tables["人员"]["code"] == [f"P{number}" for number in range(40)]
