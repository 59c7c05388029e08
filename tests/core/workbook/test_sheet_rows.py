"""Rows by pattern and rows by the parser: two ways, one answer; and the same values as calamine reads."""

# ruff: noqa: DTZ001 - a cell shows a wall clock, which has no zone

import io
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwei.core.workbook import sheet_rows
from chuangwei.core.workbook.guard import Unreadable
from chuangwei.core.workbook.package import Package
from chuangwei.core.workbook.sheet_rows import (
    ExactRows,
    Layout,
    NotPlain,
    PlainRows,
    column_letters,
    column_number,
)
from chuangwei.core.workbook.strings import SharedStrings
from chuangwei.core.workbook.values import CellReader, Formats
from tests.core.workbook.made import rows_xml, workbook

HEAD = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
TWO = Layout((0, 1), frozenset({0, 1}))


def plain(xml: str, layout: Layout = TWO) -> list[tuple[int, list[bytes]]]:
    return taken(PlainRows(io.BytesIO(xml.encode())), layout)


def exact(xml: str | bytes, layout: Layout = TWO) -> list[tuple[int, list[bytes]]]:
    return taken(ExactRows(io.BytesIO(xml.encode() if isinstance(xml, str) else xml)), layout)


def taken(rows: PlainRows | ExactRows, layout: Layout) -> list[tuple[int, list[bytes]]]:
    return [
        (line, list(cells))
        for piece in rows.pieces(layout)
        for line, *cells in zip(piece.lines, *piece.columns, strict=True)
    ]


