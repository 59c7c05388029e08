"""The life of a problem: one table of allowed moves (domain §6)."""

from chuangwei.core.transitions import Transition
from chuangwei.domain.problems.enums import OPEN
from chuangwei.domain.problems.enums import ExtensionState as E
from chuangwei.domain.problems.enums import ProblemState as S

FILE = Transition("file", "立案", frozenset({S.REPORTED}), S.FILED)
REJECT = Transition("reject", "不予立案", frozenset({S.REPORTED}), S.REJECTED, needs_note=True)
WITHDRAW = Transition("withdraw", "撤回立案", frozenset({S.FILED}), S.REJECTED, needs_note=True)
"""Only by a correction of the record that found it (actions/corrected.py): nobody withdraws by hand."""
CLOSE_ON_THE_SPOT = Transition("close_on_the_spot", "当场整改", frozenset({S.FILED}), S.CLOSED)
DISPATCH = Transition("dispatch", "派遣", frozenset({S.FILED, S.RETURNED, S.REOPENED}), S.DISPATCHED)
RETURN = Transition("return", "退回", frozenset({S.DISPATCHED}), S.RETURNED, needs_note=True)
REPORT_FIXED = Transition("report_fixed", "报整改", frozenset({S.DISPATCHED}), S.FIXED)
SEND_BACK = Transition("send_back", "整改不合格", frozenset({S.FIXED}), S.DISPATCHED, needs_note=True)
CLOSE = Transition("close", "销号", frozenset({S.FIXED}), S.CLOSED)
SUSPEND = Transition("suspend", "挂账", frozenset({S.DISPATCHED}), S.PENDING, needs_note=True)
RESUME = Transition("resume", "恢复派遣", frozenset({S.PENDING}), S.DISPATCHED)
REOPEN = Transition("reopen", "反弹", frozenset({S.CLOSED}), S.REOPENED, needs_note=True)
MERGE = Transition("merge", "并案", OPEN, S.MERGED, needs_note=True)

MOVES = (
    FILE, REJECT, WITHDRAW, CLOSE_ON_THE_SPOT, DISPATCH, RETURN, REPORT_FIXED, SEND_BACK, CLOSE, SUSPEND, RESUME, REOPEN,
    MERGE,
)  # fmt: skip

APPROVE_EXTENSION = Transition("approve_extension", "批准延期", frozenset({E.ASKED}), E.APPROVED)
REFUSE_EXTENSION = Transition("refuse_extension", "不批准延期", frozenset({E.ASKED}), E.REFUSED, needs_note=True)

EXTENSION_MOVES = (APPROVE_EXTENSION, REFUSE_EXTENSION)
