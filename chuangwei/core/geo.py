"""Places on the map: datums, distances, boundaries, and which shape holds a point.

Positions are (longitude, latitude) in degrees, x before y as in GeoJSON. What is stored is WGS84, which for our purpose
is CGCS2000 (they differ by centimetres); GCJ-02 and BD-09 are converted at the edge (domain §2).
"""

import json
import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from chuangwei.core.errors import DomainError

LONGITUDES = (73.0, 136.0)
LATITUDES = (3.0, 54.0)
EARTH_RADIUS = 6_371_008.8
"""Mean radius of the Earth in metres."""

# The ellipsoid (Krasovsky 1940) and the box on which GCJ-02 is defined; outside the box it is WGS84.
GCJ_AXIS = 6_378_245.0
GCJ_ECCENTRICITY = 0.006_693_421_622_965_943_23
GCJ_BOX = (72.004, 0.8293, 137.8347, 55.8271)
BD_TURN = math.pi * 3000 / 180
STEPS = 10
"""Of the inverse. Each leaves a fiftieth of the error of the one before, so this is as exact as a float can be."""


class Datum(StrEnum):
    """In what a position was given."""

    WGS84 = "WGS84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ02"
    BD09 = "BD09"


class Position(NamedTuple):
    longitude: float
    latitude: float


