"""Decimals kept as whole numbers, so that both databases store, compare and return exactly the same value."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

if TYPE_CHECKING:
    WholeField = models.BigIntegerField[Any, Any]
else:
    WholeField = models.BigIntegerField


class ScaledDecimalField(WholeField):
    """A Decimal with at most `scale` decimals, stored as value × 10^scale.

    A float is refused: money and points never pass through binary fractions (domain §8).
    """

    def __init__(self, *args: Any, scale: int = 4, **kwargs: Any) -> None:
        self.scale = scale
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "scale": self.scale}

    def from_db_value(self, value: int | None, _expression: object, _connection: object) -> Decimal | None:
        return None if value is None else to_decimal(value, self.scale)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise ValidationError("这里须用十进制数，不能用浮点数。")
        return Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        return to_whole(Decimal(self.to_python(value) or 0), self.scale)


def to_whole(value: Decimal, scale: int) -> int:
    """value × 10^scale as an int; ValueError where more decimals are given than are kept."""
    whole = value.scaleb(scale)
    if whole != whole.to_integral_value():
        raise ValueError(f"最多保留 {scale} 位小数：{value}")
    return int(whole)


def to_decimal(whole: int, scale: int) -> Decimal:
    return Decimal(whole).scaleb(-scale).normalize() + Decimal(0)
