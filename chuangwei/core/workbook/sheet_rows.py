"""The rows of one sheet, piece by piece, never the whole sheet: cells stay raw XML until somebody asks what they hold.

Two ways, one answer. `PlainRows` cuts the XML that nearly all programs write with one pattern per sheet; it is four
times faster than the XML parser, and gives up with NotPlain at the first thing it does not know. `ExactRows` is the
parser. Both are held against each other, and against calamine, by tests.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import lt
from xml.sax.saxutils import escape

from chuangwei.core.workbook.guard import MEGABYTE, Unreadable
from chuangwei.core.workbook.markup import BROKEN_PART, Attributes, Parser, Readable, chunks_of, is_plain
from chuangwei.core.workbook.values import CellContent

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
PATTERN_COLUMNS = 64
"""A pattern gets slow with many columns; wider tables go to the parser."""
PIECE_LIMIT = 8 * MEGABYTE
CELL_LIMIT = 10_000_000
"""More cells fit into 200 MB only if nearly all are empty; going through them would take minutes."""

BODY = rb"[^>]*+>(?:<v>[^<]*+</v></c>|(?<=/>)|[^<]*+(?:<(?!/?c[\s>/])[^<]*+)*+</c>)"
"""Never beyond the next cell: looking for a missing </c> to the end of the piece, cell by cell, would take hours."""
TAIL = rb"([^<]*+(?:<(?!/?row[\s>/])[^<]*+)*+)"
CELL = re.compile(rb'<c r="([A-Z]{1,3})\d++"(' + BODY + rb")", re.DOTALL)
FIRST_ROW = re.compile(rb"\s*+<row\b[^>]*?[^>/]>(.*?)</row>|\s*+<row\b[^>]*/>", re.DOTALL)
ROW_NUMBER = re.compile(rb'\s*+<row r="(\d{1,9})"')
MERGED = re.compile(rb'<mergeCell ref="([A-Z0-9:]{1,20})"')
ROW_END = b"</row>"
ROWS_BEGIN, ROWS_END = b"<sheetData>", b"</sheetData>"


class NotPlain(Exception):
    """The sheet is written in a way the patterns do not know."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns are wanted and which have a head, by number from 0."""

    wanted: tuple[int, ...]
    headed: frozenset[int]


@dataclass(slots=True)
class Piece:
    """Some rows: their numbers, the raw cells of each wanted column (empty: no cell), and cells under no head."""

    lines: Sequence[int]
    columns: Sequence[Sequence[bytes]]
    strays: list[tuple[int, int, bytes]] = field(default_factory=list)


@lru_cache(maxsize=LAST_COLUMN)
def column_number(letters: str) -> int:
    """A → 0, Z → 25, AA → 26 …"""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= LAST_COLUMN:
        raise Unreadable(BROKEN_PART)
    return number - 1


