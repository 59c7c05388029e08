"""Where the lines of a chart run, in shares of its field: from the left, and from the top."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from chuangwei.domain.documents import rules
from chuangwei.domain.documents.blocks import CHART_LINES, Chart

STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10), Decimal(20), Decimal(25), Decimal(50))
MOST_TICKS = 6
GAP = 0.11
"""How far apart the names at the ends of lines must stand."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a writer draws: ticks (place, words), labels along the foot, and for each line its runs, dots and name."""

    caption: str
    unit: str
    ticks: list[tuple[float, str]]
    labels: list[tuple[float, str]]
    lines: list[dict[str, object]]


def drawing(chart: Chart) -> Drawing:
    """The geometry of a chart; a gap in a line stays a gap."""
    lines = chart.lines[:CHART_LINES]
    values = [Decimal(value) for line in lines for value in line.values if value is not None]
    low, high, step = _scale(values)
    count = len(chart.labels)
    across = [_share(place, count) for place in range(count)]

    def down(value: Decimal) -> float:
        return float(1 - (value - low) / (high - low))

    ticks = [
        (down(low + step * place), rules.shown(f"{low + step * place:f}"))
        for place in range(int((high - low) / step) + 1)
    ]
    found: list[dict[str, object]] = []
    for line in lines:
        dots = [
            (across[place], down(Decimal(value)), rules.shown(value))
            for place, value in enumerate(line.values)
            if value is not None
        ]
        found.append({"name": line.name, "runs": _runs(line.values, across, down), "dots": dots})
    for line_drawn, place in zip(found, _apart([_end(one) for one in found]), strict=True):
        line_drawn["end"] = place
    return Drawing(chart.caption, chart.unit, ticks, list(zip(across, chart.labels, strict=True)), found)


def _share(place: int, count: int) -> float:
    return place / (count - 1) if count > 1 else 0.5


def _scale(values: list[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """From and to round numbers, with a round step that gives few ticks."""
    low, high = (min(values), max(values)) if values else (Decimal(0), Decimal(100))
    for step in STEPS:
        first = (low / step).to_integral_value(ROUND_FLOOR) * step
        last = (high / step).to_integral_value(ROUND_CEILING) * step
        if first == last:
            last += step
        if (last - first) / step < MOST_TICKS:
            return first, last, step
    return Decimal(0), Decimal(100), Decimal(25)


def _runs(values: tuple[str | None, ...], across: list[float], down: object) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = []
    is_open = False
    for place, value in enumerate(values):
        if value is None:
            is_open = False
            continue
        if not is_open:
            runs.append([])
        runs[-1].append((across[place], down(Decimal(value))))  # type: ignore[operator]
        is_open = True
    return [run for run in runs if len(run) > 1]


def _end(line: dict[str, object]) -> float:
    dots: list[tuple[float, float, str]] = line["dots"]  # type: ignore[assignment]
    return dots[-1][1] if dots else 0.5


def _apart(places: list[float]) -> list[float]:
    """The places pushed apart, so that no two names overlap."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    found = list(places)
    for before, number in pairwise(order):
        found[number] = max(found[number], found[before] + GAP)
    return found
