"""tick and check_data as an operator meets them."""

import re
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chuangwei.core.jobs import TIMETABLE, Job
from chuangwei.core.models import Attachment

NOON = datetime(2023, 9, 4, 4, tzinfo=UTC)


def said_by(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_tick_runs_what_is_due_once():
    assert "清理任务记录：完成。清理任务记录 0 条。\n" in said_by("tick")
    assert "清理任务记录" not in said_by("tick")


@pytest.mark.django_db
def test_tick_names_the_jobs_that_failed(monkeypatch):
    def fail(*, at: datetime) -> None:
        raise KeyError("x")

    monkeypatch.setitem(TIMETABLE.jobs, "a-one", Job("a-one", fail, lambda instant: instant, "甲任务"))
    out = StringIO()
    with pytest.raises(CommandError, match=r"^1 项任务没有完成：甲任务。原因见日志。$"):
        call_command("tick", stdout=out)
    told = out.getvalue()
    assert re.search(
        r"^甲任务：失败。任务没有完成，详情见日志（事件编号 [0-9A-F]{4}-[0-9A-F]{4}）。$", told, re.MULTILINE
    )
    assert "KeyError" not in told
    assert "检查数据：完成" in told


@pytest.mark.django_db
def test_check_data_of_sound_data():
    assert said_by("check_data") == "数据完好。\n"


@pytest.mark.django_db
def test_check_data_names_what_is_broken():
    Attachment.objects.create(digest="a" * 64, name="照片.jpg", content_type="image/jpeg", size=1, stored_at=NOON)
    out = StringIO()
    with pytest.raises(CommandError, match=r"^发现 1 处不对。$"):
        call_command("check_data", stdout=out)
    assert out.getvalue() == "公共：附件“照片.jpg”（aaaaaaaaaaaa）的文件不见了。\n"
