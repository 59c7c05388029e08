"""What a cell means in a column (workbooks.md, How cells are read). Every reader takes a value that is there and
returns what it means, or raises BadValue with a sentence for the clerk.

Forms accepted beyond the letter of the page, because they can mean only one thing: days written 2023/9/4, 2023.9.4
or 2023年9月4日, a T between day and clock, seconds and their fractions, thousands separators, √ and TRUE for yes.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar

from chuangwei.core import clock
from chuangwei.core.text import INVISIBLE, code_text, free_text
from chuangwei.core.workbook.values import Cell

T = TypeVar("T")
Reader = Callable[[Cell], object]

CODE_LENGTH = 64
TEXT_LENGTH = 2000
EXACT_WHOLE = 2**53
"""Up to here a spreadsheet's numbers are exact; a longer code typed as a number has lost its last digits."""
COUNT_LIMIT = 2_000_000_000
NUMBER_LIMIT = Decimal(10) ** 12
FIRST_YEAR, LAST_YEAR = 1901, 2199

DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
)
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?")
NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
ILLEGIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
END_OF_DAY = time(23, 59, 59)


class BadValue(ValueError):
    """What a cell says cannot stand in its column; the message is for the clerk."""


def code(value: Cell) -> str:
    """NFKC, no white space; a whole number is its digits; no `|`."""
    if isinstance(value, float) and not (value.is_integer() and abs(value) <= EXACT_WHOLE):
        raise BadValue(f"{_number_text(value)} 不能作编码。编码过长或带小数时，请把单元格设为文本再填。")
    written = _code_text(value)
    if "|" in written:
        raise BadValue(f"“{written}”不能作编码：编码里不能有 |。")
    if len(written) > CODE_LENGTH:
        raise BadValue(f"编码最长 {CODE_LENGTH} 个字符，这里有 {len(written)} 个。")
    return written


def codes(value: Cell) -> tuple[str, ...]:
    """Several codes separated by 、 or a comma, in their order; one written twice counts once."""
    written = _code_text(value) if isinstance(value, str) else code(value)
    found = [code(part) for part in re.split("[、,]", written) if part]
    if not found:
        raise BadValue(f"“{written}”里没有编码。")
    return tuple(dict.fromkeys(found))


def word(value: Cell, *, length: int = CODE_LENGTH) -> str:
    """A word that is read like a code: a role, a kind."""
    written = code(value)
    if len(written) > length:
        raise BadValue(f"最长 {length} 个字，这里有 {len(written)} 个。")
    return written


def words(*, length: int) -> Reader:
    return lambda value: word(value, length=length)


def choice(options: Iterable[str] | Mapping[str, T]) -> Reader:
    """One of the words given, read like a code; a mapping gives what stands for it."""
    meanings: Mapping[str, object] = options if isinstance(options, Mapping) else {option: option for option in options}
    listed = "、".join(meanings)

    def read(value: Cell) -> object:
        written = _code_text(value)
        if written not in meanings:
            raise BadValue(f"“{written}”不在可填的词里：{listed}。")
        return meanings[written]

    return read


def text(*, length: int = TEXT_LENGTH) -> Reader:
    """Free text, only trimmed; numbers and days as a person reads them."""

    def read(value: Cell) -> str:
        found = _free_text(value)
        if len(found) > length:
            raise BadValue(f"最长 {length} 个字，这里有 {len(found)} 个。")
        return found

    return read


def yes_or_no(value: Cell) -> bool:
    if isinstance(value, bool):
        return value
    meaning = {"是": True, "否": False, "√": True}.get(_code_text(value))
    if meaning is None:
        raise BadValue(f"只能填是或否，这里是“{_code_text(value)}”。")
    return meaning


def number(value: Cell) -> Decimal:
    """A number in its shortest decimal form: 0.1 is exactly 0.1."""
    if isinstance(value, float):
        found = Decimal(repr(value))
    else:
        written = _code_text(value)
        if not NUMBER.fullmatch(written):
            raise BadValue(f"“{written}”不是数。")
        found = Decimal(written.replace(",", ""))
    if abs(found) >= NUMBER_LIMIT:
        raise BadValue(f"{_number_text(value)} 太大了。")
    return found.normalize() + 0


def amount(*, places: int) -> Reader:
    """A number not below 0 with at most so many decimals."""

    def read(value: Cell) -> Decimal:
        found = number(value)
        if found < 0:
            raise BadValue(f"不能小于 0，这里是 {found:f}。")
        if found != found.quantize(Decimal(1).scaleb(-places)):
            raise BadValue(f"最多 {places} 位小数，这里是 {found:f}。")
        return found

    return read


