"""A person comes into the register, is corrected, joins a unit and leaves it (domain §3). A phone is never told unmasked."""

from datetime import date, datetime

from chuangwei.core import audit
from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.text import code_text, free_text, mask_phone
from chuangwei.core.transitions import log_change
from chuangwei.core.writes import action
from chuangwei.domain.organisation.actions.accounts import SYSTEM_CODE
from chuangwei.domain.organisation.models import Membership, Person, Unit
from chuangwei.domain.organisation.permissions import OWN_RIGHTS, is_own_right, may_edit, may_edit_person

KIND = "organisation.person"
MASK = "*"


@action
def create_person(
    *, code: str, name: str, by: Actor, at: datetime, title: str = "", phone: str = "", unit: Unit | None = None,
    from_on: date | None = None,
) -> Person:  # fmt: skip
    """A person, and where a unit is given the main membership in it from a day on (none: since ever)."""
    require(may_edit(by) and by.covers(_path(unit)))
    person = Person(code=new_code(code), name=_named(name), title=free_text(title), phone=_checked_phone(phone))
    person.save(force_insert=True)
    if unit is not None:
        Membership.objects.create(person=person, unit=unit, from_on=from_on)
    audit.record(
        verb="登记人员", subject_kind=KIND, subject_code=person.code, by=by, at=at,
        details={"unit": unit.code if unit else ""},
    )  # fmt: skip
    return person


@action
def edit_person(
    *, person: Person, name: str, title: str, by: Actor, at: datetime, phone: str = "", public_phone: str = "",
    public_phone_consent_on: date | None = None,
) -> Person:  # fmt: skip
    """Correct what is known of a person. An empty phone leaves the one there is: a clerk who edits need not see it."""
    require(may_edit_person(by, person))
    new_phone = _checked_phone(phone) or str(person.phone)
    if public_phone and public_phone_consent_on is None:
        raise DomainError("公开电话须记下本人同意的日期。")
    consent = public_phone_consent_on if public_phone else None
    changes: list[tuple[str, object, object]] = [
        ("姓名", person.name, _named(name)),
        ("职务", person.title, free_text(title)),
        ("公开电话", person.public_phone, free_text(public_phone)),
        ("同意公开日期", person.public_phone_consent_on, consent),
    ]
    different = [change for change in changes if change[1] != change[2]]
    if phone and new_phone != person.phone:
        different.append(("手机", mask_phone(person.phone), mask_phone(new_phone)))
        person.phone = new_phone
    if not different:
        return person
    person.name, person.title = _named(name), free_text(title)
    person.public_phone, person.public_phone_consent_on = free_text(public_phone), consent
    person.save()
    _log(person, different, by=by, at=at)
    audit.record(
        verb="改正人员", subject_kind=KIND, subject_code=person.code, by=by, at=at,
        details={"fields": [field for field, _, _ in different]},
    )  # fmt: skip
    return person


@action
def begin_membership(
    *, person: Person, unit: Unit, from_on: date, by: Actor, at: datetime, is_main: bool = True, note: str = ""
) -> Membership:
    """A person serves in a unit from a day on. A new main unit ends the main membership there was, the day before."""
    require(may_edit_person(by, person) and by.covers(_path(unit)))
    _not_oneself(by, person)
    open_ones = Membership.objects.filter(person=person, to_on__isnull=True).select_related("unit")
    if any(one.unit == unit for one in open_ones):
        raise DomainError(f"{person.name}已在『{unit.name}』任职。")
    if is_main:
        for held in open_ones.filter(is_main=True):
            _end(held, date.fromordinal(from_on.toordinal() - 1))
    made = Membership.objects.create(person=person, unit=unit, is_main=is_main, from_on=from_on)
    _log(person, [("任职", "", f"{unit.name}，{from_on} 起{'' if is_main else '，兼任'}")], by=by, at=at, note=note)
    audit.record(
        verb="开始任职", subject_kind=KIND, subject_code=person.code, by=by, at=at, note=note,
        details={"unit": unit.code, "from": str(from_on), "is_main": is_main},
    )  # fmt: skip
    return made


@action
def end_membership(*, membership: Membership, to_on: date, by: Actor, at: datetime, note: str = "") -> Membership:
    """The last day a person serves in a unit."""
    person, unit = membership.person, membership.unit
    require(may_edit_person(by, person) and by.covers(_path(unit)))
    _not_oneself(by, person)
    if membership.to_on is not None:
        raise DomainError(f"{person.name}在『{unit.name}』的任职已于 {membership.to_on} 结束。")
    _end(membership, to_on)
    _log(person, [("任职", unit.name, f"{to_on} 止")], by=by, at=at, note=note)
    audit.record(
        verb="结束任职", subject_kind=KIND, subject_code=person.code, by=by, at=at, note=note,
        details={"unit": unit.code, "to": str(to_on)},
    )  # fmt: skip
    return membership


def _not_oneself(by: Actor, person: Person) -> None:
    if is_own_right(by, person.code):
        raise DomainError(OWN_RIGHTS)


def _end(membership: Membership, to_on: date) -> None:
    if membership.from_on is not None and to_on < membership.from_on:
        raise DomainError(f"『{membership.unit.name}』的任职从 {membership.from_on} 开始，不能早于这一天结束。")
    membership.to_on = to_on
    membership.save(update_fields=["to_on"])


def _log(
    person: Person, changes: list[tuple[str, object, object]], *, by: Actor, at: datetime, note: str = ""
) -> None:  # fmt: skip
    for field, old, new in changes:
        log_change(
            subject_kind=KIND, subject_code=person.code, field=field, old=old, new=new, by=by, at=at, note=note
        ).save()


def new_code(code: str) -> str:
    """A code that no person and no unit has: a duty names either by its code alone."""
    found = code_text(code)
    if not found:
        raise DomainError("请填写编码。")
    if found == SYSTEM_CODE:
        raise DomainError(f"编码 {SYSTEM_CODE} 是程序自己用的，请换一个。")
    if Person.objects.filter(code=found).exists() or Unit.objects.filter(code=found).exists():
        raise DomainError(f"编码 {found} 已经用过。单位和人员不能同码。")
    return found


def _named(name: str) -> str:
    found = free_text(name)
    if not found:
        raise DomainError("请填写姓名。")
    return found


def _checked_phone(phone: str) -> str:
    """Trimmed; a masked one, as a screen shows it, cannot be meant."""
    if MASK in phone:
        raise DomainError("手机号打了码，无法还原。请填完整号码；不改就留空。")
    return free_text(phone)


def _path(unit: Unit | None) -> str:
    return unit.area.path if unit is not None and unit.area is not None else EVERYWHERE
