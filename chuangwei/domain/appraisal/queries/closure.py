"""Which problems a series counts in its score for closing in time: for papers that tell of the same problems."""

from collections.abc import Container, Iterable
from typing import Any, NamedTuple

from chuangwei.domain.appraisal.facts import ProblemFact
from chuangwei.domain.appraisal.scoring.on_time_closure import ON_TIME, UNCOUNTED, OnTimeClosure, verdict


class Closure(NamedTuple):
    """The problems that count by the options of one part, and those of them closed in time."""

    part: str
    due: list[ProblemFact]
    on_time: list[ProblemFact]


def closure_of(parts: Iterable[Any], fell_due: Iterable[ProblemFact], subjects: Container[str]) -> Closure | None:
    """Of the problems that fell due in a period; None where no part of the series counts them (domain §8)."""
    part = next((one for one in parts if isinstance(one, OnTimeClosure)), None)
    if part is None:
        return None
    told = [(one, verdict(one, part.unverified)) for one in fell_due if _is_somebodys(one, part, subjects)]
    return Closure(
        part.name,
        due=[one for one, verdict in told if verdict != UNCOUNTED],
        on_time=[one for one, verdict in told if verdict == ON_TIME],
    )


def _is_somebodys(problem: ProblemFact, part: OnTimeClosure, subjects: Container[str]) -> bool:
    subject = problem.due_subject if part.count == "area" else problem.answering
    return subject in subjects and part.takes(problem.source)
