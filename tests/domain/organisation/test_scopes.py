"""The three scopes of an account: what each sees and may do, and that nothing lies beside it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.inspections.permissions import visible_visits
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.models import Account, Membership
from chuangwei.domain.organisation.permissions import may_manage_account, visible_duties, visible_persons, visible_units
from chuangwei.domain.places.actions import merge_area
from chuangwei.domain.places.permissions import visible_areas, visible_sites
from chuangwei.domain.problems import permissions as problem
from chuangwei.domain.problems.enums import ProblemState
from tests.factories import inspections, organisation, places, problems, standards
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 4)


@pytest.fixture(autouse=True)
def _today(frozen_clock) -> None:
    frozen_clock(MONDAY)


@pytest.fixture
def two():
    """Two communities, each with a grid, a lane in it, a department, a problem for that and a visit."""
    _, areas = places.town(communities=2)
    sheet, in_round = standards.checklist(), inspections.round_()
    for area in areas:
        grid = places.area(f"{area.code}01", parent=area, kind="网格")
        lane = places.site(f"L-{area.code}", in_area=grid)
        unit = organisation.unit(f"U-{area.code}", area=area)
        problems.problem(
            site=lane, code=f"W-{area.code}", state=ProblemState.DISPATCHED, unit=unit, dispatched_at=MONDAY,
            due_at=MONDAY + timedelta(hours=8),
        )  # fmt: skip
        inspections.visit(site=lane, sheet=sheet, in_round=in_round, code=f"V-{area.code}")
        organisation.person(f"P-{area.code}", of=unit)
    return areas


def actor_with(**values) -> Actor:
    account = organisation.account(f"a{Account.objects.count()}", **{"is_everywhere": False, **values})
    known = frozenset(queries.permission_names())
    return replace(queries.actor_of(account), permissions=known)


def seen(actor: Actor) -> dict[str, list[str]]:
    """The codes of everything the actor sees."""
    found = {
        "areas": visible_areas(actor), "sites": visible_sites(actor), "units": visible_units(actor),
        "persons": visible_persons(actor), "problems": problem.visible_to(actor), "visits": visible_visits(actor),
    }  # fmt: skip
    return {name: sorted(rows.values_list("code", flat=True)) for name, rows in found.items()}


# --- By duty -----------------------------------------------------------------------------------------------------------


def test_by_duty_for_an_area_one_sees_it_and_what_lies_in_it(two):
    worker = organisation.person("W")
    organisation.duty(worker, "网格员", places.Area.objects.get(code="62010101"))
    actor = actor_with(person=worker, by_duty=True)
    assert (actor.area_paths, actor.site_codes) == (("62/6201/620101/62010101/",), frozenset())
    assert seen(actor) == {
        "areas": ["62010101"], "sites": ["L-620101"], "units": [], "persons": ["W"], "problems": ["W-620101"],
        "visits": ["V-620101"],
    }  # fmt: skip
    assert visible_duties(actor).count() == 1


def test_by_duty_for_one_site_one_sees_that_site_and_nothing_beside_it(two):
    keeper, lane = organisation.person("W"), places.Site.objects.get(code="L-620101")
    places.site("L-beside", in_area=lane.area)
    organisation.duty(keeper, "保洁员", lane)
    actor = actor_with(person=keeper, by_duty=True)
    assert (actor.area_paths, actor.site_codes) == ((), {"L-620101"})
    assert seen(actor) == {
        "areas": [], "sites": ["L-620101"], "units": [], "persons": ["W"], "problems": ["W-620101"],
        "visits": ["V-620101"],
    }  # fmt: skip
    assert visible_duties(actor).count() == 1


def test_who_holds_one_site_may_report_and_fix_there_and_nothing_beside(two):
    keeper, lane = organisation.person("W"), places.Site.objects.get(code="L-620101")
    beside = problems.problem(site=places.site("L-beside", in_area=lane.area), code="W-beside")
    organisation.duty(keeper, "保洁员", lane)
    actor = actor_with(person=keeper, by_duty=True)
    own = problem.Problem.objects.get(code="W-620101")
    for may in (problem.may_fix, problem.may_file, problem.may_dispatch, problem.may_verify, problem.may_approve):
        assert may(actor, own) is True
        assert may(actor, beside) is False
    assert problem.may_report(actor, lane.area.path, lane.code) is True
    assert problem.may_report(actor, lane.area.path, "L-beside") is False
    assert problem.may_report(actor, lane.area.path) is False


@pytest.mark.parametrize(
    ("starts", "ends", "is_held"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (DAY - timedelta(days=9), DAY - timedelta(days=1), False),
        (DAY + timedelta(days=1), None, False),
    ],
    ids=["since today", "today only", "until yesterday", "from tomorrow"],
)
def test_what_one_sees_by_duty_ends_with_the_duty(two, starts, ends, *, is_held):
    worker, lane = organisation.person("W"), places.Site.objects.get(code="L-620101")
    organisation.duty(worker, "巷长", lane, starts_on=starts, ends_on=ends)
    assert bool(actor_with(person=worker, by_duty=True).site_codes) is is_held


def test_a_duty_of_ones_unit_counts_and_of_a_unit_one_has_left_does_not(two):
    person = organisation.person("W", of=organisation.unit("U-now"))
    organisation.duty(unit_by("U-now"), "包抓单位", places.Site.objects.get(code="L-620101"))
    organisation.duty(organisation.unit("U-then"), "包抓单位", places.Site.objects.get(code="L-620102"))
    Membership.objects.create(
        person=person, unit=unit_by("U-then"), is_main=False, to_on=DAY - timedelta(days=1)
    )  # fmt: skip
    assert actor_with(person=person, by_duty=True).site_codes == {"L-620101"}
    assert actor_with(unit=unit_by("U-then"), by_duty=True).site_codes == {"L-620102"}


def unit_by(code: str):
    return organisation.Unit.objects.get(code=code)


def test_a_duty_says_nothing_to_an_account_that_is_not_by_duty(two):
    worker = organisation.person("W")
    organisation.duty(worker, "网格员", two[0])
    actor = actor_with(person=worker)
    assert (actor.area_paths, actor.site_codes) == ((), frozenset())


# --- Units -------------------------------------------------------------------------------------------------------------


def test_by_unit_one_sees_the_problems_of_the_unit_and_of_those_below(two):
    bureau = unit_by("U-620101")
    below = organisation.unit("U-below", parent=bureau)
    lane = places.Site.objects.get(code="L-620102")
    problems.problem(
        site=lane, code="W-below", state=ProblemState.DISPATCHED, unit=below, dispatched_at=MONDAY, due_at=MONDAY
    )
    actor = actor_with(unit=bureau)
    assert actor.unit_codes == ("U-620101", "U-below")
    assert seen(actor) == {
        "areas": [], "sites": [], "units": ["U-620101", "U-below"], "persons": ["P-620101"],
        "problems": ["W-620101", "W-below"], "visits": [],
    }  # fmt: skip
    assert problem.may_fix(actor, problem.Problem.objects.get(code="W-below")) is True
    assert problem.may_fix(actor, problem.Problem.objects.get(code="W-620102")) is False
    assert problem.may_dispatch(actor, problem.Problem.objects.get(code="W-below")) is False


def test_the_scopes_add_up(two):
    worker = organisation.person("W")
    organisation.duty(worker, "巷长", places.Site.objects.get(code="L-620102"))
    actor = actor_with(area=two[0], unit=unit_by("U-620102"), person=worker, by_duty=True)
    assert (actor.area_paths, actor.site_codes, actor.unit_codes) == ((two[0].path,), {"L-620102"}, ("U-620102",))
    assert seen(actor)["problems"] == ["W-620101", "W-620102"]


def test_the_bundles_are_those_that_hold_where_the_unit_is(two):
    account = organisation.account(unit=unit_by("U-620101"), is_everywhere=False)
    assert queries.home_codes(account) == ["62", "6201", "620101"]
    assert queries.home_codes(organisation.account("nowhere")) == []


# --- Areas -------------------------------------------------------------------------------------------------------------


def test_what_was_merged_into_ones_area_is_ones_own(two):
    first, second = two
    merge_area(area=second, into=first, by=organisation.chief(), at=MONDAY, on=DAY)
    actor = actor_with(area=first)
    assert actor.area_paths == (first.path, second.path)
    assert seen(actor)["sites"] == ["L-620101", "L-620102"]
    assert actor_with(area=second).area_paths == (second.path,)
    assert actor_with(area=first, is_everywhere=True).area_paths == (EVERYWHERE,)


# --- Handing out -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "is_within"),
    [
        ({"area": "own"}, True),
        ({"area": "other"}, False),
        ({"is_everywhere": True}, False),
        ({}, False),
        ({"unit": "own"}, True),
        ({"unit": "other"}, False),
        ({"unit": "of no area"}, False),
        ({"area": "own", "unit": "other"}, False),
        ({"area": "own", "person": "own"}, True),
        ({"area": "own", "person": "other"}, False),
        ({"by_duty": True, "person": "own", "duty": "own"}, True),
        ({"by_duty": True, "person": "own", "duty": "other"}, False),
    ],
    ids=str,
)
def test_nobody_hands_out_a_scope_wider_than_their_own(two, wanted, *, is_within):
    own, other = two
    there = {"own": own, "other": other}
    given = {"is_everywhere": False, **{name: wanted[name] for name in ("is_everywhere", "by_duty") if name in wanted}}
    if "area" in wanted:
        given["area"] = there[wanted["area"]]
    if "person" in wanted:
        given["person"] = person_of(there[wanted["person"]])
    if "duty" in wanted:
        organisation.duty(given["person"], "巷长", places.Site.objects.get(code=f"L-{there[wanted['duty']].code}"))
    if "unit" in wanted:
        area = there.get(wanted["unit"])
        given["unit"] = unit_by(f"U-{area.code}") if area else organisation.unit("U-of-no-area")
    account = organisation.account("new", **given)
    assert may_manage_account(organisation.clerk("organisation.accounts", area_paths=(own.path,)), account) is is_within
    assert may_manage_account(organisation.clerk("organisation.accounts"), account) is True
    assert may_manage_account(organisation.clerk("organisation.edit"), account) is False


def person_of(area):
    return organisation.Person.objects.get(code=f"P-{area.code}")


def test_accounts_are_seen_by_who_manages_where_they_are_at_home(two):
    own = two[0]
    for area in two:
        organisation.account(f"area-{area.code}", area=area, is_everywhere=False)
        organisation.account(f"unit-{area.code}", unit=unit_by(f"U-{area.code}"), is_everywhere=False)
        organisation.account(f"person-{area.code}", person=person_of(area), is_everywhere=False)
    organisation.account("all")
    organisation.account("none", is_everywhere=False)
    manager = organisation.clerk("organisation.accounts", area_paths=(own.path,))
    codes = sorted(queries.accounts(actor=manager).values_list("username", flat=True))
    assert codes == [f"area-{own.code}", f"person-{own.code}", f"unit-{own.code}"]
    assert queries.accounts(actor=organisation.clerk("organisation.accounts")).count() == 8
    assert not queries.accounts(actor=organisation.clerk("audit.view")).exists()
