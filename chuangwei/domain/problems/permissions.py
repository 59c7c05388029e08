"""Who may see a problem and move it. Rules of independence, such as who may verify, live here too (domain §6)."""

from typing import Any

from django.db.models import BigIntegerField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.lookups import In

from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.places.permissions import in_scope
from chuangwei.domain.problems.enums import SEALED, Permission
from chuangwei.domain.problems.models import Problem


def visible_to(actor: Actor, *, is_wide: bool = False) -> QuerySet[Problem]:
    """Problems inside the actor's areas, and those a unit of the actor's must put right.

    What a sealed round found is not there before its release, except for those who may see sealed rounds (domain §7).
    With `is_wide`, for scopes that hold very many, the database walks the order asked for instead of an index of places.
    """
    if not actor.may(Permission.VIEW):
        return Problem.objects.none()
    found = Problem.objects.filter(_where(actor, is_wide=is_wide))
    if actor.may(SEALED):
        return found
    # By key, not by column: counts then need only the indexes, and there are never many held.
    return found.exclude(pk__in=Problem.objects.exclude(held_by_round="").values("pk"))


def _where(actor: Actor, *, is_wide: bool = False) -> Q:
    if actor.covers(EVERYWHERE):
        return Q()
    scope = among("area_id", Area.objects.filter(in_scope(actor)), is_wide=is_wide)
    if actor.unit_codes:
        scope |= among("unit_id", Unit.objects.filter(code__in=actor.unit_codes), is_wide=is_wide)
    if actor.site_codes:
        scope |= among("site_id", Site.objects.filter(code__in=sorted(actor.site_codes)), is_wide=is_wide)
    return scope


def among(column: str, things: "QuerySet[Any]", *, is_wide: bool = False) -> Q:
    """Rows of the ledger whose column names one of these things: areas, sites and units are few, so their keys are found
    first, and the ledger is asked by its own columns.

    With `is_wide` the column hides behind a sum, which no index fits (docs/adr/0013).
    """
    keys = things.order_by().values("pk")
    if is_wide:
        return Q(In(ExpressionWrapper(F(column) + 0, output_field=BigIntegerField()), keys))
    return Q(**{f"{column}__in": keys})


def _may_here(actor: Actor, permission: str, problem: Problem) -> bool:
    return actor.may(permission) and covers(actor, problem)


def covers(actor: Actor, problem: Problem) -> bool:
    """Whether the place of a problem lies in the actor's scope."""
    return actor.covers_site(problem.area.path, problem.site.code if problem.site else None)


def may_report(actor: Actor, area_path: str, site_code: str | None = None) -> bool:
    return actor.may(Permission.REPORT) and actor.covers_site(area_path, site_code)


def may_file(actor: Actor, problem: Problem) -> bool:
    return _may_here(actor, Permission.FILE, problem)


def may_dispatch(actor: Actor, problem: Problem) -> bool:
    return _may_here(actor, Permission.DISPATCH, problem)


def may_fix(actor: Actor, problem: Problem) -> bool:
    """The responsible unit itself, or who keeps the ledger of the area."""
    if not actor.may(Permission.FIX):
        return False
    return covers(actor, problem) or (problem.unit is not None and problem.unit.code in actor.unit_codes)


def may_verify(actor: Actor, problem: Problem) -> bool:
    """Somebody who is neither in the unit that put it right nor in one below it (domain §6, Verification)."""
    if not _may_here(actor, Permission.VERIFY, problem) or problem.unit is None:
        return False
    return not set(actor.unit_codes) & set(_unit_and_below(problem.unit))


def may_approve(actor: Actor, problem: Problem) -> bool:
    return _may_here(actor, Permission.APPROVE, problem)


def may_add_photo(actor: Actor, problem: Problem, *, is_after: bool) -> bool:
    """Who may report may show what was found; who puts right or checks, what it looks like now."""
    if is_after:
        return may_fix(actor, problem) or may_verify(actor, problem) or may_file(actor, problem)
    return _may_here(actor, Permission.REPORT, problem) or may_file(actor, problem) or may_verify(actor, problem)


def may_release(actor: Actor) -> bool:
    return actor.may(SEALED) or actor.may(Permission.FILE)


def _unit_and_below(unit: Unit) -> list[str]:
    found, level = [unit.code], [unit.pk]
    while level:
        rows = list(Unit.objects.filter(parent_id__in=level).values_list("pk", "code"))
        rows = [(pk, code) for pk, code in rows if code not in found]
        level = [pk for pk, _ in rows]
        found += [code for _, code in rows]
    return found
