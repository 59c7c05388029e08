"""Taking up a closed problem again: as long as the period it counted in is open, and not a day longer (domain §6)."""

from datetime import date
from typing import Any

import pytest

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.models import TransitionLog
from chuangwei.domain.appraisal import actions, queries
from chuangwei.domain.appraisal.actions import reopen_problem
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.problems.models import Problem
from tests.domain.appraisal.world import NOW, PRESET, World, compute, noon, use
from tests.factories import organisation

WORST = {"A": "90", "B": "80", "C": "70", "D": "60"}


def put_right(town: World, **values: Any) -> Problem:
    return town.problem("A", unit=organisation.unit("U1"), **values)


def finalised(slug: str) -> Period:
    """A week computed, published and made final."""
    (done,) = compute(slug)
    chief = organisation.chief()
    actions.publish_period(period=done.period, by=chief, at=noon("2023-09-11"))
    return actions.finalise_period(period=done.period, by=chief, at=noon("2023-09-18"))


def reopened(problem: Problem) -> Problem:
    return reopen_problem(problem=problem, by=organisation.chief(), at=noon("2023-09-19"), note="回头看未改")


def test_reopen_problem_while_the_period_it_counted_in_is_open(town: World) -> None:
    town.week("2023-W36", **WORST)
    problem = put_right(town)
    compute("2023-W36")
    assert (queries.why_not_reopened(problem), reopened(problem).state) == ("", "reopened")


def test_reopen_problem_is_refused_once_that_period_is_final(town: World) -> None:
    town.week("2023-W36", **WORST)
    problem = put_right(town)
    finalised("2023-W36")
    with pytest.raises(
        DomainError,
        match=rf"{problem.code} 已计入2023年第36周社区周评比，该期已定案，不能再记反弹。又出现的请作为新问题上报",
    ):
        reopened(problem)
    problem.refresh_from_db()
    assert (problem.state, problem.closed_at is None) == ("closed", False)


@pytest.mark.parametrize(
    "values",
    [
        {"due_at": "2023-09-11 00:00", "fixed_at": "2023-09-07 09:00", "closed_at": "2023-09-08 09:00"},
        {"due_at": "2023-09-03 23:59", "found_at": "2023-09-01 09:00", "fixed_at": "2023-09-02 09:00"},
    ],
    ids=["due-after", "due-before"],
)
def test_reopen_problem_that_counted_in_no_final_period(town: World, values: dict[str, str | None]) -> None:
    town.week("2023-W36", **WORST)
    problem = put_right(town, **values)
    finalised("2023-W36")
    assert reopened(problem).state == "reopened"


def test_what_was_put_right_on_the_spot_fell_due_in_no_period(town: World) -> None:
    town.week("2023-W36", **WORST)
    problem = town.problem("A", due_at=None)
    finalised("2023-W36")
    assert queries.why_not_reopened(problem) == ""


@pytest.mark.parametrize(("source", "is_refused"), [("hotline", True), ("inspection", False)])
def test_reopen_problem_goes_by_the_sources_that_the_part_scores(town: World, source: str, is_refused: bool) -> None:
    use(
        PRESET.replace('rule = "on-time-closure"', 'rule = "on-time-closure"\nsources = ["热线转办"]'),
        from_on=date(2023, 9, 4),
    )
    town.week("2023-W36", **WORST)
    problem = put_right(town, source=source)
    finalised("2023-W36")
    assert bool(queries.why_not_reopened(problem)) == is_refused


def test_reopen_problem_of_an_area_another_series_ranks(town: World) -> None:
    town.week("2023-W36", **WORST)
    problem = put_right(town)
    Period.objects.filter(pk=finalised("2023-W36").pk).update(area_code="D")
    assert queries.why_not_reopened(problem) == ""


def test_reopen_problem_is_for_who_may_verify(town: World, stranger: Actor) -> None:
    problem = put_right(town)
    with pytest.raises(NotAllowed):
        reopen_problem(problem=problem, by=stranger, at=NOW, note="x")
    assert not TransitionLog.objects.filter(subject_code=problem.code, move="reopen").exists()
