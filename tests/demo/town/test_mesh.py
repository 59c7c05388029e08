"""Cells cover their parent, share their corners, and nothing is left over."""

import math
from random import Random

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwei.demo.town.mesh import centroid, holds, outline_of, point_inside, size, spread_seeds, unify, voronoi

SQUARE = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]


def test_a_cell_is_what_lies_nearest_to_its_seed():
    left, right = voronoi([(0.5, 1.0), (1.5, 1.0)], SQUARE)
    assert shapely.Polygon(left).equals(shapely.box(0, 0, 1, 2))
    assert shapely.Polygon(right).equals(shapely.box(1, 0, 2, 2))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 16))
def test_cells_cover_their_parent_and_share_every_corner(seed: int, count: int):
    cells = unify(voronoi(spread_seeds(count, SQUARE, Random(seed), rounds=3), SQUARE))

    assert sum(map(size, cells)) == pytest.approx(4)
    sides = {(cell[i - 1], corner) for cell in cells for i, corner in enumerate(cell)}
    outer = {side for side in sides if side[::-1] not in sides}
    assert all(_on_the_square(start) and _on_the_square(end) for start, end in outer)
    assert size(outline_of(cells)) == pytest.approx(4)


def _on_the_square(point: tuple[float, float]) -> bool:
    return any(math.isclose(value, wall, abs_tol=1e-4) for value in point for wall in (0, 2))


def test_a_corner_of_the_neighbour_on_a_border_becomes_a_corner_of_both():
    below = [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)]
    upper = [[(0.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0)], [(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0)]]
    joined = unify([below, *upper])
    assert joined[0] == [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (0.0, 1.0)]


def test_corners_a_hair_apart_are_one():
    first = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]
    second = [(1.000001, 0.0), (2.0, 0.0), (0.999999, 1.0)]
    joined = unify([first, second])
    assert (joined[1][0], joined[1][2]) == (joined[0][1], joined[0][2])


def test_cells_in_two_pieces_have_no_outline():
    with pytest.raises(ValueError, match="one piece"):
        outline_of([[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)], [(5.0, 0.0), (6.0, 0.0), (6.0, 1.0)]])


@given(st.integers(0, 10_000))
def test_a_point_inside_is_inside(seed: int):
    bent = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 0.5), (0.0, 2.0)]
    point = point_inside(bent, Random(seed))
    assert holds(bent, point)
    assert shapely.Polygon(bent).covers(shapely.Point(point))


def test_the_middle_of_a_square():
    assert centroid(SQUARE) == pytest.approx((1, 1))
