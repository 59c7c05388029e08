"""Visits and problems as the page of a place lists them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, QuerySet, Value, When

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.inspections.models import Visit
from chuangwei.domain.places.models import Site
from chuangwei.domain.problems.enums import OPEN, ProblemState
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.places.households import name_of
from chuangwei.web.shared.links import page_of


@dataclass(frozen=True)
class VisitLine:
    at: datetime
    place: str
    round: str
    score: Decimal | None
    is_vetoed: bool
    address: str


@dataclass(frozen=True)
class ProblemLine:
    title: str
    place: str
    state: str
    is_open: bool
    is_late: bool
    found_at: datetime
    due_at: datetime | None
    unit: str
    address: str


def visit_lines(actor: Actor, visits: QuerySet[Visit], most: int) -> list[VisitLine]:
    """The newest first. One query."""
    rows = visits.select_related("round", "site__kind", "area").order_by("-at", "-pk")[:most]
    return [
        VisitLine(
            row.at, _place(actor, row.site, row.area.name if row.area else ""), row.round.name, visit_score(row),
            row.is_vetoed, page_of("visit", row.code),
        )
        for row in rows
    ]  # fmt: skip


def visit_score(visit: Visit) -> Decimal | None:
    """0–100 over all checks, two decimals; 0 with a veto, none where no check applied (domain §7)."""
    if visit.is_vetoed:
        return Decimal(0)
    if not visit.possible:
        return None
    return (visit.got * 100 / visit.possible).quantize(Decimal("0.01"), ROUND_HALF_UP)


def problem_lines(actor: Actor, problems: QuerySet[Problem], most: int) -> list[ProblemLine]:
    """The open ones first, in each the newest first. One query."""
    first = Case(When(state__in=sorted(OPEN), then=Value(0)), default=Value(1))
    rows = problems.select_related("site__kind", "area", "category", "unit").order_by(first, "-found_at", "-pk")[:most]
    now = clock.now()
    waiting = (ProblemState.DISPATCHED, ProblemState.RETURNED)
    return [
        ProblemLine(
            title=row.category.name,
            place=_place(actor, row.site, row.area.name),
            state=row.get_state_display(),
            is_open=row.state in OPEN,
            is_late=row.state in waiting and row.due_at is not None and row.due_at < now,
            found_at=row.found_at,
            due_at=row.due_at,
            unit=row.unit.name if row.unit else "",
            address=page_of("problem", row.code),
        )
        for row in rows
    ]


def _place(actor: Actor, site: Site | None, area: str) -> str:
    return name_of(actor, site) if site else area
