"""A later deadline: asked for by the unit, approved or refused by who may, and logged (domain §6, Clock)."""

from datetime import datetime

from chuangwei.core import notices
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, StaleState, require
from chuangwei.core.models import TransitionLog
from chuangwei.core.transitions import apply_transition, log_change
from chuangwei.core.writes import action
from chuangwei.domain.problems import permissions, queries, rules, states
from chuangwei.domain.problems.actions.records import recorded
from chuangwei.domain.problems.enums import SUBJECT, ExtensionState, ProblemState
from chuangwei.domain.problems.models import Extension, Problem, Turn


@action
def ask_extension(*, problem: Problem, until: datetime, by: Actor, at: datetime, reason: str) -> Extension:
    """Ask for a later deadline. DomainError after the deadline, for an earlier one, and where one is waiting."""
    require(permissions.may_fix(by, problem))
    if problem.state != ProblemState.DISPATCHED or problem.due_at is None:
        raise StaleState(f"问题 {problem.code} 现为“{problem.get_state_display()}”，不能申请延期。")
    if not reason.strip():
        raise DomainError("申请延期须写明理由。")
    if rules.is_late(due_at=problem.due_at, at=at):
        raise DomainError("已过整改期限，不能再申请延期。")
    if until <= problem.due_at:
        raise DomainError("申请的期限须晚于现在的整改期限。")
    if problem.extensions.filter(state=ExtensionState.ASKED).exists():
        raise DomainError("已有一份延期申请在等批复。")
    asked = Extension.objects.create(
        code=f"{problem.code}-YQ{problem.extensions.count() + 1}", problem=problem, old_due_at=problem.due_at,
        new_due_at=until, reason=reason, by_code=by.code, by_name=by.name, asked_at=at,
    )  # fmt: skip
    change = (queries.instant_text(problem.due_at), queries.instant_text(until))
    _log(problem, "延期申请", change, by=by, at=at, note=reason)
    recorded(problem, "申请延期", by=by, at=at, note=reason)
    return asked


@action
def approve_extension(*, extension: Extension, by: Actor, at: datetime, note: str = "") -> Extension:
    """Grant it: the deadline moves. DomainError where the problem has moved on meanwhile."""
    problem = extension.problem
    require(permissions.may_approve(by, problem))
    if problem.state != ProblemState.DISPATCHED or problem.due_at != extension.old_due_at:
        raise DomainError("问题的状态或期限已变，这份申请不能再批准。请不批准，由单位重新申请。")
    apply_transition(extension, states.APPROVE_EXTENSION, by=by, at=at, note=note)
    problem.due_at = extension.new_due_at
    problem.save(update_fields=["due_at"])
    Turn.objects.filter(problem=problem, to_at__isnull=True).update(due_at=extension.new_due_at)
    old, new = queries.instant_text(extension.old_due_at), queries.instant_text(extension.new_due_at)
    _log(problem, "整改期限", (old, new), by=by, at=at, note=note or "批准延期")
    recorded(problem, "批准延期", by=by, at=at, note=note)
    _tell(extension, f"延期已批准：{problem.code} 改为 {new} 前整改", at)
    return extension


@action
def refuse_extension(*, extension: Extension, by: Actor, at: datetime, note: str) -> Extension:
    """Refuse it, with the reason: the deadline stays."""
    problem = extension.problem
    require(permissions.may_approve(by, problem))
    apply_transition(extension, states.REFUSE_EXTENSION, by=by, at=at, note=note)
    _log(problem, "延期申请", (queries.instant_text(extension.new_due_at), "不批准"), by=by, at=at, note=note)
    recorded(problem, "不批准延期", by=by, at=at, note=note)
    _tell(extension, f"延期未批准：{problem.code}", at, note)
    return extension


def _log(problem: Problem, field: str, change: tuple[str, str], *, by: Actor, at: datetime, note: str) -> None:
    TransitionLog.objects.bulk_create([
        log_change(
            subject_kind=SUBJECT, subject_code=problem.code, field=field, old=change[0], new=change[1], by=by, at=at, note=note
        )
    ])  # fmt: skip


def _tell(extension: Extension, title: str, at: datetime, body: str = "") -> None:
    problem = extension.problem
    notices.send(
        to=queries.told_of(problem.unit) if problem.unit else (), kind="problem-extension", title=title, at=at,
        body=body, subject_kind=SUBJECT, subject_code=problem.code,
    )  # fmt: skip
