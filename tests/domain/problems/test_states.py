"""The table of moves: what it allows, what it refuses, that every state can be reached and every open one left."""

from itertools import product

import pytest

from chuangwei.core.errors import DomainError, StaleState
from chuangwei.core.models import TransitionLog
from chuangwei.core.transitions import Transition, apply_transition
from chuangwei.domain.problems import states
from chuangwei.domain.problems.enums import OPEN, ProblemState
from chuangwei.domain.problems.models import Problem
from tests.factories import organisation, places, problems

ALLOWED = {
    ("待核实", "已立案"), ("待核实", "不予立案"), ("已立案", "已派遣"), ("已立案", "不予立案"), ("已立案", "已销号"), ("已派遣", "待核查"),
    ("已派遣", "退回"), ("已派遣", "挂账"), ("退回", "已派遣"), ("待核查", "已派遣"), ("待核查", "已销号"),
    ("挂账", "已派遣"), ("已销号", "反弹"), ("反弹", "已派遣"),
    ("待核实", "并案"), ("已立案", "并案"), ("已派遣", "并案"), ("退回", "并案"), ("待核查", "并案"), ("挂账", "并案"),
    ("反弹", "并案"),
}  # fmt: skip
"""Domain §6, written out by hand."""


def test_moves_of_a_problem_are_those_of_the_design_and_no_others():
    label = dict(ProblemState.choices)
    assert {(label[source], label[move.target]) for move in states.MOVES for source in move.sources} == ALLOWED


def test_every_state_can_be_reached_and_every_open_one_left():
    targets = {move.target for move in states.MOVES}
    sources = set().union(*(move.sources for move in states.MOVES))
    assert targets | {ProblemState.REPORTED} == set(ProblemState)
    assert sources == OPEN | {ProblemState.CLOSED}


def moved(state: str, move: Transition) -> Problem:
    town, _ = places.town()
    thing = problems.problem(
        in_area=town, state=state, unit=organisation.unit(), due_at=problems.MONDAY, fixed_at=problems.MONDAY,
        closed_at=problems.MONDAY,
    )  # fmt: skip
    apply_transition(thing, move, by=organisation.chief(), at=problems.MONDAY, note="因为", save=("fixed_at",))
    return thing


CASES = list(product(ProblemState, states.MOVES))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "move"), [(s, m) for s, m in CASES if s in m.sources], ids=lambda value: getattr(value, "slug", value)
)
def test_allowed_move_changes_the_state_and_writes_one_line(state: str, move: Transition):
    thing = moved(state, move)
    thing.refresh_from_db()
    assert thing.state == move.target
    assert list(TransitionLog.objects.values_list("move", "source", "target", "note")) == [
        (move.slug, state, move.target, "因为")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "move"), [(s, m) for s, m in CASES if s not in m.sources], ids=lambda value: getattr(value, "slug", value)
)
def test_other_move_is_refused_in_words_and_changes_nothing(state: str, move: Transition):
    with pytest.raises(StaleState, match=f"现为“{ProblemState(state).label}”，不能{move.name}"):
        moved(state, move)
    assert (Problem.objects.get().state, TransitionLog.objects.count()) == (state, 0)


@pytest.mark.django_db
def test_second_clerk_with_an_old_screen_is_refused():
    thing = moved(ProblemState.FILED, states.DISPATCH)
    old = Problem.objects.get()
    apply_transition(thing, states.RETURN, by=organisation.chief(), at=problems.MONDAY, note="不归我管")
    with pytest.raises(StaleState, match="已被他人处理"):
        apply_transition(old, states.REPORT_FIXED, by=organisation.chief(), at=problems.MONDAY)
    assert Problem.objects.get().state == ProblemState.RETURNED


@pytest.mark.django_db
@pytest.mark.parametrize("move", [m for m in states.MOVES if m.needs_note], ids=lambda m: m.slug)
def test_move_that_needs_a_reason_is_refused_without_one(move: Transition):
    town, _ = places.town()
    thing = problems.problem(in_area=town)
    with pytest.raises(DomainError, match="须写明理由"):
        apply_transition(thing, move, by=organisation.chief(), at=problems.MONDAY, note="  ")
