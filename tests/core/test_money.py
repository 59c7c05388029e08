from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core import money
from chuangwei.core.errors import DomainError

AMOUNTS = st.integers(min_value=-(money.LARGEST - 1), max_value=money.LARGEST - 1)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0.00 元"), (1, "0.01 元"), (-5, "-0.05 元"), (100_000, "1,000.00 元"), (-100_000, "-1,000.00 元"),
        (123_456_789, "1,234,567.89 元"),
    ],
)  # fmt: skip
def test_yuan_text(fen, text):
    assert money.yuan_text(fen) == text


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,000.00 元", 100_000), ("1000", 100_000), ("1000.5", 100_050), ("-0.05", -5), ("+3", 300), (" 1 234 ", 123_400),
    ],
)  # fmt: skip
def test_fen_from_text(text, fen):
    assert money.fen_from_text(text) == fen


@pytest.mark.parametrize("text", ["", "元", "1.234", "1,00", "1e3", "壹仟", "1.", ".5", "--1", "9" * 20])
def test_fen_from_text_refuses_what_is_no_amount(text):
    with pytest.raises(DomainError):
        money.fen_from_text(text)


@given(AMOUNTS)
def test_yuan_text_reads_back(fen):
    assert money.fen_from_text(money.yuan_text(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "capitals"),
    [
        # The examples of the rules for bills, where they leave a choice the one without the optional 零.
        (168_032, "人民币壹仟陆佰捌拾元叁角贰分"),
        (140_950, "人民币壹仟肆佰零玖元伍角"),
        (600_714, "人民币陆仟零柒元壹角肆分"),
        (10_700_053, "人民币壹拾万零柒仟元伍角叁分"),
        (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (32_504, "人民币叁佰贰拾伍元零肆分"),
        # Ends and zeros.
        (0, "人民币零元整"),
        (5, "人民币伍分"),
        (50, "人民币伍角"),
        (55, "人民币伍角伍分"),
        (100, "人民币壹元整"),
        (1_000, "人民币壹拾元整"),
        (100_000, "人民币壹仟元整"),
        (-100_000, "负人民币壹仟元整"),
        (10_000_000_000, "人民币壹亿元整"),
        (10_000_000_100, "人民币壹亿零壹元整"),
        (1_001_000_000, "人民币壹仟零壹万元整"),
    ],
)
def test_capital_amount(fen, capitals):
    expected = capitals.replace("壹拾万零柒仟", "壹拾万柒仟")
    assert money.capital_amount(fen) == expected


def read_capitals(text: str) -> int:
    """The fen of an amount in capitals, by an oracle that shares nothing with the writer."""
    sign = -1 if text.startswith("负") else 1
    rest = text.removeprefix("负").removeprefix("人民币").removesuffix("整")
    whole, has_yuan, small = rest.partition("元")
    if not has_yuan:
        whole, small = "", rest
    fen, digit = 0, 0
    for character in small:
        if character in money.CAPITALS:
            digit = money.CAPITALS.index(character)
        else:
            fen += digit * {"角": 10, "分": 1}[character]
    return sign * (_whole(whole) * 100 + fen)


def _whole(text: str) -> int:
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if name in text:
            high, _, low = text.rpartition(name)
            return _whole(high) * size + _whole(low)
    total, digit = 0, 0
    for character in text:
        if character in money.CAPITALS:
            digit = money.CAPITALS.index(character)
        else:
            total, digit = total + digit * {"拾": 10, "佰": 100, "仟": 1000}[character], 0
    return total + digit


@given(AMOUNTS)
def test_capital_amount_reads_back(fen):
    written = money.capital_amount(fen)
    assert read_capitals(written) == fen
    assert "零零" not in written
    assert written.endswith("整") == (fen % 100 == 0)


@pytest.mark.parametrize("amount", [1.0, True, "100", None])
def test_money_is_never_anything_but_whole_fen(amount):
    with pytest.raises(TypeError):
        money.yuan_text(amount)


@pytest.mark.parametrize("amount", [money.LARGEST, -money.LARGEST])
def test_more_than_a_book_holds_is_refused(amount):
    with pytest.raises(ValueError, match="more than any book"):
        money.capital_amount(amount)


@pytest.mark.parametrize(
    ("fen", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10, [0, 1], [0, 10]),
        (5, [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)], [3, 1, 1]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_share_gives_what_is_left_to_the_largest_remainders(fen, weights, shares):
    assert money.share(fen, weights) == shares


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 1000), min_size=1).filter(any))
def test_share_loses_no_fen_and_is_off_by_less_than_one(fen, weights):
    shares = money.share(fen, weights)
    assert sum(shares) == fen
    for part, weight in zip(shares, weights, strict=True):
        assert abs(part - Fraction(fen * weight, sum(weights))) < 1


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 3]])
def test_share_refuses_weights_that_share_nothing(weights):
    with pytest.raises(ValueError, match="weights"):
        money.share(100, weights)
