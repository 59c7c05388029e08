"""verified-complaints: points for each, never beyond the limit."""

from decimal import Decimal
from typing import Any

import pytest

from chuangwei.domain.appraisal.adjustments.verified_complaints import VerifiedComplaints, amount, verified_complaints
from chuangwei.domain.appraisal.facts import ProblemFact
from tests.domain.appraisal.building import frame, problem, seen

D = Decimal


def part(**values: Any) -> VerifiedComplaints:
    table = {"slug": "c", "rule": "verified-complaints", "sources": ["热线转办"], "each": "-0.2", "limit": "-5"}
    return VerifiedComplaints.model_validate(table | values)


def complaint(code: str = "W1", **values: Any) -> ProblemFact:
    return problem(code, **{"source": "hotline", "state": "filed", **values})


@pytest.mark.parametrize(
    ("problems", "points"),
    [
        ([], 0),
        ([complaint("1"), complaint("2")], -40),
        ([complaint(source="resident")], 0),
        ([complaint(state=state) for state in ("reported", "rejected", "merged")], 0),
        ([complaint(state=state) for state in ("dispatched", "fixed", "closed", "pending", "returned", "reopened")], -120),
        ([complaint(found_at="2023-09-03T23:59:59"), complaint(found_at="2023-09-11T00:00:00")], 0),
        ([complaint(found_at="2023-09-04T00:00:00"), complaint(found_at="2023-09-10T23:59:59")], -40),
        ([complaint(str(n)) for n in range(25)], -500),
        ([complaint(str(n)) for n in range(30)], -500),
    ],
)  # fmt: skip
def test_points(problems: list[ProblemFact], points: int) -> None:
    assert verified_complaints(seen(found=problems), part(), frame()).value == points


@pytest.mark.parametrize(
    ("count", "each", "limit", "points"),
    [
        (3, "-0.2", None, -60),
        (3, "-0.2", "-0.5", -50),
        (3, "-0.2", "0", 0),
        (3, "1", "2", 200),
        (3, "1", None, 300),
        (0, "-0.2", "-5", 0),
        (3, "0", "-5", 0),
    ],
)
def test_limit_bounds_both_ways(count: int, each: str, limit: str | None, points: int) -> None:
    assert amount(count, D(each), None if limit is None else D(limit)) == points


def test_reason_names_each_and_the_limit() -> None:
    words, steps = verified_complaints(seen(found=[complaint("1")]), part(), frame()).reason()
    assert words == "1 件 × -0.2 分 = -0.20"
    assert [(step.label, step.value, step.words) for step in steps] == [("1", "热线转办", "2023-09-04 09:00 发现")]
    words, _ = verified_complaints(seen(found=[complaint(str(n)) for n in range(30)]), part(), frame()).reason()
    assert words == "30 件 × -0.2 分 = -6.00，以 -5 分为限"
