"""The day of duty as it comes out of the database: presets by place and day, the tree of the day, few queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.django import TestCase

from chuangwei.core import clock, presets
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.duty_day import Gap
from chuangwei.domain.organisation.rules import Link
from chuangwei.domain.places import actions as places_actions
from chuangwei.domain.places.models import Area
from tests.domain.organisation.oracle import World
from tests.domain.organisation.test_rules import DAYS, worlds
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db
DAY = date(2023, 10, 15)
BEFORE = DAY - timedelta(days=1)
LANE_CHAIN = '[chains."背街小巷"]\nroles = [{name = "网格员", single = true}, {name = "保洁员"}]'


def use(body: str, *, area: str = "", from_on: date | None = None) -> None:
    """Let a preset with this body hold."""
    document = presets.read_preset(f'[preset]\nslug = "t"\ntitle = "试"\n{body}', "t.toml")
    presets.use_preset(
        document=document, area_code=area, from_on=from_on, by=organisation.chief(), at=clock.instant(DAY)
    )  # fmt: skip


@pytest.fixture
def lane():
    """A lane in a grid of a community, whose kind has a chain of two roles."""
    _, (community, *_) = places.town()
    grid = places.area("g1", parent=community, kind="网格")
    use(LANE_CHAIN)
    return places.site("BL-1", in_area=grid)


def test_gaps_name_the_site_and_the_missing_roles_in_order(lane):
    assert queries.gaps(day=DAY) == [Gap("BL-1", ("网格员", "保洁员"))]
    organisation.duty(organisation.person(), "网格员", lane.area)
    assert queries.gaps(day=DAY) == [Gap("BL-1", ("保洁员",))]
    organisation.duty(organisation.unit(), "保洁员", lane.area.parent, starts_on=DAY, ends_on=DAY, hours="06:00-10:00")
    assert queries.gaps(day=DAY) == []
    assert queries.gaps(day=DAY + timedelta(days=1)) == [Gap("BL-1", ("保洁员",))]


def test_overlaps_and_chains(lane):
    first, second = organisation.person("P1"), organisation.person("P2")
    organisation.duty(second, "网格员", lane)
    organisation.duty(first, "网格员", lane, hours="06:00-10:00")
    organisation.duty(first, "网格员", lane, hours="14:00-18:00")
    organisation.duty(first, "保洁员", lane.area)
    ((site, overlap),) = queries.overlaps(day=DAY)
    assert (site, overlap.role, overlap.holders) == ("BL-1", "网格员", ("P1", "P2"))
    assert queries.chains(day=DAY, sites=["BL-1", "nothing"]) == {
        "BL-1": [Link("网格员", "P1", "BL-1"), Link("网格员", "P2", "BL-1"), Link("保洁员", "P1", "g1")]
    }


def test_a_kind_without_a_chain_has_no_gap_and_an_empty_chain(lane):
    places.site("M-1", in_area=lane.area, kind="market")
    assert [gap.site for gap in queries.gaps(day=DAY)] == ["BL-1"]
    assert queries.chains(day=DAY)["M-1"] == []


def test_the_nearest_preset_of_the_day_says_what_is_demanded(lane):
    use('[chains."背街小巷"]\nroles = [{name = "巷长"}]', area="6201", from_on=DAY)
    use("", area=lane.area.code, from_on=DAY + timedelta(days=1))
    assert queries.gaps(day=BEFORE) == [Gap("BL-1", ("网格员", "保洁员"))]
    assert queries.gaps(day=DAY) == [Gap("BL-1", ("巷长",))]
    assert queries.gaps(day=DAY + timedelta(days=1)) == []


def test_before_any_preset_nothing_is_demanded():
    site = places.site(in_area=places.area())
    assert (queries.gaps(day=DAY), queries.chains(day=DAY)) == ([], {site.code: []})


def test_kind_and_tree_are_those_of_the_day(lane):
    market = places.site_kind("market")
    other = places.area("other", parent=lane.area.parent.parent)
    organisation.duty(organisation.person("P1"), "网格员", lane.area.parent)
    organisation.duty(organisation.person("P2"), "网格员", other)
    at, by = clock.instant(DAY), organisation.chief()
    places_actions.change_area(area=lane.area, parent=other, from_on=DAY, by=by, at=at)
    lane.refresh_from_db()
    places_actions.change_site(site=lane, kind=market, from_on=DAY + timedelta(days=1), by=by, at=at)
    assert [links[0].holder for links in queries.chains(day=BEFORE).values()] == ["P1"]
    assert [links[0].holder for links in queries.chains(day=DAY).values()] == ["P2"]
    assert queries.chains(day=DAY + timedelta(days=1)) == {"BL-1": []}


def test_a_site_counts_only_while_it_exists(lane):
    places.site("BL-2", in_area=lane.area, starts_on=DAY, ends_on=DAY)
    assert [[gap.site for gap in queries.gaps(day=day)] for day in (BEFORE, DAY, DAY + timedelta(days=1))] == [
        ["BL-1"], ["BL-1", "BL-2"], ["BL-1"],
    ]  # fmt: skip


def test_what_lay_in_a_merged_area_is_answered_for_by_its_heir(lane):
    community = lane.area.parent
    heir = Area.objects.get(code="620102")
    organisation.duty(organisation.person("P1"), "网格员", community)
    organisation.duty(organisation.person("P2"), "网格员", heir)
    places_actions.merge_area(area=community, into=heir, on=DAY, by=organisation.chief(), at=clock.instant(DAY))
    assert queries.chains(day=BEFORE)["BL-1"] == [Link("网格员", "P1", community.code)]
    assert queries.chains(day=DAY)["BL-1"] == [Link("网格员", "P2", heir.code)]


def test_an_actor_sees_the_gaps_of_her_own_areas(lane):
    elsewhere = places.site("BL-2", in_area=Area.objects.get(code="620102"))
    view = queries.permission_names()
    here = organisation.clerk(*view, area_paths=(elsewhere.area.path,))
    assert [gap.site for gap in queries.gaps(day=DAY, actor=here)] == ["BL-2"]
    assert queries.gaps(day=DAY, actor=organisation.stranger()) == []


def test_a_whole_town_costs_as_many_queries_as_a_lane(lane):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            queries.gaps(day=DAY)
        return len(captured)

    one = cost()
    for number in range(20):
        grid = places.area(f"h{number}", parent=lane.area.parent, kind="网格")
        site = places.site(in_area=grid)
        organisation.duty(organisation.person(), "网格员", site)
    assert cost() == one == 6


class TestAgainstBruteForce(TestCase):
    """Random trees, duties and days through the tables, against the oracle."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(world=worlds(), day=DAYS)
    def test_the_day_out_of_the_database_agrees(self, world, day):
        build(world)
        chains = queries.chains(day=day)
        assert {site: [(link.role, link.holder, link.via) for link in links] for site, links in chains.items()} == {
            site: world.chain(site, day) for site in sorted(world.sites)
        }
        assert [{"site": gap.site, "missing": list(gap.missing)} for gap in queries.gaps(day=day)] == world.gaps(day)
        overlaps = [
            {"site": site, "role": overlap.role, "holders": list(overlap.holders)}
            for site, overlap in queries.overlaps(day=day)
        ]
        assert overlaps == world.overlaps(day)


def build(world: World) -> None:
    """The world as rows; merged areas ended before any day that is asked for."""
    made: dict[str, Area] = {}
    for code, above in world.areas.items():
        made[code] = places.area(code, parent=made[above] if above else None)
    for code, heir in world.heirs.items():
        Area.objects.filter(code=code).update(ends_on=date(2023, 1, 1), heir=made[heir])
    sites = {code: places.site(code, in_area=made[area], kind=kind) for code, (kind, area) in world.sites.items()}
    holders = {
        "P1": organisation.person("P1"), "P2": organisation.person("P2"), "U1": organisation.unit("U1"),
    }  # fmt: skip
    for number, (holder, role, place, first, last, _) in enumerate(world.duties):
        # The same duty twice differs in its hours, as it must.
        hours = f"{number:02}:00-{number:02}:30"
        target = sites.get(place) or made[place]
        organisation.duty(holders[holder], role, target, starts_on=first, ends_on=last, hours=hours)
    chains = [
        f"[chains.{kind}]\nroles = [{', '.join(_role(*role) for role in roles)}]"
        for kind, roles in world.chains.items()
    ]
    use("\n".join(chains))


def _role(name: str, single: bool) -> str:
    return f'{{name = "{name}", single = {str(single).lower()}}}'
