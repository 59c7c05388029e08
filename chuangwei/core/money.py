"""Money is whole fen. Here it becomes text, text becomes it, and it is shared without losing a fen."""

import re
from collections.abc import Sequence
from fractions import Fraction

from chuangwei.core.errors import DomainError
from chuangwei.core.text import spelled

LARGEST = 10**18
"""Amounts stay below this many fen: what both engines hold in an integer column, and more than any county has."""

CAPITALS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
WRITTEN = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?(元)?")


def yuan(fen: int) -> str:
    """1,000.00 for 100000 fen: thousands grouped, always two decimals."""
    amount = _checked(fen)
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def yuan_text(fen: int) -> str:
    """1,000.00 元, as in a table or a sentence."""
    return f"{yuan(fen)} 元"


def fen_from_text(text: str) -> int:
    """The fen of 1,000, 1000.5, -1,000.00 元 …; DomainError for anything that is not an amount of whole fen."""
    match = WRITTEN.fullmatch(re.sub(r"\s", "", text))
    if match is None:
        raise DomainError(f"“{text.strip()}”不是金额，应形如 1,000.00，最多两位小数。")
    sign, whole, decimals, _ = match.groups()
    fen = int(whole.replace(",", "")) * 100 + int((decimals or "").ljust(2, "0"))
    if fen >= LARGEST:
        raise DomainError(f"金额“{text.strip()}”太大。")
    return -fen if sign == "-" else fen


def capital_amount(fen: int) -> str:
    """人民币壹仟元整: the amount in capital characters, by the rules for bills (支付结算办法附一).

    整 closes an amount in whole yuan only; a missing jiao before a fen is written 零; a negative amount begins with 负.
    """
    amount = _checked(fen)
    whole, rest = divmod(abs(amount), 100)
    jiao, cents = divmod(rest, 10)
    text = f"{spelled(whole, digits=CAPITALS, places=PLACES)}元" if whole or not rest else ""
    if not rest:
        text += "整"
    elif jiao:
        text += f"{CAPITALS[jiao]}角"
    elif whole:
        text += "零"
    if cents:
        text += f"{CAPITALS[cents]}分"
    return f"{'负' if amount < 0 else ''}人民币{text}"


def share(fen: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Split an amount by weights into whole fen that add up to it exactly.

    Each share is rounded towards zero; what is left goes fen by fen to the largest remainders, the first of equal
    ones first. ValueError for no weight above zero or one below.
    """
    amount, total = _checked(fen), sum(weights, Fraction(0))
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and must not all be zero")
    exact = [Fraction(abs(amount)) * weight / total for weight in weights]
    shares = [part.numerator // part.denominator for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_remainder[: abs(amount) - sum(shares)]:
        shares[place] += 1
    return [-part for part in shares] if amount < 0 else shares


def _checked(fen: int) -> int:
    if type(fen) is not int:
        raise TypeError(f"money is whole fen, not {type(fen).__name__}")
    if abs(fen) >= LARGEST:
        raise ValueError(f"{fen} fen is more than any book here holds")
    return fen
