"""The visits and problems behind a part, as lines of a table; those the actor may not open are only counted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from chuangwei.core.actor import Actor
from chuangwei.domain.inspections.models import Visit
from chuangwei.domain.inspections.queries import visits
from chuangwei.domain.problems import queries as problems
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.inspections.wording import score_of
from chuangwei.web.office.places.households import name_of
from chuangwei.web.shared.links import page_of

FULL = "100.00"
GOOD = frozenset({"按期销号", "不计入"})


@dataclass(frozen=True)
class Line:
    """One visit or problem."""

    code: str
    address: str
    place: str
    value: str
    words: str
    is_bad: bool
    at: datetime | None = None
    round: str = ""
    category: str = ""
    whole: str = ""
    """What the visit scored over all its checks, where the part counts another score."""


@dataclass(frozen=True)
class Group:
    """A kind of site with its visits, or problems of one sort."""

    title: str
    value: str
    words: str
    lines: list[Line]
    hidden: int
    """Rows that count, but that the actor may not open."""


def behind(actor: Actor, steps: Sequence[Any]) -> dict[str, Any]:
    """What lies below a part: kinds of site with visits, problems, or periods of another series."""
    visits_ = _visits(actor, [step.code for step in _leaves(steps) if step.kind == "visit"])
    problems_ = _problems(actor, [step.code for step in _leaves(steps) if step.kind == "problem"])
    loose = [_problem_line(actor, step, problems_) for step in steps if step.kind == "problem"]
    periods = [
        Line(step.code, "", step.label, step.value, step.words, False) for step in steps if step.kind == "period"
    ]
    return {
        "visit_groups": [
            _group(step, [_visit_line(actor, one, visits_) for one in step.steps]) for step in steps if step.steps
        ],
        "problem_groups": [_loose("计入的问题", loose)] if loose else [],
        "period_groups": [Group("各期总分", f"{len(periods)} 期", "", periods, 0)] if periods else [],
    }


def worst_visits(actor: Actor, parts: Sequence[Any], most: int = 5) -> list[Line]:
    """The visits with the lowest scores among all parts, each with its part: where to look first."""
    scored = [
        (Decimal(step.value), part.title, step)
        for part in parts
        for step in _leaves(part.steps)
        if step.kind == "visit" and step.value not in ("", FULL)
    ]
    lowest = sorted(scored, key=lambda one: (one[0], one[2].code))[:most]
    visits_ = _visits(actor, [step.code for _, _, step in lowest])
    lines = [(title, _visit_line(actor, step, visits_)) for _, title, step in lowest]
    return [replace(line, category=title) for title, line in lines if line is not None]


def _leaves(steps: Iterable[Any]) -> Iterator[Any]:
    for step in steps:
        if step.steps:
            yield from _leaves(step.steps)
        else:
            yield step


def _group(step: Any, lines: Sequence[Line | None]) -> Group:
    shown = [line for line in lines if line is not None]
    return Group(step.label, step.value, step.words, shown, len(lines) - len(shown))


def _loose(title: str, lines: Sequence[Line | None]) -> Group:
    shown = [line for line in lines if line is not None]
    return Group(title, f"{len(lines)} 件", "", shown, len(lines) - len(shown))


def _visits(actor: Actor, codes: Sequence[str]) -> dict[str, Visit]:
    return {visit.code: visit for visit in visits(actor=actor).filter(code__in=codes)} if codes else {}


def _problems(actor: Actor, codes: Sequence[str]) -> dict[str, Problem]:
    found = problems.problems(actor=actor)
    return {problem.code: problem for problem in found.filter(code__in=codes)} if codes else {}


def _visit_line(actor: Actor, step: Any, known: dict[str, Visit]) -> Line | None:
    """None where the actor may not open the visit."""
    visit = known.get(step.code)
    if visit is None:
        return None
    place = name_of(actor, visit.site) if visit.site else str(visit.area or "")
    return Line(
        step.code, page_of("visit", step.code), place, step.value, step.words,
        step.value not in ("", FULL), at=visit.at, round=visit.round.name, whole=_whole(visit, step.value),
    )  # fmt: skip


def _whole(visit: Visit, counted: str) -> str:
    """The score the visit's own page shows; "" where it is what counts."""
    shown = score_of(visit)
    return shown if counted and shown != counted else ""


def _problem_line(actor: Actor, step: Any, known: dict[str, Problem]) -> Line | None:
    problem = known.get(step.code)
    if problem is None:
        return None
    place = name_of(actor, problem.site) if problem.site else problem.area.name
    return Line(
        step.code, page_of("problem", step.code), place, step.value, step.words, step.value not in GOOD,
        category=problem.category.name,
    )  # fmt: skip
