"""Reminding and supervising as deadlines come near and pass: each step once, a record and a notice (domain §6)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from chuangwei.core import audit, clock, notices, presets
from chuangwei.core.actor import Actor
from chuangwei.core.calendar import Calendar, MissingYear
from chuangwei.core.errors import DomainError
from chuangwei.core.writes import action
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.problems import queries, rules
from chuangwei.domain.problems.enums import SUBJECT, EscalationStep, ProblemState
from chuangwei.domain.problems.models import Escalation, Problem
from chuangwei.domain.problems.preset import Escalations

AHEAD = timedelta(days=366)
"""No deadline farther away than this is near: its last fifth is longer than anybody plans."""
BATCH = 200
WORDS = {
    EscalationStep.REMIND: "整改期限将到：{category}（{code}），{due} 前整改",
    EscalationStep.SUPERVISE: "督办：{category}（{code}）已过整改期限 {due}",
    EscalationStep.COMMITTEE: "提交督查：{category}（{code}）逾期已久，期限为 {due}",
}


def escalate(*, by: Actor, at: datetime) -> int:
    """Take every step that is due; how many were taken. Run twice at the same instant it takes none twice."""
    return sum(_take(batch, by=by, at=at) for batch in _batches(_due(at)))


def _due(at: datetime) -> Iterator[tuple[Problem, EscalationStep, Escalations]]:
    """The problems a step is due for, and by which preset."""
    uses, calendars = presets.holdings(), dict[str, Calendar]()
    running = (ProblemState.DISPATCHED, ProblemState.RETURNED)
    found = Problem.objects.filter(state__in=running, due_order__lt=at + AHEAD).order_by("pk")
    rows = found.select_related("area", "category", "unit__parent")
    taken = _taken()
    for problem in rows.iterator(chunk_size=1000):
        if problem.area.path not in calendars:
            calendars[problem.area.path] = queries.clock_of(problem.area, at)
        wishes = queries.ledger_of(uses, area_codes=problem.area.path_codes, day=clock.local_day(at)).escalation
        step = _step(problem, wishes, calendars[problem.area.path], at, taken)
        if step is not None:
            yield problem, step, wishes


def _taken() -> dict[tuple[int, datetime], set[str]]:
    found: dict[tuple[int, datetime], set[str]] = defaultdict(set)
    rows = Escalation.objects.filter(problem__state__in=(ProblemState.DISPATCHED, ProblemState.RETURNED))
    for problem, due_at, step in rows.values_list("problem_id", "due_at", "step"):
        found[problem, due_at].add(step)
    return found


def _step(
    problem: Problem, wishes: Escalations, calendar: Calendar, at: datetime,
    taken: dict[tuple[int, datetime], set[str]],
) -> EscalationStep | None:  # fmt: skip
    due_at, start = problem.due_at, problem.dispatched_at
    if due_at is None or start is None or start >= due_at:
        return EscalationStep.SUPERVISE if wishes.supervise and due_at and _is_new(problem, due_at, at, taken) else None
    try:
        times = rules.escalation_times(
            start=start, due_at=due_at, unit=queries.time_allowed(problem.category).unit, calendar=calendar,
            remind_at=_fraction(wishes.remind_at), supervise=wishes.supervise,
            committee_at=_fraction(wishes.committee_at) if wishes.committee else Fraction(0),
        )  # fmt: skip
    except (MissingYear, DomainError):
        return None
    return rules.step_due(times, at=at, taken=taken.get((problem.pk, due_at), set()))


def _is_new(problem: Problem, due_at: datetime, at: datetime, taken: dict[tuple[int, datetime], set[str]]) -> bool:
    """Whether it is late and nothing was said of it: handed out again after its deadline, or without a time."""
    return rules.is_late(due_at=due_at, at=at) and not taken.get((problem.pk, due_at))


def _fraction(number: float) -> Fraction:
    """0.8 as people wrote it, not as a computer keeps it."""
    return Fraction(Decimal(str(number)))


def _batches(
    due: Iterator[tuple[Problem, EscalationStep, Escalations]],
) -> Iterator[list[tuple[Problem, EscalationStep, Escalations]]]:
    found = list(due)
    for start in range(0, len(found), BATCH):
        yield found[start : start + BATCH]


@action
def _take(steps: Sequence[tuple[Problem, EscalationStep, Escalations]], *, by: Actor, at: datetime) -> int:
    count = 0
    for problem, step, wishes in steps:
        if problem.unit is None or problem.due_at is None:
            continue
        made, is_new = Escalation.objects.get_or_create(
            problem=problem, step=step, due_at=problem.due_at, defaults={"unit": problem.unit, "at": at}
        )
        if is_new:
            made.told_count = _tell(problem, problem.unit, step, wishes, at)
            made.save(update_fields=["told_count"])
            audit.record(
                verb=step.label, subject_kind=SUBJECT, subject_code=problem.code, by=by, at=at,
                details={"unit": problem.unit.code, "told": made.told_count},
            )  # fmt: skip
            count += 1
    return count


def _tell(problem: Problem, unit: Unit, step: EscalationStep, wishes: Escalations, at: datetime) -> int:
    to = queries.told_of(unit)
    if step != EscalationStep.REMIND and unit.parent:
        to += queries.told_of(unit.parent)
    if step == EscalationStep.COMMITTEE:
        committee = Unit.objects.filter(code=wishes.committee).first()
        to += queries.told_of(committee) if committee else []
    due = queries.instant_text(problem.due_at) if problem.due_at else ""
    return notices.send(
        to=to, kind=f"problem-{step.value}", at=at, subject_kind=SUBJECT, subject_code=problem.code,
        body=problem.description,
        title=WORDS[step].format(category=problem.category.name, code=problem.code, due=due),
    )  # fmt: skip