@pytest.mark.parametrize(("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16_383, "XFD")])
def test_columns_have_letters(number: int, letters: str) -> None:
    assert (column_letters(number), column_number(letters)) == (letters, number)


@pytest.mark.parametrize("letters", ["XFE", "ZZZ", ""])
def test_no_column_lies_behind_the_last(letters: str) -> None:
    with pytest.raises(Unreadable):
        column_number(letters)


def test_plain_rows_are_cut_without_the_parser() -> None:
    xml = rows_xml(
        HEAD,
        '<row r="2" spans="1:2"><c r="A2" t="s"><v>0</v></c></row>',
        '<row r="4"/>',
        '<row r="5"><c r="B5" s="3"/></row>',
        '<row r="6"><c r="A6"><f>B6</f><v>1</v></c><c r="B6" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
    )
    rows = PlainRows(io.BytesIO(xml.encode()))
    assert rows.head == {0: b"><v>1</v></c>", 1: b"><v>2</v></c>"}
    assert taken(rows, TWO) == [
        (2, [b' t="s"><v>0</v></c>', b""]),
        (4, [b"", b""]),
        (5, [b"", b' s="3"/>']),
        (6, [b"><f>B6</f><v>1</v></c>", b' t="inlineStr"><is><r><t>a</t></r></is></c>']),
    ]


@pytest.mark.parametrize(
    "xml",
    [
        rows_xml('<row r="1" x="a/b"><c r="A1"><v>1</v></c></row>', '<row r="2" x="a/b"><c r="A2"><v>1</v></c></row>'),
        rows_xml('<row r="1"><c s="1" r="A1"><v>1</v></c></row>'),
        rows_xml('<row><c r="A1"><v>1</v></c></row>'),
        rows_xml(HEAD, '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>'),
        rows_xml(HEAD, '<row r="2"><c><v>1</v></c></row>'),
        rows_xml(HEAD, '<row spans="1" r="2"><c r="A2"><v>1</v></c></row>'),
        rows_xml(HEAD, '<row r="3"><c r="A3"><v>1</v></c></row>', '<row r="2"><c r="A2"><v>1</v></c></row>'),
        rows_xml(HEAD, '<row r="2"><c r="A2"><v>1</v></c></row><!-- a -->', '<row r="3"><c r="A3"><v>1</v></c></row>'),
        rows_xml(HEAD, behind="<!-- a -->"),
        rows_xml(HEAD).removesuffix("</worksheet>"),
        rows_xml(HEAD).replace("</sheetData></worksheet>", ""),
        rows_xml(HEAD).replace("UTF-8", "GBK"),
        rows_xml(HEAD).replace("worksheet", "x:worksheet"),
        rows_xml(HEAD, '<row r="2"><c r="C2"><v>1</v></c>x<c/></row>'),
        "",
    ],
)
def test_anything_unusual_is_left_to_the_parser(xml: str) -> None:
    with pytest.raises(NotPlain):
        plain(xml)


@pytest.mark.parametrize(
    "rows",
    [
        ['<row r="1">' + '<c r="A1">' * 100_000 + "</row>"],
        [HEAD, '<row r="2">' + '<c r="C2">' * 100_000 + "</row>"],
        [HEAD, *['<row r="2"><c r="A2"></row>'] * 100_000],
        [HEAD, *['<row r="2">'] * 100_000],
    ],
)
def test_cells_and_rows_without_end_are_given_up_at_once(rows: list[str]) -> None:
    started = time.perf_counter()
    with pytest.raises(NotPlain):
        plain(rows_xml(*rows))
    # A pattern that looked to the end of the sheet for each of them would take half an hour.
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("make", [PlainRows, ExactRows])
def test_rows_across_pieces_are_whole(make: type[PlainRows] | type[ExactRows]) -> None:
    xml = rows_xml(HEAD, *[f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 9000)])
    found = taken(make(io.BytesIO(xml.encode())), Layout((0,), frozenset({0, 1})))
    assert [line for line, _ in found] == list(range(2, 9000))
    assert all(body.endswith(f"<v>{line}</v></c>".encode()) for line, (body,) in found)


def test_wide_tables_are_left_to_the_parser() -> None:
    with pytest.raises(NotPlain):
        plain(rows_xml(HEAD), Layout((0, 99), frozenset({0, 99})))


@pytest.mark.parametrize("make", [PlainRows, ExactRows])
def test_a_sheet_may_have_no_head(make: type[PlainRows] | type[ExactRows]) -> None:
    for row, lines in (("", []), ('<row r="3"><c r="A3"><v>1</v></c></row>', [3]), ('<row r="1"/>', [])):
        rows = make(io.BytesIO(rows_xml(row).encode()))
        assert (rows.head, [line for line, _ in taken(rows, TWO)]) == ({}, lines)


def test_the_parser_needs_no_addresses_and_no_order() -> None:
    xml = (
        '<x:worksheet xmlns:x="y"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row>'
        '<x:row r="3"><x:c s="2" r="B3" t="str"><x:v>1 &lt; 2</x:v></x:c><x:c r="A3"><x:f>1</x:f></x:c></x:row>'
        "<x:row>\n <x:c/> <x:c t='e'><x:v>#N/A</x:v></x:c></x:row></x:sheetData>"
        '<x:mergeCells><x:mergeCell ref="A1:B2"/></x:mergeCells></x:worksheet>'
    )
    rows = ExactRows(io.BytesIO(xml.encode()))
    assert rows.head == {0: b' s="0" t="n"><v>1</v></c>'}
    assert taken(rows, TWO) == [
        (3, [b' s="0" t="n"><f/></c>', b' s="2" t="str"><v>1 &lt; 2</v></c>']),
        (4, [b"", b' s="0" t="e"><v>#N/A</v></c>']),
    ]
    assert rows.merged == ["A1:B2"]


@pytest.mark.parametrize(
    "rows",
    [
        ['<row r="1"/>', '<row r="1"/>'],
        ['<row r="1048577"/>'],
        ['<row r="1"><c r="XFE1"/></row>'],
        ['<row r="1"><c r="A1"></row>'],
    ],
)
def test_broken_rows_refuse_the_file(rows: list[str]) -> None:
    with pytest.raises(Unreadable, match="已损坏"):
        exact(rows_xml(*rows))


def test_too_many_empty_cells_refuse_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_rows, "CELL_LIMIT", 5)
    with pytest.raises(Unreadable, match="5 个以上的单元格"):
        exact(rows_xml("<row>" + "<c/>" * 6 + "</row>"))


