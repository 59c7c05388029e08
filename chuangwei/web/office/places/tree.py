"""One level of the tree of areas with its counts: as many queries for a hundred areas as for one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.organisation.enums import Permission as Organisation
from chuangwei.domain.places.models import Area
from chuangwei.domain.places.queries import areas, existing_on, sites
from chuangwei.domain.problems.enums import OPEN
from chuangwei.domain.problems.enums import Permission as Problems
from chuangwei.domain.problems.queries import problems
from chuangwei.web.office.places.scores import Score, latest_scores


@dataclass(frozen=True)
class Node:
    """An area of the tree. A count nobody may see is None."""

    area: Area
    child_count: int
    site_count: int
    gap_count: int | None
    problem_count: int | None
    score: Score | None
    below: tuple["Node", ...] = ()
    """The level below where it is shown at once."""


def opened(actor: Actor, day: date) -> list[Node]:
    """The top of the tree, opened down to where there is something to choose."""
    nodes = level(actor, None, day)
    if len(nodes) != 1:
        return nodes
    below, line = nodes, [nodes[0]]
    while len(below) == 1 and below[0].child_count:
        below = level(actor, below[0].area, day)
        line += below if len(below) == 1 else []
    if len(below) > 1:
        line[-1] = replace(line[-1], below=tuple(below))
    for place in range(len(line) - 1, 0, -1):
        line[place - 1] = replace(line[place - 1], below=(line[place],))
    return line[:1]


def level(actor: Actor, parent: Area | None, day: date) -> list[Node]:
    """The areas right below one (none: the topmost the actor may see), those that still exist, by code."""
    found = list(_areas(actor, parent).filter(existing_on(day)).order_by("code"))
    below = Counter(
        dict(
            areas(actor=actor).filter(existing_on(day), parent__in=found).order_by()
            .values_list("parent_id").annotate(Count("pk"))
        )
    )  # fmt: skip
    inside = _inside(found, "area__")
    site_counts = _counted(found, sites(actor=actor).filter(existing_on(day), inside))
    gap_counts = _gap_counts(actor, found, day)
    problem_counts = _problem_counts(actor, found)
    scores = latest_scores(actor, [area.code for area in found])
    return [
        Node(
            area=area,
            child_count=below[area.pk],
            site_count=site_counts[area.path],
            gap_count=gap_counts[area.path] if gap_counts is not None else None,
            problem_count=problem_counts[area.path] if problem_counts is not None else None,
            score=scores.get(area.code),
        )
        for area in found
    ]


def topmost(actor: Actor) -> list[str]:
    """The paths of the actor's scope that lie below no other of them."""
    paths = sorted(set(actor.area_paths))
    return [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]


def _areas(actor: Actor, parent: Area | None) -> QuerySet[Area]:
    seen = areas(actor=actor)
    if parent is not None:
        return seen.filter(parent=parent)
    return seen.filter(parent__isnull=True) if actor.covers(EVERYWHERE) else seen.filter(path__in=topmost(actor))


def _inside(found: Iterable[Area], prefix: str) -> Q:
    """Below one of these areas."""
    condition = Q(pk__in=[])
    for area in found:
        condition |= Q(**{f"{prefix}path__startswith": area.path})
    return condition


def _counted(found: Iterable[Area], rows: QuerySet[Any]) -> Counter[str]:
    """How many of these rows lie below each area, by its path."""
    return _gathered(found, dict(rows.order_by().values_list("area__path").annotate(Count("pk"))))


def _gathered(found: Iterable[Area], by_path: Mapping[str, int]) -> Counter[str]:
    tops = {area.path for area in found}
    counts: Counter[str] = Counter()
    for path, number in by_path.items():
        top = next((start for start in _starts(path) if start in tops), None)
        if top is not None:
            counts[top] += number
    return counts


def _starts(path: str) -> Iterable[str]:
    """6299/629921/ → 6299/, 6299/629921/."""
    start = ""
    for code in path.rstrip("/").split("/"):
        start += f"{code}/"
        yield start


def gap_sites(actor: Actor, paths: Iterable[str], day: date) -> dict[str, str]:
    """The sites below these paths whose chain is incomplete on a day → the code of their area."""
    narrowed = replace(actor, area_paths=tuple(paths), site_codes=frozenset())
    known = organisation.duty_day(day, actor=narrowed)
    return {gap.site: known.sites[gap.site][1] for gap in known.gaps()}


def _gap_counts(actor: Actor, found: list[Area], day: date) -> Counter[str] | None:
    if not actor.may(Organisation.VIEW):
        return None
    gaps = Counter(gap_sites(actor, [area.path for area in found], day).values())
    paths = dict(Area.objects.filter(code__in=list(gaps)).values_list("code", "path"))
    return _gathered(found, {paths[code]: number for code, number in gaps.items()})


def _problem_counts(actor: Actor, found: list[Area]) -> Counter[str] | None:
    if not actor.may(Problems.VIEW):
        return None
    return _counted(found, problems(actor=actor).filter(_inside(found, "area__"), state__in=sorted(OPEN)))
