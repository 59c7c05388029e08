"""The lives of a period, a consequence and a settlement (domain §8)."""

from chuangwei.core.transitions import Transition
from chuangwei.domain.appraisal.enums import ConsequenceState as C
from chuangwei.domain.appraisal.enums import PeriodState as P
from chuangwei.domain.appraisal.enums import SettlementState as M

COMPUTE = Transition("compute", "计算", frozenset({P.OPEN, P.COMPUTED}), P.COMPUTED)
PUBLISH = Transition("publish", "公示", frozenset({P.COMPUTED}), P.PUBLISHED)
FINALISE = Transition("finalise", "定案", frozenset({P.PUBLISHED}), P.FINAL)
ENTER = Transition("enter", "录入历史评比", frozenset({P.OPEN}), P.FINAL, needs_note=True)

FALL_DUE = Transition("fall_due", "转待办", frozenset({C.PROPOSED}), C.DUE)
HOLD = Transition("hold", "办结", frozenset({C.DUE}), C.HELD)
WITHDRAW = Transition("withdraw", "撤销", frozenset({C.PROPOSED, C.DUE}), C.WITHDRAWN, needs_note=True)

APPROVE = Transition("approve", "批准", frozenset({M.COMPUTED}), M.APPROVED)

MOVES = (COMPUTE, PUBLISH, FINALISE, ENTER)
CONSEQUENCE_MOVES = (FALL_DUE, HOLD, WITHDRAW)
SETTLEMENT_MOVES = (APPROVE,)
