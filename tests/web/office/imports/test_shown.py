from datetime import timedelta

import pytest

from chuangwei.core import clock
from chuangwei.web.office.imports import shown, uploads
from chuangwei.web.office.imports.enums import ImportState
from chuangwei.web.office.imports.uploads import Progress
from chuangwei.web.office.models import ImportJob

NOW = clock.now()


def job(state, **values):
    return ImportJob(code="J", state=state, changed_at=NOW - timedelta(minutes=1), **values)


@pytest.mark.parametrize(
    ("state", "here"), [("checking", "预检"), ("checked", "确认"), ("importing", "完成"), ("done", None)]
)
def test_the_way_says_where_a_job_stands(state, here):
    assert next((step.title for step in shown.way(job(state)) if step.is_here), None) == here


def test_a_job_nobody_has_taken_up_is_slow():
    waiting = job(ImportState.IMPORTING)
    assert shown.is_slow(waiting, NOW)
    assert "开始导入" in shown.progress(waiting).line
    uploads.write_progress("J", Progress("正在核对"))
    assert not shown.is_slow(waiting, NOW)
    assert shown.progress(waiting).line == "正在核对"
    uploads.forget_progress("J")
