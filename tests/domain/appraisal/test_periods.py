"""Spans: every day in exactly one, slugs there and back, long years, and what people mistype."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core.errors import DomainError
from chuangwei.domain.appraisal.enums import PeriodKind
from chuangwei.domain.appraisal.periods import parse_span, parse_span_of, span_of, spans_between, weeks_in_year

KINDS = st.sampled_from(PeriodKind)
DAYS = st.dates(date(1992, 1, 1), date(2099, 12, 31))
YEAR_ENDS = st.builds(lambda year, offset: date(year, 12, 31) + timedelta(days=offset), st.sampled_from([2015, 2019, 2020, 2021, 2025, 2026, 2032]), st.integers(-10, 10))  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "first", "last", "month", "title"),
    [
        ("2023-09-04", "2023-09-04", "2023-09-04", "2023-09", "2023年9月4日"),
        ("2023-W36", "2023-09-04", "2023-09-10", "2023-09", "2023年第36周"),
        ("2023-W39", "2023-09-25", "2023-10-01", "2023-10", "2023年第39周"),
        ("2023-W01", "2023-01-02", "2023-01-08", "2023-01", "2023年第1周"),
        ("2020-W53", "2020-12-28", "2021-01-03", "2021-01", "2020年第53周"),
        ("2025-W01", "2024-12-30", "2025-01-05", "2025-01", "2025年第1周"),
        ("2026-W53", "2026-12-28", "2027-01-03", "2027-01", "2026年第53周"),
        ("2023-F01", "2023-01-02", "2023-01-15", "2023-01", "2023年第1个两周"),
        ("2023-F18", "2023-08-28", "2023-09-10", "2023-09", "2023年第18个两周"),
        ("2023-F26", "2023-12-18", "2023-12-31", "2023-12", "2023年第26个两周"),
        ("2020-F26", "2020-12-14", "2020-12-27", "2020-12", "2020年第26个两周"),
        ("2020-F27", "2020-12-28", "2021-01-03", "2021-01", "2020年第27个两周"),
        ("2026-F27", "2026-12-28", "2027-01-03", "2027-01", "2026年第27个两周"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024-02", "2024年2月"),
        ("2023-Q3", "2023-07-01", "2023-09-30", "2023-09", "2023年第3季度"),
        ("2023", "2023-01-01", "2023-12-31", "2023-12", "2023年"),
    ],
)
def test_slug_names_its_days(slug: str, first: str, last: str, month: str, title: str) -> None:
    span = parse_span(slug)
    assert (span.slug, str(span.first), str(span.last), span.month, span.title) == (slug, first, last, month, title)


@given(KINDS, DAYS | YEAR_ENDS)
def test_every_day_lies_in_exactly_one_span(kind: PeriodKind, day: date) -> None:
    span = span_of(kind, day)
    assert span.first <= day <= span.last
    assert span.holds(day)
    assert span_of(kind, span.first) == span_of(kind, span.last) == span
    assert span.previous().last == span.first - timedelta(days=1)
    assert span.next().first == span.last + timedelta(days=1)
    assert span.next().previous() == span.previous().next() == span


@given(KINDS, DAYS | YEAR_ENDS)
def test_slug_is_read_back(kind: PeriodKind, day: date) -> None:
    span = span_of(kind, day)
    assert parse_span(span.slug) == parse_span_of(span.slug, kind) == span


@given(st.integers(1992, 2099))
def test_fortnights_of_a_year_are_its_weeks_in_pairs(year: int) -> None:
    weeks = [parse_span(f"{year}-W{number:02}") for number in range(1, weeks_in_year(year) + 1)]
    pairs = [weeks[start : start + 2] for start in range(0, len(weeks), 2)]
    fortnights = list(spans_between(parse_span(f"{year}-F01"), parse_span(f"{year}-F{len(pairs):02}")))
    assert [(one.first, one.last) for one in fortnights] == [(pair[0].first, pair[-1].last) for pair in pairs]


@pytest.mark.parametrize(
    ("first", "last", "slugs"),
    [
        ("2023-W51", "2024-W02", ["2023-W51", "2023-W52", "2024-W01", "2024-W02"]),
        ("2020-W52", "2021-W01", ["2020-W52", "2020-W53", "2021-W01"]),
        ("2020-F26", "2021-F01", ["2020-F26", "2020-F27", "2021-F01"]),
        ("2023-W36", "2023-W36", ["2023-W36"]),
        ("2023-11", "2024-01", ["2023-11", "2023-12", "2024-01"]),
        ("2024-02-28", "2024-03-01", ["2024-02-28", "2024-02-29", "2024-03-01"]),
    ],
)
def test_spans_between_are_all_there(first: str, last: str, slugs: list[str]) -> None:
    assert [span.slug for span in spans_between(parse_span(first), parse_span(last))] == slugs


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2023-W53", "没有 2023-W53 这个周期。"),
        ("2023-W00", "没有 2023-W00 这个周期。"),
        ("2023-F27", "没有 2023-F27 这个周期。"),
        ("2023-13", "没有 2023-13 这个周期。"),
        ("2023-02-29", "没有 2023-02-29 这个周期。"),
        ("9999-W52", "没有 9999-W52 这个周期。"),
        ("2023-W4", "看不懂周期『2023-W4』"),
        ("2023-F28", "看不懂周期『2023-F28』"),
        ("第36周", "看不懂周期『第36周』"),
        ("", "看不懂周期『』"),
        ("２０２３-W36", "看不懂周期"),
    ],
)
def test_wrong_slug_is_told_in_chinese(text: str, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        parse_span(text)


def test_slug_of_another_kind_is_told() -> None:
    with pytest.raises(DomainError, match="2023-09 不是按周的周期；应写作 2023-W36 的样子。"):
        parse_span_of("2023-09", PeriodKind.WEEK)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [("2023-W37", "2023-W36", "起始周期 2023-W37 在截止周期 2023-W36 之后"), ("2023-W36", "2023-10", "不是同一种")],
)
def test_spans_between_the_wrong_way_round_is_told(first: str, last: str, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        list(spans_between(parse_span(first), parse_span(last)))
