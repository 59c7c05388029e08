"""The verbs of papers."""

from chuangwei.domain.documents.actions.drafting import draft_paper, redraft_paper, return_paper, send_paper
from chuangwei.domain.documents.actions.issuing import file_name, issue_paper, receive_paper, send_to_more
from chuangwei.domain.documents.actions.signing import sign_paper, withdraw_paper

__all__ = [
    "draft_paper", "file_name", "issue_paper", "receive_paper", "redraft_paper", "return_paper", "send_paper", "send_to_more",
    "sign_paper", "withdraw_paper",
]  # fmt: skip
