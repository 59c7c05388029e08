"""Who may see and change places."""

from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from chuangwei.core import clock
from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.places.enums import Permission
from chuangwei.domain.places.models import Area, Site, SiteSpell


def may_edit(actor: Actor) -> bool:
    return actor.may(Permission.EDIT)


def in_scope(actor: Actor, prefix: str = "") -> Q:
    """A condition on the area path reached by `prefix` (such as "area__"): inside the actor's subtrees."""
    scope = Q(pk__in=[])
    for path in actor.area_paths:
        if not path:
            return ~Q(pk__in=[])  # not Q(): that would vanish when another condition is or-ed to it
        scope |= Q(**{f"{prefix}path__startswith": path})
    return scope


def site_scope(actor: Actor, prefix: str = "") -> Q:
    """A condition on the site reached by `prefix` (such as "site__"): in the actor's subtrees, or answered for itself."""
    scope = in_scope(actor, f"{prefix}area__")
    return scope | Q(**{f"{prefix}code__in": sorted(actor.site_codes)}) if actor.site_codes else scope


def site_scope_at(actor: Actor, prefix: str, at: str) -> Q:
    """Like site_scope, for rows that belong to the area that held the site when they were made (domain §7, §8).

    `at` names the column with that instant. Asks one question; what it adds are the few sites that changed sides.
    """
    if actor.covers(EVERYWHERE):
        return site_scope(actor, prefix)
    # Sites are few and what is asked of them many: their keys are found first.
    scope = Q(**{f"{prefix}pk__in": Site.objects.filter(site_scope(actor)).order_by().values("pk")})
    gone, come = _changed_sides(actor)
    for (first, last), sites in gone.items():
        scope &= ~(Q(**{f"{prefix}pk__in": sites}) & _between(at, first, last))
    for (first, last), sites in come.items():
        scope |= Q(**{f"{prefix}pk__in": sites}) & _between(at, first, last)
    return scope


Days = tuple[date | None, date | None]


def _changed_sides(actor: Actor) -> tuple[dict[Days, list[int]], dict[Days, list[int]]]:
    """The days on which sites now in the actor's scope were not in it, and those on which others were."""
    gone: dict[Days, list[int]] = {}
    come: dict[Days, list[int]] = {}
    elsewhere = SiteSpell.objects.filter(~Q(area=F("site__area"))).order_by("pk")
    rows = elsewhere.values_list("site_id", "site__code", "from_on", "to_on", "area__path", "site__area__path")
    for site, code, first, last, then, now in rows:
        if code not in actor.site_codes and actor.covers(then) != actor.covers(now):
            (come if actor.covers(then) else gone).setdefault((first, last), []).append(site)
    return gone, come


def _between(at: str, first: date | None, last: date | None) -> Q:
    """From the beginning of the first day to the end of the last."""
    since = Q(**{f"{at}__gte": clock.instant(first)}) if first else Q()
    return since & Q(**{f"{at}__lt": clock.instant(last + timedelta(days=1))}) if last else since


def visible_areas(actor: Actor) -> QuerySet[Area]:
    return Area.objects.filter(in_scope(actor)) if actor.may(Permission.VIEW) else Area.objects.none()


def visible_sites(actor: Actor) -> QuerySet[Site]:
    return Site.objects.filter(site_scope(actor)) if actor.may(Permission.VIEW) else Site.objects.none()
