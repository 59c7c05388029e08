"""red 红旗: to the first n, where their total is high enough (domain §8, Flags)."""

from collections.abc import Sequence
from decimal import Decimal

from pydantic import Field

from chuangwei.domain.appraisal.options import Count, FlagOptions, Points, hundredths
from chuangwei.domain.appraisal.registry import flag
from chuangwei.domain.appraisal.rules import Candidates, Placed, among_first, places_of


class Red(FlagOptions):
    red: Count = Decimal(0)
    min_score: Points | None = Field(default=None, ge=0, le=100)


@flag("red", name="红旗", options=Red)
def red(placed: Sequence[Placed], flags: Red) -> Candidates:
    places = places_of(flags.red, len(placed))
    floor = hundredths(flags.min_score)
    return Candidates(
        places,
        among_first(placed, places, ties_all=flags.ties_all),
        frozenset(place.code for place in placed if floor is not None and place.total < floor),
        f"红旗须不低于 {flags.min_score} 分" if floor is not None else "",
    )
