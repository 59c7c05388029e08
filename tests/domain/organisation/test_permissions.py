from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.domain.organisation import permissions
from chuangwei.domain.organisation.enums import Permission
from tests.factories import organisation, places
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 4)
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.fixture
def rows():
    """A unit, a person and two duties in each of two communities, and a unit and a person of no area."""
    _, communities = places.town(communities=2)
    for community in communities:
        person = organisation.person(f"P-{community.code}", of=organisation.unit(f"U-{community.code}", area=community))
        organisation.duty(person, "网格员", community)
        organisation.duty(person, "保洁员", places.site(in_area=community))
    organisation.unit("U-none")
    organisation.person("P-none")
    return communities


def test_who_may_view_sees_what_lies_in_her_areas(rows):
    actor = organisation.clerk(Permission.VIEW, area_paths=(rows[0].path,))
    assert set(permissions.visible_units(actor).values_list("code", flat=True)) == {"U-620101", "U-none"}
    assert set(permissions.visible_persons(actor).values_list("code", flat=True)) == {"P-620101"}
    assert permissions.visible_duties(actor).count() == 2


def test_a_person_of_two_units_is_seen_once(rows):
    person = organisation.person("P-two", of=organisation.unit("U-1"))
    person.memberships.create(unit=organisation.unit("U-2"), is_main=False)
    seen = permissions.visible_persons(organisation.clerk(Permission.VIEW))
    assert list(seen.filter(code="P-two")) == [person]


def test_a_stranger_sees_nothing(rows):
    stranger = organisation.stranger()
    assert not permissions.visible_units(stranger).exists()
    assert not permissions.visible_persons(stranger).exists()
    assert not permissions.visible_duties(stranger).exists()


@pytest.mark.parametrize(
    ("may", "permission"),
    [
        (permissions.may_edit, Permission.EDIT),
        (permissions.may_import, Permission.IMPORT),
        (permissions.may_export, Permission.EXPORT),
        (permissions.may_use_presets, Permission.PRESETS),
        (permissions.may_manage_accounts, Permission.ACCOUNTS),
    ],
)
def test_each_permission_opens_its_own_door(may, permission):
    every = [one for one in Permission if one != permission]
    assert may(organisation.clerk(permission)) is True
    assert may(organisation.clerk(*every)) is False


def seen_in(area) -> set[str]:
    actor = organisation.clerk(Permission.VIEW, Permission.REVEAL, area_paths=(area.path,))
    found = set(permissions.visible_persons(actor).values_list("code", flat=True))
    every = organisation.Person.objects.all()
    assert {person.code for person in every if permissions.may_reveal(actor, person)} == found
    return found


def test_a_person_of_no_unit_is_seen_everywhere_or_where_she_answers(rows):
    own, other = rows
    free = organisation.person("P-free")
    assert seen_in(own) == {"P-620101"}
    organisation.duty(free, "巷长", places.site(in_area=own))
    assert seen_in(own) == {"P-620101", "P-free"}
    assert seen_in(other) == {"P-620102"}
    everywhere = organisation.clerk(Permission.VIEW)
    assert permissions.visible_persons(everywhere).count() == 4


@pytest.mark.parametrize(
    ("there", "elsewhere", "is_seen"),
    [
        ((None, DAY), None, True),
        ((None, YESTERDAY), None, True),
        ((TOMORROW, None), None, True),
        ((None, YESTERDAY), (DAY, None), False),
        ((None, YESTERDAY), (None, YESTERDAY), True),
        ((None, YESTERDAY), (TOMORROW, None), True),
        ((None, None), (None, None), True),
        ((TOMORROW, None), (None, DAY), False),
    ],
    ids=["last day", "left", "to come", "serves elsewhere", "left both", "between two", "serves in both", "comes tomorrow"],
)  # fmt: skip
def test_a_person_is_seen_where_she_serves_or_last_did(rows, frozen_clock, there, elsewhere, *, is_seen):
    frozen_clock(MONDAY)
    person = organisation.person("P-mover")
    for area, days in zip(rows, (there, elsewhere), strict=True):
        if days is not None:
            unit = organisation.Unit.objects.get(code=f"U-{area.code}")
            person.memberships.create(unit=unit, is_main=area == rows[0], from_on=days[0], to_on=days[1])
    assert ("P-mover" in seen_in(rows[0])) is is_seen


def test_one_person_and_three_ask_the_same(rows):
    actor = organisation.clerk(Permission.VIEW, area_paths=(rows[0].path,))
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            list(permissions.visible_persons(actor))
        assert len(asked) == 1
        organisation.person(of=organisation.Unit.objects.get(code="U-620101"))
        organisation.person(of=organisation.Unit.objects.get(code="U-620101"))


def test_the_audit_is_for_who_covers_everything(rows):
    assert permissions.may_audit(organisation.clerk(Permission.AUDIT)) is True
    assert permissions.may_audit(organisation.clerk(Permission.AUDIT, area_paths=(rows[0].path,))) is False
    assert permissions.may_audit(organisation.clerk(Permission.ACCOUNTS)) is False
