"""Nobody keeps the register so that she herself sees more: not by a duty of her unit, not by the tree of units."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError
from chuangwei.core.rows import Rows
from chuangwei.domain.organisation import actions, permissions, queries
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Account, Duty, Unit
from chuangwei.domain.places.models import Area, Site
from tests.factories import organisation, places
from tests.factories.imported import rows, said
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db
DAY, NEXT_MONTH, NEXT_YEAR = date(2023, 9, 4), date(2023, 10, 4), date(2024, 9, 4)
RIGHTS = frozenset({Permission.EDIT.value, Permission.VIEW.value, Permission.IMPORT.value})


@pytest.fixture(autouse=True)
def today(frozen_clock) -> None:
    frozen_clock(MONDAY)


@pytest.fixture
def ground() -> tuple[Area, list[Area]]:
    """Her unit answers for the lanes of 620101 until next month; 620102 is another community."""
    county, communities = places.town(communities=2)
    for area in communities:
        places.site(f"L-{area.code}", in_area=area)
        organisation.unit(f"U-{area.code}", area=area)
    own = organisation.unit("U-own", area=communities[0])
    organisation.duty(own, "包抓单位", Site.objects.get(code=f"L-{communities[0].code}"), ends_on=NEXT_MONTH)
    organisation.duty(own, "片区推进", communities[0], ends_on=NEXT_MONTH)
    return county, communities


def clerk(**scope: object) -> Actor:
    """Somebody who keeps the register of what her account covers, and works in U-own."""
    person = organisation.person("P-own", of=Unit.objects.get(code="U-own"))
    account: Account = organisation.account("own", person=person, **{"is_everywhere": False, **scope})
    return replace(queries.actor_of(account), permissions=RIGHTS)


def by_what(kind: str, ground: tuple[Area, list[Area]]) -> Actor:
    town, communities = ground
    if kind == "the program":
        return organisation.chief()
    scopes: dict[str, dict[str, object]] = {
        "duty alone": {"by_duty": True},
        "duty and the other community": {"by_duty": True, "area": communities[1]},
        "duty and her own community": {"by_duty": True, "area": communities[0]},
        "duty and the town": {"by_duty": True, "area": town},
        "duty and everywhere": {"by_duty": True, "is_everywhere": True},
        "her own community": {"area": communities[0]},
    }
    return clerk(**scopes[kind])


WIDENING = [
    ("duty alone", False),
    ("duty and the other community", False),
    ("duty and her own community", True),
    ("duty and the town", True),
    ("duty and everywhere", True),
    ("her own community", True),
    ("the program", True),
]


def begun(by: Actor, lane: Site, own: Unit) -> object:
    return actions.begin_duty(holder=own, role="巷长", place=lane, starts_on=DAY, by=by, at=MONDAY)


def prolonged(by: Actor, lane: Site, own: Unit) -> object:
    duty = Duty.objects.get(site=lane, unit=own)
    return actions.end_duty(duty=duty, ends_on=NEXT_YEAR, by=by, at=MONDAY)


def taken_over(by: Actor, lane: Site, own: Unit) -> object:
    other = organisation.duty(Unit.objects.get(code="U-620101"), "物业", lane)
    return actions.hand_over_duty(duty=other, holder=own, from_on=DAY, by=by, at=MONDAY)


def imported(by: Actor, _lane: Site, _own: Unit, **row: object) -> object:
    given = {"role": "巷长", "starts_on": DAY, **row}
    found = rows(
        "holder role place starts_on ends_on hours",
        ("U-own", given["role"], "L-620101", given["starts_on"], None, ""),
    )  # fmt: skip
    taking = actions.import_organisation(units=Rows(), persons=Rows(), duties=found, by=by, at=MONDAY)
    if taking.is_faulty:
        raise DomainError(str(said(taking, "duties")))
    return taking


def imported_longer(by: Actor, lane: Site, own: Unit) -> object:
    return imported(by, lane, own, role="包抓单位", starts_on=date(2023, 1, 1))


@pytest.mark.parametrize("deed", [begun, prolonged, taken_over, imported, imported_longer])
@pytest.mark.parametrize(("kind", "is_allowed"), WIDENING)
def test_a_duty_of_ones_unit_shows_one_nothing_more(ground, deed, kind, *, is_allowed):
    by, own, lane = by_what(kind, ground), Unit.objects.get(code="U-own"), Site.objects.get(code="L-620101")
    before = Duty.objects.filter(unit=own).count(), Duty.objects.filter(unit=own, ends_on=NEXT_MONTH).count()
    if is_allowed:
        assert deed(by, lane, own)
        return
    with pytest.raises(DomainError, match="须由另一人登记"):
        deed(by, lane, own)
    assert (
        Duty.objects.filter(unit=own).count(), Duty.objects.filter(unit=own, ends_on=NEXT_MONTH).count(),
    ) == before  # fmt: skip


def test_ones_units_duty_may_be_ended_sooner_and_others_duties_are_ones_to_keep(ground):
    by, lane = clerk(by_duty=True), Site.objects.get(code="L-620101")
    actions.end_duty(duty=Duty.objects.get(site=lane), ends_on=DAY + timedelta(days=1), by=by, at=MONDAY)
    assert Duty.objects.get(site=lane).ends_on == DAY + timedelta(days=1)
    other = Unit.objects.get(code="U-620101")
    assert actions.begin_duty(holder=other, role="巷长", place=lane, starts_on=DAY, by=by, at=MONDAY).unit == other


@pytest.mark.parametrize(
    ("change", "is_allowed"),
    [
        ({"name": "另一个名字"}, True),
        ({"kind": "社区"}, False),
        ({"area": None}, False),
        ({"parent": "U-620101"}, False),
    ],
)
def test_nobody_moves_the_unit_she_speaks_for(ground, change, is_allowed):
    town, _ = ground
    by, own = clerk(area=town), Unit.objects.get(code="U-own")
    wanted = {"name": own.name, "kind": own.kind, "parent": None, "area": own.area, **change}
    wanted["parent"] = Unit.objects.get(code=wanted["parent"]) if wanted["parent"] else None
    if "area" in change:
        wanted["area"] = Area.objects.get(code="620102")
    if is_allowed:
        assert actions.edit_unit(unit=own, by=by, at=MONDAY, **wanted).name == "另一个名字"
        return
    with pytest.raises(DomainError, match="须由另一人更改"):
        actions.edit_unit(unit=own, by=by, at=MONDAY, **wanted)
    assert actions.edit_unit(unit=Unit.objects.get(code="U-own"), by=organisation.chief(), at=MONDAY, **wanted)


def test_nobody_takes_a_unit_under_her_own(ground):
    """She would speak for it, and by duty see whatever it answers for anywhere."""
    town, _ = ground
    by, own, other = clerk(area=town), Unit.objects.get(code="U-own"), Unit.objects.get(code="U-620102")
    wanted = {"name": other.name, "kind": other.kind, "parent": own, "area": other.area}
    with pytest.raises(DomainError, match="须由另一人更改"):
        actions.edit_unit(unit=other, by=by, at=MONDAY, **wanted)
    found = rows("code parent", ("U-620102", "U-own"))
    for actor, is_faulty in ((by, True), (organisation.chief(), False)):
        taking = actions.import_organisation(units=found, persons=Rows(), duties=Rows(), by=actor, at=MONDAY)
        assert taking.is_faulty is is_faulty


NEW_BELOW_HER_OWN = ("N-1", "专班", "专班", "U-own", "620101")
"""A unit of her own community that comes with the file."""


def taken_at_once(by: Actor, *units: tuple[object, ...], duty: tuple[object, ...] | None = None):
    """One file with units, and perhaps a duty, that only together show her more."""
    duties = rows("holder role place starts_on ends_on hours", duty) if duty else Rows()
    found = rows("code name kind parent area", *units)
    return actions.import_organisation(units=found, persons=Rows(), duties=duties, by=by, at=MONDAY)


@pytest.mark.parametrize("between", [(), (("N-2", "一组", "专班", "N-1", "620101"),)])
def test_a_unit_new_in_the_file_leads_no_other_under_her_own(ground, between):
    town, _ = ground
    by, above = clerk(area=town), between[0][0] if between else "N-1"
    moved = ("U-620102", "U-620102部门", "部门", above, "620102")
    taking = taken_at_once(by, moved, *between, NEW_BELOW_HER_OWN)
    assert said(taking, "units") == [(2, "parent", permissions.OWN_UNITS)]
    assert not Unit.objects.filter(code="N-1").exists()
    assert not taken_at_once(organisation.chief(), moved, *between, NEW_BELOW_HER_OWN).is_faulty
    assert Unit.objects.get(code="U-620102").parent.code == above


def test_a_unit_that_the_file_hangs_below_the_one_she_speaks_for_is_hers(ground):
    """Not only the new one: all that was below it before, and what stays elsewhere is not."""
    town, _ = ground
    by, other = clerk(area=town, unit=Unit.objects.get(code="U-own")), Unit.objects.get(code="U-620101")
    organisation.unit("U-below", parent=other, area=other.area)
    moved = ("U-620102", "U-620102部门", "部门", "U-below", "620102")
    assert not taken_at_once(by, moved).is_faulty
    hung = ("U-620101", "U-620101部门", "部门", "N-1", "620101")
    moved_again = ("U-620102", "U-620102部门", "社区", "U-below", "620102")
    assert said(taken_at_once(by, NEW_BELOW_HER_OWN, hung, moved_again), "units") == [
        (3, "parent", permissions.OWN_UNITS), (4, "kind", permissions.OWN_UNITS),
    ]  # fmt: skip


def test_what_is_below_a_unit_she_only_serves_in_stays_hers_to_keep(ground):
    town, _ = ground
    below = organisation.unit("U-below", parent=Unit.objects.get(code="U-own"), area=Area.objects.get(code="620101"))
    moved = ("U-620102", "U-620102部门", "部门", below.code, "620102")
    assert not taken_at_once(clerk(area=town), moved).is_faulty


@pytest.mark.parametrize(("kind", "is_allowed"), [case for case in WIDENING if case[0] != "duty alone"])
def test_a_duty_of_a_unit_new_in_the_file_shows_her_nothing_more(ground, kind, *, is_allowed):
    by = by_what(kind, ground)
    if kind == "duty and the other community":
        by = replace(by, area_paths=(*by.area_paths, Area.objects.get(code="620101").path))
    taking = taken_at_once(by, NEW_BELOW_HER_OWN, duty=("N-1", "巷长", "L-620101", DAY, None, ""))
    assert said(taking, "duties") == ([] if is_allowed else [(2, "holder", permissions.OWN_SIGHT)])
    assert Duty.objects.filter(unit__code="N-1").exists() is is_allowed
