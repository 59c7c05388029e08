"""Households 农户 are sites whose name, place and photos are personal data (domain §2, §11).

Who may see the persons of the register sees them; to anybody else a household is its kind and its code.
"""

from django.db.models import Q

from chuangwei.core.actor import Actor
from chuangwei.domain.organisation.permissions import may_see_residents
from chuangwei.domain.places.models import Site

HIDDEN = Q(kind__is_household=True)
UNNAMED = "户名不显示"


def is_hidden(actor: Actor, site: Site) -> bool:
    return site.kind.is_household and not may_see_residents(actor)


def name_of(actor: Actor, site: Site) -> str:
    """The name of a site as this person may read it."""
    return UNNAMED if is_hidden(actor, site) else site.name


def named_condition(actor: Actor, condition: Q) -> Q:
    """A search by name or place, which must not find what it does not show."""
    return condition if may_see_residents(actor) else condition & ~HIDDEN


def position_of(actor: Actor, site: Site) -> tuple[float, float] | None:
    """Longitude and latitude as stored (WGS84)."""
    if site.longitude is None or site.latitude is None or is_hidden(actor, site):
        return None
    return site.longitude, site.latitude
