"""red: to the first, where the total is high enough; nobody moves up."""

from typing import Any

import pytest

from chuangwei.domain.appraisal.flags.red import Red, red
from chuangwei.domain.appraisal.rules import Candidates
from tests.domain.appraisal.building import placed

RANKED = placed(("A", 1, "90"), ("B", 2, "85"), ("C", 3, "84.99"), ("D", 4, "70"))


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        ({}, Candidates(0)),
        ({"red": 2}, Candidates(2, frozenset("AB"))),
        ({"red": 3, "min_score": 85}, Candidates(3, frozenset("ABC"), frozenset("CD"), "红旗须不低于 85 分")),
        ({"red": "0.5"}, Candidates(2, frozenset("AB"))),
        ({"red": "0.2"}, Candidates(0)),
    ],
)
def test_candidates(flags: dict[str, Any], found: Candidates) -> None:
    assert red(RANKED, Red.model_validate(flags)) == found


def test_ties_across_the_line() -> None:
    ranked = placed(("A", 1, "90"), ("B", 2, "85"), ("C", 2, "85"))
    assert red(ranked, Red.model_validate({"red": 2})).among == frozenset("ABC")
    assert red(ranked, Red.model_validate({"red": 2, "ties": "none"})).among == frozenset("A")
