"""Questions about the organisation: who answers, who is missing, who stands beside another, who may do what."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

import shapely
from django.apps import apps
from django.db.models import Q, QuerySet
from shapely.geometry.base import BaseGeometry

from chuangwei.core import clock, presets
from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.core.errors import NotFound
from chuangwei.core.geo import Position, ShapeIndex, metres_a_degree
from chuangwei.core.text import code_text
from chuangwei.domain.organisation import permissions, rules
from chuangwei.domain.organisation.duty_day import (
    Demands,
    DutyDay,
    Gap,
    Tree,
    duties_held,
    duty_day,
    sites_on,
    ties_of,
)
from chuangwei.domain.organisation.enums import COMMITTEE_KINDS, Permission
from chuangwei.domain.organisation.models import Account, Duty, Membership, Person, Unit
from chuangwei.domain.organisation.preset import (
    FOR_SHOW,
    GRID,
    Bundle,
    bundles_of,
    chain_roles,
    checked_preset,
    clashes,
    default_bundles,
    is_for_show,
    needing_second_factor,
    permission_names,
    rights_changed,
    warnings_of,
)
from chuangwei.domain.organisation.rules import Link, Overlap, Role, Ties
from chuangwei.domain.organisation.scopes import scope_of, serving_on, units_below, units_of_persons
from chuangwei.domain.places import queries as places
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.places.queries import kind_names

OVERSIGHT = frozenset({Permission.AUDIT.value, Permission.ACCOUNTS.value})

__all__ = [
    "FOR_SHOW", "Answer", "Bundle", "DutyDay", "Gap", "Link", "Overlap", "account_by_code", "accounts", "actor_of",
    "area_answers", "bundles", "bundles_of", "chains", "checked_preset", "clashes", "committee", "committees",
    "default_bundles", "duties", "duties_held", "duty_day", "gaps", "holders_of", "home_codes", "is_for_show",
    "is_overseer", "kind_names", "known_roles", "name_of_area", "names_of_holders", "names_of_sites",
    "needs_second_factor", "overlaps", "oversight_of", "permission_names", "persons", "recipients_of", "rights_changed",
    "scope_text", "second_factors", "serving_on", "sites_on", "ties", "units", "units_below", "units_of_persons",
    "warnings_of", "who_answers", "who_hold", "who_holds",
]  # fmt: skip


# --- Who answers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """Who answers for a place at an instant. `place` is the site, or for a bare point its smallest area, or ""."""

    place: str
    roles: tuple[Role, ...]
    links: tuple[Link, ...]

    @property
    def missing(self) -> list[str]:
        return rules.missing_roles(self.links, self.roles)

    @property
    def overlaps(self) -> list[Overlap]:
        return rules.overlapping(self.links, self.roles)


def who_answers(*, at: datetime, site: str | None = None, point: Position | None = None) -> Answer:
    """The chain of a site or of a bare point at an instant, each holder marked on duty or not at that hour.

    A point takes the chain of the nearest site that holds it or lies within 20 m and whose kind has a chain, else the
    chain of 网格 for the smallest area that holds it. NotFound for a site that was not there that day; ValueError
    where neither or both are given.
    """
    if (site is None) == (point is None):
        raise ValueError("either a site or a point")
    day, hour = clock.local_day(at), clock.local(at).time()
    if point is not None:
        return _answer_at(point, day, hour)
    known = duty_day(day, sites=[str(site)])
    if site not in known.sites:
        raise NotFound(f"{day} 没有编码为 {site} 的点位。")
    return Answer(site, known.roles_of(site), tuple(known.chain_at(site, hour)))


def _answer_at(point: Position, day: date, hour: time) -> Answer:
    near = _sites_near(point)
    known = duty_day(day, sites=near)
    for code in near:
        if code in known.sites and (roles := known.roles_of(code)):
            return Answer(code, roles, tuple(known.chain_at(code, hour)))
    area = _smallest_area(point, day)
    if area is None:
        return Answer("", (), ())
    above = known.tree.above(area)
    roles = known.demands.roles(GRID, above)
    ties = ties_of(duties_held(day).filter(area__code__in=above))
    return Answer(area, roles, tuple(rules.links(ties, roles, above, day, clock=hour)))


def area_answers(*, area: str, at: datetime) -> Answer:
    """The chain of an area itself at an instant, by what the preset demands of its level (often: nothing)."""
    day, hour = clock.local_day(at), clock.local(at).time()
    tree = Tree.of(day)
    above = tree.above(area)
    kind = Area.objects.filter(code=area).values_list("kind", flat=True).first() or ""
    roles = Demands.of(day).roles(kind, above)
    ties = ties_of(duties_held(day).filter(area__code__in=above))
    return Answer(area, roles, tuple(rules.links(ties, roles, above, day, clock=hour)))


def _sites_near(point: Position) -> list[str]:
    """The sites that hold a point or lie within 20 m of it: the nearest first, then the smallest, then by code."""
    east, north = (rules.NEAR_METRES * 1.01 / metres for metres in metres_a_degree(point[1]))
    beside = Q(
        longitude__range=(point[0] - east, point[0] + east), latitude__range=(point[1] - north, point[1] + north)
    )
    rows = Site.objects.filter(beside | Q(geometry__isnull=False)).values_list(
        "code", "longitude", "latitude", "geometry"
    )
    index = ShapeIndex((code, _shape(longitude, latitude, line)) for code, longitude, latitude, line in rows)
    return [code for _, code in index.within(point, rules.NEAR_METRES)]


def _shape(longitude: float | None, latitude: float | None, geometry: object) -> BaseGeometry:
    """A line or surface as it was drawn; a site without one is its point."""
    return shapely.from_geojson(json.dumps(geometry)) if geometry else shapely.Point(longitude, latitude)


def _smallest_area(point: Position, day: date) -> str | None:
    boxed = Area.objects.filter(
        places.existing_on(day), west__lte=point[0], east__gte=point[0], south__lte=point[1], north__gte=point[1]
    )
    held = ShapeIndex(boxed.order_by().values_list("code", "boundary")).locate(point)
    return held[0] if held else None


def gaps(*, day: date, actor: Actor | None = None) -> list[Gap]:
    """Every site whose chain is incomplete on a day (盲区), by site; without an actor, of the whole installation."""
    return duty_day(day, actor=actor).gaps()


def overlaps(*, day: date, actor: Actor | None = None) -> list[tuple[str, Overlap]]:
    """Every single role with two holders at the tie that answers, by site and in the order of its chain."""
    return duty_day(day, actor=actor).overlaps()


def chains(*, day: date, sites: Collection[str] | None = None, actor: Actor | None = None) -> dict[str, list[Link]]:
    """The chains of the sites named (all without names); a site that was not there that day is left out."""
    return duty_day(day, actor=actor, sites=sites).chains()


def who_holds(*, role: str, area: str, day: date) -> str | None:
    """The code of the person or unit that holds a role for an area: at the nearest tie, the first by code."""
    return who_hold(role=role, areas=[area], day=day)[area]


def who_hold(*, role: str, areas: Iterable[str], day: date) -> dict[str, str | None]:
    """Like who_holds, for many areas at once."""
    name, tree = code_text(role), Tree.of(day)
    known = ties_of(duties_held(day).filter(role=name, area__isnull=False))
    return {area: next(iter(known.holders(name, tree.above(area), day)), None) for area in areas}


def ties(*, roles: Collection[str]) -> Ties:
    """Every duty of these roles there ever was, to ask `.holders(role, places, day)` for any day without a query."""
    return ties_of(Duty.objects.filter(role__in=[code_text(role) for role in roles]))


def names_of_holders(codes: Collection[str]) -> dict[str, str]:
    """The names of persons and units by code."""
    wanted = list(codes)
    persons = Person.objects.filter(code__in=wanted).values_list("code", "name")
    return dict(persons) | dict(Unit.objects.filter(code__in=wanted).values_list("code", "name"))


def name_of_area(code: str) -> str:
    """The name of an area; its code where there is none of it any more."""
    return Area.objects.filter(code=code).values_list("name", flat=True).first() or code


def names_of_sites(codes: Collection[str]) -> dict[str, str]:
    """The names of sites by code."""
    return dict(Site.objects.filter(code__in=list(codes)).values_list("code", "name"))


# --- Units ------------------------------------------------------------------------------------------------------------


def committees(*, areas: Collection[str] | None = None) -> dict[str, list[str]]:
    """Area code → codes of its committees: the units of kind 社区, 村, 街道 or 乡镇 whose area it is, by code."""
    found: dict[str, list[str]] = {}
    units = Unit.objects.filter(kind__in=COMMITTEE_KINDS, area__isnull=False)
    if areas is not None:
        units = units.filter(area__code__in=list(areas))
    for area, code in sorted(units.values_list("area__code", "code")):
        found.setdefault(area, []).append(code)
    return found


def committee(area: str) -> str | None:
    """The code of the committee of an area; none where there is none or more than one: both are gaps (domain §3)."""
    found = committees(areas=[area]).get(area, [])
    return found[0] if len(found) == 1 else None


def units(*, actor: Actor) -> QuerySet[Unit]:
    """The units the actor may open."""
    return permissions.visible_units(actor).select_related("parent", "area")


# --- Persons and their duties -----------------------------------------------------------------------------------------


def persons(*, actor: Actor) -> QuerySet[Person]:
    """The persons the actor may open."""
    return permissions.visible_persons(actor)


def duties(*, actor: Actor) -> QuerySet[Duty]:
    """Every duty for a place in the actor's scope, ended ones too."""
    found = permissions.visible_duties(actor)
    return found.select_related("person", "unit", "area", "site__area", "site__kind", "standard")


