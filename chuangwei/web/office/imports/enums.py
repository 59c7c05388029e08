"""The states of a job of importing, in the words of the page."""

from django.db.models import TextChoices


class ImportState(TextChoices):
    CHECKING = "checking", "预检中"
    CHECKED = "checked", "待确认"
    REFUSED = "refused", "有错误"
    IMPORTING = "importing", "导入中"
    DONE = "done", "已导入"
    CANCELLED = "cancelled", "已放弃"
    FAILED = "failed", "未完成"


UNDER_WAY = frozenset({ImportState.CHECKING, ImportState.IMPORTING})
"""The worker has it; the page asks again."""
