from datetime import date, datetime, timedelta

import pytest

from chuangwei.core import clock, presets
from chuangwei.core.actor import EVERYWHERE
from chuangwei.core.errors import NotFound
from chuangwei.core.geo import Position
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.models import Membership
from chuangwei.domain.organisation.queries import Link
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db
DAY = date(2023, 10, 15)
MORNING = datetime(2023, 10, 15, 9, 0, tzinfo=clock.SHANGHAI)
PRESET = """
[preset]
slug = "t"
title = "试"
[chains."背街小巷"]
roles = [{name = "网格员", single = true}, {name = "保洁员"}]
[chains."网格"]
roles = [{name = "网格员", single = true}, {name = "社区党支部书记", single = true}]
[roles.river]
title = "河长"
permissions = ["places.view"]
"""
# About 93 m east to west and 111 m north to south for each 0.001 degrees here.
HERE = Position(104.9, 33.39)


def square(west: float, south: float, side: float) -> dict[str, object]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"boundary": {"type": "Polygon", "coordinates": [ring]}, "west": west, "south": south, "east": east,
            "north": north}  # fmt: skip


def metres_east(metres: float) -> Position:
    return Position(HERE.longitude + metres / 93_000, HERE.latitude)


@pytest.fixture
def grid():
    """A grid with a boundary in a community with a larger one, under a preset with chains for lanes and grids."""
    presets.use_preset(
        document=presets.read_preset(PRESET, "t.toml"), area_code="", from_on=None, by=organisation.chief(), at=MORNING
    )
    community = places.area("c1", **square(104.8, 33.3, 0.2))
    made = places.area("g1", parent=community, kind="网格", **square(104.89, 33.38, 0.02))
    organisation.duty(organisation.person("P1"), "网格员", made)
    organisation.duty(organisation.person("P2"), "社区党支部书记", community)
    return made


# --- Who answers -------------------------------------------------------------------------------------------------------


def test_who_answers_for_a_site_marks_who_is_on_duty_at_that_hour(grid):
    lane = places.site("BL-1", in_area=grid)
    organisation.duty(organisation.person("P3"), "保洁员", lane, hours="06:00-10:00")
    organisation.duty(organisation.person("P4"), "保洁员", lane, hours="14:00-18:00")
    answer = queries.who_answers(at=MORNING, site="BL-1")
    assert answer.links == (
        Link("网格员", "P1", "g1", on_duty=True),
        Link("保洁员", "P3", "BL-1", on_duty=True),
        Link("保洁员", "P4", "BL-1", on_duty=False),
    )
    assert (answer.place, answer.missing, answer.overlaps) == ("BL-1", [], [])


def test_who_answers_says_what_is_missing_and_what_overlaps(grid):
    lane = places.site("BL-1", in_area=grid)
    organisation.duty(organisation.person("P5"), "网格员", grid)
    answer = queries.who_answers(at=MORNING, site=lane.code)
    assert answer.missing == ["保洁员"]
    assert [overlap.holders for overlap in answer.overlaps] == [("P1", "P5")]


def test_the_day_of_an_instant_is_that_of_shanghai(grid):
    lane = places.site("BL-1", in_area=grid)
    organisation.duty(organisation.person("P3"), "保洁员", lane, starts_on=DAY)
    just_before = clock.instant(DAY) - timedelta(seconds=1)
    assert queries.who_answers(at=just_before, site="BL-1").missing == ["保洁员"]
    assert queries.who_answers(at=clock.instant(DAY), site="BL-1").missing == []


def test_who_answers_for_a_site_that_was_not_there_that_day(grid):
    places.site("BL-1", in_area=grid, starts_on=DAY + timedelta(days=1))
    with pytest.raises(NotFound, match="2023-10-15 没有编码为 BL-1 的点位"):
        queries.who_answers(at=MORNING, site="BL-1")


