"""yellow 黄旗: to the last n, unless there are too few to rank or their total is good enough (domain §8, Flags)."""

from collections.abc import Sequence
from decimal import Decimal

from pydantic import Field

from chuangwei.domain.appraisal.flags.red import Red
from chuangwei.domain.appraisal.options import Count, Points, hundredths
from chuangwei.domain.appraisal.registry import flag
from chuangwei.domain.appraisal.rules import Candidates, Placed, among_last, places_of


class Yellow(Red):
    yellow: Count = Decimal(0)
    max_score: Points | None = Field(default=None, ge=0, le=100)


@flag("yellow", name="黄旗", options=Yellow)
def yellow(placed: Sequence[Placed], flags: Yellow) -> Candidates:
    places, red_places = places_of(flags.yellow, len(placed)), places_of(flags.red, len(placed))
    if len(placed) < places + red_places:
        return Candidates(places, note=f"参加排名的只有 {len(placed)} 个，不足 {places + red_places} 个，不发黄旗")
    ceiling = hundredths(flags.max_score)
    return Candidates(
        places,
        among_last(placed, places, ties_all=flags.ties_all),
        frozenset(place.code for place in placed if ceiling is not None and place.total > ceiling),
        f"黄旗须不高于 {flags.max_score} 分" if ceiling is not None else "",
    )
