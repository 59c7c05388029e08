"""What the tiles about problems share: a part of the ledger, counted and listed by the ledger's own filters.

The figure and the list it opens are the same question, so they cannot differ.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.problems import queries
from chuangwei.domain.problems.enums import Permission
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.dashboard.registry import Line, Tile
from chuangwei.web.office.places import households
from chuangwei.web.office.problems.listing import problems_listing
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.listing import capped_count

SHOWN = 5


def ledger(actor: Actor, filters: dict[str, str]) -> QuerySet[Problem]:
    """The rows of the ledger under these filters."""
    found = queries.problems(actor=actor)
    for one in problems_listing(actor).filters:
        if one.name in filters:
            found = found.filter(one.condition(filters[one.name]))
    return found


def may_push(actor: Actor) -> bool:
    """Whether what is late is hers to move: to put right, to hand out or to grant time for. Who only looks, or verifies
    afterwards, can do nothing about a deadline of others."""
    return any(actor.may(one) for one in (Permission.FIX, Permission.DISPATCH, Permission.APPROVE))


def part_of_ledger(
    title: str, actor: Actor, filters: dict[str, str], *, words: str, order: tuple[str, ...] = ("pk",),
    say: Callable[[Problem], str] | None = None, is_late: bool = False, shown: int = SHOWN,
) -> Tile | None:  # fmt: skip
    """Nothing where there is none; `say` puts words beside each row."""
    found = ledger(actor, filters)
    count = capped_count(found)
    if not count.number:
        return None
    rows = found.order_by(*order).select_related("site__kind", "area", "category")[:shown]
    address = f"{reverse('office:problem_list')}?{urlencode(filters)}"
    return Tile(title, str(count), words, address, [_line(actor, row, say) for row in rows], is_late)


def _line(actor: Actor, row: Problem, say: Callable[[Problem], str] | None) -> Line:
    place = households.name_of(actor, row.site) if row.site else row.area.name
    late = row.due_at is not None and row.due_at < clock.now()
    return Line(
        f"{row.category.name} · {place}", say(row) if say else "", page_of("problem", row.code), is_late=late
    )  # fmt: skip


def by_deadline(row: Problem) -> str:
    """限 11月24日 18:00"""
    if row.due_at is None:
        return ""
    due = clock.local(row.due_at)
    return f"限 {due.month}月{due.day}日 {due:%H:%M}"
