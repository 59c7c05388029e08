from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core import calendar
from chuangwei.domain.standards.enums import Alternative, Comparator, Outcome, TimeUnit
from chuangwei.domain.standards.rules import (
    CategoryNames,
    Demand,
    Judgement,
    ObsoleteClause,
    Reading,
    Unit,
    in_unit,
    judge,
    judge_parts,
    obsolete_clauses,
)

MET, UNMET, TO_CHECK = Outcome.MET, Outcome.UNMET, Outcome.TO_CHECK


@pytest.mark.parametrize(
    ("comparator", "threshold", "value", "outcome"),
    [
        (">=", "90", "90", MET), (">=", "90", "89.99", UNMET), (">=", "90", "90.01", MET),
        ("<=", "5.6", "5.6", MET), ("<=", "5.6", "5.61", UNMET), ("<=", "5.6", "0", MET),
        (">", "90", "90", UNMET), (">", "90", "90.0001", MET), (">", "90", "0", UNMET),
        ("<", "20", "20", UNMET), ("<", "20", "19.9", MET), ("<", "20", "20.1", UNMET),
        (">=", None, "100", TO_CHECK), ("<=", None, "0", TO_CHECK), (">", None, "1", TO_CHECK), ("<", None, "-1", TO_CHECK),
        (">=", "0", "0", MET), (">=", "90", None, TO_CHECK), ("<", "20", None, TO_CHECK), (">=", None, None, TO_CHECK),
    ],
)  # fmt: skip
def test_threshold(comparator: str, threshold: str | None, value: str | None, outcome: Outcome):
    demand = Demand(comparator, None if threshold is None else Decimal(threshold))
    assert judge(demand, Reading(value=None if value is None else Decimal(value))).outcome is outcome


@given(
    comparator=st.sampled_from([">=", "<=", ">", "<"]),
    value=st.decimals(allow_nan=False, allow_infinity=False, places=4),
)
def test_a_missing_threshold_never_acts_as_a_number(comparator: str, value: Decimal):
    assert judge(Demand(comparator, None), Reading(value=value)).outcome is TO_CHECK


@given(
    threshold=st.decimals(allow_nan=False, allow_infinity=False, places=4),
    value=st.decimals(allow_nan=False, allow_infinity=False, places=4),
)
def test_each_comparison_and_its_opposite_never_agree(threshold: Decimal, value: Decimal):
    def outcome(sign: str) -> Outcome:
        return judge(Demand(sign, threshold), Reading(value=value)).outcome

    assert {outcome(">="), outcome("<")} == {outcome("<="), outcome(">")} == {MET, UNMET}


@pytest.mark.parametrize("comparator", ["exists", "meets"])
@pytest.mark.parametrize(("holds", "outcome"), [(True, MET), (False, UNMET), (None, TO_CHECK)])
def test_what_is_there_or_not(comparator: str, holds: bool | None, outcome: Outcome):
    assert judge(Demand(comparator), Reading(holds=holds)).outcome is outcome


def series(*values: str) -> Reading:
    return Reading(series=tuple(map(Decimal, values)))


@pytest.mark.parametrize(
    ("comparator", "values", "outcome"),
    [
        ("decreasing", ("52", "51", "50"), MET),
        ("decreasing", ("52", "52", "50"), UNMET),
        ("decreasing", ("50", "51", "49"), UNMET),
        ("decreasing", ("51", "50"), TO_CHECK),
        ("decreasing", (), TO_CHECK),
        ("decreasing", ("60", "52", "51", "50"), MET),
        ("decreasing", ("40", "52", "51", "50"), MET),
        ("declining", ("15", "14.5", "14"), MET),
        ("declining", ("15", "15.5", "14"), TO_CHECK),
        ("declining", ("15", "14", "15"), UNMET),
        ("declining", ("15", "14", "16"), UNMET),
        ("declining", ("15", "14"), TO_CHECK),
    ],
)
def test_trend_over_three_years(comparator: str, values: tuple[str, ...], outcome: Outcome):
    assert judge(Demand(comparator, series_years=3), series(*values)).outcome is outcome


