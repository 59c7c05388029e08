"""What a correction of the record that found a problem does to the problem (domain §6, §7)."""

from datetime import datetime

from chuangwei.core import notices
from chuangwei.core.actor import Actor
from chuangwei.core.errors import require
from chuangwei.core.models import TransitionLog
from chuangwei.core.transitions import apply_transition
from chuangwei.core.writes import action
from chuangwei.domain.problems import queries, states
from chuangwei.domain.problems.actions.records import recorded
from chuangwei.domain.problems.enums import OPEN, SUBJECT, Permission, ProblemState
from chuangwei.domain.problems.models import Problem

REASON = "检查记录已更正"


@action
def tell_correction(*, problem: Problem, told: str, is_unfounded: bool, by: Actor, at: datetime) -> Problem:
    """Write into the history of a problem what a correction says of it.

    With `is_unfounded`, where nothing says any more that it was there, one that nobody was given yet is withdrawn; one
    that a unit has stays with the ledger. Whoever dispatches is told. Who may correct the record decides that it may be done;
    here it takes somebody who files.
    """
    require(by.may(Permission.FILE))
    TransitionLog.objects.create(
        subject_kind=SUBJECT, subject_code=problem.code, move="record-corrected", move_name="检查记录更正",
        source=problem.state, target=problem.state, by_code=by.code, by_name=by.name, at=at, note=told,
    )  # fmt: skip
    if not is_unfounded or problem.state not in OPEN:
        return problem
    if problem.state == ProblemState.FILED:
        apply_transition(problem, states.WITHDRAW, by=by, at=at, note=REASON)
        recorded(problem, states.WITHDRAW.name, by=by, at=at, note=REASON)
    if not problem.is_held:
        _tell_office(problem, told, at=at)
    return problem


def _tell_office(problem: Problem, told: str, *, at: datetime) -> None:
    what = "已撤回，不予立案" if problem.state == ProblemState.REJECTED else "仍在办理，请核实"
    notices.send(
        to=queries.dispatchers_of(problem), kind="problem-record-corrected", at=at, subject_kind=SUBJECT,
        subject_code=problem.code, body=f"{told}。问题{what}。", title=f"检查记录已更正：{problem.category.name}（{problem.code}）",
    )  # fmt: skip
