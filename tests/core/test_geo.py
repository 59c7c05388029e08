import json
import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwei.core import geo
from chuangwei.core.geo import BadBoundary, Box, Datum, Position, ShapeIndex

IN_CHINA = st.builds(Position, st.floats(73.0, 136.0), st.floats(3.0, 54.0))
ANYWHERE = st.builds(Position, st.floats(-180.0, 180.0), st.floats(-90.0, 90.0))
TIANANMEN = Position(116.397451, 39.909187)


def square(west: float, south: float, side: float) -> dict[str, object]:
    east, north = west + side, south + side
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


# --- Datums -----------------------------------------------------------------------------------------------------------


@given(IN_CHINA, st.sampled_from(Datum))
def test_there_and_back_is_the_same_place(position, datum):
    there = geo.convert(position, source=Datum.WGS84, target=datum)
    back = geo.to_wgs84(there, datum)
    assert abs(back.longitude - position.longitude) < 1e-10
    assert abs(back.latitude - position.latitude) < 1e-10


@given(IN_CHINA)
def test_gcj02_moves_a_place_by_metres_not_by_streets(position):
    moved = geo.distance(position, geo.convert(position, source="WGS84", target="GCJ02"))
    assert 1 < moved < 1200


@given(IN_CHINA)
def test_bd09_is_reached_from_gcj02_as_from_wgs84(position):
    gcj = geo.convert(position, source="WGS84", target="GCJ02")
    direct = geo.convert(position, source="WGS84", target="BD09")
    by_way = geo.convert(gcj, source="GCJ02", target="BD09")
    assert geo.distance(direct, by_way) < 1e-4


@pytest.mark.parametrize(
    ("target", "longitude", "latitude"),
    # As the formulas in common use give them, to their last digit.
    [("GCJ02", 116.41024449916938, 39.91640428150164), ("BD09", 116.41662724378732, 39.92269955221621)],
)
def test_known_places_of_the_other_datums(target, longitude, latitude):
    found = geo.convert(Position(116.404, 39.915), source="WGS84", target=target)
    assert found == pytest.approx((longitude, latitude), abs=1e-9)


@given(ANYWHERE.filter(lambda place: not (72 < place[0] < 138 and 0.8 < place[1] < 56)))
def test_outside_china_gcj02_is_wgs84(position):
    assert geo.convert(position, source="WGS84", target="GCJ02") == position
    assert geo.to_wgs84(position, "GCJ02") == position


@given(ANYWHERE)
def test_wgs84_and_cgcs2000_are_the_same_here(position):
    assert geo.convert(position, source="WGS84", target="CGCS2000") == position
    assert geo.convert(position, source=Datum.CGCS2000, target=Datum.WGS84) == position


def test_a_position_at_a_pole_is_still_answered():
    # BD-09 turns about the origin; the inverse must end even where it makes no sense.
    assert all(math.isfinite(part) for part in geo.to_wgs84(Position(0.0, 90.0), "BD09"))


def test_an_unknown_datum_is_refused():
    with pytest.raises(ValueError, match="XIAN80"):
        geo.to_wgs84(TIANANMEN, "XIAN80")


@pytest.mark.parametrize(
    ("longitude", "latitude", "fault"),
    [
        (73, 3, None),
        (136, 54, None),
        (36.1, 103.5, "经度 36.1 和纬度 103.5 写反了，请对调。"),
        (72.9, 30, "经度 72.9 不在 73 至 136 之间。"),
        (104, 55, "纬度 55 不在 3 至 54 之间。"),
        (0, 0, "经度 0 不在 73 至 136 之间。"),
        (math.nan, 30, "经度 nan 不在 73 至 136 之间。"),
        (104, math.inf, "纬度 inf 不在 3 至 54 之间。"),
    ],
)
def test_position_fault_says_what_is_wrong(longitude, latitude, fault):
    assert geo.position_fault(longitude, latitude) == fault


# --- Distances --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "metres"),
    [
        (TIANANMEN, TIANANMEN, 0),
        (Position(0, 0), Position(180, 0), math.pi * geo.EARTH_RADIUS),
        (Position(104, 35), Position(104, 36), 111_195.08),
        (Position(116.4, 39.9), Position(121.47, 31.23), 1_067_300),
    ],
)
def test_distance(first, second, metres):
    assert geo.distance(first, second) == pytest.approx(metres, rel=1e-3)


@given(IN_CHINA, IN_CHINA)
def test_distance_is_the_same_both_ways(first, second):
    assert geo.distance(first, second) == pytest.approx(geo.distance(second, first))


@given(IN_CHINA, st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))
def test_distance_to_a_point_nearby_agrees_with_the_sphere(position, east, north):
    other = Position(position[0] + east, position[1] + north)
    metres = geo.distance_to(position, shapely.Point(other))
    assert metres == pytest.approx(geo.distance(position, other), rel=7e-3, abs=0.01)


