"""What the office's pages keep for themselves: workbooks handed in and waiting."""

from typing import Any

from django.db import models

from chuangwei.web.office.imports.enums import ImportState


class ImportJob(models.Model):
    """Workbooks somebody handed in on a page 导入, from the upload to the result.

    The files wait in CHUANGWEI_HOME/uploads under their digests. `outcome` is what reading them came to: of the
    preview while the job waits to be confirmed, of the import itself when it is done.
    """

    code = models.CharField("编号", max_length=64, unique=True)
    state = models.CharField("状态", max_length=16, choices=ImportState, default=ImportState.CHECKING)
    files: "models.JSONField[Any, Any]" = models.JSONField("文件", default=list)
    outcome: "models.JSONField[Any, Any]" = models.JSONField("结果", default=dict)
    message = models.TextField("说明", blank=True)
    by_code = models.CharField("上传人编码", max_length=64)
    by_name = models.CharField("上传人", max_length=128)
    created_at = models.DateTimeField("上传时间")
    changed_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = "导入"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["by_code", "-id"], name="import_job_by_person")]

    def __str__(self) -> str:
        return self.code