@pytest.mark.parametrize(
    ("reading", "outcome"),
    [
        (series("10", "10", "10", "10", "10"), MET),
        (series("10", "12", "8", "11", "10"), MET),
        (series("10", "10", "10", "10", "10.0001"), UNMET),
        (series("99", "1", "1", "1", "1", "2"), UNMET),
        (series("1", "1", "1", "1"), TO_CHECK),
        (Reading(value=Decimal(9), reference=Decimal(9)), MET),
        (Reading(value=Decimal("9.1"), reference=Decimal(9)), UNMET),
        (Reading(series=(Decimal(9),), reference=Decimal("9.5")), MET),
        (Reading(reference=Decimal(9)), TO_CHECK),
        (Reading(value=Decimal(9)), TO_CHECK),
    ],
)
def test_not_above_the_average_of_five_years(reading: Reading, outcome: Outcome):
    assert judge(Demand("not_above_avg5", series_years=5), reading).outcome is outcome


def test_the_average_is_exact():
    thirds = series("1", "1", "2", "1", "1.2")
    assert judge(Demand("not_above_avg5", series_years=5), thirds).outcome is MET
    assert judge(Demand("not_above_avg5", series_years=3), series("1", "0", "0.3333")).outcome is MET
    assert judge(Demand("not_above_avg5", series_years=3), series("0", "0", "0.0001")).outcome is UNMET


@pytest.mark.parametrize(
    ("comparator", "reading", "outcome"),
    [
        (">=plan", Reading(value=Decimal("3.2"), plan=Decimal("3.2")), MET),
        (">=plan", Reading(value=Decimal("3.1"), plan=Decimal("3.2")), UNMET),
        (">=plan", Reading(value=Decimal("3.1")), TO_CHECK),
        (">=plan", Reading(plan=Decimal("3.2")), TO_CHECK),
        (">=plan", Reading(value=Decimal("3.2"), reference=Decimal(1)), TO_CHECK),
        (">=ref", Reading(value=Decimal(70), reference=Decimal("69.9")), MET),
        (">=ref", Reading(value=Decimal(69), reference=Decimal("69.9")), UNMET),
        (">=ref", Reading(value=Decimal(69)), TO_CHECK),
        (">=ref", Reading(value=Decimal(69), plan=Decimal(1)), TO_CHECK),
    ],
)
def test_plan_and_reference(comparator: str, reading: Reading, outcome: Outcome):
    assert judge(Demand(comparator), reading).outcome is outcome


@pytest.mark.parametrize(
    ("wanted", "level", "outcome"),
    [
        ("C", "A", MET), ("C", "B", MET), ("C", "C", MET), ("C", "D", UNMET), ("A", "B", UNMET),
        ("C", "03", MET), ("C", "04", UNMET), ("C", "ｃ", MET), ("C", "", TO_CHECK), ("C", "合格", TO_CHECK),
        ("", "A", TO_CHECK),
    ],
)  # fmt: skip
def test_level(wanted: str, level: str, outcome: Outcome):
    assert judge(Demand("level>=", threshold_level=wanted), Reading(level=level)).outcome is outcome


@pytest.mark.parametrize(
    ("alternative", "reading", "outcome"),
    [
        (Alternative.RISING, series("20", "21", "22"), MET),
        (Alternative.RISING, series("22", "21", "22"), UNMET),
        (Alternative.RISING, series("21", "22"), TO_CHECK),
        (Alternative.RISING, series("20", "21", "23"), MET),
        (Alternative.RISING, Reading(value=Decimal(23)), MET),
        (Alternative.RISING, Reading(value=Decimal(22)), TO_CHECK),
        (Alternative.FALLING, series("22", "21", "20"), MET),
        (Alternative.BY_PERSON, Reading(value=Decimal(22)), TO_CHECK),
        (Alternative.BY_PERSON, Reading(value=Decimal(23)), MET),
    ],
)
def test_alternative_rescues_what_is_below_the_threshold(alternative: str, reading: Reading, outcome: Outcome):
    demand = Demand(">=", Decimal(23), alternative=alternative, alternative_text="或三年提升10%", series_years=3)
    assert judge(demand, reading).outcome is outcome


def test_alternative_without_a_known_threshold():
    demand = Demand(">=", None, alternative=Alternative.RISING, series_years=3)
    assert judge(demand, series("1", "2", "3")).outcome is MET
    assert judge(demand, series("3", "2", "1")).outcome is TO_CHECK


