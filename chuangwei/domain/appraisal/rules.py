"""The arithmetic of appraisal (domain §8): whole numbers only, so that every machine gives the same figure.

Scores, parts, totals and adjustments are whole hundredths of a point (9312 is 93.12), points of a visit are whole
1/10000 points, money is whole fen. Rounding is half up and happens at the visit, the part and the total; between two
roundings nothing is cut.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

FULL = 10000
"""100 points in hundredths: the top of the scale."""

MISSING_KEY = -1
"""What a missing part counts where it breaks a tie: less than any score."""


def half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator to the nearest whole number, a half going up. The denominator is above 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def visit_score(got: int, possible: int, vetoed: bool) -> int | None:
    """100 × got / possible in hundredths; a veto makes it 0; none where no check applied."""
    if vetoed:
        return 0
    if possible <= 0:
        return None
    return (2 * FULL * got + possible) // (2 * possible)


def whole_weights(weights: Iterable[Decimal]) -> list[int]:
    """Weights in the ratio of these decimals, as whole numbers: 0.4, 0.25 → 40, 25."""
    exact = list(weights)
    places = max((-int(weight.as_tuple().exponent) for weight in exact), default=0)
    return [int(weight.scaleb(max(places, 0))) for weight in exact]


def trimmed(scores: Sequence[int], count: int) -> Sequence[int]:
    """The scores without the `count` highest and lowest, where there are 2 × count + 3 or more (domain §8, 比武)."""
    if count and len(scores) >= 2 * count + 3:
        return sorted(scores)[count:-count]
    return scores


def mean_of_means(kinds: Iterable[tuple[int, Sequence[int]]]) -> int | None:
    """Σ w·m / Σ w in hundredths, m the mean of each kind's scores (not empty); none where all weights are 0."""
    numerator, denominator, weights = 0, 1, 0
    for weight, scores in kinds:
        number = len(scores)
        numerator = numerator * number + weight * sum(scores) * denominator
        denominator *= number
        weights += weight
    return half_up(numerator, denominator * weights) if weights else None


@dataclass(frozen=True, slots=True)
class Weighing:
    """How parts make a total: their whole weights, what a missing one does, and the share that must be there."""

    weights: tuple[int, ...]
    zero: bool = False
    min_share: Decimal = Decimal(0)

    def total(self, parts: Sequence[int | None], adjustment: int) -> int | None:
        """The total in hundredths, clamped to 0…100; none where nothing, or too little, was looked at."""
        present = weighed = 0
        for weight, part in zip(self.weights, parts, strict=True):
            if part is not None:
                present += weight
                weighed += weight * part
        if not present or not self.is_enough(present):
            return None
        whole = sum(self.weights) if self.zero else present
        return min(max(half_up(weighed + adjustment * whole, whole), 0), FULL)

    def is_enough(self, present: int) -> bool:
        """Whether parts of this weight are at least the smallest share a ranking needs."""
        numerator, denominator = self.min_share.as_integer_ratio()
        return present * denominator >= numerator * sum(self.weights)


@dataclass(frozen=True, slots=True)
class Placed:
    """One line of a ranking: a subject, its rank and its total."""

    code: str
    rank: int
    total: int


def ranking(keys: Mapping[str, tuple[int, ...]]) -> tuple[Placed, ...]:
    """Subjects from best to worst by keys (total, tie-breakers …), higher first; equal keys share a rank: 1, 2, 2, 4.

    Within a rank the order is by code.
    """
    ordered = sorted(keys, key=lambda code: (tuple(-part for part in keys[code]), code))
    placed: list[Placed] = []
    for number, code in enumerate(ordered, 1):
        same = placed and keys[placed[-1].code] == keys[code]
        placed.append(Placed(code, placed[-1].rank if same else number, keys[code][0]))
    return tuple(placed)


def places_of(count: Decimal, ranked: int) -> int:
    """How many a flag goes to: a number, or a share below 1 of those ranked, rounded down."""
    return int(count * ranked) if count < 1 else int(count)


def among_first(placed: Sequence[Placed], count: int, *, ties_all: bool) -> frozenset[str]:
    """The first `count`, with all or none of those whose tie lies across the line."""
    return _up_to_line(placed, count, ties_all)


def among_last(placed: Sequence[Placed], count: int, *, ties_all: bool) -> frozenset[str]:
    """The last `count`, with all or none of those whose tie lies across the line."""
    return _up_to_line(placed[::-1], count, ties_all)


def _up_to_line(placed: Sequence[Placed], count: int, ties_all: bool) -> frozenset[str]:
    taken: list[str] = []
    for _, tied in groupby(placed, key=lambda place: place.rank):
        codes = [place.code for place in tied]
        if len(taken) >= count or (len(taken) + len(codes) > count and not ties_all):
            break
        taken += codes
    return frozenset(taken)


@dataclass(frozen=True, slots=True)
class Candidates:
    """One flag in one ranking: how many places it has, who stands among them, and whom a score stops."""

    places: int
    among: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()
    note: str = ""


def flags_given(candidates: Mapping[str, Candidates]) -> dict[str, str]:
    """Who gets which flag. Standing among the places of two flags (all tied) gives neither; nobody moves up."""
    given: dict[str, str] = {}
    for flag, own in candidates.items():
        others = frozenset[str]().union(*(rest.among for name, rest in candidates.items() if name != flag))
        given |= dict.fromkeys(own.among - own.stopped - others, flag)
    return given


def statements(placed: Sequence[Placed], count: int) -> frozenset[str]:
    """Who speaks: the last `count`, ties always included, rank 1 never."""
    best = {place.code for place in placed if place.rank == 1}
    return among_last(placed, count, ties_all=True) - best


def streak_after(before: tuple[str, ...], *, period: str, is_ranked: bool, is_yellow: bool) -> tuple[str, ...]:
    """The running streak of yellow flags after a period: not ranked skips it, ranked without yellow breaks it."""
    if not is_ranked:
        return before
    return (*before, period) if is_yellow else ()


def streak_since(streak: Iterable[str], *, since: str, last_day: Callable[[str], str]) -> tuple[str, ...]:
    """The part of a streak that counts for a subject born of a split or merge on a day."""
    return tuple(period for period in streak if not since or last_day(period) >= since)


def settlement_amount(*, red: int, yellow: int, month_red: int, month_yellow: int) -> int:
    """What a month's flags move in the award pool, in fen."""
    return red * month_red + yellow * month_yellow


def set_off(brought: int, amount: int) -> tuple[int, int]:
    """What is paid out and what is carried on, in fen: an award meets what is still to be set off, then the rest is paid.

    `brought` is never above 0, nothing is claimed back, and brought + amount = paid + carried.
    """
    balance = brought + amount
    return max(balance, 0), min(balance, 0)


def two_decimals(hundredths: int) -> str:
    """9312 → "93.12", −40 → "-0.40"."""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}.{rest:02}"
