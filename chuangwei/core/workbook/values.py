"""What one cell holds: nothing, a text, a number, yes or no, a time on the wall clock, or something that is no value."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chuangwei.core.workbook.guard import Unreadable
from chuangwei.core.workbook.markup import BROKEN_PART, Attributes, parse
from chuangwei.core.workbook.strings import SharedStrings

NO_RESULT = "公式没有存下结果。请在 Excel 中打开、重算并保存，或把公式换成数值。"
NOT_A_NUMBER = "这个数读不出来。"

PLAIN_CELL = re.compile(
    rb'(?: s="(\d{1,9})")?+(?: t="(\w+)")?+(?:/>|>'
    rb"(<f[^>]*+>(?:(?<=/>)|[^<]*+</f>))?+"
    rb'(?:<v>([^<&]*+)</v>|<v/>|<v></v>|<is><t(?: xml:space="preserve")?+>([^<&]*+)</t></is>)?+</c>)'
)
SHARED, SHARED_END = b' t="s"><v>', b"</v></c>"
"""Around the number of a shared text without a format: half the cells of most workbooks."""
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

# Numbers of built-in formats that show a day or a clock, the Chinese ones among them.
DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]')
ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]")
DATE_CODE = re.compile("[ymdhs]", re.IGNORECASE)
EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock without a place
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - the other calendar of old Macintosh files
PHANTOM_DAY = 60
"""Excel believes that 1900-02-29 existed; days before it are one off."""
LAST_SERIAL = 2_958_466


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that holds no value, and the sentence that says so."""

    message: str


Cell = str | float | bool | datetime | None | BadCell


@dataclass(frozen=True, slots=True)
class Formats:
    """Which of the workbook's cell formats show a day, and from which epoch days are counted."""

    shows_a_day: Sequence[bool] = ()
    is_1904: bool = False


def is_date_format(code: str) -> bool:
    """Whether a number format shows a day or a clock; a running time such as [h]:mm is a number."""
    bare = NOT_CODE.sub("", code.partition(";")[0])
    return not ELAPSED.search(bare) and "general" not in bare.lower() and DATE_CODE.search(bare) is not None


class CellReader:
    """Turns the XML of a cell, from behind its address to its end, into what it holds."""

    def __init__(self, strings: SharedStrings, formats: Formats) -> None:
        self._strings = strings
        self._formats = formats

    def read(self, body: bytes) -> Cell:
        """`body` is such as ` s="2" t="s"><v>17</v></c>`."""
        if body.startswith(SHARED) and (number := body[len(SHARED) : -len(SHARED_END)]).isdigit():
            return self._text("s", number.decode())
        plain = PLAIN_CELL.fullmatch(body)
        if plain is None:
            return self.read_exactly(b"<c" + body)
        style, kind, formula, shown, inline = plain.groups()
        text = shown if shown is not None else inline
        if text is None and b"<v" in body:
            text = b""
        try:
            decoded = None if text is None else text.decode()
        except UnicodeDecodeError as error:
            raise Unreadable(BROKEN_PART) from error
        return self.value(int(style or 0), (kind or b"n").decode(), decoded, has_formula=formula is not None)

    def read_exactly(self, element: bytes) -> Cell:
        """One `<c>` element by the XML parser: runs of text, entities, anything the plain pattern does not know."""
        content = CellContent()
        parse([element], start=content.start, end=content.end, text=content.add)
        return self.value(*content.taken(), has_formula=content.has_formula)

    def value(self, style: int, kind: str, text: str | None, *, has_formula: bool) -> Cell:
        if kind == "e":
            return BadCell(f"单元格是 Excel 错误值 {text or ''}。请改正公式，或填入结果。".replace("  ", " "))
        if has_formula and (text is None or (not text and kind != "str")):
            return BadCell(NO_RESULT)
        return self._typed(style, kind, text) if text else None

    def _typed(self, style: int, kind: str, text: str) -> Cell:
        if kind in {"s", "str", "inlineStr"}:
            return self._text(kind, text)
        if kind == "b":
            return text.strip() == "1"
        if kind == "d":
            return _iso(text)
        return self._number(style, text)

    def _text(self, kind: str, text: str) -> str | None:
        if kind == "s":
            text = self._strings[_index(text)]
        if "_x" in text:
            text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        return text if text.strip() else None

    def _number(self, style: int, text: str) -> Cell:
        try:
            number = float(text)
        except ValueError:
            return BadCell(NOT_A_NUMBER)
        if not math.isfinite(number):
            return BadCell(NOT_A_NUMBER)
        days = self._formats.shows_a_day
        if style < len(days) and days[style]:
            return from_serial(number, is_1904=self._formats.is_1904)
        return number


class CellContent:
    """Collects one `<c>` element: its format, its type, its text, whether it has a formula."""

    def __init__(self) -> None:
        self.reset({})

    def reset(self, attributes: Attributes) -> None:
        self.style, self.kind = attributes.get("s", "0"), attributes.get("t", "n")
        self.has_formula = False
        self._text: list[str] | None = None
        self._inside: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self.reset(attributes)
        elif name == "f":
            self.has_formula = True
        elif name in {"v", "t"} and self._text is None:
            self._text = []
        self._inside.append(name)

    def end(self, _name: str) -> None:
        self._inside.pop()

    def add(self, characters: str) -> None:
        if self._text is not None and self._inside[-1] in {"v", "t"} and "rPh" not in self._inside:
            self._text.append(characters)

    @property
    def is_empty(self) -> bool:
        return self._text is None and not self.has_formula

    def taken(self) -> tuple[int, str, str | None]:
        return _index(self.style), self.kind, None if self._text is None else "".join(self._text)


def from_serial(number: float, *, is_1904: bool) -> datetime | BadCell:
    """A wall clock time from days since the epoch, to the nearest second."""
    if not 0 <= number < LAST_SERIAL:
        return BadCell(f"{number:g} 不是 Excel 能表示的日期。")
    epoch = EPOCH_1904 if is_1904 else EPOCH_1900
    if not is_1904 and number < PHANTOM_DAY:
        epoch += timedelta(days=1)
    try:
        return epoch + timedelta(seconds=math.floor(number * 86400 + 0.5))
    except OverflowError:  # rounded up, or in the other calendar: beyond the year 9999
        return BadCell(f"{number:g} 不是 Excel 能表示的日期。")


def _iso(text: str) -> datetime | BadCell:
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix("Z")) + timedelta(microseconds=500_000)
    except (ValueError, OverflowError):
        return BadCell(f"“{text}”不是日期。")
    return moment.replace(microsecond=0, tzinfo=None)


def _index(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Unreadable(BROKEN_PART) from error
