"""What the ledger says in words: how a deadline stands, how long something took."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chuangwei.core import clock
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem

S = ProblemState
RUNNING = frozenset({S.DISPATCHED, S.RETURNED})
"""With a clock that runs: what came back has none until it is dispatched again."""
SOON = timedelta(days=3)
GOOD, LATE, NEAR, PLAIN = "good", "late", "near", ""


@dataclass(frozen=True)
class Standing:
    """How a problem stands to its deadline; `tone` only underlines what the words say."""

    words: str
    tone: str = PLAIN


def standing(problem: Problem, at: datetime) -> Standing:
    """Days left or late for what is being put right; whether it was in time for what is done; else nothing."""
    due = problem.due_at
    if problem.state == S.PENDING and problem.pending_until:
        over = problem.pending_until < clock.local_day(at)
        return Standing(f"挂账至 {problem.pending_until:%Y-%m-%d}{'，已到期' if over else ''}", LATE if over else PLAIN)
    if due is None:
        return Standing("")
    if problem.state in RUNNING:
        return _running(due, at)
    if problem.state in {S.FIXED, S.CLOSED} and problem.fixed_at:
        return Standing("按期整改", GOOD) if problem.fixed_at <= due else Standing("逾期整改", LATE)
    return Standing("")


def _running(due: datetime, at: datetime) -> Standing:
    days = (clock.local_day(due) - clock.local_day(at)).days
    if at > due:
        return Standing(f"逾期 {-days} 天" if days else f"逾期 {duration(at - due)}", LATE)
    if days == 0:
        return Standing(f"今天 {clock.local(due):%H:%M} 到期", NEAR)
    return Standing(f"还剩 {days} 天", NEAR if due - at <= SOON else PLAIN)


def done(sentence: str, problem: Problem, count: object = 0) -> str:
    """What was done, with the problem as it stands now; `count` is how many photos were new."""
    if count == 0 and "{count}" in sentence:
        return f"这些照片已经在 {problem.code} 里，没有重复添加。"
    return sentence.format(
        code=problem.code, unit=problem.unit.name if problem.unit else "", count=count,
        due=f"{clock.local(problem.due_at):%Y-%m-%d %H:%M}" if problem.due_at else "",
        until=f"{problem.pending_until:%Y-%m-%d}" if problem.pending_until else "",
        into=problem.merged_into.code if problem.merged_into else "",
    )  # fmt: skip


def duration(span: timedelta) -> str:
    """3 天 2 小时, 5 小时 20 分, 12 分: two parts at most."""
    minutes = int(span.total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "天"), (hours, "小时"), (minutes, "分")]
    first = next((place for place, (number, _) in enumerate(parts) if number), 2)
    return " ".join(f"{number} {unit}" for number, unit in parts[first : first + 2] if number) or "不到 1 分"


def worked(span: timedelta) -> str:
    """Office time: in hours, for a day of it is not a day."""
    minutes = int(span.total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    told = f"{hours} 小时" if hours else ""
    return f"{told} {minutes} 分".strip() if minutes or not hours else told
