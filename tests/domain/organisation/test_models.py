from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from chuangwei.domain.organisation.models import Account, Duty, Membership, Person, Unit
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db
DAY = date(2023, 10, 15)
BEFORE = date(2023, 10, 14)


def refused(write) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


def test_a_duty_has_one_holder_and_one_place_and_its_days_in_order():
    person, unit, area = organisation.person(), organisation.unit(), places.area()
    site = places.site(in_area=area)
    right = {"person": person, "area": area, "role": "网格员", "starts_on": DAY}
    for wrong in (
        {"unit": unit}, {"person": None}, {"site": site}, {"area": None}, {"ends_on": BEFORE},
    ):  # fmt: skip
        assert refused(lambda values=wrong: Duty.objects.create(**{**right, **values}))
    assert not refused(lambda: Duty.objects.create(**right, ends_on=DAY))
    assert refused(lambda: Duty.objects.create(**right)), "the same duty, whatever its end"
    assert not refused(lambda: Duty.objects.create(**right, hours="08:00-12:00"))


def test_a_person_has_one_main_unit_at_a_time():
    person = organisation.person(of=organisation.unit())
    assert refused(lambda: Membership.objects.create(person=person, unit=organisation.unit()))
    assert not refused(lambda: Membership.objects.create(person=person, unit=organisation.unit(), is_main=False))
    assert not refused(lambda: Membership.objects.create(person=person, unit=organisation.unit(), to_on=DAY))
    assert refused(
        lambda: Membership.objects.create(
            person=person, unit=organisation.unit(), is_main=False, from_on=DAY, to_on=BEFORE
        )
    )


def test_a_public_phone_needs_its_owners_consent():
    assert refused(lambda: organisation.person(public_phone="0939-1234567"))
    assert not refused(lambda: organisation.person(public_phone="0939-1234567", public_phone_consent_on=DAY))


def test_the_private_phone_is_not_readable_in_the_database():
    organisation.person("P1", phone="19900016803")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM organisation_person")
        (kept,) = cursor.fetchone()
    assert "19900016803" not in kept
    assert Person.objects.get(code="P1").phone == "19900016803"


def test_codes_are_given_once():
    organisation.unit("U1")
    organisation.person("P1")
    assert refused(lambda: Unit.objects.create(code="U1", name="x", kind="部门"))
    assert refused(lambda: Person.objects.create(code="P1", name="x"))
    assert refused(lambda: [organisation.account("a"), organisation.account("a")])


def test_rows_say_what_they_are():
    unit, person = organisation.unit("U1", name="创卫办"), organisation.person("P1", name="李华")
    member = Membership.objects.create(person=person, unit=unit)
    duty = organisation.duty(person, "网格员", places.area(), starts_on=DAY, ends_on=DAY)
    assert [str(unit), str(person), str(member)] == ["创卫办", "李华", f"{person.pk}@{unit.pk}"]
    assert [str(duty), str(organisation.duty(person, "巷长", places.area(), starts_on=DAY))] == [
        "网格员（2023-10-15—2023-10-15）",
        "巷长（2023-10-15—）",
    ]
    assert [str(Account(username="a")), str(Account(username="a", name="李华")), Account(username="a").code] == [
        "a", "李华", "a",
    ]  # fmt: skip
