from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chuangwei.web.shared.templatetags import words


@pytest.mark.parametrize(
    ("function", "value", "expected"),
    [
        (words.score, Decimal("93.1"), "93.10"),
        (words.score, "-0.4", "−0.40"),
        (words.score, None, "—"),
        (words.hundredths, 9312, "93.12"),
        (words.hundredths, 0, "0.00"),
        (words.hundredths, None, "—"),
        (words.signed_hundredths, -40, "−0.40"),
        (words.signed_hundredths, 100, "+1.00"),
        (words.signed_hundredths, 0, "0.00"),
        (words.signed_hundredths, None, "—"),
        (words.signed, None, "—"),
        (words.points, Decimal("2.5000"), "2.5"),
        (words.points, Decimal(100), "100"),
        (words.points, Decimal("-0.20"), "−0.2"),
        (words.points, None, "—"),
        (words.number, 386400, "386,400"),
        (words.number, 0, "0"),
        (words.number, None, "—"),
        (words.number, "", "—"),
        (words.share, Decimal("0.4"), "40%"),
        (words.share, Decimal("0.3333"), "33.33%"),
        (words.share, None, "—"),
        (words.yuan, 100000, "+1,000 元"),
        (words.yuan, -100050, "−1,000.50 元"),
        (words.yuan, 0, "0 元"),
        (words.yuan, None, "—"),
        (words.day, date(2023, 9, 4), "2023年9月4日"),
        (words.day, None, "—"),
        (words.short_day, date(2023, 9, 4), "9月4日"),
        (words.short_day, None, "—"),
        (words.weekday, date(2023, 9, 10), "周日"),
        (words.moment, datetime(2023, 9, 3, 16, 5, tzinfo=UTC), "2023-09-04 00:05"),
        (words.moment, None, "—"),
    ],
)
def test_values_are_written_for_people(function, value, expected):
    assert function(value) == expected
