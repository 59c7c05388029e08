"""`chuangwei import` and `chuangwei export`: what they print, what they write, how they exit."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from chuangwei.config import cli
from chuangwei.core.errors import Refused
from chuangwei.core.models import AuditEvent
from chuangwei.domain.places.models import Area
from tests.web.office.sheets.books import BOOKS, LEDGER, REGISTER, prepare, spoilt, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _library() -> None:
    prepare()


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    return [str(written(tmp_path, name, sheets).path) for name, sheets in BOOKS.items()]


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("import", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_it_says_what_it_added(files: list[str], tmp_path: Path) -> None:
    said = run(*reversed(files), "--json", str(tmp_path / "o.json"))
    assert said[0] == "『区划』新增 3，变更 0，不变 0"
    assert said[-1] == "导入完毕：新增 20，变更 0，不变 0。"
    assert json.loads((tmp_path / "o.json").read_text()) == {
        "refused": False, "mistakes": [], "notices": [], "added": 20, "changed": 0, "unchanged": 0,
    }  # fmt: skip
    assert AuditEvent.objects.latest("seq").actor_name.startswith("系统（")
    assert run(*files)[-1] == "导入完毕：新增 0，变更 0，不变 20。"


def test_a_dry_run_saves_nothing(files: list[str]) -> None:
    assert run(*files, "--dry-run")[-1] == "预检完毕，没有保存：新增 20，变更 0，不变 0。"
    assert not Area.objects.exists()


def test_mistakes_are_written_and_raised(tmp_path: Path) -> None:
    file = written(tmp_path, "底册", spoilt(REGISTER, "区划", 3, "人口", "很多"))
    with pytest.raises(Refused, match="有 1 处错误，没有导入任何内容") as refusal:
        run(str(file.path), "--json", str(tmp_path / "o.json"))
    assert len(refusal.value.mistakes) == 1
    assert json.loads((tmp_path / "o.json").read_text()) == {
        "refused": True,
        "mistakes": [{"file": "底册.xlsx", "sheet": "区划", "row": 3, "column": "人口", "message": "“很多”不是数。"}],
        "notices": [], "added": 0, "changed": 0, "unchanged": 0,
    }  # fmt: skip


def test_notices_are_printed(tmp_path: Path) -> None:
    ledger = {**LEDGER, "说明": [["x"]]}
    run(str(written(tmp_path, "底册", REGISTER).path))
    assert run(str(written(tmp_path, "台账", ledger).path))[0] == "提示：台账.xlsx：工作表『说明』不认识，没有读。"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["import"], 2), (["import", "没有.xlsx"], 1), (["export", "register"], 2), (["export", "x"], 2)],
)
def test_how_it_exits(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == code
    assert "Traceback" not in capsys.readouterr().err


def test_refusals_are_told_by_file_sheet_row_and_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "底册", spoilt(REGISTER, "区划", 3, "人口", "很多"))
    assert cli.main(["import", str(file.path)]) == 1
    assert "底册.xlsx · “区划”表 · 第 3 行 · “人口”列：“很多”不是数。" in capsys.readouterr().err


def test_an_export_says_where_it_lies(files: list[str], tmp_path: Path) -> None:
    run(*files)
    out = StringIO()
    call_command("export", "ledger", "--out", str(tmp_path / "l.xlsx"), stdout=out)
    assert out.getvalue() == f"已导出：{tmp_path / 'l.xlsx'}\n"
    assert (tmp_path / "l.xlsx").is_file()


def test_an_export_tells_what_it_left_out(files: list[str], tmp_path: Path) -> None:
    run(*files)
    corners = [[104 + number / 1e6, 33.0] for number in range(4000)]
    Area.objects.filter(code="6201").update(boundary={"type": "Polygon", "coordinates": [corners]})
    out = StringIO()
    call_command("export", "register", "--out", str(tmp_path / "r.xlsx"), "--phones-because", "系统迁移", stdout=out)
    assert out.getvalue().startswith("提示：区划 6201 青石镇 的边界太长")
    assert AuditEvent.objects.latest("seq").note == "系统迁移"
