"""The workbooks of the cases go in, come out, and go in again without changing anything."""

import json
from io import StringIO
from pathlib import Path

import pytest
import python_calamine
from django.core.management import call_command

from chuangwei.core import audit
from chuangwei.core.models import TransitionLog
from chuangwei.domain.inspections import consistency
from chuangwei.domain.inspections.models import VisitRevision
from chuangwei.web.office.sheets.importing import BOOKS
from tests.domain.appraisal.case_facts import CASES, Case, cases

ASKED = cases()
FILES = ("ledger.xlsx", "visits.xlsx", "register.xlsx")
pytestmark = [
    pytest.mark.django_db, pytest.mark.slow, pytest.mark.skipif(not ASKED, reason=f"没有案例目录 {CASES}"),
]  # fmt: skip


def row_count(case: Case) -> int:
    """The rows that say something, counted by another reader."""
    count = 0
    for file in FILES:
        book = python_calamine.load_workbook(case.folder / file)
        for sheet in book.sheet_names:
            rows = book.get_sheet_by_name(sheet).to_python()[1:]
            count += sum(any(str(cell).strip() for cell in row) for row in rows)
    return count


def taken_in(files: list[Path], out: Path) -> dict[str, object]:
    call_command("import", *map(str, files), "--json", str(out), stdout=StringIO())
    found: dict[str, object] = json.loads(out.read_text())
    return found


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case.folder.name)
def test_every_row_goes_in_once(case: Case, tmp_path: Path) -> None:
    rows = row_count(case)
    call_command("init", preset=str(case.folder / "preset.toml"), county="云岭县", stdout=StringIO())
    files = [case.folder / file for file in FILES]
    unchanged = {"refused": False, "mistakes": [], "notices": [], "added": 0, "changed": 0, "unchanged": rows}
    assert taken_in(files, tmp_path / "o.json") == unchanged | {"added": rows, "unchanged": 0}
    moves = TransitionLog.objects.count()

    assert taken_in(files, tmp_path / "o.json") == unchanged

    for book in BOOKS:
        call_command("export", book.slug, "--out", str(tmp_path / f"{book.slug}.xlsx"), stdout=StringIO())
    assert taken_in([tmp_path / f"{book.slug}.xlsx" for book in BOOKS], tmp_path / "o.json") == unchanged
    assert (TransitionLog.objects.count(), VisitRevision.objects.count()) == (moves, 0)
    assert (list(consistency.checks()), audit.verify()) == ([], [])
