"""Working days and hours, against values worked out by hand and an oracle that counts minute by minute."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwei.core import calendar
from chuangwei.core.calendar import BadCalendar, Calendar, MissingYear, OfficeHours, TimeAllowed, TimeUnit
from chuangwei.core.clock import SHANGHAI, instant, local

EMERGENCY, HOURS, DAYS = TimeUnit.EMERGENCY_HOUR, TimeUnit.WORKING_HOUR, TimeUnit.WORKING_DAY
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

YEAR_2023 = tomllib.loads("""
year = 2023
source = "a notice"
title = "a title"
verified = true
holiday = [
    {name = "元旦", from = 2022-12-31, to = 2023-01-02},
    {name = "春节", from = 2023-01-21, to = 2023-01-27},
    {name = "中秋节、国庆节", from = 2023-09-29, to = 2023-10-06},
]
make_up = [2023-01-28, 2023-01-29, 2023-10-07, 2023-10-08]
""")
YEAR_2024 = {
    "year": 2024,
    "holiday": [{"name": "元旦", "from": date(2024, 1, 1), "to": date(2024, 1, 1)}],
    "make_up": [],
}
SEASONS = [
    OfficeHours.parse("05-01", ["8:30-12:00", "14:30-18:00"]),
    OfficeHours.parse("10-01", ["08:30-12:00", "14:00-17:30"]),
]
STANDARD = Calendar.from_tables([YEAR_2023, YEAR_2024])
SEASONAL = STANDARD.with_hours(SEASONS)


def at(text: str) -> datetime:
    """A time on Shanghai clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# --- Days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "worked", "holiday"),
    [
        ("2023-09-04", True, None),  # Monday
        ("2023-09-09", False, None),  # Saturday
        ("2023-09-29", False, "中秋节、国庆节"),
        ("2023-10-07", True, None),  # Saturday that is worked
        ("2023-01-01", False, "元旦"),
        ("2023-01-29", True, None),  # Sunday that is worked
    ],
)
def test_working_days_and_holidays(day, worked, holiday):
    assert STANDARD.is_working_day(date.fromisoformat(day)) is worked
    assert STANDARD.holiday(date.fromisoformat(day)) == holiday


def test_working_days_of_a_stretch():
    found = STANDARD.working_days(date(2023, 9, 28), date(2023, 10, 9))
    assert found == [date(2023, 9, 28), date(2023, 10, 7), date(2023, 10, 8), date(2023, 10, 9)]
    assert STANDARD.working_days(date(2023, 9, 5), date(2023, 9, 4)) == []


@pytest.mark.parametrize(
    ("day", "count", "reached"),
    [
        ("2023-09-04", 3, "2023-09-07"),
        ("2023-09-08", 1, "2023-09-11"),
        ("2023-09-28", 1, "2023-10-07"),
        ("2023-10-07", -1, "2023-09-28"),
        ("2023-09-09", 0, "2023-09-11"),
        ("2023-09-08", 0, "2023-09-08"),
        ("2023-09-10", 1, "2023-09-11"),
        ("2023-09-10", -1, "2023-09-08"),
    ],
)
def test_add_days_counts_working_days(day, count, reached):
    assert STANDARD.add_days(date.fromisoformat(day), count) == date.fromisoformat(reached)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: STANDARD.is_working_day(date(2031, 1, 1)),
        lambda: STANDARD.holiday(date(2022, 12, 31)),
        lambda: STANDARD.add_days(date(2024, 12, 31), 1),
        lambda: STANDARD.add(at("2024-12-31 17:00"), TimeAllowed(2, HOURS)),
        lambda: STANDARD.working_time(at("2022-12-30 09:00"), at("2023-01-03 09:00")),
        lambda: STANDARD.between(at("2024-12-31 09:00"), at("2025-01-03 09:00"), DAYS),
    ],
)
def test_a_year_that_is_not_there_is_named(ask):
    with pytest.raises(MissingYear, match=r"没有 (2031|2022|2025) 年的放假安排") as missing:
        ask()
    assert str(missing.value.year) in missing.value.message


def test_the_last_day_of_a_known_year_needs_no_next_year():
    assert STANDARD.working_time(at("2024-12-31 17:00"), at("2024-12-31 23:59:59")) == timedelta(hours=1)
    assert STANDARD.between(at("2024-12-30 10:00"), at("2024-12-31 23:59:59"), DAYS) == 1
    assert STANDARD.add(at("2024-12-31 10:00"), TimeAllowed(6, HOURS)) == at("2024-12-31 18:00")


