"""Whole sheets: a head row, typed columns, and every mistake of a file at once (workbooks.md).

Values are kept by column, not by row: a sheet of 600,000 answers is six lists, and a value that occurs ten thousand
times is read once and shared.
"""

import re
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from chuangwei.core.mistakes import Mistake
from chuangwei.core.rows import Rows
from chuangwei.core.workbook.cells import BadValue, Reader, head
from chuangwei.core.workbook.guard import Unreadable
from chuangwei.core.workbook.markup import Readable
from chuangwei.core.workbook.package import Package, SheetPart
from chuangwei.core.workbook.sheet_rows import (
    ExactRows,
    Layout,
    NotPlain,
    Piece,
    PlainRows,
    column_letters,
    column_number,
)
from chuangwei.core.workbook.values import BadCell, CellReader

MISTAKE_LIMIT = 10_000
MEMO_LIMIT = 200_000
MERGED_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
FAR = 100
"""A value so many columns behind the last head is no remark beside the table; nobody can find it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as people head it, the field it fills, how its cells are read, what an empty cell means."""

    head: str
    field: str
    reader: Reader
    required: bool = False
    empty: object = None


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """A sheet a workbook must have. `key`: the fields that tell its rows apart."""

    name: str
    columns: Sequence[Column]
    key: tuple[str, ...] = ()

    def head_of(self, field_name: str) -> str | None:
        return next((column.head for column in self.columns if column.field == field_name), None)


@dataclass(slots=True)
class Workbook:
    """What was read of a file. Where there are mistakes, tables may lack columns and must not be used."""

    file: str
    tables: dict[str, Rows] = field(default_factory=dict)
    mistakes: "Mistakes" = field(default_factory=lambda: Mistakes(""))
    notices: list[str] = field(default_factory=list)
    is_readable: bool = True


class Mistakes:
    """The mistakes of one file, in order, up to a limit; what is beyond it is only counted."""

    def __init__(self, file: str, limit: int = MISTAKE_LIMIT) -> None:
        self._file, self._limit = file, limit
        self._found: list[Mistake] = []
        self._more = 0

    def add(self, message: str, *, sheet: str = "", row: int | None = None, column: str | None = None) -> None:
        if len(self._found) < self._limit:
            self._found.append(Mistake(self._file, sheet, row, column, message))
        else:
            self._more += 1

    def take(self, others: "Mistakes") -> None:
        """Those of one sheet, by row."""
        for each in sorted(others, key=lambda mistake: mistake.row or 0):
            self.add(each.message, sheet=each.sheet, row=each.row, column=each.column)
        self._more += len(others) - len(list(others))

    def __iter__(self) -> Iterator[Mistake]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found) + self._more

    def all(self) -> list[Mistake]:
        if not self._more:
            return list(self._found)
        return [*self._found, Mistake(self._file, "", None, None, f"另有 {self._more} 处错误没有列出。")]


Progress = Callable[[str, int], None]


def _silent(_sheet: str, _rows: int) -> None:
    pass


def sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets, as they are compared. Unreadable as `read`."""
    with Package(path) as package:
        return [head(sheet.name) for sheet in package.sheets]


def read(path: Path, specs: Sequence[SheetSpec], *, file: str = "", progress: Progress = _silent) -> Workbook:
    """Read the sheets named by `specs`. A file that cannot be read at all is one mistake without a sheet.

    `file` is the name people know it by (an upload lies under another); `progress` hears sheet and rows read so far.
    """
    book = Workbook(file or path.name)
    book.mistakes = Mistakes(book.file)
    try:
        with Package(path) as package:
            parts = _match_sheets(package.sheets, specs, book)
            cells = CellReader(package.strings(), package.formats()) if parts else None
            for spec in specs:
                if cells is not None and spec.name in parts:
                    opened = partial(package.open, parts[spec.name].path)
                    book.tables[spec.name] = _read_sheet(opened, spec, cells, book, progress=progress)
    except Unreadable as error:
        book.mistakes.add(error.message)
        book.is_readable = False
    return book


def _match_sheets(sheets: Sequence[SheetPart], specs: Sequence[SheetSpec], book: Workbook) -> dict[str, SheetPart]:
    wanted = {spec.name for spec in specs}
    found: dict[str, SheetPart] = {}
    for sheet in sheets:
        name = head(sheet.name)
        if name not in wanted:
            book.notices.append(f"{book.file}：工作表『{sheet.name}』不认识，没有读。")
        elif name in found:
            book.mistakes.add("同名的工作表有两张，请只留一张。", sheet=name)
        else:
            found[name] = sheet
            if sheet.is_hidden:
                book.notices.append(f"{book.file}：工作表『{name}』是隐藏的，已照常读取。")
    for spec in specs:
        if spec.name not in found:
            book.mistakes.add("缺少这张工作表。没有内容也要留着表头。", sheet=spec.name)
            book.tables[spec.name] = Rows(columns={column.field: [] for column in spec.columns}, is_whole=False)
    return found


def _read_sheet(
    open_part: Callable[[], Readable], spec: SheetSpec, cells: CellReader, book: Workbook, *, progress: Progress
) -> Rows:
    """By pattern, and where the sheet is not plain, once more from the start by the parser."""
    try:
        reading = _SheetReading(spec, cells, book.file, progress)
        table = reading.run(PlainRows(open_part()))
    except NotPlain:
        reading = _SheetReading(spec, cells, book.file, progress)
        table = reading.run(ExactRows(open_part()))
    book.mistakes.take(reading.mistakes)
    book.notices += reading.notices
    return table


class _ColumnMemo(dict[bytes, Any]):
    """What the raw cells of one column mean; each different one is worked out once."""

    def __init__(self, column: Column, cells: CellReader) -> None:
        super().__init__()
        self._column, self._cells = column, cells
        self.has_bad = False

    def __missing__(self, body: bytes) -> Any:
        if len(self) > MEMO_LIMIT:
            self.clear()
        self[body] = meaning = self._meaning(body)
        return meaning

    def _meaning(self, body: bytes) -> Any:
        value = self._cells.read(body) if body else None
        if isinstance(value, BadCell):
            self.has_bad = True
            return value
        if value is None:
            return EMPTY if self._column.required else self._column.empty
        try:
            return self._column.reader(value)
        except BadValue as error:
            self.has_bad = True
            return BadCell(str(error))


EMPTY: Final = object()
"""Stands for a required cell that is empty until its row is known to say anything at all."""


class _SheetReading:
    """Reads one sheet into a table, once."""

    def __init__(self, spec: SheetSpec, cells: CellReader, file: str, progress: Progress) -> None:
        self._spec, self._cells, self._file, self._progress = spec, cells, file, progress
        self.mistakes = Mistakes(file)
        self.notices: list[str] = []
        self._lines = array("I")
        self._values: dict[str, list[Any]] = {}
        self._strays: dict[int, int] = {}
        self._heads: dict[int, str] = {}

    def run(self, rows: PlainRows | ExactRows) -> Rows:
        columns, layout = self._match_columns(rows.head)
        last_head = max(layout.headed, default=-1)
        memos = [_ColumnMemo(column, self._cells) for column in columns]
        self._values = {column.field: [] for column in columns}
        for piece in rows.pieces(layout):
            self._note_strays(piece)
            self._take(piece, columns, memos)
            self._progress(self._spec.name, len(self._lines))
        self._check_merged(rows.merged, last_head)
        self._report_strays(last_head)
        for column in self._spec.columns:
            self._values.setdefault(column.field, [column.empty] * len(self._lines))
        given = frozenset(column.field for column in columns)
        table = Rows(self._lines, self._values, given, is_whole=self._spec.columns[0].field in given)
        self._check_twice(table)
        return table

    def _mistake(self, message: str, row: int, column: str | None) -> None:
        self.mistakes.add(message, sheet=self._spec.name, row=row, column=column)

    def _notice(self, message: str) -> None:
        self.notices.append(f"{self._file}『{self._spec.name}』：{message}")

    # --- The head -----------------------------------------------------------------------------------------------------

    def _match_columns(self, cells: Mapping[int, bytes]) -> tuple[list[Column], Layout]:
        by_head = {column.head: column for column in self._spec.columns}
        heads = {number: value for number, body in cells.items() if (value := self._cells.read(body)) is not None}
        seen: set[str] = set()
        found: dict[str, int] = {}
        for number, value in heads.items():
            name = self._heads[number] = "" if isinstance(value, BadCell) else head(value)
            if isinstance(value, BadCell):
                self._mistake(value.message, 1, column_letters(number))
            elif name in seen:
                self._mistake(f"表头“{name}”出现了两次，请只留一列。", 1, name)
            elif name in by_head:
                found[name] = number
            else:
                self._notice(f"列“{name}”不认识，没有读。")
            seen.add(name)
        for column in self._spec.columns:
            if column.required and column.head not in found:
                self._mistake("缺少这一列。", 1, column.head)
        return [by_head[name] for name in found], Layout(tuple(found.values()), frozenset(heads))

    # --- The rows -----------------------------------------------------------------------------------------------------

    def _take(self, piece: Piece, columns: Sequence[Column], memos: Sequence[_ColumnMemo]) -> None:
        taken = [list(map(memo.__getitem__, bodies)) for memo, bodies in zip(memos, piece.columns, strict=True)]
        lines = piece.lines
        if all(EMPTY in values for column, values in zip(columns, taken, strict=True) if column.required):
            blanks = [(EMPTY, column.empty) for column in columns]
            kept = [
                i for i in range(len(lines)) if any(v[i] not in blank for v, blank in zip(taken, blanks, strict=True))
            ]
            lines = [lines[i] for i in kept]
            taken = [[values[i] for i in kept] for values in taken]
        for column, memo, values in zip(columns, memos, taken, strict=True):
            if memo.has_bad or (column.required and EMPTY in values):
                self._report_bad(column, lines, values)
            self._values[column.field] += values
        self._lines.extend(lines)

    def _report_bad(self, column: Column, lines: Sequence[int], values: list[Any]) -> None:
        for i, value in enumerate(values):
            if isinstance(value, BadCell):
                self._mistake(value.message, lines[i], column.head)
                values[i] = None
            elif value is EMPTY:
                self._mistake("不能为空。", lines[i], column.head)
                values[i] = None

    def _check_twice(self, table: Rows) -> None:
        """The same key in two rows is a mistake that names both."""
        keys = [table[name] for name in self._spec.key]
        # Hashes alone settle the usual case without keeping a tuple for each of 600,000 rows.
        if not keys or len(set(map(hash, zip(*keys, strict=True)))) == len(table):
            return
        first_lines: dict[tuple[Any, ...], int] = {}
        for line, key in zip(table.lines, zip(*keys, strict=True), strict=True):
            first = line if None in key else first_lines.setdefault(key, line)
            if first != line:
                named = "、".join(f"“{part}”" for part in key if part != "")
                self._mistake(f"{named}与第 {first} 行重复。", line, self._spec.head_of(self._spec.key[0]))

    # --- What lies beside the table -----------------------------------------------------------------------------------

    def _note_strays(self, piece: Piece) -> None:
        for line, number, body in piece.strays:
            if number not in self._strays and self._cells.read(body) is not None:
                self._strays[number] = line

    def _report_strays(self, last_head: int) -> None:
        for number, line in sorted(self._strays.items()):
            letters = column_letters(number)
            if number > last_head + FAR:
                self._mistake(
                    f"{letters} 列离表格很远却有内容，中间是大片空白。请删去这个单元格再导入。", line, letters
                )
            else:
                self._notice(f"{letters} 列没有表头，第 {line} 行起的内容没有读。")

    def _check_merged(self, merged: Sequence[str], last_head: int) -> None:
        last_line = self._lines[-1] if self._lines else 1
        for area in merged:
            match = MERGED_AREA.fullmatch(area)
            if match is None:
                continue
            first, last, number = int(match[2]), int(match[4]), column_number(match[1])
            if last > 1 and first <= last_line and number <= last_head:
                column = self._heads.get(number) or match[1]
                self._mistake(f"单元格 {area} 是合并的。请取消合并，每行都填上内容。", max(first, 2), column)
