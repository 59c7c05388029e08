"""Cutting a town into communities and grids whose borders are shared to the last digit.

The plane is in kilometres, the river is the line y = 0 until the whole plane is bent (`ground.py`). A cell is the part
of its parent nearest to its seed (Voronoi). Cells are cut one by one, so their corners are first unified, then every
border is given the corners that the neighbour across has on it; after that two neighbours have the same points.
"""

from collections.abc import Iterable, Sequence
from random import Random

Point = tuple[float, float]
Ring = list[Point]
"""Corners counter-clockwise, the first not repeated."""

SAME = 1e-5
"""Corners nearer than this (a centimetre) are one corner."""


def voronoi(seeds: Sequence[Point], outline: Ring) -> list[Ring]:
    """The cell of each seed within a convex outline."""
    return [_cell(seed, seeds, outline) for seed in seeds]


def spread_seeds(count: int, outline: Ring, random: Random, rounds: int = 18) -> list[Point]:
    """Seeds strewn over a convex outline, then moved to the middle of their cells until the cells are of like size."""
    seeds = [point_inside(outline, random) for _ in range(count)]
    for _ in range(rounds):
        seeds = [centroid(cell) for cell in voronoi(seeds, outline)]
    return seeds


def _cell(seed: Point, seeds: Iterable[Point], outline: Ring) -> Ring:
    cell = list(outline)
    for other in seeds:
        if other != seed:
            cell = _nearer_half(cell, seed, other)
    return cell


def _nearer_half(cell: Ring, seed: Point, other: Point) -> Ring:
    """What of a convex cell is at least as near to the seed as to the other point."""
    turn_x, turn_y = other[0] - seed[0], other[1] - seed[1]
    middle_x, middle_y = (seed[0] + other[0]) / 2, (seed[1] + other[1]) / 2
    beyond = [(x - middle_x) * turn_x + (y - middle_y) * turn_y for x, y in cell]
    kept: Ring = []
    for index, (x, y) in enumerate(cell):
        if beyond[index - 1] * beyond[index] < 0:
            share = beyond[index - 1] / (beyond[index - 1] - beyond[index])
            before = cell[index - 1]
            kept.append((before[0] + share * (x - before[0]), before[1] + share * (y - before[1])))
        if beyond[index] <= 0:
            kept.append((x, y))
    return kept


# --- One set of corners -----------------------------------------------------------------------------------------------


def unify(cells: Sequence[Ring]) -> list[Ring]:
    """The same cells with one point for each corner, and on each border the corners of the neighbour across."""
    corners: dict[tuple[int, int], Point] = {}
    unified = [_without_repeats([_canonical(corner, corners) for corner in cell]) for cell in cells]
    everywhere = sorted({corner for cell in unified for corner in cell})
    return [_with_corners_between(cell, everywhere) for cell in unified]


def _canonical(point: Point, corners: dict[tuple[int, int], Point]) -> Point:
    across, up = round(point[0] / SAME), round(point[1] / SAME)
    for step_x in (0, -1, 1):
        for step_y in (0, -1, 1):
            known = corners.get((across + step_x, up + step_y))
            if known is not None:
                return known
    corners[across, up] = point
    return point


def _without_repeats(cell: Ring) -> Ring:
    return [corner for index, corner in enumerate(cell) if corner != cell[index - 1]]


def _with_corners_between(cell: Ring, corners: Sequence[Point]) -> Ring:
    complete: Ring = []
    for index, start in enumerate(cell):
        end = cell[(index + 1) % len(cell)]
        complete.append(start)
        complete.extend(corner for _, corner in sorted(_between(start, end, corners)))
    return complete


def _between(start: Point, end: Point, corners: Iterable[Point]) -> list[tuple[float, Point]]:
    """The corners on the open line from start to end, each with its share of the way."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    square = along_x * along_x + along_y * along_y
    tolerance = 4 * SAME * square**0.5
    found = []
    for corner in corners:
        off_x, off_y = corner[0] - start[0], corner[1] - start[1]
        if abs(off_x * along_y - off_y * along_x) < tolerance:
            share = (off_x * along_x + off_y * along_y) / square
            if 0 < share < 1 and corner not in (start, end):
                found.append((share, corner))
    return found


def outline_of(cells: Iterable[Ring]) -> Ring:
    """The outer ring of cells that share their corners: the borders that only one of them has, in order."""
    sides = [(cell[index - 1], corner) for cell in cells for index, corner in enumerate(cell)]
    inner = set(sides)
    after = {start: end for start, end in sides if (end, start) not in inner}
    first = min(after)
    ring = [first]
    while (corner := after[ring[-1]]) != first:
        ring.append(corner)
    if len(ring) != len(after):
        raise ValueError("the cells do not make one piece without holes")
    return ring


# --- Points -----------------------------------------------------------------------------------------------------------


def centroid(ring: Ring) -> Point:
    area = sum_x = sum_y = 0.0
    for index, (x, y) in enumerate(ring):
        before = ring[index - 1]
        cross = before[0] * y - x * before[1]
        area += cross
        sum_x += (before[0] + x) * cross
        sum_y += (before[1] + y) * cross
    return sum_x / (3 * area), sum_y / (3 * area)


def size(ring: Ring) -> float:
    """Square kilometres."""
    return sum(ring[i - 1][0] * y - x * ring[i - 1][1] for i, (x, y) in enumerate(ring)) / 2


def holds(ring: Ring, point: Point) -> bool:
    inside = False
    for index, (x, y) in enumerate(ring):
        before_x, before_y = ring[index - 1]
        if (y > point[1]) != (before_y > point[1]) and point[0] < (before_x - x) * (point[1] - y) / (before_y - y) + x:
            inside = not inside
    return inside


def point_inside(ring: Ring, random: Random) -> Point:
    west, east = min(x for x, _ in ring), max(x for x, _ in ring)
    south, north = min(y for _, y in ring), max(y for _, y in ring)
    while True:
        point = (random.uniform(west, east), random.uniform(south, north))
        if holds(ring, point):
            return point
