"""yellow: to the last, unless too few are ranked or the total is good enough."""

from typing import Any

import pytest

from chuangwei.domain.appraisal.flags.yellow import Yellow, yellow
from chuangwei.domain.appraisal.rules import Candidates
from tests.domain.appraisal.building import placed

RANKED = placed(("A", 1, "90"), ("B", 2, "85"), ("C", 3, "80.01"), ("D", 4, "70"))


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        ({}, Candidates(0)),
        ({"red": 2, "yellow": 2}, Candidates(2, frozenset("CD"))),
        ({"red": 3, "yellow": 2}, Candidates(2, note="参加排名的只有 4 个，不足 5 个，不发黄旗")),
        ({"red": 1, "yellow": 3}, Candidates(3, frozenset("BCD"))),
        ({"red": 0, "yellow": 4}, Candidates(4, frozenset("ABCD"))),
        ({"red": 2, "yellow": 2, "max_score": 80}, Candidates(2, frozenset("CD"), frozenset("ABC"), "黄旗须不高于 80 分")),
        ({"red": "0.5", "yellow": "0.5"}, Candidates(2, frozenset("CD"))),
    ],
)  # fmt: skip
def test_candidates(flags: dict[str, Any], found: Candidates) -> None:
    assert yellow(RANKED, Yellow.model_validate(flags)) == found


def test_ties_across_the_line() -> None:
    ranked = placed(("A", 1, "90"), ("B", 2, "85"), ("C", 2, "85"))
    assert yellow(ranked, Yellow.model_validate({"yellow": 1})).among == frozenset("BC")
    assert yellow(ranked, Yellow.model_validate({"yellow": 1, "ties": "none"})).among == frozenset()
