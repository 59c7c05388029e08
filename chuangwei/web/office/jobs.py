"""What the office's pages clear away at night."""

from datetime import datetime, timedelta

from chuangwei.core.actor import system_actor
from chuangwei.core.jobs import daily
from chuangwei.web.office.imports import actions, uploads
from chuangwei.web.office.imports.enums import UNDER_WAY, ImportState
from chuangwei.web.office.models import ImportJob

KEPT = timedelta(days=30)
DAY = timedelta(days=1)
LOST = timedelta(hours=6)
"""No import takes this long: its worker died with all its attempts."""


@daily(at="04:10", title="清理上传的文件")
def clear_uploads(*, at: datetime) -> str:
    """Files nobody will import any more go; jobs whose worker died say so. The record of a job stays."""
    by = system_actor("夜间整理")
    for job in ImportJob.objects.filter(state__in=list(UNDER_WAY), changed_at__lt=at - LOST):
        actions.fail(job=job, message="后台任务中断，没有完成；请重新上传。", by=by, at=at)
    for job in ImportJob.objects.filter(state=ImportState.CHECKED, changed_at__lt=at - KEPT):
        actions.cancel(job=job, by=by, at=at)
    waiting = ImportJob.objects.filter(state__in=[*UNDER_WAY, ImportState.CHECKED]).values_list("files", flat=True)
    gone = uploads.forget_all_but({file["digest"] for files in waiting for file in files}, before=at - DAY)
    return f"清理上传的文件 {gone} 个。"
