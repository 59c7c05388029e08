from datetime import timedelta

import pytest

from chuangwei.core.errors import DomainError, NotAllowed, StaleState
from chuangwei.core.models import Notice, TransitionLog
from chuangwei.domain.problems import actions
from chuangwei.domain.problems.enums import ExtensionState, Permission
from chuangwei.domain.problems.models import Extension, Problem, Turn
from tests.factories import organisation, places
from tests.factories.problems import MONDAY, problem

pytestmark = pytest.mark.django_db
CHIEF = organisation.chief()
HOUR = timedelta(hours=1)
LATER = MONDAY + timedelta(days=4)


@pytest.fixture
def dispatched() -> Problem:
    unit = organisation.unit("U1")
    organisation.account("bureau", unit=unit)
    lane = places.site("BL-1", in_area=places.town()[1][0])
    return actions.dispatch_problem(problem=problem(site=lane), to=unit, by=CHIEF, at=MONDAY)


def ask(one: Problem, **values) -> Extension:
    given = {"until": LATER, "by": CHIEF, "at": MONDAY + HOUR, "reason": "等材料", **values}
    return actions.ask_extension(problem=one, **given)


def test_an_extension_is_asked_for(dispatched: Problem):
    made = ask(dispatched)
    assert (made.state, made.old_due_at, made.new_due_at) == (ExtensionState.ASKED, dispatched.due_at, LATER)
    assert made.code == f"{dispatched.code}-YQ1"
    log = TransitionLog.objects.latest("pk")
    assert (log.move_name, log.target, log.note) == ("变更延期申请", "2023-09-08 09:00", "等材料")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"until": MONDAY}, "须晚于现在的整改期限"), ({"reason": "  "}, "须写明理由"),
        ({"at": MONDAY + timedelta(days=1)}, "已过整改期限"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(dispatched: Problem, values, words):
    with pytest.raises(DomainError, match=words):
        ask(dispatched, **values)


def test_at_the_deadline_it_may_still_be_asked_for(dispatched: Problem):
    assert ask(dispatched, at=dispatched.due_at).pk


def test_one_waits_at_a_time(dispatched: Problem):
    ask(dispatched)
    with pytest.raises(DomainError, match="在等批复"):
        ask(dispatched)


def test_only_what_is_dispatched_can_be_extended(dispatched: Problem):
    actions.report_fixed(problem=dispatched, by=CHIEF, at=MONDAY + HOUR)
    with pytest.raises(StaleState, match="不能申请延期"):
        ask(dispatched)


def test_approval_moves_the_deadline_and_says_so(dispatched: Problem):
    actions.approve_extension(extension=ask(dispatched), by=CHIEF, at=MONDAY + 2 * HOUR)
    dispatched.refresh_from_db()
    assert (dispatched.due_at, Turn.objects.get().due_at) == (LATER, LATER)
    assert Extension.objects.get().state == ExtensionState.APPROVED
    assert Notice.objects.filter(recipient_code="bureau", kind="problem-extension").count() == 1
    assert TransitionLog.objects.filter(move_name="变更整改期限").count() == 1


def test_refusal_leaves_it_and_takes_a_reason(dispatched: Problem):
    asked, due = ask(dispatched), dispatched.due_at
    with pytest.raises(DomainError, match="须写明理由"):
        actions.refuse_extension(extension=asked, by=CHIEF, at=MONDAY + HOUR, note=" ")
    actions.refuse_extension(extension=asked, by=CHIEF, at=MONDAY + HOUR, note="来得及")
    dispatched.refresh_from_db()
    assert (dispatched.due_at, Extension.objects.get().state) == (due, ExtensionState.REFUSED)
    assert ask(dispatched).code.endswith("-YQ2")


def test_what_has_moved_on_cannot_be_approved(dispatched: Problem):
    asked = ask(dispatched)
    actions.report_fixed(problem=dispatched, by=CHIEF, at=MONDAY + HOUR)
    asked.refresh_from_db()
    with pytest.raises(DomainError, match="不能再批准"):
        actions.approve_extension(extension=asked, by=CHIEF, at=MONDAY + HOUR)


def test_who_may_ask_and_who_may_decide(dispatched: Problem):
    fixer, approver = organisation.clerk(Permission.FIX), organisation.clerk(Permission.APPROVE)
    with pytest.raises(NotAllowed):
        ask(dispatched, by=approver)
    asked = ask(dispatched, by=fixer)
    for decide in (actions.approve_extension, actions.refuse_extension):
        with pytest.raises(NotAllowed):
            decide(extension=asked, by=fixer, at=MONDAY, note="x")
    assert actions.approve_extension(extension=asked, by=approver, at=MONDAY).state == ExtensionState.APPROVED
