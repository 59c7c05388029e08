"""What the code of a filter is called, to who may see the thing: lists say names where their addresses hold codes."""

from collections.abc import Callable, Mapping, Sequence

from django.db.models import Model, QuerySet

from chuangwei.core.actor import Actor
from chuangwei.domain.inspections import queries as inspections
from chuangwei.domain.organisation import permissions
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.places import queries as places
from chuangwei.domain.places.models import Site
from chuangwei.domain.standards.enums import Permission as Standards
from chuangwei.domain.standards.models import Category

Seen = Callable[[Actor], Sequence[QuerySet[Model]]]


def _sites(actor: Actor) -> QuerySet[Site]:
    """Without the households whose names somebody may not read."""
    found = places.sites(actor=actor)
    return found if permissions.may_see_residents(actor) else found.filter(kind__is_household=False)


def _categories(actor: Actor) -> QuerySet[Category]:
    return Category.objects.all() if actor.may(Standards.VIEW) else Category.objects.none()


SEEN: Mapping[str, Seen] = {
    "areas": lambda actor: (places.areas(actor=actor), permissions.areas_to_choose(actor)),
    "units": lambda actor: (organisation.units(actor=actor), permissions.units_to_choose(actor)),
    "persons": lambda actor: (organisation.persons(actor=actor), permissions.persons_to_choose(actor)),
    "rounds": lambda actor: (inspections.rounds(actor=actor),),
    "sites": lambda actor: (_sites(actor),),
    "categories": lambda actor: (_categories(actor),),
}
"""What a picker of this kind lets somebody pick from: what she may see, and what she hands out."""


def name_of(kind: str, code: str, actor: Actor | None) -> str:
    """Empty where there is no such thing for this person."""
    if actor is None or kind not in SEEN:
        return ""
    names = (found.filter(code=code).values_list("name", flat=True).first() for found in SEEN[kind](actor))
    return next((str(name) for name in names if name), "")
