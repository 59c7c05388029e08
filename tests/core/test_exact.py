from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core.exact import ScaledDecimalField, to_decimal, to_whole

FIELD = ScaledDecimalField(scale=4)


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_scaled_decimal_comes_back_as_it_went(whole: int, scale: int):
    assert to_whole(to_decimal(whole, scale), scale) == whole


@pytest.mark.parametrize(
    ("text", "whole"), [("0.1", 1000), ("0", 0), ("12", 120000), ("-0.2", -2000), ("0.0001", 1), ("1E+2", 1000000)]
)
def test_scaled_decimal_is_kept_as_a_whole_number(text: str, whole: int):
    assert FIELD.get_prep_value(Decimal(text)) == whole
    assert FIELD.from_db_value(whole, None, None) == Decimal(text)


def test_scaled_decimal_keeps_none():
    assert FIELD.get_prep_value(None) is None
    assert FIELD.from_db_value(None, None, None) is None
    assert FIELD.to_python(None) is None


def test_scaled_decimal_refuses_a_float():
    with pytest.raises(ValidationError, match="不能用浮点数"):
        FIELD.get_prep_value(0.1)


def test_scaled_decimal_refuses_more_decimals_than_it_keeps():
    with pytest.raises(ValueError, match="最多保留 4 位小数"):
        FIELD.get_prep_value(Decimal("0.00001"))


def test_scaled_decimal_reads_a_text_and_keeps_its_scale_in_migrations():
    assert FIELD.to_python("2.5") == Decimal("2.5")
    assert FIELD.deconstruct()[3]["scale"] == 4