# --- Deadlines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        # Round the clock, through nights and holidays.
        ("2023-09-29 23:30", 2, EMERGENCY, "2023-09-30 01:30"),
        ("2023-09-04 10:00", Decimal("0.5"), EMERGENCY, "2023-09-04 10:30"),
        # In office hours.
        ("2023-09-04 10:00", 2, HOURS, "2023-09-04 12:00"),
        ("2023-09-04 10:00", 4, HOURS, "2023-09-04 16:00"),
        ("2023-09-04 12:30", 1, HOURS, "2023-09-04 15:00"),
        ("2023-09-04 17:00", 2, HOURS, "2023-09-05 09:00"),
        ("2023-09-04 20:00", 8, HOURS, "2023-09-05 18:00"),
        ("2023-09-04 06:00", 8, HOURS, "2023-09-04 18:00"),
        ("2023-09-08 17:00", Decimal("1.5"), HOURS, "2023-09-11 08:30"),
        ("2023-09-28 17:00", 2, HOURS, "2023-10-07 09:00"),
        # Whole working days: the same time of day.
        ("2023-09-04 10:15", 1, DAYS, "2023-09-05 10:15"),
        ("2023-09-08 10:15", 5, DAYS, "2023-09-15 10:15"),
        ("2023-09-28 09:00", 2, DAYS, "2023-10-08 09:00"),
        # From outside office hours: to the close of the last of them.
        ("2023-09-04 07:00", 1, DAYS, "2023-09-04 18:00"),
        ("2023-09-04 08:00", 1, DAYS, "2023-09-04 18:00"),
        ("2023-09-04 18:00", 1, DAYS, "2023-09-05 18:00"),
        ("2023-09-04 23:00", 1, DAYS, "2023-09-05 18:00"),
        ("2023-09-09 11:00", 1, DAYS, "2023-09-11 18:00"),
        ("2023-09-04 12:30", 1, DAYS, "2023-09-05 12:00"),
    ],
)
def test_deadlines(start, amount, unit, due):
    assert STANDARD.add(at(start), TimeAllowed(amount, unit)) == at(due)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        ("2023-09-27 17:45", 1, HOURS, "2023-09-28 09:15"),
        ("2023-09-28 17:45", 1, HOURS, "2023-10-07 09:15"),
        ("2023-09-28 17:45", 1, DAYS, "2023-10-07 17:30"),  # the winter day closes earlier
        ("2023-09-28 14:10", 1, DAYS, "2023-10-07 12:00"),  # within summer's midday break
        ("2023-01-03 14:10", 1, DAYS, "2023-01-04 14:10"),  # the season of the year before still holds
    ],
)
def test_deadlines_over_a_change_of_season(start, amount, unit, due):
    assert SEASONAL.add(at(start), TimeAllowed(amount, unit)) == at(due)


def test_a_time_before_the_last_day_opens_becomes_its_opening():
    late_starters = STANDARD.with_hours(
        [OfficeHours.parse("01-01", ["07:00-15:00"]), OfficeHours.parse("09-05", ["09:00-17:00"])]
    )
    assert late_starters.add(at("2023-09-04 08:00"), TimeAllowed(1, DAYS)) == at("2023-09-05 09:00")


def test_answers_are_in_utc():
    for unit in TimeUnit:
        assert STANDARD.add(at("2023-09-04 10:00"), TimeAllowed(1, unit)).tzinfo is UTC


@pytest.mark.parametrize(
    ("share", "unit", "reached"),
    [
        (Fraction(4, 5), HOURS, "2023-09-05 10:24"),
        (Fraction(1), HOURS, "2023-09-05 12:00"),
        (Fraction(2), HOURS, "2023-09-06 12:00"),
        (Fraction(4, 5), EMERGENCY, "2023-09-05 07:12"),
    ],
)
def test_part_way_is_a_share_of_the_time(share, unit, reached):
    start, due = at("2023-09-04 12:00"), at("2023-09-05 12:00")
    assert STANDARD.part_way(start, due, share, unit) == at(reached)


# --- Properties -------------------------------------------------------------------------------------------------------

MOMENTS = st.builds(
    instant,
    st.dates(date(2023, 8, 15), date(2023, 11, 15)),
    st.times().map(lambda moment: moment.replace(microsecond=0)),
)
CALENDARS = st.sampled_from([STANDARD, SEASONAL])