def test_a_row_behind_the_last_refuses_the_file() -> None:
    with pytest.raises(Unreadable, match="已损坏"):
        plain(rows_xml(HEAD, '<row r="1048577"><c r="A1"><v>1</v></c></row>'))


def test_cells_under_no_head_are_told() -> None:
    xml = rows_xml(
        HEAD,
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c><c r="D2"><v>3</v></c></row>',
        '<row r="3"><c r="A3"><v>1</v></c></row>',
    )
    for rows in (PlainRows(io.BytesIO(xml.encode())), ExactRows(io.BytesIO(xml.encode()))):
        (piece,) = rows.pieces(Layout((1,), frozenset({1})))
        assert sorted((line, number) for line, number, _ in piece.strays) == [(2, 0), (2, 3), (3, 0)]


def test_merged_cells_are_told_wherever_the_piece_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    merged = "".join(f'<mergeCell ref="A{line}:B{line}"/>' for line in range(2, 9000))
    rows = PlainRows(io.BytesIO(rows_xml(HEAD, behind=f"<mergeCells>{merged}</mergeCells>").encode()))
    assert taken(rows, TWO) == []
    assert len(rows.merged) == 8998


def test_a_row_without_end_is_left_to_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_rows, "PIECE_LIMIT", 200_000)
    for xml in (rows_xml(HEAD, '<row r="2">' + " " * 500_000), "<worksheet>" + " " * 500_000):
        with pytest.raises(NotPlain):
            plain(xml)


CELLS = st.sampled_from(
    ["", "/>", ' s="1"/>', ' t="s"><v>0</v></c>', "><v>7</v></c>", ' s="1"><v>45173.5</v></c>', ' t="b"><v>1</v></c>',
     "><f>A1</f><v>2</v></c>", ' t="e"><v>#N/A</v></c>', ' t="inlineStr"><is><t>甲</t></is></c>']
)  # fmt: skip


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12), st.booleans())
@settings(max_examples=60)
def test_both_ways_read_the_same(table: list[tuple[str, str, str]], leaves_gaps: bool) -> None:
    shared = SharedStrings()
    shared.append("乙".encode())
    reader = CellReader(shared, Formats([False, True]))
    rows, line = [HEAD], 1
    for cells in table:
        line += 2 if leaves_gaps else 1
        inner = "".join(f'<c r="{"ABC"[i]}{line}"{body}' for i, body in enumerate(cells) if body)
        rows.append(f'<row r="{line}">{inner}</row>')
    xml = rows_xml(*rows)

    def read(found: list[tuple[int, list[bytes]]]) -> list[tuple[int, list[Any]]]:
        return [(number, [reader.read(body) if body else None for body in bodies]) for number, bodies in found]

    assert read(plain(xml)) == read(exact(xml))


VALUES = st.one_of(
    st.none(), st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs"]), min_size=1, max_size=6),
    st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6, width=32), st.booleans(), st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0)),
)  # fmt: skip


@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_what_we_read_is_what_calamine_reads(rows: list[list[Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = workbook(Path(folder) / "a.xlsx", {"表": [["甲", "乙"], *rows]})
        theirs = python_calamine.load_workbook(path).get_sheet_by_name("表").to_python()[1:]
        with Package(path) as package:
            reader = CellReader(package.strings(), package.formats())
            found = dict(taken(PlainRows(package.open(package.sheets[0].path)), TWO))
    ours = [
        [reader.read(body) if body else None for body in found.get(line, [b"", b""])]
        for line in range(2, len(rows) + 2)
    ]
    assert ours[: len(theirs)] == [[_as_ours(value) for value in row] for row in theirs]


def _as_ours(value: Any) -> Any:
    if value == "" or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value
