"""How a deadline reads, state by state."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chuangwei.domain.problems.enums import ProblemState as S
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.problems.wording import LATE, NEAR, PLAIN, Standing, duration, standing, worked

NOON = datetime(2026, 9, 2, 4, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def problem(state: S, due: timedelta | None, fixed: timedelta | None = None) -> Problem:
    """A problem due and put right so long from noon of 2 September 2026."""
    return Problem(
        state=state,
        due_at=None if due is None else NOON + due,
        fixed_at=None if fixed is None else NOON + fixed,
    )


@pytest.mark.parametrize(
    ("state", "due", "words", "tone"),
    [
        (S.DISPATCHED, 4 * DAY, "还剩 4 天", PLAIN),
        (S.DISPATCHED, 3 * DAY, "还剩 3 天", NEAR),
        (S.DISPATCHED, 2 * HOUR, "今天 14:00 到期", NEAR),
        (S.DISPATCHED, -2 * HOUR, "逾期 2 小时", LATE),
        (S.RETURNED, -2 * DAY, "逾期 2 天", LATE),
        (S.DISPATCHED, None, "", PLAIN),
        (S.FILED, None, "", PLAIN),
        # A problem that came back keeps the deadline it had; no clock runs until it is dispatched again.
        (S.REOPENED, -2 * DAY, "", PLAIN),
        (S.REOPENED, 2 * DAY, "", PLAIN),
    ],
)
def test_what_is_being_put_right(state: S, due: timedelta | None, words: str, tone: str) -> None:
    assert standing(problem(state, due), NOON) == Standing(words, tone)


@pytest.mark.parametrize("state", [S.FIXED, S.CLOSED])
@pytest.mark.parametrize(("fixed", "words"), [(-HOUR, "按期整改"), (0 * HOUR, "按期整改"), (HOUR, "逾期整改")])
def test_what_is_put_right(state: S, fixed: timedelta, words: str) -> None:
    assert standing(problem(state, 0 * HOUR, fixed), NOON).words == words


@pytest.mark.parametrize(
    ("until", "words"), [(date(2026, 9, 2), "挂账至 2026-09-02"), (date(2026, 9, 1), "挂账至 2026-09-01，已到期")]
)
def test_what_is_put_off(until: date, words: str) -> None:
    put_off = problem(S.PENDING, None)
    put_off.pending_until = until
    assert standing(put_off, NOON).words == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=59), "不到 1 分"),
        (12 * timedelta(minutes=1), "12 分"),
        (5 * HOUR + timedelta(minutes=20), "5 小时 20 分"),
        (3 * DAY + 2 * HOUR + timedelta(minutes=5), "3 天 2 小时"),
        (3 * DAY + timedelta(minutes=5), "3 天"),
    ],
)
def test_a_span_in_two_parts(span: timedelta, words: str) -> None:
    assert duration(span) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (30 * HOUR, "30 小时"),
        (timedelta(minutes=90), "1 小时 30 分"),
        (timedelta(minutes=20), "20 分"),
        (0 * HOUR, "0 分"),
    ],
)
def test_office_time_in_hours(span: timedelta, words: str) -> None:
    assert worked(span) == words
