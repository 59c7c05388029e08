"""Sheets written to an .xlsx file row by row, in constant memory. Text is always text: nothing becomes a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chuangwei.core import clock

OPTIONS = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
CELL_LIMIT = 32_767
"""Excel keeps no longer text in a cell."""
WIDTHS = {"描述": 40, "备注": 24, "说明": 24, "名称": 28, "边界": 16}
WIDTH = 18

CellValue = str | int | float | Decimal | bool | date | datetime | Sequence[str] | None


class TooLong(ValueError):
    """A text that no cell can hold."""


@dataclass(frozen=True, slots=True)
class SheetRows:
    """A sheet to write: its name, its heads, its rows in the order of the heads."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Any]]


def write(path: Path, sheets: Iterable[SheetRows]) -> int:
    """Write a workbook and say how many rows it has. TooLong for a text above Excel's limit; the file is then unusable."""
    written = 0
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        formats = _Formats(book)
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for number, head in enumerate(sheet.heads):
                page.set_column(number, number, WIDTHS.get(head, WIDTH))
                page.write_string(0, number, head, formats.head)
            for line, row in enumerate(sheet.rows, start=1):
                for number, value in enumerate(row):
                    _write_cell(page, (line, number), value, formats)
                written += 1
    return written


class _Formats:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head: Format = book.add_format({"bold": True, "bottom": 1})
        self.day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self.minute: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.second: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})


def _write_cell(page: Worksheet, at: tuple[int, int], value: CellValue, formats: _Formats) -> None:
    """Instants stand on the Shanghai clock; yes and no in words; several codes separated by 、."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_string(*at, "是" if value else "否")
    elif isinstance(value, str):
        if len(value) > CELL_LIMIT:
            raise TooLong
        page.write_string(*at, value)
    elif isinstance(value, datetime):
        local = clock.local(value).replace(tzinfo=None)
        page.write_datetime(*at, local, formats.second if local.second else formats.minute)
    elif isinstance(value, date):
        page.write_datetime(*at, datetime(value.year, value.month, value.day), formats.day)  # noqa: DTZ001 - a day
    elif isinstance(value, int | float | Decimal):
        _write_number(page, at, value)
    else:
        page.write_string(*at, "、".join(value))


def _write_number(page: Worksheet, at: tuple[int, int], value: float | Decimal) -> None:
    """The writer keeps 16 digits; a number that needs 17 is written as text, which reads back as the same number."""
    number = float(value)
    if float(f"{number:.16G}") == number and Decimal(repr(number)) == Decimal(str(value)):
        page.write_number(*at, number)
    else:
        page.write_string(*at, format(Decimal(str(value)), "f"))