class Box(NamedTuple):
    """The smallest box around a shape."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, position: Position) -> bool:
        return self.west <= position[0] <= self.east and self.south <= position[1] <= self.north


class BadBoundary(DomainError):
    """A boundary that cannot be used, and why."""


# --- Datums -----------------------------------------------------------------------------------------------------------


def convert(position: Position, *, source: Datum | str, target: Datum | str) -> Position:
    """A position of one datum in another; there and back is the same to 1e-10 degrees anywhere in China."""
    return _from_wgs84(_to_wgs84(Position(*position), Datum(source)), Datum(target))


def to_wgs84(position: Position, source: Datum | str) -> Position:
    """What is stored, of a position as it was given."""
    return convert(position, source=source, target=Datum.WGS84)


def _to_wgs84(position: Position, source: Datum) -> Position:
    if source is Datum.BD09:
        position = _solved(_bd_from_gcj, position)
        source = Datum.GCJ02
    if source is Datum.GCJ02 and Box(*GCJ_BOX).holds(position):
        return _solved(_gcj_from_wgs, position)
    return position


def _from_wgs84(position: Position, target: Datum) -> Position:
    if target in {Datum.GCJ02, Datum.BD09} and Box(*GCJ_BOX).holds(position):
        position = _gcj_from_wgs(position)
    return _bd_from_gcj(position) if target is Datum.BD09 else position


def _solved(forward: Callable[[Position], Position], wanted: Position) -> Position:
    """The position that `forward` moves to the wanted one: each step corrects by what is still missing."""
    guess = wanted
    for _ in range(STEPS):
        reached = forward(guess)
        guess = Position(guess[0] + wanted[0] - reached[0], guess[1] + wanted[1] - reached[1])
    return guess


def _gcj_from_wgs(position: Position) -> Position:
    longitude, latitude = position
    x, y = longitude - 105.0, latitude - 35.0
    waves = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (waves + 20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (waves + 20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    angle = math.radians(latitude)
    flat = 1 - GCJ_ECCENTRICITY * math.sin(angle) ** 2
    meridian = GCJ_AXIS * (1 - GCJ_ECCENTRICITY) / (flat * math.sqrt(flat))
    parallel = GCJ_AXIS / math.sqrt(flat) * math.cos(angle)
    return Position(longitude + math.degrees(east / parallel), latitude + math.degrees(north / meridian))


def _bd_from_gcj(position: Position) -> Position:
    x, y = position
    reach = math.hypot(x, y) + 0.00002 * math.sin(y * BD_TURN)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * BD_TURN)
    return Position(reach * math.cos(angle) + 0.0065, reach * math.sin(angle) + 0.006)


def position_fault(longitude: float, latitude: float) -> str | None:
    """What is wrong with a position in China, in a sentence; None where nothing is. Swapped ones are named as such."""

    def inside(x: float, y: float) -> bool:
        return LONGITUDES[0] <= x <= LONGITUDES[1] and LATITUDES[0] <= y <= LATITUDES[1]

    if inside(longitude, latitude):
        return None
    if inside(latitude, longitude):
        return f"经度 {longitude:g} 和纬度 {latitude:g} 写反了，请对调。"
    if not LONGITUDES[0] <= longitude <= LONGITUDES[1]:
        return f"经度 {longitude:g} 不在 73 至 136 之间。"
    return f"纬度 {latitude:g} 不在 3 至 54 之间。"


# --- Distances --------------------------------------------------------------------------------------------------------


def distance(first: Position, second: Position) -> float:
    """Metres between two positions on the sphere (haversine); within 0.6 % of the ellipsoid."""
    south, north = math.radians(first[1]), math.radians(second[1])
    turn = math.radians(second[0] - first[0])
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin(turn / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))


def metres_a_degree(latitude: float) -> tuple[float, float]:
    """Metres in a degree of longitude and of latitude there, on the WGS84 ellipsoid."""
    angle = math.radians(latitude)
    east = 111_412.84 * math.cos(angle) - 93.5 * math.cos(3 * angle) + 0.118 * math.cos(5 * angle)
    north = 111_132.92 - 559.82 * math.cos(2 * angle) + 1.175 * math.cos(4 * angle)
    return east, north


def distance_to(position: Position, shape: BaseGeometry) -> float:
    """Metres from a position to the nearest part of a shape, 0 inside it or on its edge.

    On a plane laid at the position: exact to millimetres over the tens of metres the 20 m rule asks for (domain §3),
    to one part in a thousand over 50 km.
    """
    east, north = metres_a_degree(position[1])
    here = np.array([position[0], position[1]])
    plane = shapely.transform(shape, lambda points: (points - here) * (east, north))
    return float(shapely.distance(plane, shapely.Point(0, 0)))


# --- Boundaries -------------------------------------------------------------------------------------------------------


def boundary(value: str | Mapping[str, Any]) -> BaseGeometry:
    """The shape of a Polygon or MultiPolygon, given as GeoJSON text or as its object.

    Closed rings of four positions or more in China, that cross neither themselves nor each other; BadBoundary otherwise.
    """
    found = _parsed(value)
    kind, rings = found.get("type"), found.get("coordinates")
    if kind not in {"Polygon", "MultiPolygon"}:
        raise BadBoundary(f"边界须是 Polygon 或 MultiPolygon，现为“{kind}”。")
    polygons = [rings] if kind == "Polygon" else rings
    if not isinstance(polygons, list | tuple) or not polygons:
        raise BadBoundary("边界的坐标是空的，或层数不对。")
    shape = shapely.MultiPolygon([_polygon(polygon) for polygon in polygons])
    if not shape.is_valid:
        raise BadBoundary(_crossing(shapely.is_valid_reason(shape)))
    return shape.geoms[0] if kind == "Polygon" else shape


def _parsed(value: str | Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = value
    if isinstance(value, str):
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            raise BadBoundary("边界不是有效的 GeoJSON 文本。") from None
    if not isinstance(found, Mapping):
        raise BadBoundary("边界须是一个 GeoJSON 对象。")
    return found


def _polygon(rings: Any) -> shapely.Polygon:
    if not isinstance(rings, list | tuple) or not rings:
        raise BadBoundary("边界的坐标是空的，或层数不对。")
    outer, *holes = [_ring(ring, number) for number, ring in enumerate(rings, start=1)]
    return shapely.Polygon(outer, holes)


def _ring(ring: Any, number: int) -> list[tuple[float, float]]:
    if not isinstance(ring, list | tuple):
        raise BadBoundary("边界的坐标是空的，或层数不对。")
    corners = [_corner(corner) for corner in ring]
    if len(corners) < 4:
        raise BadBoundary(f"边界第 {number} 个环只有 {len(corners)} 个点，至少要 4 个（首末两点相同）。")
    if corners[0] != corners[-1]:
        raise BadBoundary(f"边界第 {number} 个环没有闭合：末点须与首点相同。")
    return corners


def _corner(corner: Any) -> tuple[float, float]:
    numbers = corner if isinstance(corner, list | tuple) else ()
    if not 2 <= len(numbers) <= 3 or any(type(number) not in {int, float} for number in numbers):
        raise BadBoundary("边界的每个点须写成 [经度, 纬度]。")
    try:
        longitude, latitude = float(numbers[0]), float(numbers[1])
    except OverflowError:
        raise BadBoundary("边界里有一个数太大。") from None
    fault = position_fault(longitude, latitude)
    if fault:
        raise BadBoundary(f"边界里有一个点不对：{fault}")
    return longitude, latitude


def _crossing(reason: str) -> str:
    """shapely's word on an invalid shape (a phrase and a position in brackets), for the person who drew it."""
    phrase, _, place = reason.partition("[")
    words = {
        "Self-intersection": "边界线自己相交",
        "Ring Self-intersection": "边界线在一点自己相接",
        "Hole lies outside shell": "有一个洞在边界之外",
        "Holes are nested": "洞里还有洞",
        "Nested shells": "有一块在另一块里面",
        "Interior is disconnected": "洞把边界里面切成了几块",
        "Too few points in geometry component": "有一个环缩成了一点或一条线",
    }
    where = f"（在 {place.rstrip(']')} 附近）" if place else ""
    return f"边界画得不对：{words.get(phrase.strip(), '形状无效')}{where}。"


