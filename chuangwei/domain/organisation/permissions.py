"""Who may see and change units, persons, duties and accounts."""

from django.db.models import Q, QuerySet

from chuangwei.core import clock
from chuangwei.core.actor import ALL, EVERYWHERE, Actor
from chuangwei.domain.organisation import scopes
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Account, Duty, Membership, Person, Unit
from chuangwei.domain.places.models import Area
from chuangwei.domain.places.permissions import in_scope, site_scope

OWN_RIGHTS = "自己的任职和责任须由另一人登记。"
OWN_SIGHT = "这项责任会让您自己看到更多：您按本单位的责任看数据。须由另一人登记。"
OWN_UNITS = "您代表或所在的单位，以及归到它下面的单位，类型、上级和区划须由另一人更改。"


def may_edit(actor: Actor) -> bool:
    return actor.may(Permission.EDIT)


def may_edit_person(actor: Actor, person: Person) -> bool:
    """A person is where the units are that she serves in; one without any belongs to the whole installation."""
    if not may_edit(actor):
        return False
    served = Unit.objects.filter(memberships__person=person, memberships__to_on__isnull=True)
    paths = [path or EVERYWHERE for path in served.values_list("area__path", flat=True)]
    return all(map(actor.covers, paths or [EVERYWHERE]))


def is_own_right(actor: Actor, person_code: str | None) -> bool:
    """Memberships and duties widen what an account sees: nobody gives them to herself. The program is nobody."""
    return ALL not in actor.permissions and person_code is not None and person_code == actor.person_code


def gains_sight(actor: Actor, unit_code: str | None, path: str) -> bool:
    """Whether a duty of a unit for a place, begun or made longer, would show the actor more than her account gives her.

    Somebody who sees by duty what her unit answers for could otherwise go on seeing a place by prolonging the very duty
    she sees it by. What her own area covers she sees anyway, so the register of her own place stays hers to keep. Like
    her own rights, this is nobody's to give herself, whatever else she may; the program is nobody.
    """
    if ALL in actor.permissions or actor.covers(EVERYWHERE) or unit_code not in actor.unit_codes:
        return False
    return not any(path.startswith(own) for own in scopes.given_paths(actor.code))


def gains_unit(actor: Actor, *codes: str | None) -> bool:
    """Whether a change of kind, parent or area of these units would change whom the actor speaks for, or where."""
    if ALL in actor.permissions or actor.covers(EVERYWHERE):
        return False
    return any(code in actor.unit_codes for code in codes)


def may_edit_unit(actor: Actor, unit: Unit) -> bool:
    """A unit is where its area is; one without belongs to the whole installation."""
    return may_edit(actor) and actor.covers(unit.area.path if unit.area else EVERYWHERE)


def may_see_residents(actor: Actor) -> bool:
    """Whether names, places and photos of households 农户 show: personal data, like the persons of the register."""
    return actor.may(Permission.VIEW)


def may_import(actor: Actor) -> bool:
    return actor.may(Permission.IMPORT)


def may_export(actor: Actor) -> bool:
    return actor.may(Permission.EXPORT)


def may_export_phones(actor: Actor) -> bool:
    """Whole numbers in a workbook; without it they are masked there."""
    return may_export(actor) and actor.may(Permission.EXPORT_PERSONAL)


def may_reveal(actor: Actor, person: Person) -> bool:
    return actor.may(Permission.REVEAL) and visible_persons(actor).filter(pk=person.pk).exists()


def may_look_up(actor: Actor) -> bool:
    """Find persons by a number they are called from: it answers only with persons the actor sees."""
    return actor.may(Permission.REVEAL) and actor.may(Permission.VIEW)


def may_audit(actor: Actor) -> bool:
    """The chain is one for the whole installation: an auditor of one area would read of all the others."""
    return actor.may(Permission.AUDIT) and actor.covers(EVERYWHERE)


def may_use_presets(actor: Actor) -> bool:
    return actor.may(Permission.PRESETS)


def may_manage_accounts(actor: Actor) -> bool:
    return actor.may(Permission.ACCOUNTS)


def may_manage_account(actor: Actor, account: Account) -> bool:
    """Nobody hands out a scope wider than their own."""
    return may_manage_accounts(actor) and scopes.is_within(account, actor, clock.today())


def visible_accounts(actor: Actor) -> QuerySet[Account]:
    """All of them for who manages accounts everywhere; else those at home in the actor's areas."""
    if not may_manage_accounts(actor):
        return Account.objects.none()
    if actor.covers(EVERYWHERE):
        return Account.objects.all()
    at_home = in_scope(actor, "area__") | Q(area__isnull=True) & in_scope(actor, "unit__area__")
    serving = Account.objects.filter(in_scope(actor, "person__memberships__unit__area__")).values("pk")
    return Account.objects.filter(
        at_home | Q(area__isnull=True, unit__isnull=True, pk__in=serving), is_everywhere=False
    )


def units_to_choose(actor: Actor) -> QuerySet[Unit]:
    """The units whose scope the actor may hand out: who manages accounts need not see the register for it."""
    if not may_manage_accounts(actor):
        return Unit.objects.none()
    return Unit.objects.filter(in_scope(actor, "area__") | Q(code__in=actor.unit_codes) | _everywhere(actor))


def areas_to_choose(actor: Actor) -> QuerySet[Area]:
    return Area.objects.filter(in_scope(actor)) if may_manage_accounts(actor) else Area.objects.none()


def persons_to_choose(actor: Actor) -> QuerySet[Person]:
    """The persons of these units; those of no unit for who covers everything."""
    if not may_manage_accounts(actor):
        return Person.objects.none()
    served = Q(pk__in=Person.objects.filter(memberships__unit__in=units_to_choose(actor)).values("pk"))
    return Person.objects.filter(served | _everywhere(actor))


def _everywhere(actor: Actor) -> Q:
    return ~Q(pk__in=[]) if actor.covers(EVERYWHERE) else Q(pk__in=[])


def visible_units(actor: Actor) -> QuerySet[Unit]:
    if not actor.may(Permission.VIEW):
        return Unit.objects.none()
    return Unit.objects.filter(Q(area__isnull=True) | in_scope(actor, "area__") | Q(code__in=actor.unit_codes))


def visible_persons(actor: Actor) -> QuerySet[Person]:
    """Those who serve in a unit the actor sees. Who serves nowhere today: where she last did (or will), or holds a duty."""
    if not actor.may(Permission.VIEW):
        return Person.objects.none()
    if actor.covers(EVERYWHERE):
        return Person.objects.all()
    serving = Membership.objects.filter(scopes.serving_on(clock.today()))
    there = Q(unit__in=visible_units(actor))
    at_work = Q(pk__in=serving.filter(there).values("person"))
    once = Q(pk__in=Membership.objects.filter(there).values("person"))
    by_duty = Q(pk__in=visible_duties(actor).filter(person__isnull=False).order_by().values("person"))
    return Person.objects.filter(at_work | ~Q(pk__in=serving.values("person")) & (once | by_duty))


def visible_duties(actor: Actor) -> QuerySet[Duty]:
    if not actor.may(Permission.VIEW):
        return Duty.objects.none()
    return Duty.objects.filter(in_scope(actor, "area__") | site_scope(actor, "site__"))
