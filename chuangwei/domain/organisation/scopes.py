"""The three scopes of an account, added up: an area and all below it, units, and the places answered for (domain §11)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.organisation import rules
from chuangwei.domain.organisation.duty_day import duties_held
from chuangwei.domain.organisation.models import Account, Membership, Unit
from chuangwei.domain.places.models import Area, Site


@dataclass(frozen=True)
class Scope:
    """What an account covers on a day: paths of areas, codes of single sites, codes of units."""

    paths: tuple[str, ...]
    sites: frozenset[str]
    units: tuple[str, ...]


def scope_of(account: Account, day: date) -> Scope:
    """Of the account as it stands, saved or not, switched on or off."""
    units = _units_of(account, day)
    paths, sites = _answered_for(_person(account), units, day) if account.by_duty else ([], [])
    own = [account.area.path] if account.area else []
    covered = (EVERYWHERE,) if account.is_everywhere else with_merged([*own, *paths])
    return Scope(tuple(dict.fromkeys(covered)), frozenset(sites), units)


def is_within(account: Account, by: Actor, day: date) -> bool:
    """Whether all an account covers lies in the actor's scope. What is in nobody's area belongs to the whole
    installation: a unit without one, and an account that covers nothing."""
    if by.covers(EVERYWHERE):
        return True
    scope = scope_of(account, day)
    if not (scope.paths or scope.sites or scope.units):
        return False
    sites = Site.objects.filter(code__in=scope.sites).values_list("code", "area__path")
    areas = Unit.objects.filter(code__in=scope.units).values_list("code", "area__path")
    return (
        all(map(by.covers, scope.paths))
        and all(by.covers_site(path, code) for code, path in sites)
        and all(code in by.unit_codes or by.covers(path or EVERYWHERE) for code, path in areas)
    )


def given_paths(code: str) -> tuple[str, ...]:
    """What an account covers whatever duties there are; everything where no duty gives it more."""
    account = Account.objects.select_related("area").filter(username=code).first()
    if account is not None and (account.is_everywhere or not account.by_duty):
        return (EVERYWHERE,)
    return tuple(with_merged([account.area.path])) if account is not None and account.area else ()


def with_merged(paths: Iterable[str]) -> list[str]:
    """The paths, and those of areas that were merged into an area below one of them: the rows go to the heir."""
    found = list(paths)
    if not found:
        return []
    merged = list(Area.objects.filter(heir__isnull=False).order_by("pk").values_list("path", "heir__path"))
    for _ in merged:
        found += [
            path for path, heir in merged if path not in found and any(heir.startswith(own) for own in found)
        ]  # fmt: skip
    return found


def units_below(unit: str) -> frozenset[str]:
    """The codes of a unit and of every unit below it."""
    return rules.below(unit, dict(Unit.objects.values_list("code", "parent__code")))


def units_of_persons(*, day: date, persons: Collection[str] | None = None) -> dict[str, list[str]]:
    """Person code → codes of the units the person serves in on a day, the main one first."""
    members = Membership.objects.filter(serving_on(day))
    if persons is not None:
        members = members.filter(person__code__in=list(persons))
    found: dict[str, list[str]] = {}
    for person, is_main, unit in sorted(members.values_list("person__code", "is_main", "unit__code")):
        found.setdefault(person, []).insert(0 if is_main else len(found.get(person, [])), unit)
    return found


def serving_on(day: date) -> Q:
    return (Q(from_on__isnull=True) | Q(from_on__lte=day)) & (Q(to_on__isnull=True) | Q(to_on__gte=day))


def _person(account: Account) -> str | None:
    return account.person.code if account.person else None


def _units_of(account: Account, day: date) -> tuple[str, ...]:
    """The units somebody serves in, the main one first, then the one the account speaks for and those below it."""
    person = _person(account)
    serving = units_of_persons(day=day, persons=[person]).get(person, []) if person else []
    spoken_for = sorted(units_below(account.unit.code)) if account.unit else []
    return tuple(dict.fromkeys([*serving, *spoken_for]))


def _answered_for(person: str | None, units: Collection[str], day: date) -> tuple[list[str], list[str]]:
    """The paths of areas and the codes of sites for which the person or one of the units holds a duty on a day."""
    held = duties_held(day).filter(Q(person__code=person or "") | Q(unit__code__in=list(units)))
    rows = held.order_by().values_list("area__path", "site__code").distinct()
    return sorted({path for path, _ in rows if path}), sorted({code for _, code in rows if code})
