"""Choices and permission names of problems."""

from django.db.models import TextChoices

SUBJECT = "problems.problem"
"""What moves, messages, audit entries, files and papers about a problem name as their subject."""
EXTENSION = "problems.extension"
REPORT = "problems.report"
"""The origin of what somebody reported by the form: one sending of it makes one problem."""


class ProblemState(TextChoices):
    """The states of a problem and their names in the ledger (domain §6)."""

    REPORTED = "reported", "待核实"
    FILED = "filed", "已立案"
    DISPATCHED = "dispatched", "已派遣"
    RETURNED = "returned", "退回"
    FIXED = "fixed", "待核查"
    PENDING = "pending", "挂账"
    CLOSED = "closed", "已销号"
    REOPENED = "reopened", "反弹"
    REJECTED = "rejected", "不予立案"
    MERGED = "merged", "并案"


OPEN = frozenset(
    {
        ProblemState.REPORTED, ProblemState.FILED, ProblemState.DISPATCHED, ProblemState.RETURNED,
        ProblemState.FIXED, ProblemState.PENDING, ProblemState.REOPENED,
    }
)  # fmt: skip
WITH_A_UNIT = frozenset(
    {ProblemState.DISPATCHED, ProblemState.RETURNED, ProblemState.FIXED, ProblemState.PENDING, ProblemState.REOPENED}
)


class Source(TextChoices):
    """Where a problem comes from 来源 (workbooks.md, 问题)."""

    INSPECTION = "inspection", "督查发现"
    RESIDENT = "resident", "群众举报"
    HOTLINE = "hotline", "热线转办"
    PATROL = "patrol", "日常巡查"
    LEADER = "leader", "领导交办"
    MEDIA = "media", "媒体曝光"
    SELF_CHECK = "self_check", "自查"


class PhotoStage(TextChoices):
    BEFORE = "before", "整改前"
    AFTER = "after", "整改后"


class ExtensionState(TextChoices):
    ASKED = "asked", "待批复"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "不批准"


class EscalationStep(TextChoices):
    """What is done as a deadline comes near and passes, in this order (domain §6, Escalation)."""

    REMIND = "remind", "提醒"
    SUPERVISE = "supervise", "督办"
    COMMITTEE = "committee", "提交督查"


SEALED = "inspections.sealed"
"""Who may see sealed rounds may see what they found: a permission of inspections, which this noun does not know."""


class Permission(TextChoices):
    VIEW = "problems.view", "查看问题台账"
    REPORT = "problems.report", "上报问题"
    FILE = "problems.file", "核实立案"
    DISPATCH = "problems.dispatch", "派遣"
    FIX = "problems.fix", "报整改"
    VERIFY = "problems.verify", "核查销号"
    APPROVE = "problems.approve", "批准挂账、延期"
