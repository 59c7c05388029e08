from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core.calendar import Calendar
from chuangwei.core.recurrence import (
    BadRule,
    EveryDay,
    MonthDays,
    NthWeekday,
    Occurrence,
    PerMonths,
    PerWeeks,
    Weekly,
    WhenOff,
    rule_from_table,
    table_of,
)

DAY = timedelta(days=1)
NATIONAL_DAY = {"name": "国庆节", "from": date(2023, 9, 29), "to": date(2023, 10, 6)}
CALENDAR = Calendar.from_tables(
    [
        {"year": 2022, "holiday": [], "make_up": []},
        {"year": 2023, "holiday": [NATIONAL_DAY], "make_up": [date(2023, 10, 7), date(2023, 10, 8)]},
        {"year": 2024, "holiday": [], "make_up": []},
        {"year": 2025, "holiday": [], "make_up": []},
    ]
)


def days(rule, first: str, last: str) -> list[str]:
    """The occurrences as month-day, or from..to where a window is longer, with ×n where it is more than once."""
    found = rule.occurrences(date.fromisoformat(first), date.fromisoformat(last), CALENDAR)
    return [
        f"{one.from_on:%m-%d}" + ("" if one.from_on == one.to_on else f"..{one.to_on:%m-%d}") + (f"×{one.times}" if one.times > 1 else "")
        for one in found
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "first", "last", "expected"),
    [
        # 每周五大扫除, over the long holiday, in each of the four ways.
        (Weekly(frozenset({5})), "2023-09-20", "2023-10-14", ["09-22", "09-29", "10-06", "10-13"]),
        (Weekly(frozenset({5}), when_off=WhenOff.SKIP), "2023-09-20", "2023-10-14", ["09-22", "10-13"]),
        (Weekly(frozenset({5}), when_off=WhenOff.NEXT), "2023-09-20", "2023-10-14", ["09-22", "10-07", "10-13"]),
        (Weekly(frozenset({5}), when_off=WhenOff.PREVIOUS), "2023-09-20", "2023-10-14", ["09-22", "09-28", "10-13"]),
        # 每周二、周五, and every second week from a Wednesday's week on.
        (Weekly(frozenset({2, 5})), "2023-09-04", "2023-09-10", ["09-05", "09-08"]),
        (Weekly(frozenset({1}), every=2, anchor=date(2023, 9, 6)), "2023-08-01", "2023-09-30", ["08-07", "08-21", "09-04", "09-18"]),
        (MonthDays(frozenset({1, 15, -1})), "2023-02-01", "2023-03-01", ["02-01", "02-15", "02-28", "03-01"]),
        (MonthDays(frozenset({31})), "2023-04-01", "2023-05-31", ["05-31"]),
        (MonthDays(frozenset({1}), WhenOff.NEXT), "2023-10-01", "2023-10-31", ["10-07"]),
        (MonthDays(frozenset({-31})), "2023-03-01", "2023-04-30", ["03-01"]),
        (NthWeekday(1, 5), "2023-09-01", "2023-10-31", ["09-01", "10-06"]),
        (NthWeekday(-1, 5), "2023-09-01", "2023-10-31", ["09-29", "10-27"]),
        (NthWeekday(5, 5), "2023-09-01", "2023-10-31", ["09-29"]),
        (NthWeekday(2, 1, WhenOff.SKIP), "2023-09-01", "2023-10-31", ["09-11", "10-09"]),
        (EveryDay(), "2023-09-30", "2023-10-02", ["09-30", "10-01", "10-02"]),
        (EveryDay(working_only=True), "2023-09-28", "2023-10-09", ["09-28", "10-07", "10-08", "10-09"]),
        (EveryDay(), "2023-10-02", "2023-10-01", []),
        # 每周不少于 2 次: the window counts where it ends.
        (PerWeeks(2), "2023-09-06", "2023-09-17", ["09-04..09-10×2", "09-11..09-17×2"]),
        (PerWeeks(1, weeks=2, anchor=date(2023, 9, 6)), "2023-08-21", "2023-09-17", ["08-21..09-03", "09-04..09-17"]),
        (PerWeeks(1, weeks=2, anchor=date(2023, 9, 6)), "2023-09-10", "2023-09-16", []),
        (PerMonths(2), "2023-08-15", "2023-10-30", ["08-01..08-31×2", "09-01..09-30×2"]),
        (PerMonths(1, months=2), "2023-01-01", "2023-06-30", ["01-01..02-28", "03-01..04-30", "05-01..06-30"]),
        (PerMonths(1, months=2, starts_in=2), "2023-01-01", "2023-03-31", ["12-01..01-31", "02-01..03-31"]),
        (PerMonths(1, months=12), "2023-01-01", "2024-12-30", ["01-01..12-31"]),
        (PerMonths(1, months=3, starts_in=12), "2024-01-01", "2024-02-29", ["12-01..02-29"]),
    ],
)  # fmt: skip
def test_occurrences(rule, first, last, expected):
    assert days(rule, first, last) == expected


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Weekly(frozenset({5})), "每周五"),
        (Weekly(frozenset({5, 2}), when_off=WhenOff.NEXT), "每周二、周五，遇放假顺延到上班第一天"),
        (Weekly(frozenset({1}), every=2, anchor=date(2023, 9, 4)), "每两周的周一"),
        (Weekly(frozenset({1}), every=12, anchor=date(2023, 9, 4)), "每十二周的周一"),
        (MonthDays(frozenset({15, 1, -1, -2})), "每月 1 日、15 日、倒数第 2 天、最后一天"),
        (NthWeekday(2, 5, WhenOff.SKIP), "每月第二个周五，遇放假不办"),
        (NthWeekday(-1, 7, WhenOff.PREVIOUS), "每月最后一个周日，遇放假提前到放假前一个工作日"),
        (EveryDay(), "每天"),
        (EveryDay(working_only=True), "每个工作日"),
        (PerWeeks(3), "每周不少于 3 次"),
        (PerWeeks(1, weeks=2, anchor=date(2023, 9, 4)), "每两周不少于 1 次"),
        (PerMonths(2), "每月不少于 2 次"),
        (PerMonths(1, months=2), "每两月不少于 1 次"),
        (PerMonths(1, months=3), "每季度不少于 1 次"),
        (PerMonths(1, months=4), "每四个月不少于 1 次"),
    ],
)
def test_rules_in_words(rule, words):
    assert str(rule) == words


