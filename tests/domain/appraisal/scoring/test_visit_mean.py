"""visit-mean: kinds weigh, visits of a kind do not; what is not scored counts nowhere."""

from typing import Any

import pytest

from chuangwei.domain.appraisal.facts import (
    LINE_VETOED,
    OWN_SUBJECT,
    OWN_VETOED,
    VETOED,
    VisitFact,
)
from chuangwei.domain.appraisal.scoring.visit_mean import VisitMean, visit_mean
from tests.domain.appraisal.building import frame, seen, visit


def part(**values: Any) -> VisitMean:
    table = {"slug": "regular", "rule": "visit-mean", "rounds": ["定期督导"], "weight": 1, **values}
    return VisitMean.model_validate(table)


MARKET = {"site_kind": "market"}
MUTUAL = {"round_kind": "mutual"}


@pytest.mark.parametrize(
    ("visits", "options", "score"),
    [
        ([visit(score="90")], {}, 9000),
        ([visit("1", score="90"), visit("2", score="81")], {}, 8550),
        ([visit("1", score="90"), visit("2", score="80"), visit("3", score="60", **MARKET)], {}, 6833),  # (85 + 2 × 60) / 3
        ([visit("1", got=2, possible=3), visit("2", got=1, possible=3)], {}, 5000),  # 66.67 and 33.33
        ([], {}, None),
        ([visit(round_kind="undercover", score="50")], {}, None),
        ([visit("1", score="90"), visit("2", possible=0, got=0)], {}, 9000),
        ([visit(possible=0, got=0)], {}, None),
        ([visit("1", score="90"), visit("2", score="100", marks=VETOED | OWN_VETOED)], {}, 4500),
        ([visit(score="90")], {"min_visits": 2}, None),
        ([visit("1", score="90"), visit("2", possible=0, got=0)], {"min_visits": 2}, None),
        ([visit("1", score="90"), visit("2", score="80")], {"min_visits": 2}, 8500),
        ([visit(str(n), score=str(n)) for n in (1, 2, 3, 4, 90)], {"trim": 1}, 300),
        ([visit(str(n), score=str(n)) for n in (1, 2, 3, 90)], {"trim": 1}, 2400),
        ([visit(score="90", **MUTUAL, marks=OWN_SUBJECT)], {"rounds": ["互查"]}, None),
        ([visit("1", score="90", **MUTUAL), visit("2", score="10", **MUTUAL, marks=OWN_SUBJECT)], {"rounds": ["互查"]}, 9000),
        ([visit(score="90", round_kind="contest", marks=OWN_SUBJECT)], {"rounds": ["比武"]}, None),
        ([visit(score="90", marks=OWN_SUBJECT)], {}, 9000),  # nobody scores one another in a regular round
        ([visit("1", score="90"), visit("2", score="80", round_kind="daily")], {"rounds": ["定期督导", "日巡查"]}, 8500),
    ],
)  # fmt: skip
def test_score(visits: list[VisitFact], options: dict[str, Any], score: int | None) -> None:
    found = visit_mean(seen(*visits), part(**options), frame(weights={"market": 2}))
    assert found.value == score


def test_kinds_of_no_weight_are_as_if_not_visited() -> None:
    visits = seen(visit("1", score="90"), visit("2", score="10", **MARKET))
    assert visit_mean(visits, part(), frame(weights={"market": 0})).value == 9000
    assert visit_mean(seen(visit(score="90", **MARKET)), part(), frame(weights={"market": 0})).value is None


LINES = {"got": 700000, "possible": 1000000, "line_got": 100000, "line_possible": 200000}


@pytest.mark.parametrize(
    ("checks", "marks", "score"),
    [
        ("all", 0, 7000),
        ("own", 0, 7500),  # 60 of 80
        ("line", 0, 5000),
        ("all", VETOED | LINE_VETOED, 0),
        ("own", VETOED | LINE_VETOED, 7500),  # a veto by a check that is not the community's leaves its score alone
        ("line", VETOED | LINE_VETOED, 0),
        ("own", VETOED | OWN_VETOED, 0),
        ("line", VETOED | OWN_VETOED, 5000),
    ],
)
def test_checks_of_the_community_and_of_others(checks: str, marks: int, score: int) -> None:
    assert visit_mean(seen(visit(**LINES, marks=marks)), part(checks=checks), frame()).value == score


