"""Who may see a series, compute, publish and settle it. The place is the area of the preset it belongs to."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.appraisal.enums import PeriodState, Permission
from chuangwei.domain.appraisal.models import Consequence, Period, Settlement, Standing
from chuangwei.domain.organisation.enums import COMMITTEE_KINDS
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.places.permissions import in_scope


def top_paths(area_code: str) -> list[str]:
    """The paths a series spans: that of its preset's area; for a preset of the whole installation, the topmost ones."""
    where = {"code": area_code} if area_code else {"depth": 1}
    return list(Area.objects.filter(**where).order_by("path").values_list("path", flat=True))


def covers_series(actor: Actor, area_code: str) -> bool:
    """Whether everything the series ranks lies in the actor's scope."""
    return actor.covers(EVERYWHERE) or all(map(actor.covers, top_paths(area_code) or [EVERYWHERE]))


def may_compute(actor: Actor, area_code: str) -> bool:
    return actor.may(Permission.COMPUTE) and covers_series(actor, area_code)


def may_publish(actor: Actor, area_code: str) -> bool:
    return actor.may(Permission.PUBLISH) and covers_series(actor, area_code)


def may_settle(actor: Actor, area_code: str) -> bool:
    return actor.may(Permission.SETTLE) and covers_series(actor, area_code)


def may_approve(actor: Actor, area_code: str) -> bool:
    return actor.may(Permission.APPROVE) and covers_series(actor, area_code)


def may_carry_out(actor: Actor, consequence: Consequence) -> bool:
    return actor.may(Permission.CARRY_OUT) and covers_series(actor, consequence.period.area_code)


def sees_rows_of(actor: Actor, subject: str) -> bool:
    """Whether the actor may open a subject's visits and problems: its own, or those of a subject in its scope. A
    committee's own subject is its area."""
    if not actor.may(Permission.VIEW):
        return False
    if subject in actor.unit_codes or subject in _areas_of_committees(actor):
        return True
    path = Area.objects.filter(code=subject).values_list("path", flat=True).first()
    return actor.covers(path or EVERYWHERE)


def visible_periods(actor: Actor) -> QuerySet[Period]:
    """Those of series that lie in the actor's scope; of a series the actor is ranked in, those that are published."""
    if not actor.may(Permission.VIEW):
        return Period.objects.none()
    whole, part = _series(actor)
    return Period.objects.filter(whole | part & Q(state__in=[PeriodState.PUBLISHED, PeriodState.FINAL]))


def visible_settlements(actor: Actor) -> QuerySet[Settlement]:
    if not actor.may(Permission.VIEW):
        return Settlement.objects.none()
    whole, part = _series(actor)
    return Settlement.objects.filter(whole | part)


def _series(actor: Actor) -> tuple[Q, Q]:
    """A condition on `area_code` and `series`: the series the actor covers whole, and those it is ranked in: they rank
    an area with a place in the actor's scope, the area of a committee the actor speaks for, or such a unit itself."""
    whole, near = set(), set()
    own = _own_paths(actor)
    for code in Period.objects.order_by().values_list("area_code", flat=True).distinct():
        if covers_series(actor, code):
            whole.add(code)
        elif own and any(path.startswith(top) for top in top_paths(code) for path in own):
            near.add(code)
    part = Q(area_code__in=near)
    for series, code in _series_that_rank(actor.unit_codes):
        part |= Q(series=series, area_code=code)
    return Q(area_code__in=whole), part


def _own_paths(actor: Actor) -> list[str]:
    """The paths of the areas in which the actor has a place to answer for."""
    sites = Site.objects.filter(code__in=actor.site_codes).values_list("area__path", flat=True)
    return [*actor.area_paths, *(sites if actor.site_codes else ()), *_areas_of_committees(actor).values()]


def _areas_of_committees(actor: Actor) -> dict[str, str]:
    """The areas whose committee the actor speaks for, with their paths."""
    if not actor.unit_codes:
        return {}
    own = Unit.objects.filter(code__in=actor.unit_codes, kind__in=COMMITTEE_KINDS, area__isnull=False)
    return dict(own.values_list("area__code", "area__path"))


def _series_that_rank(units: Collection[str]) -> set[tuple[str, str]]:
    """The series, and the areas of their presets, in which one of these units has been ranked."""
    if not units:
        return set()
    own = Standing.objects.filter(code__in=list(units)).order_by()
    return set(own.values_list("computation__period__series", "computation__period__area_code").distinct())


def visible_consequences(actor: Actor) -> QuerySet[Consequence]:
    """All that follows from a series in the actor's scope; of a series the actor is ranked in, what concerns the actor.

    An interview names a person: a neighbour learns the flag from the ranking, not who was spoken to (domain §8, §10).
    """
    if not actor.may(Permission.VIEW):
        return Consequence.objects.none()
    whole, _ = _series(actor)
    areas = Area.objects.filter(in_scope(actor)).values("code")
    subjects = {*actor.unit_codes, *_areas_of_committees(actor)}
    own = Q(subject_code__in=areas) | Q(subject_code__in=sorted(subjects))
    return Consequence.objects.filter(
        Q(period__in=Period.objects.filter(whole)) | Q(period__in=visible_periods(actor)) & own
    )