def known_roles() -> list[str]:
    """Every role a chain in force demands or somebody ever held, by name. Two queries and the presets."""
    demanded = {role for use in presets.holdings() for role in chain_roles(use.document)}
    return sorted(demanded | set(Duty.objects.order_by().values_list("role", flat=True).distinct()))


def main_units(persons: Collection[int], day: date) -> dict[int, Unit]:
    """Key of a person → the main unit served in on a day. One query."""
    served = Membership.objects.filter(serving_on(day), person__in=list(persons), is_main=True)
    return {one.person_id: one.unit for one in served.select_related("unit").order_by("-pk")}


# --- Accounts ---------------------------------------------------------------------------------------------------------


def account_by_code(code: str) -> Account:
    found = Account.objects.select_related("area", "unit__area", "person").filter(username=code).first()
    if found is None:
        raise NotFound(f"没有账号 {code}。")
    return found


def bundles(*, area_codes: Collection[str] = (), day: date | None = None) -> dict[str, Bundle]:
    """The bundles of permissions an account may be given at a place (its area codes from the top down), by slug."""
    held = presets.holding(presets.holdings(), list(area_codes), day or clock.today())
    return bundles_of(held.document if held else None)


def needs_second_factor(account: Account) -> bool:
    """Whether one of its roles must not be used with a password alone, by the preset that holds where it works."""
    held = presets.holding(presets.holdings(), home_codes(account), clock.today())
    return not needing_second_factor(held.document if held else None).isdisjoint(account.roles)


