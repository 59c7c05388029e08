"""What of persons goes when: the phones of who has left every unit and every duty (domain §11)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db.models import Exists, Max, OuterRef, Q, Subquery

from chuangwei.core import clock, presets, retention
from chuangwei.core.actor import Actor
from chuangwei.core.retention import Due
from chuangwei.domain.organisation.actions import forget_phones
from chuangwei.domain.organisation.enums import PERSON_SUBJECT
from chuangwei.domain.organisation.models import Account, Duty, Membership, Person
from chuangwei.domain.organisation.preset import Retention

WHAT = "手机号、公开电话"


@retention.rule(
    slug="phones-of-those-who-left",
    title="离开人员的手机号和公开电话",
    after="离开全部单位和责任满预设 [retention] phone_months 个月（默认 24），没有启用的账号",
)
def phones(at: datetime) -> Iterator[Due]:
    """Persons who once served or answered for something, and no longer do. Who never did has not left."""
    day = clock.local_day(at)
    uses = presets.holdings()
    for person, left_on in _gone(day):
        months = _months(uses, _last_areas(person), day)
        if retention.months_later(left_on, months) < day:
            yield Due(PERSON_SUBJECT, person.code, WHAT, left_on, months)


@phones.forgets
def forget(due: Sequence[Due], by: Actor, at: datetime) -> None:
    forget_phones(due=due, by=by, at=at)


def _gone(day: date) -> Iterator[tuple[Person, date]]:
    """Those with a number but without a unit, a duty or an account today or ahead, and their last day."""
    member, duty = Membership.objects.filter(person=OuterRef("pk")), Duty.objects.filter(person=OuterRef("pk"))
    serving = member.filter(Q(to_on__isnull=True) | Q(to_on__gte=day))
    answering = duty.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
    signing_in = Account.objects.filter(person=OuterRef("pk"), is_active=True)
    found = (
        Person.objects.exclude(phone="", public_phone="")
        .filter(~Exists(serving), ~Exists(answering), ~Exists(signing_in))
        .annotate(
            served_to=Subquery(member.order_by().values("person").annotate(last=Max("to_on")).values("last")),
            answered_to=Subquery(duty.order_by().values("person").annotate(last=Max("ends_on")).values("last")),
        )
    )
    for person in found.order_by("code").iterator(chunk_size=2000):
        last = [one for one in (person.served_to, person.answered_to) if one is not None]
        if last:
            yield person, max(last)


def _last_areas(person: Person) -> list[list[str]]:
    """The area codes, from the top down, of the units the person left last."""
    served = Membership.objects.filter(person=person, unit__area__isnull=False).select_related("unit__area")
    latest = [one.unit.area for one in served.order_by("-to_on")[:3]]
    return [area.path_codes for area in latest if area is not None] or [[]]


def _months(uses: Sequence[presets.Holding], places: Sequence[Sequence[str]], day: date) -> int:
    """The longest any of the places asks for; without a preset the default."""
    held = [presets.holding(uses, codes, day) for codes in places]
    kept: list[Retention] = [use.document.sections["retention"] if use else Retention() for use in held]
    return max(one.phone_months for one in kept)