MORNING, STANDARD_DAY = (time(8, 30), time(12)), ((time(8), time(12)), (time(14), time(18)))
SUMMER_DAY, WINTER_DAY = (MORNING, (time(14, 30), time(18))), (MORNING, (time(14), time(17, 30)))


def office_minutes(known: Calendar, start: datetime, end: datetime) -> int:
    """Whole minutes of office time, looked at one by one."""
    count = 0
    while start < end:
        here = local(start)
        worked = here.date() in known.make_up or (here.weekday() < 5 and here.date() not in known.holidays)
        season = SUMMER_DAY if 5 <= here.month < 10 else WINTER_DAY
        spans = season if known is SEASONAL else STANDARD_DAY
        count += worked and any(opens <= here.time() < closes for opens, closes in spans)
        start += MINUTE
    return count


@settings(max_examples=25, deadline=None)
@given(CALENDARS, MOMENTS.map(lambda moment: moment.replace(second=0)), st.integers(0, 12 * 24 * 60))
def test_working_time_agrees_with_counting_minutes(known, start, minutes):
    end = start + minutes * MINUTE
    assert known.working_time(start, end) == office_minutes(known, start, end) * MINUTE


@given(CALENDARS, MOMENTS, st.integers(1, 24_000), st.sampled_from([EMERGENCY, HOURS]))
def test_hours_added_are_the_hours_between(known, start, count, unit):
    # Nine seconds are the shortest time that is an exact decimal of an hour.
    allowed = TimeAllowed(Decimal(9 * count) / 3600, unit)
    due = known.add(start, allowed)
    assert known.between(start, due, unit) == Fraction(allowed.amount)
    assert known.between(start, due - timedelta.resolution, unit) < Fraction(allowed.amount)


@given(CALENDARS, MOMENTS, st.integers(1, 30))
def test_days_added_are_the_days_between(known, start, count):
    due = known.add(start, TimeAllowed(count, DAYS))
    assert known.between(start, due, DAYS) == count
    assert known.between(start, due - timedelta.resolution, DAYS) == count - 1
    assert known.is_working_day(local(due).date())


@given(CALENDARS, MOMENTS, st.integers(1, 20))
def test_days_of_eight_hours_are_eight_hours_each(known, start, count):
    due = known.add(start, TimeAllowed(count, DAYS))
    if known is STANDARD:
        assert due == known.add(start, TimeAllowed(count * 8, HOURS))


@given(CALENDARS, MOMENTS, MOMENTS, st.integers(1, 40), st.sampled_from(TimeUnit))
def test_whoever_starts_later_is_not_due_earlier(known, first, second, amount, unit):
    earlier, later = sorted([first, second])
    allowed = TimeAllowed(amount, unit)
    assert known.add(earlier, allowed) <= known.add(later, allowed)
    assert known.add(earlier, allowed) < known.add(earlier, TimeAllowed(amount + 1, unit))


@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS, st.sampled_from([EMERGENCY, HOURS]))
def test_time_between_adds_up(known, one, two, three, unit):
    first, second, third = sorted([one, two, three])
    whole = known.between(first, third, unit)
    assert whole == known.between(first, second, unit) + known.between(second, third, unit)


@given(CALENDARS, MOMENTS, MOMENTS, st.sampled_from(TimeUnit))
def test_nothing_passes_backwards(known, one, two, unit):
    earlier, later = sorted([one, two])
    assert known.between(later, earlier, unit) == 0
    assert known.between(earlier, earlier, unit) == 0
    assert known.working_time(later, earlier) == timedelta()


def test_no_time_added_is_the_next_moment_of_office_time():
    assert STANDARD.add_time(at("2023-09-09 10:00"), timedelta()) == at("2023-09-11 08:00")
    assert STANDARD.add_time(at("2023-09-04 10:00"), timedelta()) == at("2023-09-04 10:00")


def test_negative_time_is_refused():
    with pytest.raises(ValueError, match="negative"):
        STANDARD.add_time(at("2023-09-04 10:00"), -MINUTE)


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "unit"),
    [(0, HOURS), (-1, DAYS), (Decimal("1.5"), DAYS), (Decimal("0.0001"), HOURS), (Decimal(0), EMERGENCY)],
)
def test_time_allowed_is_something_and_whole(amount, unit):
    with pytest.raises(ValueError, match=str(amount)):
        TimeAllowed(amount, unit)


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        (TimeAllowed(4, HOURS), "4 个工作时"),
        (TimeAllowed(Decimal("0.50"), EMERGENCY), "0.5 个紧急工作时"),
        (TimeAllowed(100, DAYS), "100 个工作日"),
    ],
)
def test_time_allowed_in_words(allowed, words):
    assert str(allowed) == words


