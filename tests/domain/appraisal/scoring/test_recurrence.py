"""recurrence: the share of what was closed lately that stayed put right."""

from typing import Any

import pytest

from chuangwei.domain.appraisal.facts import ProblemFact
from chuangwei.domain.appraisal.scoring.recurrence import Recurrence, recurrence
from tests.domain.appraisal.building import frame, problem, seen

BACK = {"found_at": "2023-09-08T09:00:00", "fixed_at": "", "closed_at": "", "state": "dispatched"}


def part(**values: Any) -> Recurrence:
    return Recurrence.model_validate({"slug": "again", "rule": "recurrence", "weight": 1, **values})


@pytest.mark.parametrize(
    ("problems", "score"),
    [
        ([], None),
        ([problem()], 10000),
        ([problem("1"), problem("2", **BACK)], 0),
        ([problem("1"), problem("2", **BACK | {"place": "S2"})], 10000),
        ([problem("1"), problem("2", **BACK | {"category": "06010"})], 10000),
        ([problem("1"), problem("2", **BACK | {"state": "rejected"})], 10000),
        ([problem("1"), problem("2", **BACK | {"state": "reported"})], 10000),
        ([problem("1"), problem("2", **BACK | {"found_at": "2023-09-06T09:59:59"})], 10000),  # before it was closed
        ([problem("1"), problem("2", **BACK | {"found_at": "2023-09-11T00:00:00"})], 10000),  # after the period
        ([problem("1"), problem("2", place="S2"), problem("3", **BACK)], 5000),
        ([problem("1"), problem("2", place="S2"), problem("3", place="S3"), problem("4", **BACK)], 6667),
        ([problem(state="reopened")], 0),
        # Reopened: no longer closed, or closed again since; it counts by its first closing, once, as a comeback.
        ([problem(state="dispatched", closed_at="", first_closed_at="2023-09-06T10:00:00")], 0),
        ([problem(closed_at="2023-09-08T10:00:00", first_closed_at="2023-09-06T10:00:00")], 0),
        ([problem(closed_at="2023-09-12T10:00:00", first_closed_at="2023-09-06T10:00:00")], 0),  # again after the period
        ([problem(closed_at="2023-09-08T10:00:00", first_closed_at="2023-08-01T10:00:00")], None),
        ([problem("1", state="reopened", closed_at="", first_closed_at="2023-09-06T10:00:00"), problem("2", place="S2")], 5000),
        ([problem(closed_at="2023-08-11T23:59:59", found_at="2023-08-01T00:00:00")], None),
        ([problem(closed_at="2023-08-12T00:00:00", found_at="2023-08-01T00:00:00")], 10000),  # 30 days to 09-10
        ([problem("1", closed_at="2023-09-05T10:00:00"), problem("2", found_at="2023-09-05T11:00:00"), problem("3", **BACK)], 0),
    ],
)  # fmt: skip
def test_score(problems: list[ProblemFact], score: int | None) -> None:
    assert recurrence(seen(found=problems), part(), frame()).value == score


def test_window_is_the_presets() -> None:
    old = problem(closed_at="2023-09-03T09:00:00", found_at="2023-09-01T09:00:00")
    assert recurrence(seen(found=[old]), part(window_days=7), frame()).value is None
    assert recurrence(seen(found=[old]), part(window_days=8), frame()).value == 10000


def test_reason_names_the_comeback() -> None:
    words, steps = recurrence(seen(found=[problem("1"), problem("2", **BACK)]), part(), frame()).reason()
    assert words == "最近 30 天销号 1 件，其中反弹 1 件，未反弹占 0.00"
    assert [(step.code, step.words) for step in steps] == [("1", "又见 2")]


def test_reason_tells_a_reopened_problem() -> None:
    _, steps = recurrence(seen(found=[problem(state="reopened")]), part(), frame()).reason()
    assert [(step.code, step.words) for step in steps] == [("W1", "复查反弹")]


def test_reason_without_rows() -> None:
    assert recurrence(seen(), part(), frame()).reason() == ("最近 30 天没有销号的问题", ())
