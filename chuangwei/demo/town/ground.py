"""The land: county, town, thirteen communities on two banks of the river, 156 grids, each with its boundary."""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import NamedTuple

from chuangwei.demo.town.mesh import (
    Point,
    Ring,
    centroid,
    holds,
    outline_of,
    point_inside,
    size,
    spread_seeds,
    unify,
    voronoi,
)

COUNTY_CODE, COUNTY_NAME = "629931000000", "岚川县"
TOWN_CODE, TOWN_NAME = "629931102000", "云渡镇"
RIVER, BROOK = "澄河", "石板沟"
"""629931 is no county's code; county, town, river and everybody in it are invented."""

CENTRE = (105.684, 35.212)
KILOMETRE_NORTH = 1 / 110.95
KILOMETRE_EAST = 1 / (111.32 * math.cos(math.radians(CENTRE[1])))
STEP = 0.06
"""A border gets a corner at least every 60 metres, so that it can bend."""


class Plan(NamedTuple):
    """A community as the town planner would note it. The place is in kilometres from the old bridge."""

    name: str
    quarter: str
    place: Point
    grids: int
    per_household: float
    """Hectares for a household: small in the old town, large at the edge."""


# The eight on the river stand in pairs, mirrored at y = 0: so the river is a border all the way.
PLANS = (
    Plan("鼓楼社区", "城市", (-0.75, 0.5), 14, 0.042),
    Plan("书院社区", "城市", (-0.35, 1.32), 13, 0.048),
    Plan("北渡社区", "城市", (0.35, 0.5), 13, 0.043),
    Plan("南渡社区", "城市", (0.35, -0.5), 12, 0.055),
    Plan("盐仓社区", "城市", (-0.75, -0.5), 12, 0.052),
    Plan("柳荫社区", "城市", (-1.9, 0.5), 12, 0.060),
    Plan("织锦社区", "城市", (-1.9, -0.5), 13, 0.066),
    Plan("百合社区", "城市", (0.9, 1.4), 12, 0.055),
    Plan("望河社区", "城中村", (1.6, 0.5), 12, 0.074),
    Plan("铁炉社区", "城中村", (1.6, -0.5), 11, 0.085),
    Plan("白塔社区", "城中村", (-1.6, 1.42), 13, 0.070),
    Plan("杜家湾社区", "村转社区", (2.05, 1.6), 9, 0.130),
    Plan("沈家坪社区", "村转社区", (-0.15, -1.5), 10, 0.120),
)
OUTLINE: Ring = [
    (2.76, 0.25), (2.66, 1.3), (2.25, 2.08), (1.1, 2.26), (-0.7, 2.22), (-1.95, 1.92), (-2.6, 1.1),
    (-2.74, -0.15), (-2.3, -1.1), (-1.25, -1.78), (0.25, -2.12), (1.5, -1.95), (2.45, -1.1),
]  # fmt: skip
"""The town's border, convex, before the plane is bent."""


@dataclass(frozen=True)
class Area:
    """A row of the sheet 区划, with its ring in degrees for placing things in it."""

    code: str
    name: str
    kind: str
    parent: str
    population: int
    households: int
    ring: Ring = field(repr=False)

    @property
    def boundary(self) -> str:
        """GeoJSON text; the county has none."""
        if not self.ring:
            return ""
        ring = [*self.ring, self.ring[0]]
        shape = {"type": "Polygon", "coordinates": [[list(corner) for corner in ring]]}
        return json.dumps(shape, separators=(",", ":"))


@dataclass(frozen=True)
class Ground:
    county: Area
    town: Area
    communities: tuple[Area, ...]
    grids: dict[str, tuple[Area, ...]]
    """By the code of the community."""

    @property
    def areas(self) -> list[Area]:
        inner = [grid for community in self.communities for grid in self.grids[community.code]]
        return [self.county, self.town, *self.communities, *inner]

    def quarter(self, community: Area) -> str:
        return next(plan.quarter for plan in PLANS if plan.name == community.name)

    def shared_border(self, first: Area, second: Area) -> Ring:
        """The corners two communities share, in the order of the first one's ring."""
        across = set(second.ring)
        kept = [corner in across for corner in first.ring]
        starts = [i for i, here in enumerate(kept) if here and not kept[i - 1]]
        turned = first.ring[starts[0] :] + first.ring[: starts[0]] if starts else first.ring
        return [corner for corner in turned if corner in across]


