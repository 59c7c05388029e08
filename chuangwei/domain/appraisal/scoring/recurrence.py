"""recurrence: what share of the problems closed lately did not come back (domain §8).

The window is the `window_days` days that end with the period. What was reopened counts by the day it was first closed:
reopening must not take it out of the sum. A closed problem came back where it was reopened, or
where another was found at the same place in the same category after it had been closed, in the window.
"""

from datetime import timedelta
from functools import partial

from pydantic import Field

from chuangwei.domain.appraisal.facts import Frame, ProblemFact, SubjectFacts
from chuangwei.domain.appraisal.options import PartOptions, Whole
from chuangwei.domain.appraisal.registry import Asked, scoring
from chuangwei.domain.appraisal.rules import FULL, half_up, two_decimals
from chuangwei.domain.appraisal.steps import Score, Step
from chuangwei.domain.problems.enums import ProblemState

NOT_A_COMEBACK = (ProblemState.REPORTED.value, ProblemState.REJECTED.value, ProblemState.MERGED.value)


class Recurrence(PartOptions):
    window_days: Whole = Field(default=30, ge=1, le=730)

    @property
    def usual_name(self) -> str:
        return "不反弹"


def _asks(part: Recurrence) -> Asked:
    return Asked(window_days=part.window_days)


@scoring("recurrence", options=Recurrence, asks=_asks)
def recurrence(facts: SubjectFacts, part: Recurrence, frame: Frame) -> Score:
    first = (frame.span.last - timedelta(days=part.window_days - 1)).isoformat()
    closed = [
        row for row in facts.found if first <= _closed(row)[:10] <= frame.last and row.state not in NOT_A_COMEBACK
    ]
    places: dict[tuple[str, str], list[ProblemFact]] = {}
    for row in facts.found:
        if row.state not in NOT_A_COMEBACK and row.found_at[:10] <= frame.last:
            places.setdefault((row.place, row.category), []).append(row)
    back = {row.code: again for row in closed if (again := _comeback(row, places))}
    value = half_up(FULL * (len(closed) - len(back)), len(closed)) if closed else None
    return Score(value, partial(_reason, closed, back, part))


def _comeback(row: ProblemFact, places: dict[tuple[str, str], list[ProblemFact]]) -> str:
    """The problem it came back as: its own code where it was reopened; empty where it did not."""
    if row.state != ProblemState.CLOSED.value or row.first_closed_at:
        return row.code
    same = places.get((row.place, row.category), ())
    return min((later.code for later in same if later.found_at >= row.closed_at and later.code != row.code), default="")


def _closed(row: ProblemFact) -> str:
    return row.first_closed_at or row.closed_at


def _reason(closed: list[ProblemFact], back: dict[str, str], part: Recurrence) -> tuple[str, tuple[Step, ...]]:
    if not closed:
        return f"最近 {part.window_days} 天没有销号的问题", ()
    steps = tuple(
        Step(
            row.code,
            "反弹",
            f"又见 {back[row.code]}" if back[row.code] != row.code else "复查反弹",
            "problem",
            row.code,
        )
        for row in closed
        if row.code in back
    )
    value = two_decimals(half_up(FULL * (len(closed) - len(back)), len(closed)))
    return f"最近 {part.window_days} 天销号 {len(closed)} 件，其中反弹 {len(back)} 件，未反弹占 {value}", steps