@pytest.mark.parametrize("given", [{}, {"site": "BL-1", "point": HERE}])
def test_who_answers_wants_a_site_or_a_point(grid, given):
    with pytest.raises(ValueError, match="either a site or a point"):
        queries.who_answers(at=MORNING, **given)


@pytest.mark.parametrize(
    ("sites", "place"),
    [
        ({}, "g1"),
        ({"BL-1": 15}, "BL-1"),
        ({"BL-1": 25}, "g1"),
        ({"BL-1": 15, "BL-2": 8}, "BL-2"),
        ({"BL-2": 8, "BL-1": 8}, "BL-1"),
    ],
    ids=["no site", "within 20 m", "beyond 20 m", "the nearest", "by code"],
)
def test_a_bare_point_takes_the_chain_of_the_nearest_site_else_that_of_its_grid(grid, sites, place):
    for code, metres in sites.items():
        at = metres_east(metres)
        places.site(code, in_area=grid, longitude=at.longitude, latitude=at.latitude)
    assert queries.who_answers(at=MORNING, point=HERE).place == place


def test_a_point_on_a_drawn_street_or_in_a_compound_takes_its_chain(grid):
    west, east = metres_east(-200), metres_east(200)
    line = {"type": "LineString", "coordinates": [[west.longitude, west.latitude], [east.longitude, east.latitude]]}
    places.site("BL-9", in_area=grid, geometry=line)
    near = metres_east(5)
    places.site("BL-1", in_area=grid, longitude=near.longitude, latitude=near.latitude)
    assert queries.who_answers(at=MORNING, point=HERE).place == "BL-9"


def test_a_point_passes_over_sites_that_have_no_chain_or_are_gone(grid):
    there = {"longitude": HERE.longitude, "latitude": HERE.latitude}
    places.site("M-1", in_area=grid, kind="market", **there)
    places.site("BL-1", in_area=grid, ends_on=DAY - timedelta(days=1), **there)
    answer = queries.who_answers(at=MORNING, point=HERE)
    assert answer.place == "g1"
    assert [(link.role, link.holder, link.via) for link in answer.links] == [
        ("网格员", "P1", "g1"),
        ("社区党支部书记", "P2", "c1"),
    ]


def test_a_point_in_no_area_is_a_gap(grid):
    answer = queries.who_answers(at=MORNING, point=Position(100.0, 30.0))
    assert (answer.place, answer.roles, answer.links) == ("", (), ())


def test_who_holds_is_the_first_by_code_at_the_nearest_tie(grid):
    organisation.duty(organisation.person("P0"), "社区党支部书记", grid.parent, ends_on=DAY)
    ask = {"role": "社区党 支部书记", "areas": ["g1", "c1", "nowhere"]}
    assert queries.who_hold(**ask, day=DAY) == {"g1": "P0", "c1": "P0", "nowhere": None}
    assert queries.who_holds(role="社区党支部书记", area="g1", day=DAY + timedelta(days=1)) == "P2"
    assert queries.who_holds(role="包社区领导", area="g1", day=DAY) is None


def test_ties_answer_for_any_day_without_a_query(grid, django_assert_num_queries):
    organisation.duty(organisation.person("P7"), "网格员", grid, starts_on=DAY, ends_on=DAY)
    known = queries.ties(roles=["网格员"])
    with django_assert_num_queries(0):
        assert known.holders("网格员", ["g1"], DAY) == ["P1", "P7"]
        assert known.holders("网格员", ["g1"], DAY + timedelta(days=1)) == ["P1"]
        assert known.holders("社区党支部书记", ["c1"], DAY) == []


def test_names_of_holders_and_sites(grid):
    organisation.unit("U1", name="财政局")
    places.site("BL-1", in_area=grid, name="竹篮巷")
    assert queries.names_of_holders(["P1", "U1", "X"]) == {"P1": "张P1", "U1": "财政局"}
    assert queries.names_of_sites(["BL-1", "X"]) == {"BL-1": "竹篮巷"}


# --- Units -------------------------------------------------------------------------------------------------------------