def lay_out(random: Random) -> Ground:
    """The land of a random source."""
    outlines = voronoi([plan.place for plan in PLANS], OUTLINE)
    cells = [_grids_of(plan, outline, random) for plan, outline in zip(PLANS, outlines, strict=True)]
    unified = iter(unify([cell for group in cells for cell in group]))
    bend = _bending(random)
    plane = [[next(unified) for _ in group] for group in cells]
    degrees = [[_in_degrees(cell, bend) for cell in group] for group in plane]
    communities: list[Area] = []
    grids: dict[str, tuple[Area, ...]] = {}
    for number, plan in enumerate(PLANS, 1):
        code = f"{TOWN_CODE[:9]}{number:03d}"
        grids[code] = tuple(_grid_areas(code, plan, plane[number - 1], degrees[number - 1], random))
        ring = outline_of(degrees[number - 1])
        communities.append(_sum(Area(code, plan.name, "社区", TOWN_CODE, 0, 0, ring), grids[code]))
    town_ring = outline_of([cell for group in degrees for cell in group])
    town = _sum(Area(TOWN_CODE, TOWN_NAME, "乡镇", COUNTY_CODE, 0, 0, town_ring), communities)
    county = Area(COUNTY_CODE, COUNTY_NAME, "县", "", 386_400, 121_700, [])
    return Ground(county, town, tuple(communities), grids)


def _grids_of(plan: Plan, outline: Ring, random: Random) -> list[Ring]:
    """Grids numbered as people walk: from the north-west, row by row."""
    cells = voronoi(spread_seeds(plan.grids, outline, random), outline)
    return sorted(cells, key=lambda cell: (-round(centroid(cell)[1] / 0.28), centroid(cell)[0]))


def _grid_areas(
    community: str, plan: Plan, plane: Sequence[Ring], degrees: Sequence[Ring], random: Random
) -> Iterable[Area]:
    for number, (cell, ring) in enumerate(zip(plane, degrees, strict=True), 1):
        households = max(60, round(size(cell) * 100 / plan.per_household * random.uniform(0.8, 1.2)))
        people = round(households * random.uniform(2.6, 3.1))
        name = f"{plan.name}第{number:02d}网格"
        yield Area(f"{community}-{number:02d}", name, "网格", community, people, households, ring)


def _sum(area: Area, parts: Sequence[Area]) -> Area:
    """The area with the people of its parts."""
    people, households = (sum(values) for values in zip(*((a.population, a.households) for a in parts), strict=True))
    return replace(area, population=people, households=households)


# --- From the plane to the map ----------------------------------------------------------------------------------------


def _bending(random: Random) -> Callable[[Point], Point]:
    """Bends the whole plane, so that no border is straight and the river winds. The waves are too gentle to fold it:
    the slopes of each direction add up to little more than a half."""
    phase = [random.uniform(0, math.tau) for _ in range(6)]

    def bend(point: Point) -> Point:
        x, y = point
        east = 0.10 * math.sin(1.2 * y + phase[0]) + 0.035 * math.sin(3.4 * y + x + phase[1])
        north = 0.15 * math.sin(1.1 * x + phase[2]) + 0.075 * math.sin(3.0 * x - y + phase[3])
        return (
            x + east + 0.006 * math.sin(15 * y + phase[4]),
            y + north + 0.006 * math.sin(14 * x + phase[5]),
        )

    return bend


def _in_degrees(cell: Ring, bend: Callable[[Point], Point]) -> Ring:
    """The ring with its borders divided and bent, in degrees to six digits (a decimetre)."""
    ring: Ring = []
    for index, corner in enumerate(cell):
        ring.extend(_divided(corner, cell[(index + 1) % len(cell)]))
    placed = [_placed(bend(point)) for point in ring]
    return [corner for index, corner in enumerate(placed) if corner != placed[index - 1]]


def _divided(start: Point, end: Point) -> Ring:
    """The start and the points between; the same points whichever way the border is walked."""
    steps = max(1, math.ceil(math.dist(start, end) / STEP))
    low, high = min(start, end), max(start, end)
    points = [_along(low, high, step / steps) for step in range(steps + 1)]
    return points[:-1] if start == low else points[:0:-1]


def _along(start: Point, end: Point, share: float) -> Point:
    if share in {0, 1}:
        return end if share else start
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _placed(point: Point) -> Point:
    return round(CENTRE[0] + point[0] * KILOMETRE_EAST, 6), round(CENTRE[1] + point[1] * KILOMETRE_NORTH, 6)


def somewhere_in(area: Area, random: Random) -> Point:
    """A position in the area, to six digits."""
    while True:
        x, y = point_inside(area.ring, random)
        place = (round(x, 6), round(y, 6))
        if holds(area.ring, place):
            return place


def beside(border: Ring, area: Area, share: float) -> Point:
    """A position some metres inside the area, this share of the way along one of its borders."""
    corner = border[min(len(border) - 1, int(share * len(border)))]
    middle = centroid(area.ring)
    for part in (0.03, 0.06, 0.1, 0.2, 0.4, 0.6, 0.8):
        x, y = _along(corner, middle, part)
        if holds(area.ring, (round(x, 6), round(y, 6))):
            return round(x, 6), round(y, 6)
    return round(middle[0], 6), round(middle[1], 6)
