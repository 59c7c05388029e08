"""on-time-closure: which problems fell due, which of them were put right in time."""

from typing import Any

import pytest

from chuangwei.domain.appraisal.facts import ProblemFact
from chuangwei.domain.appraisal.scoring.on_time_closure import OnTimeClosure, on_time_closure
from tests.domain.appraisal.building import frame, problem, seen

DUE = "2023-09-06T09:00:00"


def part(**values: Any) -> OnTimeClosure:
    return OnTimeClosure.model_validate({"slug": "ledger", "rule": "on-time-closure", "weight": 1, **values})


@pytest.mark.parametrize(
    ("problems", "score"),
    [
        ([], None),
        ([problem()], 10000),
        ([problem("1"), problem("2", fixed_at="2023-09-06T09:00:01"), problem("3")], 6667),
        ([problem(fixed_at=DUE)], 10000),  # in the very second of the deadline
        ([problem(fixed_at="2023-09-06T09:00:00.000001")], 0),
        ([problem(fixed_at="", closed_at="", state="dispatched")], 0),
        ([problem(closed_at="2023-12-01T09:00:00")], 10000),  # closed late, put right in time
        ([problem(closed_at="", state="fixed")], 0),
        ([problem(closed_at="", state="reopened")], 0),
        ([problem(closed_at="", state="dispatched")], 0),
        ([problem(fixed_at="", closed_at="", state="returned")], 0),
        ([problem(state="rejected")], None),
        ([problem(state="merged")], None),
        ([problem(state="pending", fixed_at="", closed_at="")], None),
        ([problem(state="pending", fixed_at="", closed_at="", pended_at=DUE)], None),
        ([problem(state="pending", fixed_at="", closed_at="", pended_at="2023-09-06T09:00:01")], 0),
        ([problem(due_at="")], None),
        ([problem(due_at="2023-09-03T23:59:59")], None),
        ([problem(due_at="2023-09-04T00:00:00", fixed_at="2023-09-04T00:00:00")], 10000),
        ([problem(due_at="2023-09-10T23:59:59")], 10000),
        ([problem(due_at="2023-09-11T00:00:00")], None),
        ([problem(str(n), fixed_at=DUE if n < 1 else "") for n in range(3)], 3333),
        ([problem(str(n), fixed_at=DUE if n < 2 else "") for n in range(3)], 6667),
        ([problem(str(n), fixed_at=DUE if n < 1 else "") for n in range(16)], 625),
    ],
)
def test_score(problems: list[ProblemFact], score: int | None) -> None:
    assert on_time_closure(seen(due=problems), part(), frame()).value == score


@pytest.mark.parametrize(("state", "score"), [("fixed", 10000), ("dispatched", 5000), ("reopened", 5000)])
def test_unverified_skip_leaves_out_what_waits_for_its_check(state: str, score: int) -> None:
    problems = [problem("1"), problem("2", closed_at="", state=state)]
    assert on_time_closure(seen(due=problems), part(unverified="skip"), frame()).value == score


def test_unverified_skip_does_not_excuse_what_was_late() -> None:
    late = problem(closed_at="", state="fixed", fixed_at="2023-09-07T09:00:00")
    assert on_time_closure(seen(due=[late]), part(unverified="skip"), frame()).value == 0


def test_answering_counts_by_the_unit_instead_of_the_place() -> None:
    facts = seen(due=[problem("1")], answered=[problem("2", fixed_at="")])
    assert on_time_closure(facts, part(), frame()).value == 10000
    assert on_time_closure(facts, part(count="answering"), frame()).value == 0


def test_sources_leave_others_out() -> None:
    problems = [problem("1"), problem("2", source="hotline", fixed_at="")]
    assert on_time_closure(seen(due=problems), part(sources=["热线转办"]), frame()).value == 0
    assert on_time_closure(seen(due=problems), part(sources=["督查发现"]), frame()).value == 10000


@pytest.mark.parametrize(
    ("one", "verdict", "words"),
    [
        (problem(), "按期销号", "整改期限 2023-09-06 09:00，2023-09-05 09:00 整改，2023-09-06 10:00 销号"),
        (problem(fixed_at="", closed_at="", state="dispatched"), "未按期销号", "整改期限 2023-09-06 09:00，现为已派遣"),
        (problem(closed_at="", state="fixed"), "未按期销号", "整改期限 2023-09-06 09:00，2023-09-05 09:00 整改，尚未销号（待核查）"),
        (problem(state="pending", fixed_at="", pended_at="2023-09-07T09:00:00"), "未按期销号", "整改期限 2023-09-06 09:00，2023-09-07 09:00 挂账"),
        (problem(state="merged", fixed_at=""), "不计入", "整改期限 2023-09-06 09:00，现为并案"),
    ],
)  # fmt: skip
def test_reason_tells_what_became_of_each(one: ProblemFact, verdict: str, words: str) -> None:
    _, steps = on_time_closure(seen(due=[one]), part(), frame()).reason()
    assert [(step.value, step.words, step.kind, step.code) for step in steps] == [(verdict, words, "problem", "W1")]


def test_reason_in_words() -> None:
    problems = [problem("1"), problem("2", fixed_at=""), problem("3")]
    assert (
        on_time_closure(seen(due=problems), part(), frame()).reason()[0]
        == "本期到期 3 件，按期销号 2 件：2 ÷ 3 × 100 = 66.67"
    )
    assert on_time_closure(seen(), part(), frame()).reason()[0] == "本期没有到期的问题"
