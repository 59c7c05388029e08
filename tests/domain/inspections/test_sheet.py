from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.domain.inspections.enums import Result
from chuangwei.domain.inspections.sheet import CheckRule, Found, Sums, fault, lost, sums, vetoes, whole_sheet

P = 10000
"""One point."""
PLAIN = CheckRule(points=10 * P, deduct_per=P // 2)
LIVE_POULTRY = CheckRule(points=20 * P, deduct_per=5 * P, veto_below=14 * P)
VETO = CheckRule(points=10 * P, deduct_per=P, is_veto=True)
ROAD = CheckRule(points=12 * P, deduct_per=P, has_line=True)
FAIL, PASS, NA = Result.FAIL, Result.PASS, Result.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("found", "loses"),
    [
        (Found(PASS), 0),
        (Found(NA), 0),
        (Found(FAIL), P // 2),
        (Found(FAIL, 3), 3 * P // 2),
        (Found(FAIL, 21), 10 * P),
        (Found(FAIL, 3, 2 * P), 2 * P),
        (Found(FAIL, None, 0), 0),
        (Found(FAIL, 1, 1), 1),
    ],
)
def test_failed_check_loses_the_deduction_else_occurrences_times_its_step(found: Found, loses: int):
    assert lost(PLAIN, found) == loses


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (Found(PASS, 1), "不能有处数"),
        (Found(NA, None, 1), "不能有处数"),
        (Found(FAIL, 0), "处数不能是 0"),
        (Found(FAIL, None, 10 * P + 1), "超过了"),
        (Found(FAIL, None, 10 * P), None),
        (Found(PASS, 0, 0), None),
        (Found(FAIL, 99), None),
    ],
)
def test_answer_that_contradicts_itself_is_told_in_words(found: Found, word: str | None):
    said = fault(PLAIN, found)
    assert (said is None) if word is None else (word in said)


@pytest.mark.parametrize(
    ("rule", "found", "fails"),
    [
        (LIVE_POULTRY, Found(FAIL, None, 6 * P), False),
        (LIVE_POULTRY, Found(FAIL, None, 6 * P + 1), True),
        (LIVE_POULTRY, Found(NA), False),
        (LIVE_POULTRY, Found(FAIL, 2), True),
        (LIVE_POULTRY, Found(FAIL, 1), False),
        (VETO, Found(FAIL, None, 0), True),
        (VETO, Found(PASS), False),
        (PLAIN, Found(FAIL, 99), False),
    ],
)
def test_veto_of_a_check(rule: CheckRule, found: Found, fails: bool):
    assert vetoes(rule, found) is fails


def test_sums_leave_out_what_does_not_apply_and_split_off_the_lines():
    checks = {"a": PLAIN, "b": ROAD, "c": LIVE_POULTRY}
    answers = [("a", Found(NA)), ("b", Found(FAIL, 2)), ("c", Found(FAIL, None, 7 * P))]
    assert sums(checks, answers) == Sums(23 * P, 32 * P, 10 * P, 12 * P, True, True, False)


def test_veto_by_a_line_is_not_the_communitys():
    checks = {"a": PLAIN, "b": CheckRule(points=P, deduct_per=P, is_veto=True, has_line=True)}
    assert sums(checks, [("b", Found(FAIL))])[4:] == (True, False, True)


def test_sheet_to_which_nothing_applies_has_no_points_at_all():
    assert sums({"a": PLAIN}, [("a", Found(NA))]) == Sums(0, 0, 0, 0, False, False, False)


rules = st.builds(
    CheckRule, points=st.integers(1, 100 * P), deduct_per=st.integers(1, 20 * P), is_veto=st.booleans(),
    veto_below=st.none() | st.integers(0, 100 * P), has_line=st.booleans(),
)  # fmt: skip
founds = st.builds(
    Found, st.sampled_from([FAIL, PASS, NA]), st.none() | st.integers(1, 50), st.none() | st.integers(0, P)
)


@given(st.lists(st.tuples(rules, founds), min_size=1, max_size=12))
def test_sums_agree_with_adding_up_check_by_check(sheet: list[tuple[CheckRule, Found]]):
    checks = {str(n): rule for n, (rule, _) in enumerate(sheet)}
    answers = [(str(n), found) for n, (_, found) in enumerate(sheet)]
    apply = [(rule, found) for rule, found in sheet if found.result != NA]
    expected = (
        sum(Decimal(rule.points) - lost(rule, found) for rule, found in apply),
        sum(rule.points for rule, _ in apply),
        sum(rule.points - lost(rule, found) for rule, found in apply if rule.has_line),
        sum(rule.points for rule, _ in apply if rule.has_line),
    )
    result = sums(checks, answers, whole=whole_sheet(checks))
    assert result[:4] == expected
    assert result.is_vetoed == any(vetoes(rule, found) for rule, found in sheet)
    assert 0 <= result.line_got <= result.line_possible <= result.possible
    assert result.got <= result.possible
