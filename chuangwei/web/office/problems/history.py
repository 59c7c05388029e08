"""What happened to a problem, the newest first: its moves, its photos, the reminders about it."""

from dataclasses import dataclass
from datetime import datetime

from chuangwei.core.models import AuditEvent
from chuangwei.core.transitions import CHANGE, history_of
from chuangwei.domain.problems.enums import SUBJECT, EscalationStep, ProblemState
from chuangwei.domain.problems.models import Escalation, Problem

LABELS = dict(ProblemState.choices)
TOLD_BY_AUDIT = ("上报问题", "添加")
"""Deeds that are no moves: only the audit chain has them."""


@dataclass(frozen=True)
class Happening:
    title: str
    course: str
    by: str
    at: datetime
    note: str = ""


def happenings(problem: Problem) -> list[Happening]:
    """Three questions, whatever happened."""
    moves = [
        Happening(log.move_name, _course(log.move, log.source, log.target), log.by_name, log.at, log.note)
        for log in history_of(problem)
    ]
    events = AuditEvent.objects.filter(subject_kind=SUBJECT, subject_code=problem.code).order_by("-seq")
    deeds = [
        Happening(event.verb, "", event.actor_name, event.at, event.note)
        for event in events
        if event.verb.startswith(TOLD_BY_AUDIT)
    ]
    steps = [
        Happening(EscalationStep(one.step).label, "", "系统", one.at, _told(one))
        for one in problem.escalations.select_related("unit").order_by("-pk")
    ]
    return sorted([*moves, *steps, *deeds], key=lambda one: one.at, reverse=True)


def _told(one: Escalation) -> str:
    told = f"告知 {one.told_count} 人" if one.told_count else "没有可告知的账号"
    return f"{one.unit.name}，{told}"


def _course(move: str, source: str, target: str) -> str:
    """已派遣 → 待核查; for a changed value, the two values; nothing for what left the state as it was."""
    if move == CHANGE:
        return " → ".join(word for word in (source, target) if word)
    if source == target:
        return ""
    return f"{LABELS.get(source, source)} → {LABELS.get(target, target)}"