def test_reason_says_the_numbers_and_what_is_unverified():
    assert judge(Demand(">=", Decimal("90.00")), Reading(value=Decimal("85.50"))) == Judgement(
        UNMET, "填报 85.5，应 >= 标准值 90"
    )
    assert judge(Demand(">=", Decimal(100), is_verified=False), Reading(value=Decimal(100))) == Judgement(
        MET, "填报 100，应 >= 标准值 100（标准待核）"
    )
    assert judge(Demand(">=", None, is_verified=False), Reading(value=Decimal(1))) == Judgement(TO_CHECK, "标准值待核")


@pytest.mark.parametrize("comparator", list(Comparator))
def test_nothing_filed_is_to_check_for_every_comparison(comparator: Comparator):
    assert judge(Demand(comparator, Decimal(1), "C"), Reading()).outcome is TO_CHECK


@pytest.mark.parametrize(
    ("levels", "outcome"),
    [("CCCC", MET), ("CCCD", UNMET), ("CCC ", TO_CHECK), ("D C ", UNMET), ("", TO_CHECK)],
)
def test_parts_are_met_when_each_is(levels: str, outcome: Outcome):
    readings = {part: Reading(level=level) for part, level in zip("鼠蚊蝇蟑", levels, strict=False)}
    assert judge_parts(Demand("level>=", threshold_level="C"), readings).outcome is outcome


UNITS = {
    unit.name: unit
    for unit in (
        Unit("平方米", "平方米", Fraction(1)), Unit("亩", "平方米", Fraction(2000, 3)),
        Unit("万平方米", "平方米", Fraction(10000)), Unit("吨", "千克", Fraction(1000)),
    )
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "given", "wanted", "result"),
    [
        ("3", "亩", "平方米", Fraction(2000)),
        ("2000", "平方米", "亩", Fraction(3)),
        ("921.9", "万平方米", "平方米", Fraction(9219000)),
        ("1", "平方米", "亩", Fraction(3, 2000)),
        ("6700", "条", "条", Fraction(6700)),
    ],
)
def test_in_unit(value: str, given: str, wanted: str, result: Fraction):
    assert in_unit(Decimal(value), given=given, wanted=wanted, units=UNITS) == result


@pytest.mark.parametrize(("given", "wanted"), [("吨", "亩"), ("吨", "筐"), ("筐", "吨")])
def test_in_unit_refuses_what_does_not_measure_the_same(given: str, wanted: str):
    with pytest.raises(ValueError, match="不能换算"):
        in_unit(Decimal(1), given=given, wanted=wanted, units=UNITS)


NAMES = CategoryNames(
    [
        ("06008", "擅自架设管线、杆线设施(蜘蛛网)"),
        ("06010", "暴露垃圾"),
        ("W6002", "旱厕"),
        ("X1", "犬只(无绳)"),
        ("X2", "犬只(扰民)"),
        ("X3", "X1"),
    ]
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("06010", "06010"), ("０６０１０", "06010"), (" 06 010", "06010"), ("暴露垃圾", "06010"), ("暴露 垃圾", "06010"),
        ("擅自架设管线、杆线设施(蜘蛛网)", "06008"), ("擅自架设管线、杆线设施（蜘蛛网）", "06008"), ("擅自架设管线、杆线设施", "06008"),
        ("蜘蛛网", None), ("擅自架设管线", None), ("w6002", None), ("W6002", "W6002"), ("", None), ("没有这类", None),
        ("犬只", None), ("犬只(无绳)", "X1"), ("X1", "X1"),
    ],
)  # fmt: skip
def test_category_names(text: str, code: str | None):
    assert NAMES.resolve(text) == code


def test_category_names_tell_every_candidate():
    assert NAMES.candidates("犬只") == ("X1", "X2")


def test_obsolete_clauses_in_the_order_of_the_text():
    patterns = [("B", r"API.{0,4}不超过100", "旧", "新"), ("A", r"保洁.{0,6}不低于12", "旧", "新")]
    assert obsolete_clauses("主要街道保洁县城不低于12小时，API 不超过100", patterns) == [
        ObsoleteClause("A", "保洁县城不低于12", 4, "旧", "新"),
        ObsoleteClause("B", "API 不超过100", 16, "旧", "新"),
    ]
    assert obsolete_clauses("没有旧条款", patterns) == []


def test_units_of_time_are_those_of_the_calendar():
    assert TimeUnit.labels == [unit.value for unit in calendar.TimeUnit]
