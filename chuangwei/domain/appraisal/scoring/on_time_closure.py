"""on-time-closure: of the problems that fell due in the period, the share put right in time and closed (domain §8)."""

from functools import partial
from typing import Literal

from chuangwei.domain.appraisal.facts import Frame, ProblemFact, SubjectFacts
from chuangwei.domain.appraisal.options import PartOptions, Sources
from chuangwei.domain.appraisal.registry import Asked, scoring
from chuangwei.domain.appraisal.rules import FULL, half_up, two_decimals
from chuangwei.domain.appraisal.steps import Score, Step
from chuangwei.domain.problems.enums import ProblemState

NEVER_DUE = (ProblemState.REJECTED.value, ProblemState.MERGED.value)

ON_TIME, LATE, UNCOUNTED = "按期销号", "未按期销号", "不计入"


class OnTimeClosure(PartOptions):
    count: Literal["area", "answering"] = "area"
    """area: problems in the subject; answering: problems its committee, or a unit below it, answers for."""
    sources: Sources = ()
    """Empty: all."""
    unverified: Literal["miss", "skip"] = "miss"
    """What becomes of a problem put right in time whose check is still to come."""

    def takes(self, source: str) -> bool:
        """Whether problems of this source count."""
        return not self.sources or source in self.sources

    @property
    def usual_name(self) -> str:
        return "按期销号"


def _asks(_: OnTimeClosure) -> Asked:
    return Asked(due=True)


@scoring("on-time-closure", options=OnTimeClosure, asks=_asks)
def on_time_closure(facts: SubjectFacts, part: OnTimeClosure, frame: Frame) -> Score:
    rows = _rows(facts, part, frame)
    verdicts = [verdict(problem, part.unverified) for problem in rows]
    on_time, due = verdicts.count(ON_TIME), len(verdicts) - verdicts.count(UNCOUNTED)
    value = half_up(FULL * on_time, due) if due else None
    return Score(value, partial(_reason, rows, part, on_time, due))


def _rows(facts: SubjectFacts, part: OnTimeClosure, frame: Frame) -> list[ProblemFact]:
    """The problems whose deadline lies in the period."""
    rows = facts.due if part.count == "area" else facts.answered
    return [row for row in rows if frame.holds(row.due_at) and part.takes(row.source)]


def verdict(problem: ProblemFact, unverified: str) -> str:
    """Whether a problem that fell due counts, and as what.

    Pending counts as late only where it was approved after the deadline: it must not hide late work (domain §6).
    """
    if problem.state in NEVER_DUE:
        return UNCOUNTED
    if problem.state == ProblemState.PENDING.value:
        return LATE if problem.pended_at > problem.due_at else UNCOUNTED
    if not problem.fixed_at or problem.fixed_at > problem.due_at:
        return LATE
    if problem.closed_at:
        return ON_TIME
    waits = problem.state == ProblemState.FIXED.value
    return UNCOUNTED if waits and unverified == "skip" else LATE


def _reason(rows: list[ProblemFact], part: OnTimeClosure, on_time: int, due: int) -> tuple[str, tuple[Step, ...]]:
    steps = tuple(_problem_step(problem, part) for problem in rows)
    if not due:
        return "本期没有到期的问题", steps
    value = two_decimals(half_up(FULL * on_time, due))
    return f"本期到期 {due} 件，按期销号 {on_time} 件：{on_time} ÷ {due} × 100 = {value}", steps


def _problem_step(problem: ProblemFact, part: OnTimeClosure) -> Step:
    told = f"整改期限 {_clock(problem.due_at)}，{_fixed(problem)}"
    return Step(problem.code, verdict(problem, part.unverified), told, "problem", problem.code)


def _fixed(problem: ProblemFact) -> str:
    state = ProblemState(problem.state).label
    if problem.state == ProblemState.PENDING.value and problem.pended_at:
        return f"{_clock(problem.pended_at)} 挂账"
    if not problem.fixed_at:
        return f"现为{state}"
    if not problem.closed_at:
        return f"{_clock(problem.fixed_at)} 整改，尚未销号（{state}）"
    return f"{_clock(problem.fixed_at)} 整改，{_clock(problem.closed_at)} 销号"


def _clock(instant: str) -> str:
    return instant[:16].replace("T", " ")
