"""Who may see rounds, visits and draws, plan a round and record in it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from chuangwei.core.actor import EVERYWHERE, Actor, system_actor
from chuangwei.domain.inspections.enums import Permission
from chuangwei.domain.inspections.models import Draw, Round, RoundMember, Visit
from chuangwei.domain.organisation.enums import Permission as ExportPermission
from chuangwei.domain.places.models import Area
from chuangwei.domain.places.permissions import in_scope, site_scope_at

SYSTEM_CODE = system_actor("").code


def may_plan(actor: Actor) -> bool:
    return actor.may(Permission.PLAN)


def may_plan_in(actor: Actor, area_path: str | None) -> bool:
    """A round belongs where it goes; one without an area to the whole installation."""
    return may_plan(actor) and actor.covers(area_path or EVERYWHERE)


def may_change(actor: Actor, each: Round) -> bool:
    return may_plan_in(actor, path_of(each))


def may_step(actor: Actor, draw: Draw) -> bool:
    """Commit to a seed, draw, or declare void: whoever sees the draw and plans where its round belongs.

    A draw for a round that is not here belongs to whoever froze its list, and to those who plan everywhere.
    """
    if not may_plan(actor) or not visible_draws(actor).filter(pk=draw.pk).exists():
        return False
    each = Round.objects.select_related("area", "team__area").filter(code=draw.round_code).first()
    if each is None:
        return actor.covers(EVERYWHERE) or draw.frozen_by == hand(actor)
    return may_change(actor, each)


def hand(by: Actor) -> str:
    """Who did a step, so that two hands can be told apart: the program under a system user, or a person's account."""
    return by.name if by.code == SYSTEM_CODE else f"{by.name}（{by.code}）"


def may_release(actor: Actor, each: Round) -> bool:
    """Whoever is in on the secret and plans here, or made the round: those of the team who may see what is sealed.

    Nobody opens what they may not see.
    """
    if not each.is_hidden or not actor.covers(path_of(each) or EVERYWHERE):
        return False
    on_team = is_on_team(actor, each)
    planning = may_plan(actor) and (actor.may(Permission.SEALED) or on_team)
    return planning or (on_team and actor.may(Permission.SEALED) and actor.may(Permission.RECORD))


def may_record(actor: Actor, each: Round) -> bool:
    """In a round with a team those of the team, and whoever plans: the office writes down what came on paper."""
    if not actor.may(Permission.RECORD):
        return False
    return not has_team(each) or may_plan(actor) or is_on_team(actor, each)


def may_correct(actor: Actor, visit: Visit) -> bool:
    """Whoever made it or may record in its round, where its place is theirs."""
    here = actor.covers_site(visit.site.area.path, visit.site.code) if visit.site else actor.covers(_path(visit.area))
    return here and may_record(actor, visit.round)


def may_export(actor: Actor) -> bool:
    return actor.may(Permission.VIEW) and actor.may(ExportPermission.EXPORT)


def has_team(each: Round) -> bool:
    return each.team_id is not None or each.members.exists()


def is_on_team(actor: Actor, each: Round) -> bool:
    return Round.objects.filter(on_team(actor), pk=each.pk).exists()


def on_team(actor: Actor) -> Q:
    """A condition on rounds: the actor is of the team, as a person, by a unit, or speaks for its squad."""
    named = Q(person__code=actor.person_code) if actor.person_code else Q(pk__in=[])
    joined = RoundMember.objects.filter(named | Q(unit__code__in=actor.unit_codes)).values("round_id")
    return Q(pk__in=joined) | Q(team__code__in=actor.unit_codes)


def path_of(each: Round) -> str | None:
    """The path of the area a round belongs to: its own, else that of its squad; none for the whole installation."""
    area = each.area or (each.team.area if each.team else None)
    return area.path if area else None


def visible_rounds(actor: Actor) -> QuerySet[Round]:
    """Rounds that go where the actor is, or over a larger area that holds it; sealed ones only to those in on them."""
    if not actor.may(Permission.VIEW):
        return Round.objects.none()
    found = Round.objects.filter(unsealed(actor))
    if actor.covers(EVERYWHERE):
        return found
    above = sorted({code for path in actor.area_paths for code in path.rstrip("/").split("/")})
    here = in_scope(actor, "area__") | Q(area__code__in=above)
    by_squad = in_scope(actor, "team__area__") | Q(team__area__code__in=above) | Q(team__area__isnull=True)
    return found.filter(here | Q(area__isnull=True) & by_squad | on_team(actor))


def visible_draws(actor: Actor) -> QuerySet[Draw]:
    """A draw for a sealed round shows only to those in on it until the round is released (domain §7)."""
    if not actor.may(Permission.VIEW):
        return Draw.objects.none()
    if actor.may(Permission.SEALED):
        return Draw.objects.all()
    hidden = Round.objects.filter(~unsealed(actor), code=OuterRef("round_code"))
    return Draw.objects.filter(~Exists(hidden))


def visible_visits(actor: Actor) -> QuerySet[Visit]:
    """Visits inside the actor's areas, and of no sealed round unless the actor may see those (domain §7).

    A visit lies where its site lay when it was made.
    """
    if not actor.may(Permission.VIEW):
        return Visit.objects.none()
    found = Visit.objects.all()
    if not actor.may(Permission.SEALED):
        # By the few that are hidden, and not by joining the rounds: a list of visits must stay in the order of its index.
        found = found.exclude(round__in=Round.objects.filter(~unsealed(actor)).order_by().values("pk"))
    if actor.covers(EVERYWHERE):
        return found
    here = site_scope_at(actor, "site__", "at")
    if Visit.objects.filter(area__isnull=False).exists():
        # Hardly ever there; asked beside the sites, it would cost every list the index of the sites.
        here |= Q(area__in=Area.objects.filter(in_scope(actor)).order_by().values("pk"))
    return found.filter(here)


def unsealed(actor: Actor) -> Q:
    """A condition on rounds: not sealed, or released, or the actor may see it all the same."""
    if actor.may(Permission.SEALED):
        return ~Q(pk__in=[])
    own = Round.objects.filter(on_team(actor), is_sealed=True).values("pk")
    opened = Q(is_sealed=False) | Q(released_at__isnull=False)
    return opened | Q(pk__in=own) if actor.person_code or actor.unit_codes else opened


def _path(area: Area | None) -> str:
    return area.path if area else EVERYWHERE
