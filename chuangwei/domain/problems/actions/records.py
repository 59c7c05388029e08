"""A problem written under its number, and what is recorded of one deed about a problem."""

from datetime import datetime
from typing import Any

from chuangwei.core import audit, notices, numbering
from chuangwei.core.actor import Actor
from chuangwei.domain.problems.enums import SUBJECT
from chuangwei.domain.problems.models import Problem


def numbered(code: str | list[str], **values: Any) -> Problem:
    """A new problem under the code it was given, or under the first of several that nobody took meanwhile."""
    if isinstance(code, str):
        return Problem.objects.create(code=code, **values)
    return numbering.written(Problem.objects.all(), code, lambda one: Problem.objects.create(code=one, **values))


def recorded(problem: Problem, verb: str, *, by: Actor, at: datetime, note: str = "") -> None:
    """Who has done something about a problem has no need any more of the messages that told them of it."""
    notices.mark_dealt_with(recipient=by.code, subject_kind=SUBJECT, subject_code=problem.code, at=at)
    audit.record(
        verb=verb, subject_kind=SUBJECT, subject_code=problem.code, by=by, at=at, note=note,
        details={"state": problem.state, "unit": problem.unit.code if problem.unit else ""},
    )  # fmt: skip