def test_distance_to_a_street_and_into_a_yard():
    street = shapely.LineString([(104.0, 35.0), (104.01, 35.0)])
    metres_north = geo.metres_a_degree(35.0)[1]
    beside = Position(104.005, 35.0 + 20 / metres_north)
    assert geo.distance_to(beside, street) == pytest.approx(20, abs=0.001)
    yard = geo.boundary(square(104, 35, 0.01))
    assert geo.distance_to(Position(104.005, 35.005), yard) == 0
    assert geo.distance_to(Position(104.0, 35.005), yard) == 0


def test_area_of_a_square_kilometre():
    east, north = geo.metres_a_degree(35.0)
    shape = shapely.box(104, 35, 104 + 1000 / east, 35 + 1000 / north)
    assert geo.area_of(shape) == pytest.approx(1e6, rel=1e-3)


# --- Boundaries -------------------------------------------------------------------------------------------------------


def test_boundary_reads_text_and_object_alike():
    given_object = square(104, 35, 0.1)
    assert geo.boundary(json.dumps(given_object)) == geo.boundary(given_object)
    assert geo.box_of(geo.boundary(given_object)) == Box(104, 35, 104.1, 35.1)


def test_boundary_takes_holes_heights_and_several_parts():
    ring = [[104, 35, 1500], [105, 35, 1500], [105, 36, 1500], [104, 36, 1500], [104, 35, 1500]]
    hole = [[104.2, 35.2], [104.4, 35.2], [104.4, 35.4], [104.2, 35.2]]
    away = [[106, 35], [107, 35], [107, 36], [106, 35]]
    shape = geo.boundary({"type": "MultiPolygon", "coordinates": [[ring, hole], [away]]})
    assert shape.geom_type == "MultiPolygon"
    assert not geo.covers(shape, Position(104.35, 35.25))
    assert geo.covers(shape, Position(106.9, 35.1))


RING = [[104, 35], [105, 35], [105, 36], [104, 36], [104, 35]]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("", "不是有效的 GeoJSON"),
        ("{", "不是有效的 GeoJSON"),
        ("[" * 100_000, "不是有效的 GeoJSON"),
        ("[]", "须是一个 GeoJSON 对象"),
        ("null", "须是一个 GeoJSON 对象"),
        ({"type": "Point", "coordinates": [104, 35]}, "现为“Point”"),
        ({"coordinates": [RING]}, "现为“None”"),
        ({"type": "Polygon"}, "坐标是空的"),
        ({"type": "Polygon", "coordinates": []}, "坐标是空的"),
        ({"type": "MultiPolygon", "coordinates": []}, "坐标是空的"),
        ({"type": "MultiPolygon", "coordinates": {"a": 1}}, "坐标是空的"),
        ({"type": "Polygon", "coordinates": [5]}, "坐标是空的，或层数不对"),
        ({"type": "Polygon", "coordinates": [[RING]]}, "[经度, 纬度]"),
        ({"type": "MultiPolygon", "coordinates": [RING]}, "[经度, 纬度]"),
        ({"type": "Polygon", "coordinates": RING}, "[经度, 纬度]"),
        ({"type": "Polygon", "coordinates": [[[104, 35], [105, 35], [104, 35]]]}, "第 1 个环只有 3 个点"),
        ({"type": "Polygon", "coordinates": [RING[:-1]]}, "没有闭合"),
        ({"type": "Polygon", "coordinates": [RING, RING[:-1]]}, "第 2 个环没有闭合"),
        ({"type": "Polygon", "coordinates": [[[104], *RING]]}, "[经度, 纬度]"),
        ({"type": "Polygon", "coordinates": [[["104", "35"], *RING]]}, "[经度, 纬度]"),
        ({"type": "Polygon", "coordinates": [[[True, 35], *RING]]}, "[经度, 纬度]"),
        ({"type": "Polygon", "coordinates": [[[104, 35, 0, 0], *RING]]}, "[经度, 纬度]"),
        ({"type": "Polygon", "coordinates": [[[10**400, 35], *RING]]}, "太大"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 35], [1, 1], [2, 2], [3, 3]]]}', "经度 nan"),
        ({"type": "Polygon", "coordinates": [[[y, x] for x, y in RING]]}, "写反了"),
        ({"type": "Polygon", "coordinates": [[[12_000_000, 4_000_000], *RING]]}, "不在 73 至 136 之间"),
        (
            {"type": "Polygon", "coordinates": [[[104, 35], [105, 36], [104, 36], [105, 35], [104, 35]]]},
            "自己相交（在 104.5 35.5 附近）",
        ),
        (
            {"type": "Polygon", "coordinates": [[[104, 35], [108, 35], [108, 39], [106, 35], [104, 39], [104, 35]]]},
            "自己相接",
        ),
        ({"type": "Polygon", "coordinates": [[[104, 35], [105, 35], [104, 35], [104, 35]]]}, "缩成了一点或一条线"),
        ({"type": "Polygon", "coordinates": [RING, [[110, 35], [111, 35], [111, 36], [110, 35]]]}, "洞在边界之外"),
        (
            {"type": "MultiPolygon", "coordinates": [[RING], [[[104.2, 35.1], [104.4, 35.1], [104.4, 35.3], [104.2, 35.1]]]]},
            "一块在另一块里面",
        ),
    ],
)  # fmt: skip
def test_boundary_refuses_and_says_why(value, says):
    with pytest.raises(BadBoundary) as refused:
        geo.boundary(value)
    assert says in refused.value.message


