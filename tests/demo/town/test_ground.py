"""The land: what a map page and `locate` will be given."""

import json
from itertools import pairwise
from random import Random

import pytest
import shapely

from chuangwei.demo.town.ground import COUNTY_CODE, TOWN_CODE, Ground, beside, lay_out, somewhere_in
from chuangwei.demo.town.town import Town


@pytest.fixture(scope="module")
def ground(town: Town) -> Ground:
    return town.scene.ground


def shape(boundary: str) -> shapely.Polygon:
    return shapely.geometry.shape(json.loads(boundary))


def test_one_county_one_town_thirteen_communities_156_grids(ground: Ground):
    counts = len(ground.communities), sum(map(len, ground.grids.values())), len(ground.areas)
    assert counts == (13, 156, 1 + 1 + 13 + 156)


def test_every_area_but_the_county_has_a_closed_and_valid_boundary(ground: Ground):
    assert ground.county.boundary == ""
    for area in ground.areas[1:]:
        ring = json.loads(area.boundary)["coordinates"][0]
        assert ring[0] == ring[-1], area.name
        assert shape(area.boundary).is_valid, area.name
        assert all(a != b for a, b in pairwise(ring)), area.name


def test_grids_fill_their_community_and_communities_the_town_without_gap_or_overlap(ground: Ground):
    for community in ground.communities:
        grids = [shape(grid.boundary) for grid in ground.grids[community.code]]
        assert shapely.union_all(grids).symmetric_difference(shape(community.boundary)).area == 0
        assert sum(grid.area for grid in grids) == pytest.approx(shape(community.boundary).area)
    communities = [shape(community.boundary) for community in ground.communities]
    assert shapely.union_all(communities).symmetric_difference(shape(ground.town.boundary)).area == 0


def test_every_parent_exists_and_people_add_up(ground: Ground):
    codes = {area.code for area in ground.areas}
    assert [area.code for area in ground.areas if area.parent and area.parent not in codes] == []
    assert (ground.town.parent, ground.communities[0].parent) == (COUNTY_CODE, TOWN_CODE)
    assert ground.town.population == sum(community.population for community in ground.communities)
    for community in ground.communities:
        assert community.households == sum(grid.households for grid in ground.grids[community.code])


def test_a_place_beside_the_river_lies_in_its_own_community(ground: Ground):
    north, south = ground.communities[0], ground.communities[4]
    border = ground.shared_border(north, south)
    assert len(border) > 5
    assert shape(north.boundary).contains(shapely.Point(beside(border, north, 0.5)))
    assert shape(south.boundary).contains(shapely.Point(beside(border, south, 0.5)))


def test_somewhere_in_a_grid_is_in_that_grid(ground: Ground):
    grid = ground.grids[ground.communities[3].code][2]
    random = Random(1)
    assert all(shape(grid.boundary).covers(shapely.Point(somewhere_in(grid, random))) for _ in range(50))


@pytest.mark.parametrize("seed", range(12))
def test_no_seed_folds_the_land(seed: int):
    ground = lay_out(Random(seed))
    assert all(shapely.Polygon(area.ring).is_valid for area in ground.areas[1:])
