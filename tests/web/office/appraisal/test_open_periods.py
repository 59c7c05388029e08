from datetime import UTC, date, datetime

import pytest

from chuangwei.domain.appraisal import queries
from chuangwei.web.office.appraisal.open_periods import choices
from tests.web.office.conftest import WEEKS

WEEKLY = {"slug": "weekly", "area_code": ""}


@pytest.fixture
def weekly(make_town):
    def build(**values):
        town = make_town(**values)
        return town, next(one for one in queries.all_series(day=date(2023, 9, 30)))

    return build


@pytest.mark.parametrize(
    ("kind", "day", "slug"),
    [
        ("day", date(2023, 9, 4), "2023-09-04"), ("week", date(2024, 12, 30), "2025-W01"),
        ("fortnight", date(2023, 9, 4), "2023-F18"), ("fortnight", date(2020, 12, 31), "2020-F27"),
        ("month", date(2023, 9, 4), "2023-09"), ("quarter", date(2023, 9, 4), "2023-Q3"), ("year", date(2023, 9, 4), "2023"),
    ],
)  # fmt: skip
def test_a_day_names_its_period(kind, day, slug):
    assert queries.span_holding(kind=kind, day=day).slug == slug


def test_the_weeks_with_visits_are_offered_from_the_first_not_computed(weekly):
    town, series = weekly()
    town.compute(last=WEEKS[0])
    found = choices(series)
    assert [(span.slug, span.is_done) for span in found.spans] == [
        (WEEKS[0], True),
        (WEEKS[1], False),
        (WEEKS[2], False),
    ]
    assert (found.first, found.last) == (WEEKS[1], WEEKS[2])


def test_where_all_is_computed_all_is_offered_again(weekly):
    town, series = weekly(weeks=2)
    town.compute(last=WEEKS[1])
    assert (choices(series).first, choices(series).last) == (WEEKS[0], WEEKS[1])


def test_what_lies_ahead_is_not_offered(weekly, frozen_clock):
    _, series = weekly()
    frozen_clock(datetime(2023, 9, 12, tzinfo=UTC))
    assert choices(series).last == WEEKS[1]
    frozen_clock(datetime(2023, 9, 1, tzinfo=UTC))
    assert choices(series) is None
