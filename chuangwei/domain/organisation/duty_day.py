"""One day of duty, read whole: which sites there were, what their chains demand, who held what. Asks six questions of
the database however many sites there are; everything after that is `rules`."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from django.db.models import Q, QuerySet

from chuangwei.core import presets
from chuangwei.core.actor import Actor
from chuangwei.core.presets import Holding
from chuangwei.domain.organisation import preset, rules
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Duty
from chuangwei.domain.organisation.rules import Link, Overlap, Role, Tie, Ties
from chuangwei.domain.places import queries as places
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.places.permissions import site_scope
from chuangwei.domain.places.queries import KindNames, kind_names

TIE_COLUMNS = ("person__code", "unit__code", "role", "area__code", "site__code", "starts_on", "ends_on", "hours")

EVERYTHING = Q()


def duties_held(day: date) -> QuerySet[Duty]:
    """The duties held on a day: from their first day to their last, both included, whatever their hours."""
    return Duty.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


def ties_of(duties: QuerySet[Duty]) -> Ties:
    rows = duties.order_by("pk").values_list(*TIE_COLUMNS)
    return Ties(
        Tie(person or unit or "", role, area or site or "", starts_on, ends_on, hours)
        for person, unit, role, area, site, starts_on, ends_on, hours in rows
    )


@dataclass
class Tree:
    """The areas as they hung on one day, with merged ones replaced by their heirs."""

    day: date
    history: places.History
    heirs: dict[str, str]
    _chains: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, day: date) -> "Tree":
        merged = Area.objects.filter(ends_on__lt=day, heir__isnull=False).values_list("code", "heir__code")
        return cls(day, places.history(with_sites=False), {code: heir for code, heir in merged if heir})

    def above(self, area: str) -> list[str]:
        """An area and what is above it, nearest first."""
        if area not in self._chains:
            self._chains[area] = rules.with_heirs(self._on_the_day, area, self.heirs)
        return self._chains[area]

    def _on_the_day(self, area: str) -> list[str]:
        return self.history.area_chain(area, self.day)


@dataclass
class Demands:
    """What the presets demand on a day, by place and kind of site."""

    day: date
    uses: list[Holding]
    names: KindNames
    _chains: dict[int, dict[str, tuple[Role, ...]]] = field(default_factory=dict)
    _holding: dict[tuple[str, ...], Holding | None] = field(default_factory=dict)

    @classmethod
    def of(cls, day: date) -> "Demands":
        return cls(day, presets.holdings(), kind_names())

    def roles(self, kind: str, areas: Sequence[str]) -> tuple[Role, ...]:
        """The chain of a kind of site (or of a level) in an area, given with those above it, nearest first."""
        path = tuple(reversed(areas))
        if path not in self._holding:
            self._holding[path] = presets.holding(self.uses, path, self.day)
        held = self._holding[path]
        if held is None:
            return ()
        if held.version.pk not in self._chains:
            self._chains[held.version.pk] = preset.chains_by_kind(held.document, self.names)
        return self._chains[held.version.pk].get(kind, ())


@dataclass(frozen=True)
class Gap:
    """A site whose chain is incomplete 盲区."""

    site: str
    missing: tuple[str, ...]


@dataclass
class DutyDay:
    """Who answered for which site on one day. `sites`: site code → (code of its kind, code of its area) that day."""

    day: date
    sites: dict[str, tuple[str, str]]
    tree: Tree
    demands: Demands
    ties: Ties
    _links: dict[str, list[Link]] = field(default_factory=dict)

    def places_of(self, site: str) -> list[str]:
        return [site, *self.tree.above(self.sites[site][1])]

    def roles_of(self, site: str) -> tuple[Role, ...]:
        """What its chain demands; nothing where its kind has no chain."""
        kind, area = self.sites[site]
        return self.demands.roles(kind, self.tree.above(area))

    def chain(self, site: str) -> list[Link]:
        """Who answers for a site, whatever the hour."""
        if site not in self._links:
            self._links[site] = rules.links(self.ties, self.roles_of(site), self.places_of(site), self.day)
        return self._links[site]

    def chain_at(self, site: str, clock: time) -> list[Link]:
        """Who answers for a site, each marked on duty or not at a clock time of the day."""
        return rules.links(self.ties, self.roles_of(site), self.places_of(site), self.day, clock=clock)

    def missing(self, site: str) -> list[str]:
        return rules.missing_roles(self.chain(site), self.roles_of(site))

    def overlapping(self, site: str) -> list[Overlap]:
        return rules.overlapping(self.chain(site), self.roles_of(site))

    def gaps(self) -> list[Gap]:
        """By site."""
        found = ((site, self.missing(site)) for site in self.sites)
        return [Gap(site, tuple(missing)) for site, missing in found if missing]

    def overlaps(self) -> list[tuple[str, Overlap]]:
        """By site, roles in the order of the chain."""
        return [(site, overlap) for site in self.sites for overlap in self.overlapping(site)]

    def chains(self, sites: Iterable[str] | None = None) -> dict[str, list[Link]]:
        """The chain of each site, empty where its kind has none; by site."""
        return {site: self.chain(site) for site in (self.sites if sites is None else sites)}


def sites_on(day: date, *, scope: Q = EVERYTHING, codes: Collection[str] | None = None) -> dict[str, tuple[str, str]]:
    """The sites that existed on a day → the codes of their kind and their area of that day; by code."""
    spelled = Q(spells__from_on__isnull=True) | Q(spells__from_on__lte=day)
    spelled &= Q(spells__to_on__isnull=True) | Q(spells__to_on__gte=day)
    found = Site.objects.filter(spelled, places.existing_on(day), scope)
    if codes is not None:
        found = found.filter(code__in=list(codes))
    rows = found.order_by().values_list("code", "spells__kind__code", "spells__area__code")
    # Sorted here: a database sorts text by its own language, people compare our files by code point.
    return {code: (kind, area) for code, kind, area in sorted(rows)}


def _scope(actor: Actor | None) -> Q:
    if actor is None:
        return EVERYTHING
    return site_scope(actor) if actor.may(Permission.VIEW) else Q(pk__in=[])


def duty_day(day: date, *, actor: Actor | None = None, sites: Collection[str] | None = None) -> DutyDay:
    """The day for all sites, or for those named; for those the actor may see where one is given."""
    found = sites_on(day, scope=_scope(actor), codes=sites)
    tree = Tree.of(day)
    duties = duties_held(day)
    if sites is not None:
        above = {area for _, own in found.values() for area in tree.above(own)}
        duties = duties.filter(Q(site__code__in=list(found)) | Q(area__code__in=above))
    return DutyDay(day, found, tree, Demands.of(day), ties_of(duties))