def test_an_unknown_reason_is_still_a_sentence():
    assert geo._crossing("Something new") == "边界画得不对：形状无效。"


# --- Which shape holds a point ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def town() -> ShapeIndex[str]:
    """A town of four grids in two communities, and a far village."""
    return ShapeIndex(
        [
            ("town", square(104, 35, 0.04)),
            ("west", {"type": "Polygon", "coordinates": [[[104, 35], [104.02, 35], [104.02, 35.04], [104, 35.04], [104, 35]]]}),
            ("grid-2", square(104, 35.02, 0.02)),
            ("grid-1", json.dumps(square(104, 35, 0.02))),
            ("village", geo.boundary(square(105, 35, 0.01))),
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("longitude", "latitude", "keys"),
    [
        (104.01, 35.01, ["grid-1", "west", "town"]),
        (104.03, 35.03, ["town"]),
        (105.005, 35.005, ["village"]),
        (106, 35, []),
        # The edge belongs to both neighbours; the northern one is the smaller by a hair.
        (104.01, 35.02, ["grid-2", "grid-1", "west", "town"]),
        (104.0, 35.0, ["grid-1", "west", "town"]),
    ],
)
def test_locate_names_the_smallest_first(town, longitude, latitude, keys):
    assert town.locate(Position(longitude, latitude)) == keys


def test_of_shapes_of_one_size_the_key_decides():
    twice = [("b", square(104, 35, 0.01)), ("a", square(104, 35, 0.01))]
    assert ShapeIndex(twice).locate(Position(104.005, 35.005)) == ["a", "b"]


def test_an_empty_index_holds_nothing():
    index: ShapeIndex[str] = ShapeIndex([])
    assert (len(index), index.locate(TIANANMEN), index.locate_all([TIANANMEN]), index.within(TIANANMEN, 20)) == (
        0,
        [],
        [[]],
        [],
    )


POLYGONS = st.lists(st.tuples(st.floats(104, 104.5), st.floats(35, 35.5), st.floats(0.01, 0.2)), max_size=12)
POINTS = st.lists(st.builds(Position, st.floats(103.9, 104.8), st.floats(34.9, 35.8)), max_size=8)


@settings(max_examples=60)
@given(POLYGONS, POINTS)
def test_locate_agrees_with_asking_each_shape(squares, points):
    shapes = {number: geo.boundary(square(*corner)) for number, corner in enumerate(squares)}
    index = ShapeIndex(shapes.items())
    for point in points:
        holding = [key for key, shape in shapes.items() if geo.covers(shape, point)]
        assert index.locate(point) == sorted(holding, key=lambda key: (geo.area_of(shapes[key]), key))
    assert index.locate_all(points) == [index.locate(point) for point in points]


@settings(max_examples=60)
@given(POLYGONS, POINTS, st.floats(0, 5000))
def test_within_agrees_with_asking_each_shape(squares, points, metres):
    shapes = {number: geo.boundary(square(*corner)) for number, corner in enumerate(squares)}
    index = ShapeIndex(shapes.items())
    for point in points:
        near = {key for key, shape in shapes.items() if geo.distance_to(point, shape) <= metres}
        found = index.within(point, metres)
        assert {key for _, key in found} == near
        assert [far for far, _ in found] == sorted(far for far, _ in found)


def test_within_twenty_metres_of_a_site():
    metres_east, _ = geo.metres_a_degree(35.0)
    index = ShapeIndex(
        [("toilet", shapely.Point(104, 35)), ("lane", shapely.LineString([(104.001, 34.9), (104.001, 35.1)]))]
    )
    beside = Position(104 + 15 / metres_east, 35.0)
    assert [(round(far, 2), key) for far, key in index.within(beside, 20)] == [(15.0, "toilet")]
    assert [key for _, key in index.within(beside, 100)] == ["toilet", "lane"]