@pytest.mark.parametrize(
    "make",
    [
        lambda: Weekly(frozenset()),
        lambda: Weekly(frozenset({0})),
        lambda: Weekly(frozenset({1}), every=0),
        lambda: Weekly(frozenset({1}), every=2),
        lambda: MonthDays(frozenset()),
        lambda: MonthDays(frozenset({0})),
        lambda: MonthDays(frozenset({32})),
        lambda: NthWeekday(0, 5),
        lambda: NthWeekday(1, 8),
        lambda: PerWeeks(0),
        lambda: PerWeeks(1, weeks=2),
        lambda: PerMonths(0),
        lambda: PerMonths(1, months=5),
        lambda: PerMonths(1, starts_in=13),
    ],
)
def test_rules_that_cannot_be(make):
    with pytest.raises(BadRule):
        make()


WHEN_OFF = st.sampled_from(WhenOff)
ANCHORS = st.dates(date(2022, 1, 1), date(2025, 12, 31))
RULES = st.one_of(
    st.builds(Weekly, st.frozensets(st.integers(1, 7), min_size=1), st.integers(1, 5), ANCHORS, WHEN_OFF),
    st.builds(MonthDays, st.frozensets(st.integers(1, 31) | st.integers(-31, -1), min_size=1), WHEN_OFF),
    st.builds(NthWeekday, st.sampled_from([1, 2, 3, 4, 5, -1]), st.integers(1, 7), WHEN_OFF),
    st.builds(EveryDay, st.booleans()),
    st.builds(PerWeeks, st.integers(1, 9), st.integers(1, 6), ANCHORS),
    st.builds(PerMonths, st.integers(1, 9), st.sampled_from([1, 2, 3, 4, 6, 12]), st.integers(1, 12)),
)
STRETCHES = st.lists(st.dates(date(2023, 1, 15), date(2024, 11, 30)), min_size=3, max_size=3).map(sorted)


