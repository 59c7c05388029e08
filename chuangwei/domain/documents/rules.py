"""What a paper writes: its number, its day, its headings (GB/T 9704-2012), from values alone."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from chuangwei.core.text import chinese_number

CODE = re.compile(r"[^\s〔〕\[\]（）()0-9]{2,16}")
"""An issuer's code 发文机关代字: no blanks, digits or brackets, which would blur the number."""

LEVELS = 4
MINUS = "\u2212"


def number_text(code: str, year: int, number: int) -> str:
    """云创卫办〔2026〕3号: the year whole and in its own brackets, the number without 第 and without zeros before it."""
    return f"{code}〔{year}〕{number}号"


def is_code(text: str) -> bool:
    return CODE.fullmatch(text) is not None


def day_text(day: date) -> str:
    """2026年10月30日: Arabic figures, months and days without zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def days_text(first: date, last: date) -> str:
    """10月19日至10月25日; the year only where the two differ."""
    if first.year != last.year:
        return f"{day_text(first)}至{day_text(last)}"
    return f"{first.month}月{first.day}日至{last.month}月{last.day}日"


def ordinals(levels: Iterable[int]) -> Iterator[str]:
    """一、 （一） 1. （1） for headings of these levels (1 to 4) in their order; a higher one begins the lower anew."""
    counts = [0] * LEVELS
    for level in levels:
        counts[level - 1] += 1
        counts[level:] = [0] * (LEVELS - level)
        yield ordinal(level, counts[level - 1])


def ordinal(level: int, number: int) -> str:
    if level == 1:
        return f"{chinese_number(number)}、"
    if level == 2:
        return f"（{chinese_number(number)}）"
    return f"{number}." if level == 3 else f"（{number}）"


def named(names: Iterable[str]) -> str:
    """望河社区、鼓楼社区"""
    return "、".join(names)


def hundredths(value: int) -> str:
    """93.05 for 9305."""
    return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"


def shown(number: str) -> str:
    """A number as it is printed: with the minus sign − and not the hyphen that stands for it in a register."""
    return f"{MINUS}{number[1:]}" if number.startswith("-") else number


def percent(part: int, whole: int) -> str:
    """92.3% of a whole above zero, rounded half up to one decimal."""
    thousandths = (2000 * part + whole) // (2 * whole)
    return f"{thousandths // 10}.{thousandths % 10}%"


def mean(values: list[int]) -> int:
    """The mean of whole numbers, rounded half up; none may be negative, and there must be one."""
    return (2 * sum(values) + len(values)) // (2 * len(values))


BREAKS_AFTER = "的、，。；：）》”和与及于"
NOT_APART = re.compile(r"[0-9A-Za-z年第周月日]{2}")


def title_lines(title: str, most: int) -> list[str]:
    """A title in lines of about equal length, at most so many characters each, broken where words end if it may be.

    Never between the characters of a date or a number, nor before a closing mark (GB/T 9704-2012: 词意完整).
    """
    if len(title) <= most:
        return [title]
    count = -(-len(title) // most)
    ideal = len(title) / count
    places = [place for place in range(1, len(title)) if _may_break(title, place)]
    best = min(places, key=lambda place: _badness(title, place, ideal, most), default=most)
    return [title[:best], *title_lines(title[best:], most)]


def _may_break(title: str, place: int) -> bool:
    return NOT_APART.fullmatch(title[place - 1 : place + 1]) is None and title[place] not in "的、，。；：）》”〕"


def _badness(title: str, place: int, ideal: float, most: int) -> float:
    bonus = 2.5 if title[place - 1] in BREAKS_AFTER else 0
    return abs(place - ideal) - bonus + (100 if place > most else 0)
