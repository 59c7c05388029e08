"""interview: after k yellow flags in a row, the last of them in this very period."""

import pytest

from chuangwei.domain.appraisal.registry import Ranked
from chuangwei.domain.appraisal.triggers.interview import Interview, interview
from tests.domain.appraisal.building import WEEK, placed

RANKED = placed(("A", 1, "90"), ("B", 2, "80"))


@pytest.mark.parametrize(
    ("streak", "subjects"),
    [
        (("2023-W34", "2023-W35", "2023-W36"), ["B"]),
        (("2023-W35", "2023-W36"), []),
        (("2023-W33", "2023-W34", "2023-W35"), []),  # not flagged now
        ((), []),
    ],
)
def test_subjects(streak: tuple[str, ...], subjects: list[str]) -> None:
    found = interview(Ranked(WEEK, RANKED, {"B": streak}), Interview(yellow_streak=3, of="包社区领导"))
    assert [one.subject for one in found] == subjects


def test_reason_names_the_periods() -> None:
    ranked = Ranked(WEEK, RANKED, {"B": ("2023-W35", "2023-W36")})
    (found,) = interview(ranked, Interview(yellow_streak=2, of="包社区领导"))
    assert found.reason == "连续 2 次黄旗：2023-W35、2023-W36"