def test_a_working_day_has_no_fixed_length():
    with pytest.raises(ValueError, match="no fixed length"):
        _ = TimeAllowed(1, DAYS).span


@pytest.mark.parametrize(
    ("begins", "shifts"),
    [
        ("02-29", ["08:00-12:00"]),
        ("13-01", ["08:00-12:00"]),
        ("5月1日", ["08:00-12:00"]),
        ("05-01", []),
        ("05-01", ["12:00-08:00"]),
        ("05-01", ["08:00-12:00", "12:00-18:00"]),
        ("05-01", ["14:00-18:00", "08:00-12:00"]),
        ("05-01", ["08:00-24:00"]),
        ("05-01", ["8-12"]),
        ("05-01", ["08:00"]),
    ],
)
def test_office_hours_that_cannot_be(begins, shifts):
    with pytest.raises(BadCalendar):
        OfficeHours.parse(begins, shifts)


@pytest.mark.parametrize("hours", [[], [SEASONS[0], SEASONS[0]]])
def test_a_calendar_needs_seasons_that_differ(hours):
    with pytest.raises(BadCalendar):
        STANDARD.with_hours(hours)


HOLIDAY = {"name": "元旦", "from": date(2024, 1, 1), "to": date(2024, 1, 1)}


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ([YEAR_2024, YEAR_2024], "2024 年的放假安排有两份"),
        ([{}], "须写明年份"),
        ([YEAR_2024 | {"year": "2024"}], "须写明年份"),
        ([YEAR_2024 | {"year": 20240}], "须写明年份"),
        ([{"year": 2024, "holiday": []}], "须有 holiday 和 make_up"),
        ([YEAR_2024 | {"make_up": ["2024-01-06"]}], "make_up 是日期的列表"),
        ([YEAR_2024 | {"holiday": ["元旦"]}], "每个假期须有 name"),
        ([YEAR_2024 | {"holiday": [HOLIDAY | {"to": None}]}], "每个假期须有 name"),
        ([YEAR_2024 | {"holiday": [HOLIDAY | {"to": date(2023, 12, 31)}]}], "日期不对"),
        ([YEAR_2024 | {"holiday": [HOLIDAY | {"from": date(2021, 1, 1), "to": date(2021, 1, 2)}]}], "日期不对"),
        ([YEAR_2024 | {"holiday": [HOLIDAY | {"to": date(2024, 3, 1)}]}], "日期不对"),
        ([YEAR_2024 | {"make_up": [date(2024, 1, 2)]}], "不是周六或周日"),
        ([YEAR_2023 | {"make_up": [date(2023, 9, 30)]}], "又列为调休上班"),
    ],
)
def test_tables_that_contradict_themselves(tables, says):
    with pytest.raises(BadCalendar) as refused:
        Calendar.from_tables(tables)
    assert says in refused.value.message


# --- Files ------------------------------------------------------------------------------------------------------------


def test_the_bundled_calendars_are_read_whole():
    bundled = calendar.load()
    assert bundled.years >= {2022, 2023, 2024, 2025, 2026}
    assert not bundled.is_working_day(date(2023, 10, 1))
    assert bundled is calendar.load()


def test_a_later_folder_adds_years_and_replaces_them(tmp_path):
    first, second = tmp_path / "bundled", tmp_path / "home"
    for folder, year, holidays in ((first, 2030, ""), (first, 2031, ""), (second, 2031, "n"), (second, 2032, "")):
        folder.mkdir(exist_ok=True)
        days = f'{{name = "元旦", from = {year}-01-02, to = {year}-01-02}}' if holidays else ""
        (folder / f"{year}.toml").write_text(f"year = {year}\nholiday = [{days}]\nmake_up = []\n", encoding="utf-8")
    (second / "notes.txt").write_text("not a calendar", encoding="utf-8")
    found = calendar.read(first, second, tmp_path / "absent")
    assert found.years == {2030, 2031, 2032}
    assert found.holiday(date(2031, 1, 2)) == "元旦"


@pytest.mark.parametrize("content", [b"year = ", "year = 2030 # 元旦".encode("gbk")])
def test_a_file_that_is_no_toml_is_named(tmp_path, content):
    Path(tmp_path / "2030.toml").write_bytes(content)
    with pytest.raises(BadCalendar, match=r"2030\.toml"):
        calendar.read(tmp_path)
