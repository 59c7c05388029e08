"""The bundled years: the State Council's notices, and that each adds up to the statutory days off."""

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest

from chuangwei.core.calendar import Calendar
from chuangwei.core.presets import FOLDER

YEARS = (2022, 2023, 2024, 2025, 2026)
STATUTORY = {2022: 11, 2023: 11, 2024: 11, 2025: 13, 2026: 13}
"""Days off by law; from 2025 on two more (全国年节及纪念日放假办法, 2024 revision)."""


def table(year: int) -> dict[str, Any]:
    return tomllib.loads((FOLDER / "calendars" / f"{year}.toml").read_text(encoding="utf-8"))


def days_off(year: int) -> list[date]:
    days = []
    for holiday in table(year)["holiday"]:
        length = (holiday["to"] - holiday["from"]).days
        days += [holiday["from"] + timedelta(days=step) for step in range(length + 1)]
    return days


def test_these_years_are_there():
    assert sorted(int(path.stem) for path in (FOLDER / "calendars").glob("*.toml")) == list(YEARS)


@pytest.mark.parametrize("year", YEARS)
def test_a_year_has_exactly_the_agreed_keys(year: int):
    read = table(year)
    assert set(read) == {"year", "title", "source", "verified", "holiday", "make_up"}
    assert all(set(holiday) == {"name", "from", "to"} for holiday in read["holiday"])
    assert (read["year"], read["verified"]) == (year, True)
    assert read["title"] == f"国务院办公厅关于{year}年部分节假日安排的通知"
    assert read["source"].startswith(f"国办发明电〔{year - 1}〕")


@pytest.mark.parametrize("year", YEARS)
def test_working_days_lost_less_those_made_up_are_the_statutory_ones(year: int):
    lost = sum(day.weekday() < 5 for day in days_off(year))
    assert lost - len(table(year)["make_up"]) == STATUTORY[year]


@pytest.mark.parametrize("year", YEARS)
def test_make_up_days_are_week_ends_outside_every_holiday(year: int):
    made_up = table(year)["make_up"]
    assert made_up == sorted(set(made_up))
    assert all(day.weekday() >= 5 and day.year == year for day in made_up)
    assert not set(made_up) & {day for other in YEARS for day in days_off(other)}


@pytest.mark.parametrize("year", YEARS)
def test_each_statutory_day_is_off(year: int):
    off = set(days_off(year))
    fixed = [date(year, 1, 1), date(year, 5, 1), *(date(year, 10, day) for day in (1, 2, 3))]
    # 春节初一, 清明, 端午, 中秋 of each year.
    lunar = {
        2022: [(2, 1), (4, 5), (6, 3), (9, 10)], 2023: [(1, 22), (4, 5), (6, 22), (9, 29)],
        2024: [(2, 10), (4, 4), (6, 10), (9, 17)], 2025: [(1, 29), (4, 4), (5, 31), (10, 6)],
        2026: [(2, 17), (4, 5), (6, 19), (9, 25)],
    }  # fmt: skip
    assert [day for day in [*fixed, *(date(year, *day) for day in lunar[year])] if day not in off] == []


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2022, 12, 31), False), (date(2023, 1, 2), False), (date(2023, 1, 3), True), (date(2023, 4, 23), True),
        (date(2023, 9, 29), False), (date(2023, 10, 6), False), (date(2023, 10, 7), True), (date(2023, 10, 8), True),
        (date(2024, 2, 9), True), (date(2024, 2, 17), False), (date(2024, 2, 18), True), (date(2025, 2, 4), False),
        (date(2025, 10, 8), False), (date(2026, 1, 4), True), (date(2026, 2, 14), True), (date(2026, 10, 10), True),
    ],
)  # fmt: skip
def test_calendar_of_these_years(day: date, worked: bool):
    assert Calendar.from_tables([table(year) for year in YEARS]).is_working_day(day) is worked