def test_the_committee_of_an_area_is_the_one_unit_of_its_kind():
    one, two, none = places.area("one"), places.area("two"), places.area("none")
    organisation.unit("U1", kind="社区", area=one)
    organisation.unit("U2", kind="部门", area=one)
    organisation.unit("U4", kind="村", area=two)
    organisation.unit("U3", kind="街道", area=two)
    organisation.unit("U5", kind="社区")
    assert [queries.committee(area.code) for area in (one, two, none)] == ["U1", None, None]
    assert queries.committees() == {"one": ["U1"], "two": ["U3", "U4"]}
    assert queries.committees(areas=["two"]) == {"two": ["U3", "U4"]}


def test_units_below():
    top = organisation.unit("U1")
    middle = organisation.unit("U2", parent=top)
    organisation.unit("U3", parent=middle)
    organisation.unit("U4")
    assert queries.units_below("U1") == {"U1", "U2", "U3"}
    assert queries.units_below("U4") == {"U4"}


def test_units_of_persons_on_a_day_the_main_one_first():
    office, team, old = organisation.unit("U2"), organisation.unit("U1"), organisation.unit("U0")
    person = organisation.person("P1", of=office)
    Membership.objects.create(person=person, unit=team, is_main=False, from_on=DAY)
    Membership.objects.create(person=person, unit=old, is_main=False, to_on=DAY - timedelta(days=1))
    organisation.person("P2", of=old)
    assert queries.units_of_persons(day=DAY, persons=["P1"]) == {"P1": ["U2", "U1"]}
    assert queries.units_of_persons(day=DAY - timedelta(days=1)) == {"P1": ["U2", "U0"], "P2": ["U0"]}


# --- Accounts ----------------------------------------------------------------------------------------------------------


def test_an_account_may_what_its_bundles_say_where_its_area_is(grid):
    person = organisation.person("P9", of=organisation.unit("U9"))
    account = organisation.account(
        "lihua", name="李华", roles=["river", "grid-worker", "gone"], person=person, area=grid, is_everywhere=False
    )
    actor = queries.actor_of(account)
    assert (actor.code, actor.name, actor.person_code, actor.unit_codes) == ("lihua", "李华", "P9", ("U9",))
    assert (actor.may("places.view"), actor.may("problems.report"), actor.may("problems.dispatch")) == (
        True,
        True,
        False,
    )
    assert (actor.covers(grid.path), actor.covers(grid.parent.path)) == (True, False)


def test_an_account_everywhere_and_one_nowhere():
    everywhere = queries.actor_of(organisation.account("a", roles=["office"]))
    nowhere = queries.actor_of(organisation.account("b", roles=["office"], is_everywhere=False))
    assert (everywhere.area_paths, nowhere.area_paths) == ((EVERYWHERE,), ())
    assert (everywhere.unit_codes, everywhere.person_code) == ((), None)


def test_a_switched_off_account_may_nothing(grid):
    actor = queries.actor_of(organisation.account(roles=["admin"], is_active=False, area=grid))
    assert (actor.permissions, actor.area_paths) == (frozenset(), ())


def test_account_by_code():
    account = organisation.account("lihua")
    assert queries.account_by_code("lihua") == account
    with pytest.raises(NotFound, match="没有账号 wang"):
        queries.account_by_code("wang")


def test_recipients_are_the_accounts_of_who_serves_in_the_unit():
    unit = organisation.unit("U1")
    for name in ("b", "a"):
        organisation.account(name, person=organisation.person(of=unit))
    organisation.account("off", person=organisation.person(of=unit), is_active=False)
    organisation.account("other", person=organisation.person(of=organisation.unit()))
    left = organisation.person()
    Membership.objects.create(person=left, unit=unit, to_on=DAY)
    organisation.account("left", person=left)
    assert queries.recipients_of("U1") == ["a", "b"]
    assert queries.recipients_of("U1", day=DAY) == ["a", "b", "left"]