def covers_nothing(account: Account) -> bool:
    """Whether an account, saved or not, has no place and no unit today: nothing of the work shows to it."""
    scope = scope_of(account, clock.today())
    return not (scope.paths or scope.sites or scope.units)


def oversight_of(account: Account) -> frozenset[str]:
    """What its roles give of the audit and the accounts; of one switched off too: it can be switched on again."""
    known = bundles(area_codes=home_codes(account))
    return OVERSIGHT.intersection(name for slug in account.roles if slug in known for name in known[slug].permissions)


def is_overseer(account: Account) -> bool:
    return bool(oversight_of(account))


def actor_of(account: Account) -> Actor:
    """What an account may do today, and where. One that is switched off may do nothing anywhere."""
    if not account.is_active:
        return Actor(code=account.code, name=account.name)
    known = bundles(area_codes=home_codes(account))
    scope = scope_of(account, clock.today())
    return Actor(
        code=account.code,
        name=account.name,
        permissions=frozenset(name for slug in account.roles if slug in known for name in known[slug].permissions),
        area_paths=scope.paths,
        unit_codes=scope.units,
        site_codes=scope.sites,
        person_code=account.person.code if account.person else None,
    )


def home_codes(account: Account) -> list[str]:
    """The areas from the top down to where an account is at home: its own, else that of the unit it speaks for."""
    home = account.area or (account.unit.area if account.unit else None)
    return home.path_codes if home else []


def scope_text(account: Account) -> str:
    """The scope in words and codes, as the history keeps it; empty for an account that covers nothing."""
    told = ["全域" if account.is_everywhere else account.area.code if account.area else ""]
    told += [f"单位 {account.unit.code}" if account.unit else "", "按责任" if account.by_duty else ""]
    return "，".join(word for word in told if word)


def second_factors(account: Account) -> int:
    """How many second factors (authenticator app, keys, recovery codes) an account has."""
    if not apps.is_installed("allauth.mfa"):
        return 0
    return int(apps.get_model("mfa", "Authenticator").objects.filter(user_id=account.pk).count())


def accounts(*, actor: Actor) -> QuerySet[Account]:
    """The accounts the actor may look at."""
    return permissions.visible_accounts(actor).select_related("area", "unit__area", "person")


def recipients_of(unit: str, *, day: date | None = None) -> list[str]:
    """The codes of the accounts of everybody who serves in a unit, for core.notices.send."""
    serving = Membership.objects.filter(serving_on(day or clock.today()), unit__code=unit).values("person")
    return sorted(Account.objects.filter(is_active=True, person__in=serving).values_list("username", flat=True))


def holders_of(permission: str) -> list[str]:
    """The codes of the active accounts whose roles give this permission, for core.notices.send.

    Of the audit's only those who may read the chain: what is told them is of the whole installation.
    """
    every = [default_bundles(), *(bundles_of(use.document) for use in presets.holdings())]
    slugs = {slug for known in every for slug, bundle in known.items() if permission in bundle.permissions}
    rows = Account.objects.filter(is_active=True).order_by("username").values_list("username", "roles")
    some = [code for code, roles in rows if not slugs.isdisjoint(roles)]
    actors = [actor_of(account_by_code(code)) for code in some]
    return [
        actor.code
        for actor in actors
        if permission in actor.permissions and (permission != Permission.AUDIT or actor.covers(EVERYWHERE))
    ]
