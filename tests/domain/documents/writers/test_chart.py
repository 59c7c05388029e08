"""The geometry of a chart."""

import itertools

import pytest

from chuangwei.domain.documents.blocks import Chart, Line
from chuangwei.domain.documents.writers.chart import GAP, drawing


def chart(*lines: tuple[str | None, ...]) -> Chart:
    return Chart(
        "走势",
        "分",
        tuple(f"第{n}周" for n in range(len(lines[0]))),
        tuple(Line(f"线{n}", one) for n, one in enumerate(lines)),
    )


def test_round_numbers_stand_at_the_side() -> None:
    found = drawing(chart(("80.60", "96.35"), ("90.00", "75.31")))
    assert [words for _, words in found.ticks] == ["75", "80", "85", "90", "95", "100"]
    assert found.ticks[0][0] == 1
    assert found.ticks[-1][0] == 0


@pytest.mark.parametrize("values", [("90.00",), ("90.00", "90.00"), (None, "0.00"), ("100.00", None), (None,)])
def test_few_and_equal_values_are_drawn_too(values: tuple[str | None, ...]) -> None:
    found = drawing(chart(values))
    dots = found.lines[0]["dots"]
    assert isinstance(dots, list)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y, _ in dots)
    assert len(dots) == sum(value is not None for value in values)


def test_a_gap_stays_a_gap() -> None:
    runs = drawing(chart(("1.00", "2.00", None, "3.00", "4.00", None, "5.00"))).lines[0]["runs"]
    assert isinstance(runs, list)
    assert [len(run) for run in runs] == [2, 2]


def test_names_at_the_ends_do_not_touch() -> None:
    ends = [line["end"] for line in drawing(chart(("1.00", "90.00"), ("2.00", "90.10"), ("3.00", "89.90"))).lines]
    apart = sorted(float(str(end)) for end in ends)
    assert all(second - first >= GAP - 1e-9 for first, second in itertools.pairwise(apart))


def test_no_more_than_three_lines() -> None:
    assert len(drawing(chart(*[("1.00", "2.00")] * 5)).lines) == 3
