"""Problems as the list and other pages tell them, one line each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from chuangwei.core.actor import Actor
from chuangwei.domain.problems import queries
from chuangwei.domain.problems.models import Problem, ProblemPhoto
from chuangwei.web.office.places import households
from chuangwei.web.office.problems.wording import Standing, standing
from chuangwei.web.shared.links import page_of


@dataclass(frozen=True)
class Row:
    """One problem of the list. `photo` is the digest of its first photo."""

    code: str
    address: str
    state: str
    is_closed: bool
    is_held: bool
    category: str
    description: str
    place: str
    area: str
    unit: str
    source: str
    found_at: datetime
    deadline: Standing
    due_at: datetime | None
    marks: Sequence[str]
    photo: str


def place_name(actor: Actor, problem: Problem) -> str:
    return households.name_of(actor, problem.site) if problem.site else problem.area.name


def marks_of(problem: Problem) -> list[str]:
    """What sets a problem apart, in a word each."""
    marks = [f"返工 {problem.rework_count} 次"] if problem.rework_count else []
    marks += ["复发"] if problem.comes_back_of_id else []
    return marks + (["暗访，未解封"] if problem.is_held else [])


def told(actor: Actor, found: Sequence[Problem], at: datetime) -> list[Row]:
    """Asks once for all of them what they name (not joined: see queries.listed_problems), and for their photos."""
    prefetch_related_objects(list(found), "site__kind", "area", "category", "unit")
    photos = photo_digests([problem.pk for problem in found])
    return [
        Row(
            code=one.code, address=page_of("problem", one.code), state=one.get_state_display(),
            is_closed=one.state in {"closed", "rejected", "merged"}, is_held=one.is_held, category=one.category.name,
            description=one.description, place=place_name(actor, one), area=one.area.name,
            unit=one.unit.name if one.unit else "", source=one.get_source_display(), found_at=one.found_at,
            deadline=standing(one, at), due_at=one.due_at, marks=marks_of(one), photo=photos.get(one.pk, ""),
        )
        for one in found
    ]  # fmt: skip


def photo_digests(problems: Sequence[int]) -> dict[int, str]:
    """The first photo of each problem that has one."""
    first = queries.first_photos(problems).values()
    rows = ProblemPhoto.objects.filter(pk__in=list(first)).values_list("problem_id", "attachment__digest")
    return dict(rows)
