"""The life of a paper (domain §10)."""

from chuangwei.core.transitions import Transition
from chuangwei.domain.documents.enums import PaperState as P

SEND = Transition("send", "送审", frozenset({P.DRAFT}), P.SENT)
RETURN = Transition("return_draft", "退回修改", frozenset({P.SENT}), P.DRAFT, needs_note=True)
SIGN = Transition("sign", "签发", frozenset({P.SENT}), P.SIGNED)
ISSUE = Transition("issue", "印发", frozenset({P.SIGNED}), P.ISSUED)
WITHDRAW = Transition("withdraw_paper", "撤回", frozenset({P.DRAFT, P.SIGNED, P.ISSUED}), P.WITHDRAWN, needs_note=True)

OUTWARD = (SIGN, ISSUE, WITHDRAW)
"""What those may know of whom a paper is sent to; what went back and forth before is its makers'."""
MOVES = (SEND, RETURN, SIGN, ISSUE, WITHDRAW)
