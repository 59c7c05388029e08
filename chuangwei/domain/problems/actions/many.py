"""The same move for several problems at once: all of them, or none."""

from collections.abc import Callable, Sequence
from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.writes import action
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.problems.actions.moving import close_problem, dispatch_problem
from chuangwei.domain.problems.enums import Permission
from chuangwei.domain.problems.models import Problem

MOST = 200


class SeveralRefused(DomainError):
    """Nothing was moved. `refusals` says for each problem that could not be why not: (its number, the reason)."""

    def __init__(self, refusals: Sequence[tuple[str, str]]) -> None:
        super().__init__("".join(f"{code}：{reason}" for code, reason in refusals))
        self.refusals = list(refusals)


@action
def dispatch_problems(
    *, problems: Sequence[Problem], to: Unit, by: Actor, at: datetime, note: str = ""
) -> int:  # fmt: skip
    """Hand several to one unit; how many there were. One that is refused refuses all, and each refusal is told."""
    require(by.may(Permission.DISPATCH))
    return _all(problems, lambda one: dispatch_problem(problem=one, to=to, by=by, at=at, note=note))


@action
def close_problems(*, problems: Sequence[Problem], by: Actor, at: datetime, note: str = "") -> int:
    """Close several that were looked at together; how many there were. One that is refused refuses all."""
    require(by.may(Permission.VERIFY))
    return _all(problems, lambda one: close_problem(problem=one, by=by, at=at, note=note))


def _all(problems: Sequence[Problem], move: Callable[[Problem], object]) -> int:
    if not problems:
        raise DomainError("请先勾选问题。")
    if len(problems) > MOST:
        raise DomainError(f"一次最多 {MOST} 件。")
    refusals = [(one.code, refusal) for one in problems if (refusal := _refusal(move, one))]
    if refusals:
        raise SeveralRefused(refusals)
    return len(problems)


def _refusal(move: Callable[[Problem], object], problem: Problem) -> str:
    try:
        move(problem)
    except DomainError as refusal:
        return refusal.message
    return ""
