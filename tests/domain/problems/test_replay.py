"""A row of the ledger as the moves that led to it; every state, every gap, every way back that there is none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.domain.problems import states
from chuangwei.domain.problems.enums import ProblemState as S
from chuangwei.domain.problems.replay import Times, Unreachable, check_order, steps

T = [datetime(2023, 9, 4, hour, tzinfo=UTC) for hour in range(24)]
FOUND, SENT, FIXED, LOOKED, CLOSED = T[1:6]
NAMES = ("found_at", "dispatched_at", "fixed_at", "verified_at", "closed_at")
ALL = Times(FOUND, SENT, FIXED, LOOKED, CLOSED)


def moves(target: S, times: Times, held: S = S.REPORTED, known: Times | None = None) -> list[str]:
    check_order(times, target)
    return [step.move.slug for step in steps(held=held, target=target, times=times, known=known)]


@pytest.mark.parametrize(
    ("target", "times", "way"),
    [
        (S.REPORTED, Times(FOUND), []),
        (S.FILED, Times(FOUND), ["file"]),
        (S.REJECTED, Times(FOUND), ["reject"]),
        (S.MERGED, Times(FOUND), ["merge"]),
        (S.MERGED, Times(FOUND, SENT), ["file", "dispatch", "merge"]),
        (S.DISPATCHED, Times(FOUND, SENT), ["file", "dispatch"]),
        (S.RETURNED, Times(FOUND, SENT), ["file", "dispatch", "return"]),
        (S.PENDING, Times(FOUND, SENT), ["file", "dispatch", "suspend"]),
        (S.FIXED, Times(FOUND, SENT, FIXED), ["file", "dispatch", "report_fixed"]),
        (S.CLOSED, ALL, ["file", "dispatch", "report_fixed", "close"]),
        (S.CLOSED, Times(FOUND, SENT, FIXED, None, CLOSED), ["file", "dispatch", "report_fixed", "close"]),
        (S.CLOSED, Times(FOUND, None, FIXED, None, CLOSED), ["file", "close_on_the_spot"]),
        (S.CLOSED, Times(FOUND, None, None, None, FOUND), ["file", "close_on_the_spot"]),
        (S.REOPENED, ALL, ["file", "dispatch", "report_fixed", "close", "reopen"]),
        (S.REOPENED, Times(FOUND, SENT, FIXED, LOOKED), ["file", "dispatch", "report_fixed", "close", "reopen"]),
        (S.REOPENED, Times(FOUND, None, None, None, CLOSED), ["file", "close_on_the_spot", "reopen"]),
        (S.DISPATCHED, Times(FOUND, SENT, FIXED, LOOKED), ["file", "dispatch", "report_fixed", "send_back"]),
        (S.DISPATCHED, Times(FOUND, SENT, None, LOOKED), ["file", "dispatch", "report_fixed", "send_back"]),
        (S.PENDING, Times(FOUND, SENT, FIXED, LOOKED), ["file", "dispatch", "report_fixed", "send_back", "suspend"]),
        (S.DISPATCHED, Times(FOUND, CLOSED, FIXED, LOOKED), ["file", "dispatch", "report_fixed", "send_back"]),
        (S.FIXED, Times(FOUND, SENT, LOOKED, FIXED), ["file", "dispatch", "report_fixed"]),
    ],
)
def test_a_new_row_comes_to_its_state(target: S, times: Times, way: list[str]):
    assert moves(target, times) == way


@pytest.mark.parametrize(
    ("target", "times", "field", "words"),
    [
        (S.REPORTED, Times(FOUND, SENT), "state", "应为“已派遣”，到不了“待核实”"),
        (S.FILED, Times(FOUND, SENT), "state", "到不了“已立案”"),
        (S.DISPATCHED, Times(FOUND), "state", "现为“待核实”，到不了“已派遣”，或缺少这一步的时间"),
        (S.FIXED, Times(FOUND, SENT), "state", "到不了“待核查”"),
        (S.FIXED, Times(FOUND, None, FIXED), "dispatched_at", "有整改时间，却没有派遣时间"),
        (S.FIXED, Times(FOUND, SENT, FIXED, LOOKED), "verified_at", "已有核查时间，状态不应仍是“待核查”"),
        (S.CLOSED, Times(FOUND, SENT, FIXED, LOOKED), "closed_at", "须有销号时间"),
        (S.CLOSED, Times(FOUND, SENT, None, None, CLOSED), "closed_at", "“已派遣”的问题不能销号，请核对销号时间和状态"),
        (S.REOPENED, Times(FOUND, SENT, FIXED), "state", "到不了“反弹”"),
        (S.REJECTED, Times(FOUND, SENT), "state", "到不了“不予立案”"),
        (S.DISPATCHED, Times(FOUND, SENT, FIXED), "state", "应为“待核查”，到不了“已派遣”"),
    ],
)
def test_a_row_that_cannot_have_come_about_is_refused(target: S, times: Times, field: str, words: str):
    with pytest.raises(Unreachable) as refusal:
        moves(target, times)
    assert refusal.value.field == field
    assert words in refusal.value.message


@pytest.mark.parametrize(
    ("state", "times", "field", "message"),
    [
        (S.DISPATCHED, Times(SENT, FOUND), "dispatched_at", "派遣时间早于发现时间。"),
        (S.FIXED, Times(FOUND, FIXED, SENT), "fixed_at", "整改时间早于派遣时间。"),
        (S.CLOSED, Times(FOUND, SENT, LOOKED, FIXED, CLOSED), "verified_at", "核查时间早于整改时间。"),
        (S.CLOSED, Times(FOUND, SENT, FIXED, CLOSED, LOOKED), "closed_at", "销号时间早于核查时间。"),
        (S.CLOSED, Times(FIXED, None, SENT, None, CLOSED), "fixed_at", "整改时间早于发现时间。"),
        (S.DISPATCHED, Times(SENT, FOUND, LOOKED, CLOSED), "dispatched_at", "派遣时间早于发现时间。"),
    ],
)
def test_times_out_of_order_are_refused(state: S, times: Times, field: str, message: str):
    with pytest.raises(Unreachable) as refusal:
        check_order(times, state)
    assert (refusal.value.field, refusal.value.message) == (field, message)


@pytest.mark.parametrize(
    ("held", "known", "target", "times", "way"),
    [
        (S.REPORTED, Times(FOUND), S.DISPATCHED, Times(FOUND, SENT), ["file", "dispatch"]),
        (S.FILED, Times(FOUND), S.CLOSED, ALL, ["dispatch", "report_fixed", "close"]),
        (S.DISPATCHED, Times(FOUND, SENT), S.DISPATCHED, Times(FOUND, SENT), []),
        (
            S.DISPATCHED,
            Times(FOUND, SENT),
            S.DISPATCHED,
            Times(FOUND, SENT, FIXED, LOOKED),
            ["report_fixed", "send_back"],
        ),
        (S.DISPATCHED, Times(FOUND, SENT), S.DISPATCHED, Times(FOUND, FIXED), []),
        (S.DISPATCHED, Times(FOUND, SENT, FIXED, LOOKED), S.FIXED, Times(FOUND, SENT, T[7], LOOKED), ["report_fixed"]),
        (S.RETURNED, Times(FOUND, SENT), S.DISPATCHED, Times(FOUND, T[7]), ["dispatch"]),
        (S.PENDING, Times(FOUND, SENT), S.DISPATCHED, Times(FOUND, SENT), ["resume"]),
        (S.PENDING, Times(FOUND, SENT), S.CLOSED, ALL, ["resume", "report_fixed", "close"]),
        (S.FIXED, Times(FOUND, SENT, FIXED), S.CLOSED, ALL, ["close"]),
        (S.FIXED, Times(FOUND, SENT, FIXED), S.DISPATCHED, Times(FOUND, SENT, FIXED, LOOKED), ["send_back"]),
        (S.FIXED, Times(FOUND, SENT, FIXED), S.CLOSED, Times(FOUND, SENT, T[4], None, CLOSED), ["close"]),
        (S.FIXED, Times(FOUND, SENT, FIXED), S.MERGED, Times(FOUND, SENT, FIXED), ["merge"]),
        (S.CLOSED, ALL, S.CLOSED, Times(FOUND, SENT, FIXED, LOOKED, T[9]), []),
        (S.CLOSED, ALL, S.REOPENED, ALL, ["reopen"]),
        (S.CLOSED, ALL, S.DISPATCHED, Times(FOUND, T[8], FIXED, LOOKED, CLOSED), ["reopen", "dispatch"]),
        (S.REOPENED, ALL, S.CLOSED, Times(FOUND, T[8], T[9], T[10], T[11]), ["dispatch", "report_fixed", "close"]),
    ],
)
def test_a_held_problem_moves_on(held: S, known: Times, target: S, times: Times, way: list[str]):
    assert [step.move.slug for step in steps(held=held, target=target, times=times, known=known)] == way


@pytest.mark.parametrize(
    ("held", "known", "target", "times"),
    [
        (S.CLOSED, ALL, S.DISPATCHED, ALL),
        (S.CLOSED, ALL, S.FIXED, Times(FOUND, SENT, FIXED)),
        (S.RETURNED, Times(FOUND, SENT), S.DISPATCHED, Times(FOUND, SENT)),
        (S.DISPATCHED, Times(FOUND, SENT), S.FILED, Times(FOUND, SENT)),
        (S.FILED, Times(FOUND), S.REPORTED, Times(FOUND)),
        (S.FILED, Times(FOUND), S.FILED, Times(FOUND, SENT)),
        (S.REJECTED, Times(FOUND), S.FILED, Times(FOUND)),
        (S.MERGED, Times(FOUND), S.DISPATCHED, Times(FOUND, SENT)),
        (S.FIXED, Times(FOUND, SENT, FIXED), S.DISPATCHED, Times(FOUND, SENT, FIXED)),
    ],
)
def test_an_older_ledger_takes_no_problem_back(held: S, known: Times, target: S, times: Times):
    with pytest.raises(Unreachable):
        steps(held=held, target=target, times=times, known=known)


@given(
    st.sampled_from(list(S)), st.sampled_from(list(S)),
    st.lists(st.none() | st.integers(0, 20), min_size=4, max_size=4), st.lists(st.booleans(), min_size=4, max_size=4),
)  # fmt: skip
def test_every_way_found_is_in_the_table(held: S, target: S, hours: list[int | None], were_known: list[bool]):
    """Whatever a row says: each step starts where the last one ended, and the last one ends where the row is."""
    times = Times(T[0], *(None if hour is None else T[0] + timedelta(hours=hour) for hour in hours))
    known = Times(T[0], *(at if was else None for at, was in zip(times_of(times)[1:], were_known, strict=True)))
    try:
        way = steps(held=held, target=target, times=times, known=known)
    except Unreachable:
        return
    state: str = held
    for step in way:
        assert step.move in states.MOVES
        assert state in step.move.sources
        state = step.move.target
    assert state == target


def times_of(times: Times) -> list[datetime | None]:
    return [getattr(times, name) for name in NAMES]


def test_no_row_of_a_ledger_withdraws_what_was_filed():
    with pytest.raises(Unreachable):
        steps(held=S.FILED, target=S.REJECTED, times=Times())