@given(RULES, STRETCHES)
def test_two_stretches_have_the_occurrences_of_both_together(rule, stretch):
    first, middle, last = stretch
    whole = rule.occurrences(first, last, CALENDAR)
    assert whole == rule.occurrences(first, middle, CALENDAR) + rule.occurrences(middle + DAY, last, CALENDAR)
    assert whole == sorted(set(whole))
    assert all(first <= one.to_on <= last and one.from_on <= one.to_on for one in whole)


@given(RULES, STRETCHES)
def test_what_gives_way_to_days_off_falls_on_working_days(rule, stretch):
    first, _, last = stretch
    if getattr(rule, "when_off", WhenOff.KEEP) is not WhenOff.KEEP:
        assert all(CALENDAR.is_working_day(one.to_on) for one in rule.occurrences(first, last, CALENDAR))


@given(STRETCHES, st.frozensets(st.integers(1, 7), min_size=1))
def test_moved_occurrences_agree_with_moving_each_day(stretch, weekdays):
    first, _, last = stretch
    for when_off, step in ((WhenOff.NEXT, DAY), (WhenOff.PREVIOUS, -DAY)):
        moved = set()
        day = first - 20 * DAY
        while day <= last + 20 * DAY:
            if day.isoweekday() in weekdays:
                held = day
                while not CALENDAR.is_working_day(held):
                    held += step
                moved.add(held)
            day += DAY
        expected = [Occurrence(day, day) for day in sorted(moved) if first <= day <= last]
        assert Weekly(weekdays, when_off=when_off).occurrences(first, last, CALENDAR) == expected


@given(RULES)
def test_a_rule_survives_being_written_down(rule):
    assert rule_from_table(table_of(rule)) == rule


def test_a_rule_is_written_down_by_what_is_not_default():
    rule = Weekly(frozenset({5, 2}), every=2, anchor=date(2023, 9, 4), when_off=WhenOff.NEXT)
    expected = {"rule": "weekly", "weekdays": [2, 5], "every": 2, "anchor": "2023-09-04", "when_off": "next"}
    assert table_of(rule) == expected
    assert rule_from_table(expected | {"anchor": date(2023, 9, 4)}) == rule
    assert table_of(EveryDay()) == {"rule": "every-day"}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({}, "现为“None”"),
        ({"rule": "yearly"}, "weekly、month-days"),
        ({"rule": "weekly"}, "缺少必需的项"),
        ({"rule": "weekly", "weekdays": [5], "on": 1}, "没有“on”这一项"),
        ({"rule": "weekly", "weekdays": 5}, "“weekdays”的值“5”不对"),
        ({"rule": "weekly", "weekdays": ["周五"]}, "“weekdays”的值"),
        ({"rule": "weekly", "weekdays": [9]}, "周一至周日"),
        ({"rule": "weekly", "weekdays": [5], "anchor": "九月"}, "“anchor”的值“九月”不对"),
        ({"rule": "weekly", "weekdays": [5], "anchor": 5}, "“anchor”的值“5”不对"),
        ({"rule": "weekly", "weekdays": [5], "when_off": "later"}, "“when_off”的值"),
        ({"rule": "every-day", "working_only": 1}, "“working_only”的值"),
        ({"rule": "per-months", "times": True}, "“times”的值"),
    ],
)
def test_tables_that_are_no_rule(table, says):
    with pytest.raises(BadRule) as refused:
        rule_from_table(table)
    assert says in refused.value.message
