"""Which backups may go: by table, by property, and never the newest."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core.backup.retention import Retention, superfluous

START = datetime(2025, 1, 1, 17, 20, tzinfo=UTC)  # 01:20 of the next day in Shanghai


def nightly(days: int) -> dict[int, datetime]:
    return {day: START + timedelta(days=day) for day in range(days)}


def kept_after(days: int, retention: Retention) -> list[int]:
    """What a year of nights leaves, forgetting each night."""
    there: dict[int, datetime] = {}
    for day, at in nightly(days).items():
        there[day] = at
        for name in superfluous(there, retention):
            del there[name]
    return sorted(there)


@pytest.mark.parametrize(
    ("days", "retention", "kept"),
    [
        (3, Retention(), [0, 1, 2]),
        (8, Retention(7, 0, 0), list(range(1, 8))),
        (8, Retention(0, 0, 0), [7]),
        (60, Retention(2, 0, 2), [57, 58, 59]),
        # Weeks end on Sunday: 5, 12, 19 and 26 January 2025 are days 3, 10, 17 and 24.
        (30, Retention(0, 4, 0), [10, 17, 24, 29]),
    ],
)
def test_what_is_kept(days: int, retention: Retention, kept: list[int]) -> None:
    gone = superfluous(nightly(days), retention)
    assert sorted(set(range(days)) - set(gone)) == kept
    assert gone == sorted(gone)


def test_two_years_of_nights_leave_seven_days_four_weeks_and_twelve_months() -> None:
    kept = kept_after(730, Retention())
    assert kept[-7:] == list(range(723, 730))
    assert 7 + 2 + 10 <= len(kept) <= 7 + 4 + 12
    ages = [729 - day for day in kept]
    assert 300 <= max(ages) <= 365


@given(
    st.lists(st.integers(0, 800 * 24), unique=True),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 15),
)
def test_never_more_than_is_asked_and_always_the_newest(hours: list[int], days: int, weeks: int, months: int) -> None:
    backups = {hour: START + timedelta(hours=hour) for hour in hours}
    gone = superfluous(backups, Retention(days, weeks, months))
    kept = set(hours) - set(gone)
    assert len(kept) <= max(1, days + weeks + months)
    assert not hours or max(hours) in kept
    assert superfluous({hour: backups[hour] for hour in kept}, Retention(days, weeks, months)) == []
