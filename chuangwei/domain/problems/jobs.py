"""What the ledger does by itself."""

from datetime import datetime

from chuangwei.core.actor import system_actor
from chuangwei.core.jobs import daily, every
from chuangwei.domain.problems import actions


@every(minutes=30, title="提醒和督办")
def escalate(*, at: datetime) -> str:
    """提醒、督办、提交督查: each step once."""
    return f"提醒、督办 {actions.escalate(by=system_actor('到期提醒'), at=at)} 件。"


@daily(at="03:20", title="更新检索文本")
def refresh_search(*, at: datetime) -> str:
    """A renamed site, area or category is found by its new name."""
    return f"更新检索文本 {actions.refresh_search()} 件。"
