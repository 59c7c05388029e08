"""Reminder at a share of the time, supervision when late, the committee at a multiple: each once (domain §6)."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from chuangwei.core import presets
from chuangwei.core.calendar import TimeUnit, load
from chuangwei.core.errors import Refused
from chuangwei.core.models import Notice
from chuangwei.domain.problems import actions, jobs, rules
from chuangwei.domain.problems.enums import EscalationStep, ProblemState
from chuangwei.domain.problems.models import Escalation, Problem
from chuangwei.domain.standards.enums import TimeUnit as Allowed
from tests.factories import organisation, places, standards
from tests.factories.problems import MONDAY, problem

pytestmark = pytest.mark.django_db
CHIEF = organisation.chief()
E = EscalationStep


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """September 2023 on a Shanghai clock."""
    return datetime(2023, 9, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("unit", "due", "times"),
    [
        # 4 working hours from Monday nine: due at three in the afternoon, for lunch does not count.
        (TimeUnit.WORKING_HOUR, local(4, 15), [local(4, 14, 12), local(4, 15), local(5, 9)]),
        (TimeUnit.EMERGENCY_HOUR, local(4, 13), [local(4, 12, 12), local(4, 13), local(4, 17)]),
        (TimeUnit.WORKING_DAY, local(8, 9), [local(7, 10, 36), local(8, 9), local(14, 9)]),
    ],
)
def test_when_each_step_is_due(unit, due, times):
    found = rules.escalation_times(
        start=local(4, 9), due_at=due, unit=unit, calendar=load(), remind_at=Fraction(4, 5), supervise=True,
        committee_at=Fraction(2),
    )  # fmt: skip
    assert found == list(zip(E, times, strict=True))


def test_a_step_of_nothing_is_left_out():
    found = rules.escalation_times(
        start=local(4, 9), due_at=local(4, 15), unit=TimeUnit.WORKING_HOUR, calendar=load(), remind_at=Fraction(0),
        supervise=False, committee_at=Fraction(0),
    )  # fmt: skip
    assert found == []


TIMES = [(E.REMIND, local(4, 14)), (E.SUPERVISE, local(4, 15)), (E.COMMITTEE, local(5, 9))]


@pytest.mark.parametrize(
    ("at", "taken", "step"),
    [
        (local(4, 13, 59), set(), None), (local(4, 14), set(), E.REMIND), (local(4, 14, 30), {E.REMIND}, None),
        (local(4, 15), {E.REMIND}, None), (local(4, 15), set(), E.REMIND), (local(4, 15, 1), {E.REMIND}, E.SUPERVISE),
        (local(4, 15, 1), set(), E.SUPERVISE), (local(4, 16), {E.SUPERVISE}, None), (local(5, 9), {E.SUPERVISE}, E.COMMITTEE),
        (local(9, 9), set(), E.COMMITTEE), (local(9, 9), {E.COMMITTEE}, None),
    ],
)  # fmt: skip
def test_the_farthest_step_reached_is_taken_once(at, taken, step):
    assert rules.step_due(TIMES, at=at, taken=taken) == step


PRESET = """
[preset]
slug = "a"
title = "甲"
[areas]
levels = ["县"]
[ledger.escalation]
committee = "DC"
"""


@pytest.fixture
def dispatched() -> Problem:
    presets.use_preset(document=presets.read_preset(PRESET, "a.toml"), area_code="", from_on=None, by=CHIEF, at=MONDAY)
    bureau, works = organisation.unit("BU"), None
    works = organisation.unit("U1", parent=bureau)
    for name, unit in (("works", works), ("bureau", bureau), ("committee", organisation.unit("DC"))):
        organisation.account(name, unit=unit)
    lane = places.site("BL-1", in_area=places.town()[1][0])
    return actions.dispatch_problem(problem=problem(site=lane), to=works, by=CHIEF, at=local(4, 9))


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient_code", flat=True))


def test_each_step_makes_a_record_and_a_notice_once(dispatched: Problem):
    moments = [
        local(4, 10),
        local(4, 14, 12),
        local(4, 14, 30),
        local(4, 15),
        local(4, 15, 30),
        local(5, 9),
        local(6, 9),
    ]
    counts = [(actions.escalate(by=CHIEF, at=at), actions.escalate(by=CHIEF, at=at)) for at in moments]
    assert counts == [(0, 0), (1, 0), (0, 0), (0, 0), (1, 0), (1, 0), (0, 0)]
    assert list(Escalation.objects.values_list("step", "told_count")) == [
        ("remind", 1), ("supervise", 2), ("committee", 3),
    ]  # fmt: skip
    assert told("problem-remind") == {"works"}
    assert told("problem-supervise") == {"works", "bureau"}
    assert told("problem-committee") == {"works", "bureau", "committee"}


@pytest.mark.parametrize(
    ("state", "count"),
    [
        (ProblemState.DISPATCHED, 1), (ProblemState.RETURNED, 1), (ProblemState.PENDING, 0), (ProblemState.FIXED, 0),
        (ProblemState.CLOSED, 0), (ProblemState.MERGED, 0),
    ],
)  # fmt: skip
def test_only_what_runs_is_pressed(dispatched: Problem, state, count):
    times = {"fixed_at": local(4, 10), "closed_at": local(4, 10), "first_closed_at": local(4, 10)}
    Problem.objects.update(state=state, **(times if state in {ProblemState.FIXED, ProblemState.CLOSED} else {}))
    assert actions.escalate(by=CHIEF, at=local(4, 16)) == count


def test_a_new_deadline_is_pressed_anew(dispatched: Problem):
    actions.escalate(by=CHIEF, at=local(4, 16))
    Problem.objects.update(due_at=local(6, 9))
    assert [actions.escalate(by=CHIEF, at=local(5, 9)), actions.escalate(by=CHIEF, at=local(6, 10))] == [0, 1]


def test_handed_out_again_after_its_deadline_it_is_supervised(dispatched: Problem):
    Problem.objects.update(dispatched_at=local(5, 9))
    assert [actions.escalate(by=CHIEF, at=local(5, 10)), actions.escalate(by=CHIEF, at=local(5, 11))] == [1, 0]
    assert Escalation.objects.get().step == E.SUPERVISE


def test_without_a_time_or_a_calendar_nothing_is_pressed(dispatched: Problem):
    standards.category().__class__.objects.update(allowed_amount=None, allowed_unit="")
    assert actions.escalate(by=CHIEF, at=local(9, 9)) == 0
    standards.category().__class__.objects.update(allowed_amount=4, allowed_unit=Allowed.WORK_HOUR)
    Problem.objects.update(dispatched_at=datetime(2090, 1, 1, tzinfo=UTC), due_at=datetime(2090, 1, 2, tzinfo=UTC))
    assert actions.escalate(by=CHIEF, at=datetime(2090, 1, 3, tzinfo=UTC)) == 0


def test_the_job_says_what_it_did(dispatched: Problem):
    assert jobs.escalate(at=local(4, 16)) == "提醒、督办 1 件。"
    assert jobs.escalate(at=local(4, 16)) == "提醒、督办 0 件。"


@pytest.mark.parametrize("multiple", ["1", "0.5"])
def test_a_committee_before_the_deadline_is_no_preset(multiple):
    text = PRESET.replace('committee = "DC"', f"committee_at = {multiple}")
    with pytest.raises(Refused) as refused:
        presets.read_preset(text, "a.toml")
    assert "须大于 1" in refused.value.mistakes[0].message
