"""What a paper writes, from values alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.domain.documents import rules


@pytest.mark.parametrize(
    ("code", "year", "number", "text"),
    [("云创卫办", 2026, 1, "云创卫办〔2026〕1号"), ("青政办", 2023, 120, "青政办〔2023〕120号")],
)
def test_a_number_is_code_year_and_place(code: str, year: int, number: int, text: str) -> None:
    assert rules.number_text(code, year, number) == text


@pytest.mark.parametrize(
    ("code", "is_right"),
    [
        ("云创卫办", True),
        ("云", False),
        ("云 办", False),
        ("云〔办", False),
        ("云2办", False),
        ("", False),
        ("字" * 17, False),
    ],
)
def test_an_issuers_code(code: str, *, is_right: bool) -> None:
    assert rules.is_code(code) is is_right


def test_days_are_written_without_zeros() -> None:
    assert rules.day_text(date(2026, 3, 5)) == "2026年3月5日"
    assert rules.days_text(date(2026, 10, 19), date(2026, 10, 25)) == "10月19日至10月25日"
    assert rules.days_text(date(2025, 12, 29), date(2026, 1, 4)) == "2025年12月29日至2026年1月4日"


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        ([1, 1], ["一、", "二、"]),
        ([1, 2, 2, 1, 2], ["一、", "（一）", "（二）", "二、", "（一）"]),
        ([3, 3, 4, 4, 3, 4], ["1.", "2.", "（1）", "（2）", "3.", "（1）"]),
        ([], []),
    ],
)
def test_ordinals(levels: list[int], told: list[str]) -> None:
    assert list(rules.ordinals(levels)) == told


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(0, 3, "0.0%"), (1, 3, "33.3%"), (2, 3, "66.7%"), (3, 3, "100.0%"), (1, 2000, "0.1%")]
)
def test_a_percentage_is_rounded_half_up(part: int, whole: int, text: str) -> None:
    assert rules.percent(part, whole) == text


@pytest.mark.parametrize(("values", "mean"), [([1], 1), ([1, 2], 2), ([9020, 9053], 9037), ([0, 0, 1], 0)])
def test_a_mean_is_rounded_half_up(values: list[int], mean: int) -> None:
    assert rules.mean(values) == mean


@pytest.mark.parametrize(("value", "text"), [(9305, "93.05"), (5, "0.05"), (-40, "-0.40"), (0, "0.00")])
def test_hundredths(value: int, text: str) -> None:
    assert rules.hundredths(value) == text


@pytest.mark.parametrize(
    ("number", "printed"), [("-0.40", "−0.40"), ("96.35", "96.35"), ("-1,000.00", "−1,000.00"), ("—", "—")]
)
def test_a_number_is_printed_with_the_minus_sign(number: str, printed: str) -> None:
    assert rules.shown(number) == printed


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于评比情况的通报", ["关于评比情况的通报"]),
        ("关于2026年第43周社区周评比情况的通报", ["关于2026年第43周", "社区周评比情况的通报"]),
    ],
)
def test_a_long_title_breaks_where_words_end(title: str, lines: list[str]) -> None:
    assert rules.title_lines(title, 19) == lines


@given(st.text(alphabet="关于年第周评比的、情况通报2345", max_size=90), st.integers(10, 22))
def test_a_title_keeps_its_words_and_its_width(title: str, most: int) -> None:
    lines = rules.title_lines(title, most)
    assert "".join(lines) == title
    assert all(len(line) <= most for line in lines) or any(rules.NOT_APART.search(line) for line in lines)
