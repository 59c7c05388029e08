"""Every total, rank, flag and consequence opens into what it came from."""

from typing import Any

import pytest

from chuangwei.core.errors import NotFound
from chuangwei.domain.appraisal.compute import Inputs, compute_period
from chuangwei.domain.appraisal.explain import explain
from chuangwei.domain.appraisal.facts import SubjectFact
from chuangwei.domain.appraisal.steps import Step
from tests.domain.appraisal.building import REGULAR, WEEK, problem, series, subjects, visit

LEDGER = {"slug": "ledger", "rule": "on-time-closure", "weight": "0.5"}
COMPLAINTS = {"slug": "c", "rule": "verified-complaints", "sources": ["热线转办"], "each": "-0.2", "limit": "-5"}


def told(of: Any, subject: str, scores: dict[str, str | None], **values: Any) -> Step:
    visits = tuple(visit(f"V{code}", code, score=score) for code, score in scores.items() if score is not None)
    found = Inputs(of, WEEK, values.pop("people", subjects("".join(sorted(scores)))), visits, **values)
    return explain(found, compute_period(found), subject)


def step(tree: Step, label: str) -> Step:
    return next(one for one in tree.steps if one.label == label)


def test_total_opens_into_parts_kinds_and_visits() -> None:
    tree = told(series(), "A", {"A": "90.5", "B": "80"})
    assert (tree.label, tree.value, tree.words, tree.code) == ("A社区", "90.50", "1 × 90.50 = 90.50", "A")
    part = step(tree, "定期督导")
    assert (part.value, part.words) == ("90.50", "权重 1；各次检查的平均分 = 90.50")
    assert part.steps[0].steps[0].code == "VA"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "1 × 90.00 = 90.00；按期销号缺项，权重由其余各项分摊"),
        ({"missing": "zero"}, "(1 × 90.00) ÷ 1.5 = 60.00；按期销号缺项按 0 分计"),
        ({"min_weight": "0.9"}, "按期销号缺项，其余各项的权重不足全部权重的 0.9，不参加排名"),
    ],
)
def test_words_tell_what_a_missing_part_does(values: dict[str, Any], words: str) -> None:
    assert told(series(REGULAR, LEDGER, **values), "A", {"A": "90"}).words == words


def test_words_tell_the_adjustment() -> None:
    complaint = problem("C1", source="hotline", due_at="", state="filed")
    tree = told(series(adjustments=[COMPLAINTS]), "A", {"A": "90"}, problems=(complaint,))
    assert tree.words == "1 × 90.00 − 0.20 = 89.80"
    assert step(tree, "群众投诉").steps[0].code == "C1"


def test_words_tell_of_a_bonus_and_of_the_clamp() -> None:
    bonus = COMPLAINTS | {"each": "1", "limit": None}
    complaint = problem("C1", source="hotline", due_at="", state="filed")
    tree = told(series(adjustments=[bonus]), "A", {"A": "99.5"}, problems=(complaint,))
    assert tree.words == "1 × 99.50 + 1.00 = 100.00（总分限于 0 至 100）"


def test_subject_nobody_looked_at_says_so() -> None:
    tree = told(series(flags={"red": 1}), "B", {"A": "90", "B": None})
    assert (tree.value, tree.words) == ("本期各项均无得分", "各项均无得分，不参加排名")
    assert (step(tree, "名次").value, step(tree, "定期督导").value) == ("未排名", "缺")
    assert [one.label for one in tree.steps] == ["定期督导", "名次"]


def test_rank_names_its_neighbours_and_ties() -> None:
    tree = told(series(), "B", {"A": "90", "B": "80", "C": "80", "D": "70"})
    rank = step(tree, "名次")
    assert (rank.value, rank.words) == ("第 2 名", "共 4 个参加排名，与C社区并列")
    assert [(one.label, one.value, one.words) for one in rank.steps] == [
        ("A社区", "第 1 名", "90.00 分"), ("B社区", "第 2 名", "80.00 分"), ("C社区", "第 2 名", "80.00 分"),
    ]  # fmt: skip


def test_rank_tells_by_what_an_equal_total_was_parted() -> None:
    of = series(REGULAR, LEDGER | {"weight": 0}, tie_breakers=["ledger", "regular"])
    tree = told(of, "B", {"A": "90", "B": "90"}, problems=(problem("W", "A"),))
    assert step(tree, "名次").words == "共 2 个参加排名；总分与A社区相同，依次按按期销号、定期督导的得分定先后"


