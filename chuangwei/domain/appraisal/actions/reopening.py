"""Taking up a closed problem again, as long as the period it counted in is open."""

from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.writes import action
from chuangwei.domain.appraisal import queries
from chuangwei.domain.problems import actions as problems
from chuangwei.domain.problems import permissions
from chuangwei.domain.problems.models import Problem


@action
def reopen_problem(*, problem: Problem, by: Actor, at: datetime, note: str) -> Problem:
    """A recheck finds a closed problem not put right 反弹; DomainError once the period it counted in is final."""
    require(permissions.may_verify(by, problem))
    if told := queries.why_not_reopened(problem):
        raise DomainError(told)
    return problems.reopen_problem(problem=problem, by=by, at=at, note=note)