def box_of(shape: BaseGeometry) -> Box:
    return Box(*(float(side) for side in shape.bounds))


def area_of(shape: BaseGeometry) -> float:
    """Square metres, on a plane laid at the middle of the shape; good to one in a thousand up to a county's size."""
    east, north = metres_a_degree((shape.bounds[1] + shape.bounds[3]) / 2)
    return float(shape.area) * east * north


def covers(shape: BaseGeometry, position: Position) -> bool:
    """Whether a position lies in a shape. The edge belongs to it, so a point between two neighbours lies in both."""
    return bool(shapely.intersects_xy(shape, position[0], position[1]))


Key = TypeVar("Key", bound=Hashable)


class ShapeIndex(Generic[Key]):
    """Which shapes hold a point, found among thousands in some twenty microseconds.

    Built once from (key, GeoJSON boundary or shape) pairs; keys must be comparable with each other, so that shapes of
    the same size come in a fixed order.
    """

    def __init__(self, shapes: Iterable[tuple[Key, str | Mapping[str, Any] | BaseGeometry]]) -> None:
        found = [(key, shape if isinstance(shape, BaseGeometry) else boundary(shape)) for key, shape in shapes]
        # Held smallest first, so that the order of a hit is its place in the list.
        found.sort(key=lambda pair: (area_of(pair[1]), pair[0]))
        self.keys: Sequence[Key] = [key for key, _ in found]
        self.shapes: Sequence[BaseGeometry] = [shape for _, shape in found]
        self._tree = shapely.STRtree(self.shapes)

    def __len__(self) -> int:
        return len(self.keys)

    def locate(self, position: Position) -> list[Key]:
        """The keys of the shapes that hold the position (edges included), the smallest shape first."""
        point = shapely.Point(position[0], position[1])
        return [self.keys[place] for place in sorted(self._tree.query(point, predicate="intersects").tolist())]

    def locate_all(self, positions: Sequence[Position]) -> list[list[Key]]:
        """`locate` of many positions at once, ten times as fast for thousands of them."""
        held: list[list[Key]] = [[] for _ in positions]
        if positions:
            points = shapely.points(np.array([(x, y) for x, y in positions]))
            hits = self._tree.query(points, predicate="intersects")
            for which, place in sorted(zip(*hits.tolist(), strict=True)):
                held[which].append(self.keys[place])
        return held

    def within(self, position: Position, metres: float) -> list[tuple[float, Key]]:
        """(metres, key) of the shapes no farther than that from the position, the nearest first, then the smallest."""
        east, north = metres_a_degree(position[1])
        # A little more than asked for, since the box is only the first sieve.
        x, y = metres / east * 1.01, metres / north * 1.01
        around = shapely.box(position[0] - x, position[1] - y, position[0] + x, position[1] + y)
        away = partial(distance_to, Position(*position))
        near = sorted((away(self.shapes[place]), place) for place in self._tree.query(around).tolist())
        return [(far, self.keys[place]) for far, place in near if far <= metres]