def count(value: Cell) -> int:
    """A whole number not below 0."""
    found = number(value)
    if found != found.to_integral_value() or not 0 <= found <= COUNT_LIMIT:
        raise BadValue(f"须为不小于 0 的整数，这里是 {found:f}。")
    return int(found)


def degrees(value: Cell) -> float:
    """A coordinate; whether it lies in the country is judged with its partner."""
    return float(number(value))


def day(value: Cell) -> date:
    """An Excel day or text such as 2023-09-04; a clock behind it is allowed only in an Excel date, which hides it."""
    if isinstance(value, datetime):
        return _checked(value).date()
    moment, has_clock = _moment(value)
    if has_clock and moment.time() != time():
        raise BadValue(f"这里只填日期，不填时刻：“{_free_text(value)}”。")
    return moment.date()


def instant(value: Cell) -> datetime:
    """An instant in UTC; the wall clock is that of Asia/Shanghai, and without a clock it is midnight."""
    moment, _ = _moment(value)
    return clock.instant(moment.date(), moment.time())


def deadline(value: Cell) -> datetime:
    """As `instant`, but a day without a clock ends at 23:59:59; so does an Excel date at 00:00."""
    moment, has_clock = _moment(value)
    if not has_clock or (isinstance(value, datetime) and moment.time() == time()):
        return clock.instant(moment.date(), END_OF_DAY)
    return clock.instant(moment.date(), moment.time())


def _moment(value: Cell) -> tuple[datetime, bool]:
    """The wall clock time a cell says, to the nearest second, and whether it says a clock."""
    if isinstance(value, datetime):
        return _checked(value), True
    if not isinstance(value, str):
        raise BadValue(f"{_number_text(value)} 不是日期。请把单元格格式设为日期，或写成 2023-09-04。")
    written = unicodedata.normalize("NFKC", value).strip()
    start = DAY.match(written)
    if start is None:
        raise BadValue(f"“{written}”不是日期。请写成 2023-09-04 或 2023-09-04 15:20。")
    rest = written[start.end() :]
    clock_text = re.sub(r"\s*:\s*", ":", rest.strip())
    year, month, day_of_month = (int(part) for part in start.groups() if part)
    at = CLOCK.fullmatch(clock_text.removeprefix("T"))
    if clock_text and (at is None or not (rest[:1].isspace() or rest.startswith("T"))):
        raise BadValue(f"“{written}”里的时刻读不出来。请写成 2023-09-04 15:20。")
    try:
        moment = datetime(year, month, day_of_month)  # noqa: DTZ001 - a wall clock; callers place it
        if at is not None:
            moment = moment.replace(hour=int(at[1]), minute=int(at[2]), second=int(at[3] or 0))
            moment += timedelta(seconds=1 if Decimal(at[4] or 0) >= Decimal("0.5") else 0)
    except (ValueError, OverflowError) as error:
        raise BadValue(f"没有“{written}”这一天或这个时刻。") from error
    return _checked(moment), at is not None


def _checked(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadValue(f"{moment:%Y-%m-%d} 不像实际的日期。请检查单元格。")
    return moment


def _code_text(value: Cell) -> str:
    if isinstance(value, str) and value.isascii() and value.isprintable() and " " not in value:
        return value  # the usual code, which NFKC leaves as it is
    if isinstance(value, bool):
        raise BadValue("这里是逻辑值 TRUE/FALSE，应填文字或编码。")
    if isinstance(value, datetime):
        raise BadValue(f"这里是日期 {value:%Y-%m-%d}，应填文字或编码。请把单元格设为文本再填。")
    if isinstance(value, float):
        return _number_text(value)
    return _legible(code_text(value if isinstance(value, str) else ""))


def _free_text(value: Cell) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return _number_text(value)
    return _legible(free_text(value if isinstance(value, str) else "").replace("\r\n", "\n").replace("\r", "\n"))


def _legible(written: str) -> str:
    """Characters no database or page can carry are a mistake; most come from copying out of other programs."""
    if ILLEGIBLE.search(written):
        raise BadValue("文字里有看不见的控制字符，请删去重填。")
    return written


def _number_text(value: Cell) -> str:
    """A number as a person reads it: digits without a point where it is whole."""
    if not isinstance(value, float):
        return str(value)
    return str(int(value)) if value.is_integer() and abs(value) <= EXACT_WHOLE else f"{Decimal(repr(value)):f}"


def head(value: Cell) -> str:
    """A column's head as it is compared: like a code, without the star that marks a required column."""
    if isinstance(value, str):
        return code_text(ILLEGIBLE.sub("", value)).strip(INVISIBLE).rstrip("*")
    try:
        return _code_text(value)
    except BadValue:
        return _free_text(value)