def test_visit_without_checks_of_that_kind_counts_nowhere() -> None:
    assert visit_mean(seen(visit(score="90")), part(checks="line"), frame()).value is None


def test_reason_opens_into_kinds_and_visits_worst_first() -> None:
    visits = seen(visit("1", score="90"), visit("2", score="66.5"), visit("3", score="80", marks=VETOED, **MARKET))
    words, steps = visit_mean(visits, part(), frame(weights={"market": 2})).reason()

    assert words == "2 类点位平均分按权重（1、2）加权平均 = 26.08"
    lane, market = steps
    assert (lane.label, lane.value, lane.words) == ("back_lane", "78.25", "2 次检查的平均，权重 1")
    assert [(step.code, step.value, step.words) for step in lane.steps] == [
        ("2", "66.50", "得 66.5 分 ÷ 应得 100 分"),
        ("1", "90.00", "得 90 分 ÷ 应得 100 分"),
    ]
    assert (market.label, market.code) == ("农贸市场", "market")
    assert market.steps[0].words == "一票否决，计 0 分（得 80 分 ÷ 应得 100 分）"


@pytest.mark.parametrize(
    ("scores", "value"),
    [(["0"], "0.00"), (["88"], "88.00"), (["90", "66.5"], "78.25"), (["90", "90.01"], "约 90.01"), (["1", "1", "2"], "约 1.33")],
)  # fmt: skip
def test_about_is_said_only_of_what_two_decimals_cannot_hold(scores: list[str], value: str) -> None:
    visits = seen(*(visit(str(number), score=score) for number, score in enumerate(scores)))
    assert visit_mean(visits, part(), frame()).reason()[1][0].value == value


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ("all", "各次检查的平均分 = 70.00"),
        ("own", "各次检查的平均分（不含条线部门的检查项） = 75.00"),
        ("line", "各次检查的平均分（只计条线部门的检查项） = 50.00"),
    ],
)
def test_reason_says_which_checks_count(checks: str, words: str) -> None:
    assert visit_mean(seen(visit(**LINES)), part(checks=checks), frame()).reason()[0] == words


def test_reason_names_what_was_left_out() -> None:
    visits = seen(visit("1", score="90", **MUTUAL), visit("2", score="10", **MUTUAL, marks=OWN_SUBJECT), visit("3", possible=0, got=0, **MUTUAL))  # fmt: skip
    _, steps = visit_mean(visits, part(rounds=["互查"]), frame()).reason()
    assert [(step.code, step.words) for step in steps[-1].steps] == [
        ("2", "检查的是本单位，不计入"),
        ("3", "没有适用的检查项，不计入"),
    ]


@pytest.mark.parametrize(
    ("visits", "options", "words"),
    [
        ([], {}, "本期没有计分的检查"),
        ([visit()], {"min_visits": 2}, "本期计分的检查 1 次，不足 2 次，不计分"),
        ([visit()], {}, "各次检查的平均分 = 100.00"),
        ([visit("1"), visit("2", **MARKET)], {}, "2 类点位平均分的平均 = 100.00"),
    ],
)
def test_reason_in_words(visits: list[VisitFact], options: dict[str, Any], words: str) -> None:
    assert visit_mean(seen(*visits), part(**options), frame()).reason()[0] == words


def test_reason_tells_of_trimming_and_of_lines() -> None:
    visits = seen(*(visit(str(n), score=str(n)) for n in (1, 2, 3, 4, 90)))
    assert (
        visit_mean(visits, part(trim=1), frame()).reason()[1][0].words
        == "5 次检查去掉最高、最低各 1 次后的平均，权重 1"
    )
    own = visit_mean(seen(visit(**LINES)), part(checks="own"), frame()).reason()[1][0].steps[0]
    line = visit_mean(seen(visit(**LINES)), part(checks="line"), frame()).reason()[1][0].steps[0]
    assert (own.words, line.words) == ("得 60 分 ÷ 应得 80 分", "得 10 分 ÷ 应得 20 分")


def test_reason_says_when_all_kinds_weigh_nothing() -> None:
    words, _ = visit_mean(seen(visit(**MARKET)), part(), frame(weights={"market": 0})).reason()
    assert words == "受检点位类型的权重均为 0"
