"""The arithmetic by tables of values: every clause of domain §8 has its rows here."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.domain.appraisal import rules
from chuangwei.domain.appraisal.rules import Candidates, Placed, Weighing
from tests.domain.appraisal.building import placed

D = Decimal


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(1, 2, 1), (3, 2, 2), (1, 3, 0), (2, 3, 1), (0, 7, 0), (-1, 2, 0), (-3, 2, -1), (12345, 10, 1235), (12344, 10, 1234)],
)  # fmt: skip
def test_half_goes_up(numerator: int, denominator: int, rounded: int) -> None:
    assert rules.half_up(numerator, denominator) == rounded


@pytest.mark.parametrize(
    ("got", "possible", "vetoed", "score"),
    [
        (1000000, 1000000, False, 10000),
        (0, 1000000, False, 0),
        (660000, 860000, False, 7674),  # 76.7441…
        (10000, 160000, False, 625),  # 6.25 exactly
        (199990, 200000, False, 10000),  # 99.995 exactly: the half goes up
        (199989, 200000, False, 9999),
        (1, 3, False, 3333),
        (2, 3, False, 6667),
        (1000000, 1000000, True, 0),
        (0, 0, False, None),
        (0, 0, True, 0),
    ],
)
def test_visit_score(got: int, possible: int, vetoed: bool, score: int | None) -> None:
    assert rules.visit_score(got, possible, vetoed) == score


@pytest.mark.parametrize(
    ("weights", "whole"),
    [
        (["0.4", "0.3", "0.2", "0.1"], [4, 3, 2, 1]),
        (["1", "2"], [1, 2]),
        (["0.25", "0.5", "1"], [25, 50, 100]),
        (["1E+1", "0.1"], [100, 1]),
        ([], []),
        (["0"], [0]),
    ],
)
def test_weights_become_whole_in_their_ratio(weights: list[str], whole: list[int]) -> None:
    assert rules.whole_weights(map(D, weights)) == whole


@pytest.mark.parametrize(
    ("scores", "count", "kept"),
    [
        ([5, 1, 4, 2], 1, [5, 1, 4, 2]),  # four are fewer than 2 × 1 + 3
        ([5, 1, 4, 2, 3], 1, [2, 3, 4]),
        ([9, 9, 1, 1, 5], 1, [1, 5, 9]),
        ([1, 2, 3, 4, 5, 6], 2, [1, 2, 3, 4, 5, 6]),
        ([7, 1, 2, 3, 4, 5, 6], 2, [3, 4, 5]),
        ([3, 1], 0, [3, 1]),
    ],
)
def test_trim_drops_the_highest_and_lowest(scores: list[int], count: int, kept: list[int]) -> None:
    assert sorted(rules.trimmed(scores, count)) == sorted(kept)


@pytest.mark.parametrize(
    ("kinds", "mean"),
    [
        ([(1, [9000])], 9000),
        ([(1, [9000]), (1, [8000])], 8500),
        ([(2, [9000]), (1, [6000])], 8000),
        ([(1, [1]), (1, [0]), (1, [0])], 0),  # 1/3 of a hundredth
        ([(1, [1, 0])], 1),  # half of a hundredth
        ([(1, [0, 0, 1]), (1, [0, 1, 1])], 1),  # (1/3 + 2/3) / 2: nothing is cut in between
        ([(0, [9000])], None),
        ([(0, [9000]), (1, [1000])], 1000),
        ([], None),
    ],
)
def test_mean_of_means_weighs_kinds_not_visits(kinds: list[tuple[int, list[int]]], mean: int | None) -> None:
    assert rules.mean_of_means(kinds) == mean


def test_three_times_a_third_is_one() -> None:
    thirds = [(1, [10000, 0, 0])] * 3
    assert rules.mean_of_means([*thirds]) == rules.half_up(10000, 3)
    assert Weighing((1, 1, 1)).total([3333, 3333, 3334], 0) == 3333


@pytest.mark.parametrize(
    ("weighing", "parts", "adjustment", "total"),
    [
        (Weighing((4, 3, 2, 1)), [9312, 9000, 8800, 10000], 0, 9185),
        (Weighing((4, 3, 2, 1)), [9000, None, None, 5000], 0, 8200),  # (4 × 90 + 1 × 50) / 5
        (Weighing((4, 3, 2, 1), zero=True), [9000, None, None, 5000], 0, 4100),
        (Weighing((1, 1)), [9001, 9000], 0, 9001),  # 90.005
        (Weighing((1, 1)), [9001, 9000], -1, 9000),  # 90.005 − 0.01 = 89.995
        (Weighing((1,)), [100], -500, 0),
        (Weighing((1,)), [9950], 100, 10000),
        (Weighing((1,)), [0], 0, 0),
        (Weighing((1, 1)), [None, None], 100, None),
        (Weighing((1, 1), zero=True), [None, None], 0, None),
        (Weighing((0, 1)), [9000, None], 0, None),  # what weighs nothing ranks nobody
        (Weighing((0, 1), zero=True), [9000, 8000], 0, 8000),
        (Weighing((4, 3, 2, 1), min_share=D("0.5")), [9000, None, None, 9000], 0, 9000),  # exactly half
        (Weighing((4, 3, 2, 1), min_share=D("0.5")), [None, 9000, None, 9000], 0, None),
        (Weighing((4, 3, 2, 1), zero=True, min_share=D("0.5")), [None, 9000, None, 9000], 0, None),
        (Weighing((1, 1, 1), min_share=D("0.3333")), [9000, None, None], 0, 9000),
        (Weighing((1, 1, 1), min_share=D("0.3334")), [9000, None, None], 0, None),
    ],
)
def test_total(weighing: Weighing, parts: list[int | None], adjustment: int, total: int | None) -> None:
    assert weighing.total(parts, adjustment) == total


@pytest.mark.parametrize(
    ("keys", "ranks"),
    [
        ({"A": (9,), "B": (8,), "C": (7,)}, {"A": 1, "B": 2, "C": 3}),
        ({"A": (9,), "B": (8,), "C": (8,), "D": (7,)}, {"A": 1, "B": 2, "C": 2, "D": 4}),
        ({"A": (8, 1), "B": (8, 2)}, {"B": 1, "A": 2}),
        ({"A": (8, -1), "B": (8, 0)}, {"B": 1, "A": 2}),  # a missing tie-breaker is less than nothing scored
        ({"A": (8, 5, 1), "B": (8, 5, 1), "C": (8, 5, 2)}, {"C": 1, "A": 2, "B": 2}),
        ({"B": (8,), "A": (8,)}, {"A": 1, "B": 1}),
        ({}, {}),
    ],
)
def test_ranking(keys: dict[str, tuple[int, ...]], ranks: dict[str, int]) -> None:
    found = rules.ranking(keys)
    assert {place.code: place.rank for place in found} == ranks
    assert [place.code for place in found] == list(ranks)


@pytest.mark.parametrize(
    ("count", "ranked", "places"),
    [("3", 13, 3), ("0.2", 13, 2), ("0.2", 14, 2), ("0.2", 15, 3), ("0.1", 9, 0), ("0", 9, 0), ("0.333", 3, 0), ("3", 1, 3), ("0.5", 5, 2)],
)  # fmt: skip
def test_places_are_a_number_or_a_share_rounded_down(count: str, ranked: int, places: int) -> None:
    assert rules.places_of(D(count), ranked) == places


FOUR = placed(("A", 1, "90"), ("B", 2, "80"), ("C", 2, "80"), ("D", 4, "70"))
ALL_TIED = placed(("A", 1, "90"), ("B", 1, "90"), ("C", 1, "90"))


@pytest.mark.parametrize(
    ("ranked", "count", "ties_all", "first", "last"),
    [
        (FOUR, 1, True, "A", "D"),
        (FOUR, 2, True, "ABC", "BCD"),
        (FOUR, 2, False, "A", "D"),
        (FOUR, 3, True, "ABC", "BCD"),
        (FOUR, 3, False, "ABC", "BCD"),
        (FOUR, 9, True, "ABCD", "ABCD"),
        (FOUR, 0, True, "", ""),
        (ALL_TIED, 1, True, "ABC", "ABC"),
        (ALL_TIED, 1, False, "", ""),
        ([], 2, True, "", ""),
    ],
)
def test_line_takes_all_tied_or_none(ranked: list[Placed], count: int, ties_all: bool, first: str, last: str) -> None:
    assert rules.among_first(ranked, count, ties_all=ties_all) == set(first)
    assert rules.among_last(ranked, count, ties_all=ties_all) == set(last)


@pytest.mark.parametrize(
    ("red", "yellow", "given"),
    [
        (Candidates(1, frozenset("A")), Candidates(1, frozenset("D")), {"A": "red", "D": "yellow"}),
        (Candidates(1, frozenset("AB")), Candidates(1, frozenset("BC")), {"A": "red", "C": "yellow"}),
        (Candidates(2, frozenset("AB"), frozenset("B")), Candidates(0), {"A": "red"}),
        (Candidates(1, frozenset("A"), frozenset("A")), Candidates(1, frozenset("A")), {}),  # still among both
        (Candidates(0), Candidates(1, frozenset("D"), frozenset("D")), {}),
    ],
)
def test_who_stands_among_both_gets_neither(red: Candidates, yellow: Candidates, given: dict[str, str]) -> None:
    assert rules.flags_given({"red": red, "yellow": yellow}) == given


@pytest.mark.parametrize(
    ("ranked", "count", "speak"),
    [
        (FOUR, 1, "D"),
        (FOUR, 2, "BCD"),
        (FOUR, 4, "BCD"),
        (ALL_TIED, 1, ""),
        (placed(("A", 1, "90")), 1, ""),
        (placed(("A", 1, "90"), ("B", 2, "80"), ("C", 2, "80")), 1, "BC"),
    ],
)
def test_statement_takes_all_tied_and_never_the_first(ranked: list[Placed], count: int, speak: str) -> None:
    assert rules.statements(ranked, count) == set(speak)


@pytest.mark.parametrize(
    ("is_ranked", "is_yellow", "after"),
    [(True, True, ("W1", "W2")), (True, False, ()), (False, False, ("W1",))],
)
def test_streak_is_run_on_broken_or_skipped(is_ranked: bool, is_yellow: bool, after: tuple[str, ...]) -> None:
    assert rules.streak_after(("W1",), period="W2", is_ranked=is_ranked, is_yellow=is_yellow) == after


def test_streak_counts_from_the_day_of_a_merger() -> None:
    days = {"W1": "2023-09-10", "W2": "2023-09-17"}
    assert rules.streak_since(["W1", "W2"], since="", last_day=days.__getitem__) == ("W1", "W2")
    assert rules.streak_since(["W1", "W2"], since="2023-09-10", last_day=days.__getitem__) == ("W1", "W2")
    assert rules.streak_since(["W1", "W2"], since="2023-09-11", last_day=days.__getitem__) == ("W2",)


def test_month_moves_fen() -> None:
    assert rules.settlement_amount(red=2, yellow=1, month_red=100000, month_yellow=-100000) == 100000
    assert rules.settlement_amount(red=0, yellow=0, month_red=100000, month_yellow=-100000) == 0


@pytest.mark.parametrize(
    ("brought", "amount", "paid", "carried"),
    [
        (0, 0, 0, 0), (0, 200000, 200000, 0), (0, -200000, 0, -200000), (-200000, 0, 0, -200000),
        (-200000, 200000, 0, 0), (-200000, 300000, 100000, 0), (-300000, 200000, 0, -100000), (-1, 1, 0, 0), (-1, 2, 1, 0),
        (-100000, -200000, 0, -300000),
    ],
)  # fmt: skip
def test_a_deduction_meets_later_awards_and_is_never_claimed(brought, amount, paid, carried):
    assert rules.set_off(brought, amount) == (paid, carried)


@pytest.mark.parametrize(
    ("hundredths", "text"),
    [(9312, "93.12"), (0, "0.00"), (-40, "-0.40"), (-500, "-5.00"), (10000, "100.00"), (5, "0.05")],
)
def test_two_decimals(hundredths: int, text: str) -> None:
    assert rules.two_decimals(hundredths) == text


SCORES = st.lists(st.integers(0, 10000), min_size=1, max_size=7)


@given(st.lists(st.tuples(st.integers(0, 9), SCORES), max_size=6))
def test_mean_of_means_is_the_exact_fraction_rounded_once(kinds: list[tuple[int, list[int]]]) -> None:
    weights = sum(weight for weight, _ in kinds)
    exact = sum(weight * Fraction(sum(scores), len(scores)) for weight, scores in kinds)
    expected = int((exact / weights + Fraction(1, 2)) // 1) if weights else None
    assert rules.mean_of_means(kinds) == expected


@given(st.lists(st.integers(0, 4), max_size=12), st.integers(0, 5), st.booleans())
def test_first_and_last_are_mirror_images(totals: list[int], count: int, ties_all: bool) -> None:
    down = rules.ranking({f"{place:02}": (total,) for place, total in enumerate(totals)})
    up = rules.ranking({f"{place:02}": (-total,) for place, total in enumerate(totals)})
    assert rules.among_last(down, count, ties_all=ties_all) == rules.among_first(up, count, ties_all=ties_all)
