"""A row of the ledger as the moves that must have led to it: its times replayed through the table of states.

Pure. The table is `states.py`; nothing here knows a way that is not in it.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime

from chuangwei.core.transitions import Transition
from chuangwei.domain.problems import states
from chuangwei.domain.problems.enums import ProblemState

S = ProblemState
ORDER = ("found_at", "dispatched_at", "fixed_at", "verified_at", "closed_at")
"""The times of a row in the order in which they happen; the deadline is a promise, not an event."""
ENDS = frozenset({states.REJECT, states.MERGE})
"""Moves nobody makes on the way to somewhere else."""
MOVES = tuple(move for move in states.MOVES if move is not states.WITHDRAW)
"""What a row of a ledger can stand for: only a corrected visit withdraws."""
OLDEST = datetime.min.replace(tzinfo=UTC)
REWORKED = frozenset({S.DISPATCHED, S.RETURNED, S.PENDING, S.MERGED})
"""In these states a verification that was made can only have sent the work back."""


@dataclass(frozen=True, slots=True)
class Times:
    """When things happened to a problem, as far as they did."""

    found_at: datetime | None = None
    dispatched_at: datetime | None = None
    fixed_at: datetime | None = None
    verified_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One move; `at` is None where the ledger says no time for it."""

    move: Transition
    at: datetime | None


class Unreachable(ValueError):
    """The row cannot have come about; `field` is the column to look at."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def check_order(times: Times, state: str) -> None:
    """Unreachable where a later step has an earlier time.

    Work sent back and handed out again keeps the older times of its first round, so in those states a dispatch may lie
    behind them.
    """
    before: tuple[str, datetime] | None = None
    again = state in REWORKED and times.verified_at is not None
    for name in ORDER:
        at = getattr(times, name)
        if at is None or (name == "dispatched_at" and again and times.found_at and at >= times.found_at):
            continue
        if name == "verified_at" and state == S.FIXED:
            continue
        if before is not None and at < before[1]:
            raise Unreachable(name, f"{LABELS[name]}早于{LABELS[before[0]]}。")
        before = (name, at)


LABELS = {
    "found_at": "发现时间", "dispatched_at": "派遣时间", "fixed_at": "整改时间", "verified_at": "核查时间",
    "closed_at": "销号时间", "due_at": "整改期限", "unit": "责任单位编码", "state": "状态",
}  # fmt: skip


def steps(*, held: str, target: str, times: Times, known: Times | None = None) -> list[Step]:
    """The moves from the state held to the state the row says, each timed step of the row in its turn.

    `known` are the times the system holds: what they say has happened and is not replayed, so an older ledger cannot
    take a problem back. For a new row there are none, and `held` is 待核实. Unreachable where the table has no such way.
    """
    if target == S.FIXED and times.verified_at and times.fixed_at and times.verified_at >= times.fixed_at:
        raise Unreachable("verified_at", "已有核查时间，状态不应仍是“待核查”。")
    if target == S.CLOSED and times.closed_at is None:
        raise Unreachable("closed_at", "已销号的问题须有销号时间。")
    before = known or Times()
    added, differing = _fresh(times, before, added_only=True), _fresh(times, before, added_only=held == target)
    try:
        return _replay(held, target, times, differing)
    except Unreachable:
        # A time that was there and differs may be a second round or a corrected slip; only the table can tell.
        if added == differing:
            raise
        return _replay(held, target, times, added)


def _fresh(times: Times, known: Times, *, added_only: bool) -> Times:
    """The times that tell something new: those not there before and, unless only these count, those that differ."""
    return Times(*(_new_time(getattr(times, name), getattr(known, name), added_only) for name in ORDER))


def _new_time(wanted: datetime | None, before: datetime | None, added_only: bool) -> datetime | None:
    return wanted if before is None or (wanted != before and not added_only) else None


def _replay(held: str, target: str, times: Times, fresh: Times) -> list[Step]:
    found: list[Step] = []
    state = held
    for move, field in _timed(held, target, times, fresh):
        way = _way_to(state, move.sources, fresh)
        if way is None:
            raise _lost(state, move, field, times)
        found += [*way, Step(move, _time_of(move, fresh))]
        state = move.target
    way = _way_to(state, {target}, fresh)
    if way is None:
        raise Unreachable("state", _no_way(held, state, target))
    return found + way


def _timed(held: str, target: str, times: Times, fresh: Times) -> Iterator[tuple[Transition, str]]:
    """The moves the row's new times stand for, in order."""
    on_the_spot = times.dispatched_at is None and times.closed_at is not None
    sent_back = target in REWORKED and fresh.verified_at is not None
    is_again = sent_back and fresh.dispatched_at is not None and fresh.dispatched_at > (fresh.verified_at or OLDEST)
    if fresh.dispatched_at is not None and not is_again:
        yield states.DISPATCH, "dispatched_at"
    if sent_back:
        yield states.SEND_BACK, "verified_at"
    elif fresh.fixed_at is not None and not on_the_spot:
        yield states.REPORT_FIXED, "fixed_at"
    closes = target == S.CLOSED or (target == S.REOPENED and held not in {S.CLOSED, S.REOPENED})
    if closes and (fresh.closed_at or fresh.verified_at):
        yield (states.CLOSE_ON_THE_SPOT if on_the_spot else states.CLOSE), "closed_at"


def _way_to(state: str, targets: AbstractSet[str], fresh: Times) -> list[Step] | None:
    """The shortest way to one of these states, over moves that need no time or whose time is new in the row."""
    waiting: deque[tuple[str, list[Step]]] = deque([(state, [])])
    seen = {state}
    while waiting:
        here, way = waiting.popleft()
        if here in targets:
            return way
        for move in MOVES:
            if here not in move.sources or move.target in seen or (move in ENDS and move.target not in targets):
                continue
            at = _time_of(move, fresh)
            if at is None and move.slug in TIMED:
                continue
            seen.add(move.target)
            waiting.append((move.target, [*way, Step(move, at)]))
    return None


TIMED: Mapping[str, tuple[str, ...]] = {
    states.DISPATCH.slug: ("dispatched_at",),
    states.REPORT_FIXED.slug: ("fixed_at", "verified_at"),
    states.SEND_BACK.slug: ("verified_at",),
    states.CLOSE.slug: ("closed_at", "verified_at"),
    states.CLOSE_ON_THE_SPOT.slug: ("closed_at",),
}
"""Which time of the row a move is made at: the first that is there. A verification says that it had been put right."""


def _time_of(move: Transition, times: Times) -> datetime | None:
    return next((at for name in TIMED.get(move.slug, ()) if (at := getattr(times, name)) is not None), None)


def _lost(state: str, move: Transition, field: str, times: Times) -> Unreachable:
    if times.dispatched_at is None:
        return Unreachable("dispatched_at", f"有{LABELS[field]}，却没有派遣时间。")
    return Unreachable(field, f"“{S(state).label}”的问题不能{move.name}，请核对{LABELS[field]}和状态。")


def _no_way(held: str, state: str, target: str) -> str:
    if held == state:
        return f"现为“{S(held).label}”，到不了“{S(target).label}”，或缺少这一步的时间。"
    return f"按所填的时间应为“{S(state).label}”，到不了“{S(target).label}”，或缺少这一步的时间。"
