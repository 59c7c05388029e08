"""How values are written for people: scores, changes, money, days."""

from datetime import date, datetime
from decimal import Decimal

from django import template

from chuangwei.core import clock, money

register = template.Library()

MISSING = "—"
MINUS = "−"
WEEKDAYS = "一二三四五六日"


@register.filter
def score(value: Decimal | str | None) -> str:
    """93.12; a missing one is a dash."""
    return MISSING if value in (None, "") else f"{Decimal(str(value)):.2f}".replace("-", MINUS)


@register.filter
def hundredths(value: int | None) -> str:
    """Points kept as whole hundredths: 9312 → 93.12."""
    return MISSING if value is None else score(Decimal(value).scaleb(-2))


@register.filter
def signed_hundredths(value: int | None) -> str:
    """−40 → −0.40, 100 → +1.00."""
    return MISSING if value is None else signed(Decimal(value).scaleb(-2))


@register.filter
def points(value: Decimal | int | None) -> str:
    """Points without needless zeros: 5, 2.5."""
    if value is None:
        return MISSING
    text = f"{Decimal(value):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


@register.filter
def signed(value: Decimal | str | None) -> str:
    """+1.00, −0.40, 0.00: a change says its direction."""
    if value in (None, ""):
        return MISSING
    number = Decimal(str(value))
    sign = "+" if number > 0 else MINUS if number < 0 else ""
    return f"{sign}{abs(number):.2f}"


@register.filter
def number(value: int | str | None) -> str:
    """386400 → 386,400; a missing one is a dash."""
    return f"{value:,}" if isinstance(value, int) else MISSING


@register.filter
def share(value: Decimal | str | None) -> str:
    """A weight as a share: 0.4 → 40%."""
    return MISSING if value in (None, "") else f"{points(Decimal(str(value)) * 100)}%"


@register.filter
def yuan(fen: int | None) -> str:
    """Whole fen as signed yuan: +1,000 元, −1,000.50 元, 0 元."""
    if fen is None:
        return MISSING
    sign = "+" if fen > 0 else MINUS if fen < 0 else ""
    return f"{sign}{money.yuan(abs(fen)).removesuffix('.00')} 元"


@register.filter
def day(value: date | None) -> str:
    """2023年9月4日"""
    return f"{value.year}年{value.month}月{value.day}日" if value else MISSING


@register.filter
def short_day(value: date | None) -> str:
    """9月4日"""
    return f"{value.month}月{value.day}日" if value else MISSING


@register.filter
def weekday(value: date) -> str:
    return f"周{WEEKDAYS[value.weekday()]}"


@register.filter
def moment(value: datetime | None) -> str:
    """2023-09-04 15:20 on a Shanghai clock."""
    return f"{clock.local(value):%Y-%m-%d %H:%M}" if value else MISSING
