from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from chuangwei.domain.standards.library import FOLDER
from chuangwei.domain.standards.models import Edition, Item

pytestmark = pytest.mark.django_db


def run(**options: Any) -> list[str]:
    out = StringIO()
    call_command("standards", stdout=out, **options)
    return out.getvalue().splitlines()


def test_standards_shows_the_difference_and_loads_nothing():
    lines = run()
    assert lines[-1] == "尚未载入；确认后加 --apply 载入。"
    assert "检查表：新增 31，不变 0" in lines
    assert not Edition.objects.exists()


def test_standards_apply_loads_and_a_second_run_finds_nothing(frozen_clock):
    frozen_clock(datetime(2023, 9, 1, tzinfo=UTC))
    assert run(apply=True)[-1] == "已载入。"
    assert run(apply=True) == run() == ["标准库与数据文件一致，没有要改的。"]


def test_standards_tells_what_changes_and_what_goes(tmp_path: Path):
    run(apply=True)
    Item.objects.filter(code="GWC21-I01").update(threshold=80, evidence=["旧"], is_verified=True)
    Edition.objects.create(code="OURS", title="本地标准")
    assert run() == [
        "标准版本：停用 1，不变 35",
        "  停用 OURS 本地标准",
        "标准条目：变更 1，不变 178",
        "  变更 GWC21-I01 群众对卫生状况满意率：标准值 80 → 90；佐证 旧 → 满意率调查报告；已核 是 → 否",
        "尚未载入；确认后加 --apply 载入。",
    ]


def test_standards_of_another_folder():
    assert run(folder=FOLDER) == run()