def test_rank_in_a_class_says_so() -> None:
    people = (SubjectFact("A", "A社区"), SubjectFact("B", "B社区", "城中村"))
    tree = told(series(classes="类别"), "B", {"A": "90", "B": "80"}, people=people)
    assert step(tree, "名次").words == "『城中村』类共 1 个参加排名"


FIVE = {"A": "90", "B": "80", "C": "70", "D": "60", "E": "50"}


@pytest.mark.parametrize(
    ("flags", "scores", "subject", "value", "words"),
    [
        ({"red": 1, "yellow": 1}, FIVE, "A", "红旗", "红旗名额 1 个，排第 1 名，在列"),
        ({"red": 1, "yellow": 2}, FIVE, "D", "黄旗", "黄旗名额 2 个，排第 4 名，在列"),
        ({"red": 1, "yellow": 1}, FIVE, "C", "无", "不在红旗 1 个名额之列；不在黄旗 1 个名额之列"),
        ({"red": 2, "yellow": 1, "min_score": 85}, FIVE, "B", "无", "红旗名额 2 个，排第 2 名，在列；但红旗须不低于 85 分，不发，也不递补"),
        ({"red": 1, "yellow": 2, "max_score": 55}, FIVE, "D", "无", "黄旗名额 2 个，排第 4 名，在列；但黄旗须不高于 55 分，不发，也不递补"),
        ({"red": 3, "yellow": 3}, FIVE, "E", "无", "不在红旗 3 个名额之列；参加排名的只有 5 个，不足 6 个，不发黄旗"),
        ({"red": 1}, {"A": "90", "B": "90", "C": "80"}, "B", "红旗", "红旗名额 1 个，排第 1 名，在列（线上并列，共 2 个一并计入）"),
        ({"red": 1, "ties": "none"}, {"A": "90", "B": "90", "C": "80"}, "B", "无", "不在红旗 1 个名额之列（线上并列的一律不计）"),
        ({"red": 1, "yellow": 1}, {"A": "90", "B": "90"}, "A", "无", "全部并列，既在红旗之列又在黄旗之列，均不发"),
        ({}, FIVE, "A", "无", "预设没有设旗的名额"),
    ],
)  # fmt: skip
def test_flag_names_the_rule(flags: Any, scores: Any, subject: str, value: str, words: str) -> None:
    found = step(told(series(flags=flags), subject, scores), "旗")
    assert (found.value, found.words) == (value, words)


def test_flag_opens_into_the_ranks_at_the_line() -> None:
    found = step(told(series(flags={"red": 2, "yellow": 1, "min_score": 85}), "A", FIVE), "旗")
    assert [(one.label, one.value, [(each.label, each.words) for each in one.steps]) for one in found.steps] == [
        ("红旗之列", "2 个", [("A社区", "90.00 分，红旗"), ("B社区", "80.00 分，不发")]),
        ("黄旗之列", "1 个", [("E社区", "50.00 分，黄旗")]),
    ]


INTERVIEW = {
    "flags": {"red": 1, "yellow": 1},
    "interview": {"yellow_streak": 3, "of": "包社区领导"},
    "statement": {"last": 1},
}


def test_streak_opens_into_its_periods() -> None:
    tree = told(series(**INTERVIEW), "E", FIVE, streaks={"E": ("2023-W34",)})
    streak = step(tree, "连续黄旗")
    assert (streak.value, [one.label for one in streak.steps]) == ("2 次", ["2023年第34周", "2023年第36周"])
    assert step(tree, "表态发言").words == "2023年第36周列第 5 名（共 5 个），在后 1 名之内"


@pytest.mark.parametrize(("person", "value"), [("P1", "P1"), (None, "当日无人担任包社区领导")])
def test_interview_opens_into_its_periods(person: str | None, value: str) -> None:
    streaks = {"E": ("2023-W34", "2023-W35")}
    tree = told(series(**INTERVIEW), "E", FIVE, streaks=streaks, holders={"interview": {"E": person}})
    interview = step(tree, "约谈")
    assert interview.value == value
    assert [one.code for one in interview.steps] == ["2023-W34", "2023-W35", "2023-W36"]
    assert interview.words.endswith("对象为周期最后一天的包社区领导；此后重新计数")
    assert not any(one.label == "连续黄旗" for one in tree.steps)


def test_unknown_subject_is_told() -> None:
    with pytest.raises(NotFound, match="2023年第36周的weekly中没有 Z。"):
        told(series(), "Z", {"A": "90"})


def test_tree_is_kept_without_what_is_empty() -> None:
    assert Step("a", "1", steps=(Step("b", kind="visit", code="V"),)).kept() == {
        "label": "a", "value": "1", "steps": [{"label": "b", "kind": "visit", "code": "V"}],
    }  # fmt: skip
