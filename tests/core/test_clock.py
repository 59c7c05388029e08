from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core import clock

NOON = datetime(2023, 9, 4, 4, tzinfo=UTC)  # twelve o'clock in Shanghai


def test_now_is_the_present_instant_in_utc():
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2023, 9, 4, 15, 59, 59, tzinfo=UTC), date(2023, 9, 4)),
        (datetime(2023, 9, 4, 16, tzinfo=UTC), date(2023, 9, 5)),
        (datetime(2023, 12, 31, 16, tzinfo=UTC), date(2024, 1, 1)),
        (datetime(2023, 9, 4, 23, tzinfo=timezone(timedelta(hours=-5))), date(2023, 9, 5)),
    ],
)
def test_local_day_is_the_day_in_shanghai(instant, day):
    assert clock.local_day(instant) == day


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a time zone"):
        clock.local_day(datetime(2023, 9, 4))  # noqa: DTZ001


def test_instant_is_a_time_on_shanghai_clocks():
    assert clock.instant(date(2023, 9, 4), time(12)) == NOON
    assert clock.instant(date(2023, 9, 4)) == datetime(2023, 9, 3, 16, tzinfo=UTC)


@given(st.dates(min_value=date(1992, 1, 1)), st.times())
def test_local_and_instant_are_there_and_back(day, moment):
    there = clock.local(clock.instant(day, moment))
    assert (there.date(), there.time()) == (day, moment)


def test_frozen_stops_the_clock_and_lets_it_go_again():
    with clock.frozen(NOON):
        assert (clock.now(), clock.today()) == (NOON, date(2023, 9, 4))
        with clock.frozen(NOON + timedelta(days=1)) as later:
            assert clock.now() == later == NOON + timedelta(days=1)
        assert clock.now() == NOON
    assert clock.now() > NOON + timedelta(days=365)


def test_frozen_lets_go_after_a_failure():
    with pytest.raises(KeyError), clock.frozen(NOON):
        raise KeyError
    assert clock.now() != NOON
