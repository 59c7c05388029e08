"""Questions about places: the tree and the sites as they stood on a day, and which area holds a point."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Q, QuerySet

from chuangwei.core.actor import Actor
from chuangwei.core.errors import NotFound
from chuangwei.domain.places import permissions, rules
from chuangwei.domain.places.kinds import KindNames, NamedKind
from chuangwei.domain.places.models import Area, AreaSpell, Site, SiteKind, SiteSpell
from chuangwei.domain.places.rules import Spell

__all__ = [
    "History", "KindNames", "NamedKind", "Spell", "area_by_code", "areas", "existing_on", "history", "kind_names",
    "site_kinds", "sites",
]  # fmt: skip


def areas(*, actor: Actor) -> QuerySet[Area]:
    return permissions.visible_areas(actor)


def sites(*, actor: Actor) -> QuerySet[Site]:
    return permissions.visible_sites(actor).select_related("kind", "area")


def area_by_code(code: str) -> Area:
    found = Area.objects.filter(code=code).first()
    if found is None:
        raise NotFound(f"没有编码为 {code} 的区划。")
    return found


def existing_on(day: date) -> Q:
    """A condition on areas or sites: they existed on this day."""
    return (Q(starts_on__isnull=True) | Q(starts_on__lte=day)) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


@dataclass
class History:
    """All spells of areas and sites, read in two queries, to ask for any day without a further one."""

    areas: dict[str, list[Spell]] = field(default_factory=dict)
    sites: dict[str, list[Spell]] = field(default_factory=dict)

    @cached_property
    def _chains(self) -> dict[tuple[str, date], list[str]]:
        return {}

    @cached_property
    def _is_still(self) -> dict[str, bool]:
        """Areas that never changed (nor anything above them) need one chain for all days."""
        return {}

    def area_chain(self, code: str, day: date) -> list[str]:
        """The codes from an area up to the top on a day."""
        key = (code, date.min) if self._still(code) else (code, day)
        if key not in self._chains:
            self._chains[key] = rules.chain_above(code, self.areas, day)
        return self._chains[key]

    def _still(self, code: str) -> bool:
        if code not in self._is_still:
            spells = self.areas.get(code, [])
            eternal = len(spells) == 1 and spells[0].from_on is None and spells[0].to_on is None
            above = spells[0].above if eternal else None
            self._is_still[code] = eternal and (above is None or self._still(above))
        return self._is_still[code]

    def site_on(self, code: str, day: date) -> Spell | None:
        return rules.spell_on(self.sites.get(code, ()), day)

    def site_chain(self, code: str, day: date) -> list[str]:
        """The codes of the areas that held a site on a day, nearest first; empty where it did not exist."""
        spell = self.site_on(code, day)
        return self.area_chain(spell.above, day) if spell and spell.above else []


def history(*, with_sites: bool = True) -> History:
    known = History(areas=defaultdict(list), sites=defaultdict(list))
    rows = AreaSpell.objects.order_by("area_id", "pk").values_list(
        "area__code", "from_on", "to_on", "kind", "parent__code", "name"
    )
    for code, from_on, to_on, kind, parent, name in rows:
        known.areas[code].append(Spell(from_on, to_on, kind, parent, name))
    if with_sites:
        spells = SiteSpell.objects.order_by("site_id", "pk").values_list(
            "site__code", "from_on", "to_on", "kind__code", "area__code"
        )
        for code, from_on, to_on, kind, area in spells:
            known.sites[code].append(Spell(from_on, to_on, kind, area))
    return known


def site_kinds() -> QuerySet[SiteKind]:
    return SiteKind.objects.order_by("pk")


def kind_names() -> KindNames:
    """How people write the kinds of site, as the standards data stands."""
    return KindNames(NamedKind(kind.code, kind.name, tuple(kind.aliases)) for kind in site_kinds())
