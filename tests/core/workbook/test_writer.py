"""Sheets written: what is read back is what was given, and nothing becomes a formula."""

# ruff: noqa: DTZ001 - a cell shows a wall clock, which has no zone

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwei.core.workbook import cells, tables, writer
from chuangwei.core.workbook.tables import Column, SheetSpec
from chuangwei.core.workbook.writer import CELL_LIMIT, SheetRows, TooLong

SPEC = SheetSpec(
    "表",
    [
        Column("编码", "code", cells.code),
        Column("文字", "text", cells.text()),
        Column("数", "number", cells.number),
        Column("坐标", "degrees", cells.degrees),
        Column("日", "day", cells.day),
        Column("时", "at", cells.instant),
        Column("示范", "yes", cells.yes_or_no),
        Column("几个", "codes", cells.codes),
    ],
)
HEADS = [column.head for column in SPEC.columns]


def there_and_back(path: Path, rows: list[list[Any]]) -> list[tuple[Any, ...]]:
    assert writer.write(path, [SheetRows("表", HEADS, rows)]) == len(rows)
    book = tables.read(path, [SPEC])
    assert list(book.mistakes) == []
    return [row[1:] for row in book.tables["表"].each(*(column.field for column in SPEC.columns))]


ROW = st.tuples(
    st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8),
    st.none() | st.text("=+-@甲乙 1x_x0041_", min_size=1, max_size=9).map(str.strip).filter(bool),
    st.none() | st.decimals(-(10**6), 10**6, places=4).map(lambda number: number + 0),
    st.none() | st.floats(73, 136),
    st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.none() | st.datetimes(datetime(1992, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0)),
    st.none() | st.booleans(),
    st.none() | st.lists(st.sampled_from(["P1", "P2", "P3"]), min_size=1, unique=True).map(tuple),
)  # fmt: skip


@given(st.lists(ROW, min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_what_is_written_reads_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, ...]]) -> None:
    assert there_and_back(tmp_path_factory.mktemp("x") / "a.xlsx", [list(row) for row in rows]) == rows


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "=cmd|' /C calc'!A1", "http://a.example"])
def test_text_never_becomes_a_formula_or_a_link(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.xlsx"
    writer.write(path, [SheetRows("表", ["甲"], [[text]])])
    cell = openpyxl.load_workbook(path)["表"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_number_keeps_all_its_digits(tmp_path: Path) -> None:
    exact = [104.92473312345678, 0.1, Decimal("0.1000")]
    path = tmp_path / "a.xlsx"
    writer.write(path, [SheetRows("表", ["数"], [[number] for number in exact])])
    book = tables.read(path, [SheetSpec("表", [Column("数", "number", cells.number)])])
    assert book.tables["表"]["number"] == [Decimal("104.92473312345678"), Decimal("0.1"), Decimal("0.1")]


def test_text_no_cell_can_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLong):
        writer.write(tmp_path / "a.xlsx", [SheetRows("表", ["甲"], [["x" * (CELL_LIMIT + 1)]])])
