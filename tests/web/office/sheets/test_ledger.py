"""The ledger: deadlines with and without a clock, states by their table, each wrong cell told."""

from pathlib import Path
from typing import Any

import pytest

from chuangwei.core import clock
from chuangwei.domain.problems.models import Problem
from tests.web.office.sheets.books import LEDGER, REGISTER, prepare, run, said, spoilt

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _library(tmp_path: Path) -> None:
    prepare()
    run(tmp_path, {"底册": REGISTER})


def test_a_ledger_is_read(tmp_path: Path) -> None:
    run(tmp_path, {"问题台账": LEDGER})
    closed, sent, rejected = Problem.objects.order_by("code")
    assert [f"{clock.local(problem.due_at):%F %T}" for problem in (closed, sent) if problem.due_at] == [
        "2023-09-05 23:59:59", "2023-09-07 00:00:00",
    ]  # fmt: skip
    assert (closed.get_state_display(), sent.get_state_display(), rejected.get_state_display()) == (
        "已销号", "已派遣", "不予立案",
    )  # fmt: skip
    assert (closed.area.code, sent.site, sent.area.code) == ("620101", None, "620101")


@pytest.mark.parametrize(
    ("row", "head", "value", "words"),
    [
        (2, "来源", "电话", "不在可填的词里：督查发现"),
        (2, "点位编码", "X", "没有编码为 X 的点位"),
        (3, "区划编码", None, "点位编码和区划编码至少填一个"),
        (3, "区划编码", "99", "没有编码为 99 的区划"),
        (2, "类别", "外星人", "没有“外星人”这个问题类别"),
        (2, "描述", None, "不能为空"),
        (2, "发现时间", "2023-09-05", "派遣时间早于发现时间"),
        (2, "责任单位编码", "P1", "没有编码为 P1 的单位"),
        (2, "整改期限", "本周五", "“本周五”不是日期"),
        (2, "整改时间", "2023-09-04 09:40", "整改时间早于派遣时间"),
        (2, "销号时间", None, "须有销号时间"),
        (2, "状态", "已立案", "到不了“已立案”"),
        (2, "状态", "办结", "不在可填的词里：待核实"),
        (3, "整改期限", None, "须有整改期限"),
        (3, "责任单位编码", None, "须有责任单位"),
        (4, "编号", "WT-1", "与第 2 行重复"),
    ],
)
def test_a_wrong_cell_is_told(tmp_path: Path, row: int, head: str, value: Any, words: str) -> None:
    found = said(run(tmp_path, {"问题台账": spoilt(LEDGER, "问题", row, head, value)}))
    assert [each[2] for each in found if words in each[4]] == [row], found
    assert not Problem.objects.exists()
