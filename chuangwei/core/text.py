"""Small pure helpers for Chinese text: codes, numerals, search, sorting, masking."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Self

DIGITS = "零一二三四五六七八九"
PLACES = ("", "十", "百", "千")
# Not white space to Python, yet nobody sees them; copied text is full of them.
INVISIBLE = "\u200b\u2060\ufeff"
BRACKETED = re.compile(r"（[^（）]*）|\([^()]*\)|【[^【】]*】|〔[^〔〕]*〕|\[[^\[\]]*\]")
HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f\U00030000-\U000323af"
MOBILE = re.compile("1[3-9][0-9]{9}")
TOKEN = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")

# Names read otherwise than the word: the surname's own reading, in the notation of the keys below.
SURNAMES = {
    "曾": "zeng1", "单": "shan4", "解": "xie4", "仇": "qiu2", "任": "ren2", "区": "ou1", "查": "zha1",
    "盖": "ge3", "朴": "piao2", "覃": "qin2", "翟": "zhai2", "华": "hua4", "燕": "yan1", "乐": "yue4",
    "缪": "miao4", "冼": "xian3", "员": "yun4", "黑": "he4", "秘": "bi4", "折": "she2", "种": "chong2",
    "卜": "bu3", "洗": "xian3", "葛": "ge3", "尉": "wei4", "那": "na1", "隗": "wei3",
    "尉迟": "yu4 chi2", "万俟": "mo4 qi2", "长孙": "zhang3 sun1", "澹台": "tan2 tai2", "令狐": "ling2 hu2",
}  # fmt: skip


def code_text(value: str | float | Decimal | None) -> str:
    """How a code is read: NFKC, without any white space; a whole number is its digits; None is empty.

    Capitals matter. TypeError for anything that is not a code at all, such as a date or a yes/no.
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise TypeError(f"not a code: {value!r}")
    if isinstance(value, str):
        if value.isascii():  # nearly every code, and a workbook has a million of them
            return "".join(value.split())
        text = "".join(part for part in unicodedata.normalize("NFKC", value) if not _is_blank(part))
        return unicodedata.normalize("NFKC", text)
    number = Decimal(str(value))
    return str(int(number)) if number.is_finite() and number == number.to_integral_value() else str(value)


def free_text(value: str | None) -> str:
    """How a name or a remark is read: only trimmed."""
    return (value or "").strip().strip(INVISIBLE).strip()


def _is_blank(character: str) -> bool:
    return character.isspace() or character in INVISIBLE


def without_brackets(text: str) -> str:
    """The text without its bracketed words: 农(集)贸市场 → 农贸市场; an unmatched bracket stays."""
    before = None
    while before != text:
        before, text = text, BRACKETED.sub("", text)
    return text.strip()


def alternatives(text: str) -> list[str]:
    """The words people may mean by a name: itself, without brackets, and that cut at / and 、; each once, in order."""
    bare = without_brackets(text)
    words = [text.strip(), bare, *(word.strip() for word in re.split("[/／、]", bare))]
    return list(dict.fromkeys(word for word in words if word))


def chinese_number(number: int) -> str:
    """一, 十, 十二, 一百零五, 二万零三十 … for a whole number from 0 below 10¹⁶."""
    if type(number) is not int or not 0 <= number < 10**16:
        raise ValueError(f"no Chinese numeral for {number!r}")
    text = spelled(number, digits=DIGITS, places=PLACES)
    return text[1:] if text.startswith("一十") else text


def spelled(number: int, *, digits: str, places: Sequence[str]) -> str:
    """A whole number in the given ten digits and four places; what stands before 亿 and 万 is written like a number."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            text = spelled(high, digits=digits, places=places) + name
            gap = digits[0] if 0 < low < size // 10 else ""
            return text + gap + (spelled(low, digits=digits, places=places) if low else "")
    text, gap = "", ""
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += gap + digits[digit] + places[place]
        gap = digits[0] if text and not digit else ""
    return text or digits[0]


def search_text(text: str) -> str:
    """What is put into the search index: Han characters one by one, other words whole, all in small letters.

    Anything else separates, so that both engines cut it alike; 解放路12号 becomes 解 放 路 12 号.
    """
    return " ".join(TOKEN.findall(unicodedata.normalize("NFKC", text).casefold()))


def search_phrase(words: str) -> str:
    """A person's words as one phrase for SQLite's full-text MATCH, quoted; empty where there is nothing to look for.

    On PostgreSQL give `search_text(words)` to phraseto_tsquery('simple', …): the same words in the same order.
    """
    tokens = search_text(words)
    return f'"{tokens}"' if tokens else ""


def sort_key(text: str) -> str:
    """The pinyin of a text, for sorting names of things: stored beside the name. Equal readings sort by the text."""
    return f"{_pinyin(text)} {text}".strip()


def person_sort_key(name: str) -> str:
    """The pinyin of a person's name: 单, 曾, 解 … are read as surnames."""
    for length in (2, 1):
        reading = SURNAMES.get(name[:length])
        if reading is not None:
            return f"{reading} {_pinyin(name[length:])} {name}".replace("  ", " ")
    return sort_key(name)


@lru_cache(maxsize=4096)
def _pinyin(text: str) -> str:
    # Loading the dictionary takes 0.2 s and 40 MB, which a process that sorts nothing need not pay.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    plain = unicodedata.normalize("NFKC", text).casefold()
    # Numbers are padded before they are read, so that 第 2 网格 comes before 第 10 网格.
    padded = re.sub("[0-9]+", lambda number: number[0].zfill(8), plain)
    syllables = lazy_pinyin(padded, style=Style.TONE3, neutral_tone_with_five=True)
    return " ".join(syllable.strip() for syllable in syllables if syllable.strip())


# --- Personal data ----------------------------------------------------------------------------------------------------


class Unreadable(str):
    """Stands for a value that is encrypted and does not open; as text it says why. `sealed` is what is stored."""

    __slots__ = ("sealed",)
    sealed: str

    def __new__(cls, why: str, *, sealed: str = "") -> Self:
        made = super().__new__(cls, why)
        made.sealed = sealed
        return made


def phone_number(phone: str) -> str:
    """The number itself, however it was written: digits alone, without the country's code and a needless nought.

    +86 138-0000 1234, 86 13800001234 and 013800001234 are 13800001234; +86 939 8212345 is 09398212345.
    """
    written = unicodedata.normalize("NFKC", phone).strip()
    number = "".join(re.findall("[0-9]", written))
    is_abroad = written.startswith("+") or number.startswith("00")
    number = number.removeprefix("00")
    if number.startswith("86") and (is_abroad or MOBILE.fullmatch(number[2:])):
        number = number[2:]
        if not MOBILE.fullmatch(number) and not number.startswith("0"):
            number = f"0{number}" if number else ""
    return number[1:] if number.startswith("0") and MOBILE.fullmatch(number[1:]) else number


def mask_phone(phone: str) -> str:
    """138****1234; of other numbers only the last four digits, of short ones nothing is left to see.

    One that does not open is told as it is.
    """
    if isinstance(phone, Unreadable):
        return str(phone)
    number = "".join(re.findall("[0-9]", unicodedata.normalize("NFKC", phone)))
    if len(number) >= 11:
        return f"{number[:-8]}****{number[-4:]}"
    return f"{'*' * (len(number) - 4)}{number[-4:]}" if len(number) > 5 else "*" * len(number)