def column_letters(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class PlainRows:
    """Rows by pattern. NotPlain from the constructor or while reading where the sheet is not plain."""

    def __init__(self, part: Readable) -> None:
        self._chunks = chunks_of(part)
        self.merged: list[str] = []
        self._buffer = b""
        while ROWS_BEGIN not in self._buffer or ROW_END not in self._buffer:
            chunk = next(self._chunks, b"")
            if not chunk:
                break
            self._buffer += chunk
            if len(self._buffer) > PIECE_LIMIT:
                raise NotPlain
        head, begin, self._buffer = self._buffer.partition(ROWS_BEGIN)
        if not begin or not is_plain(head, b"worksheet"):
            raise NotPlain
        self.head = self._read_head()

    def _read_head(self) -> dict[int, bytes]:
        first, number = FIRST_ROW.match(self._buffer), ROW_NUMBER.match(self._buffer)
        if first is None or number is None:
            if self._buffer.lstrip().startswith(ROWS_END):
                return {}
            raise NotPlain
        if int(number[1]) != 1:
            return {}
        self._buffer = self._buffer[first.end() :]
        content = first[1] or b""
        cells = CELL.findall(content)
        if len(cells) != content.count(b"<c"):
            raise NotPlain
        return {column_number(letters.decode()): body for letters, body in cells}

    def pieces(self, layout: Layout) -> Iterator[Piece]:
        width = max(layout.headed, default=-1) + 1
        if width > PATTERN_COLUMNS:
            raise NotPlain
        captured = [i for i in range(width) if i in layout.wanted or i not in layout.headed]
        pattern = _row_pattern(width, frozenset(captured))
        last_line = 1
        for rows in self._row_bytes():
            piece = _cut(rows, pattern, captured, layout)
            if piece.lines:
                if piece.lines[0] <= last_line or not all(map(lt, piece.lines, piece.lines[1:])):
                    raise NotPlain
                last_line = piece.lines[-1]
                yield piece

    def _row_bytes(self) -> Iterator[bytes]:
        """Runs of whole rows; after the last of them, the merged cells that stand behind the rows."""
        while True:
            rows, end, behind = self._buffer.partition(ROWS_END)
            if end:
                yield rows
                self._read_behind(behind)
                return
            rows, end, self._buffer = self._buffer.rpartition(ROW_END)
            if end:
                yield rows + end
            chunk = next(self._chunks, b"")
            if not chunk or len(self._buffer) > PIECE_LIMIT:
                raise NotPlain
            self._buffer += chunk

    def _read_behind(self, behind: bytes) -> None:
        for chunk in self._chunks:
            behind = self._take_merged(behind) + chunk
        self._take_merged(behind)
        if b"</worksheet>" not in behind:
            raise NotPlain

    def _take_merged(self, text: bytes) -> bytes:
        if b"<!" in text:
            raise NotPlain
        last = 0
        for match in MERGED.finditer(text):
            self.merged.append(match[1].decode())
            last = match.end()
        return text[max(last, len(text) - 200) :]


def _row_pattern(width: int, captured: frozenset[int]) -> re.Pattern[bytes]:
    cells = b"".join(
        rb'(?:<c r="' + column_letters(i).encode() + rb'\d++"' + (rb"(" + BODY + rb")" if i in captured else BODY) + rb")?+"
        for i in range(width)
    )  # fmt: skip
    return re.compile(rb'<row r="(\d{1,7})"[^>/]*+(?:/>|>' + cells + TAIL + rb"</row>)", re.DOTALL)


def _cut(rows: bytes, pattern: re.Pattern[bytes], captured: Sequence[int], layout: Layout) -> Piece:
    found = pattern.findall(rows)
    if len(found) != rows.count(b"<row") or b"<!" in rows or b"<?" in rows:
        raise NotPlain
    if not found:
        return Piece([], [])
    numbers, *columns, tails = zip(*found, strict=True)
    lines = list(map(int, numbers))
    if lines[-1] > LAST_ROW:
        raise Unreadable(BROKEN_PART)
    by_number = dict(zip(captured, columns, strict=True))
    strays = [
        (line, number, body)
        for number, bodies in by_number.items()
        if number not in layout.headed and any(bodies)
        for line, body in zip(lines, bodies, strict=True)
        if body
    ]
    if any(tails):
        strays += _tail_cells(lines, tails, max(layout.headed, default=-1))
    return Piece(lines, [by_number[number] for number in layout.wanted], strays)


def _tail_cells(lines: Sequence[int], tails: Sequence[bytes], last_head: int) -> Iterator[tuple[int, int, bytes]]:
    for line, tail in zip(lines, tails, strict=True):
        if tail:
            cells = CELL.findall(tail)
            if len(cells) != tail.count(b"<c"):
                raise NotPlain
            for letters, body in cells:
                number = column_number(letters.decode())
                if number <= last_head:
                    raise NotPlain
                yield line, number, body


class ExactRows:
    """Rows by the XML parser: any prefix, any order of attributes, cells and rows without an address."""

    def __init__(self, part: Readable) -> None:
        self._chunks = chunks_of(part)
        self.merged: list[str] = []
        self._rows: list[tuple[int, dict[int, bytes]]] = []
        self._line, self._column, self._count = 0, -1, 0
        self._cell, self._is_in_cell = CellContent(), False
        self._row: dict[int, bytes] = {}
        self._parser = Parser(start=self._start, end=self._end, text=self._text)
        self._is_done = False
        while not self._rows and not self._is_done:
            self._feed()
        self.head: dict[int, bytes] = {}
        if self._rows and self._rows[0][0] == 1:
            self.head = self._rows.pop(0)[1]

    def _feed(self) -> None:
        chunk = next(self._chunks, b"")
        self._is_done = not chunk
        self._parser.feed(chunk, last=self._is_done)

    def pieces(self, layout: Layout) -> Iterator[Piece]:
        while True:
            if self._rows:
                yield self._piece(layout)
            if self._is_done:
                return
            self._feed()

    def _piece(self, layout: Layout) -> Piece:
        rows, self._rows = self._rows, []
        return Piece(
            [line for line, _ in rows],
            [[row.get(number, b"") for _, row in rows] for number in layout.wanted],
            [(line, number, body) for line, row in rows for number, body in row.items() if number not in layout.headed],
        )

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            line = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self._line + 1
            if not self._line < line <= LAST_ROW:
                raise Unreadable(BROKEN_PART)
            self._line, self._column, self._row = line, -1, {}
        elif name == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            self._column = column_number(letters) if letters else self._column + 1
            self._count += 1
            if self._count > CELL_LIMIT:
                raise Unreadable(
                    f"一张工作表里有 {CELL_LIMIT:,} 个以上的单元格，几乎都是空的，不予读取。请删去表格以外的行列再导入。"
                )
            self._is_in_cell = True
        elif name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        if self._is_in_cell:
            self._cell.start(name, attributes)

    def _text(self, characters: str) -> None:
        if self._is_in_cell:
            self._cell.add(characters)

    def _end(self, name: str) -> None:
        if name == "c":
            self._is_in_cell = False
            if not self._cell.is_empty:
                self._row[self._column] = _as_plain(self._cell)
        elif self._is_in_cell:
            self._cell.end(name)
        elif name == "row":
            self._rows.append((self._line, self._row))


def _as_plain(cell: CellContent) -> bytes:
    """The cell as the plain writers write it, so that both ways give the same bytes to read on from."""
    style, kind, text = cell.taken()
    formula = "<f/>" if cell.has_formula else ""
    shown = "" if text is None else f"<v>{escape(text)}</v>"
    return f' s="{style}" t="{kind}">{formula}{shown}</c>'.encode()
