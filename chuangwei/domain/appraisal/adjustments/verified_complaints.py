"""verified-complaints: points for each problem of the sources named, found in the period in the subject (domain §8)."""

from decimal import Decimal
from functools import partial
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from chuangwei.domain.appraisal.facts import Frame, ProblemFact, SubjectFacts
from chuangwei.domain.appraisal.options import AdjustmentOptions, Points, Sources, at_least_one, hundredths
from chuangwei.domain.appraisal.registry import Asked, adjustment
from chuangwei.domain.appraisal.rules import two_decimals
from chuangwei.domain.appraisal.steps import Score, Step
from chuangwei.domain.problems.enums import ProblemState, Source

NOT_VERIFIED = (ProblemState.REPORTED.value, ProblemState.REJECTED.value, ProblemState.MERGED.value)


class VerifiedComplaints(AdjustmentOptions):
    sources: Annotated[Sources, AfterValidator(at_least_one)]
    each: Points
    limit: Points | None = None

    @model_validator(mode="after")
    def _limit_on_the_same_side(self) -> Self:
        if self.limit is not None and self.limit * self.each < 0:
            raise ValueError("limit 须与 each 同号（同为扣分或同为加分）。")
        return self

    @property
    def usual_name(self) -> str:
        return "群众投诉"


def _asks(part: VerifiedComplaints) -> Asked:
    return Asked(found_from=part.sources)


@adjustment("verified-complaints", options=VerifiedComplaints, asks=_asks)
def verified_complaints(facts: SubjectFacts, part: VerifiedComplaints, frame: Frame) -> Score:
    rows = [
        row
        for row in facts.found
        if row.source in part.sources and row.state not in NOT_VERIFIED and frame.holds(row.found_at)
    ]
    value = amount(len(rows), part.each, part.limit)
    return Score(value, partial(_reason, rows, part, value))


def amount(count: int, each: Decimal, limit: Decimal | None) -> int:
    """count × each in hundredths, never beyond the limit: no less than a negative one, no more than a positive one."""
    points, bound = count * (hundredths(each) or 0), hundredths(limit)
    if bound is None or not points:
        return points
    return max(points, bound) if points < 0 else min(points, bound)


def _reason(rows: list[ProblemFact], part: VerifiedComplaints, value: int) -> tuple[str, tuple[Step, ...]]:
    steps = tuple(
        Step(row.code, Source(row.source).label, f"{row.found_at[:16].replace('T', ' ')} 发现", "problem", row.code)
        for row in rows
    )
    words = f"{len(rows)} 件 × {part.each} 分 = {two_decimals(len(rows) * (hundredths(part.each) or 0))}"
    capped = value != len(rows) * (hundredths(part.each) or 0)
    return f"{words}，以 {part.limit} 分为限" if capped else words, steps
