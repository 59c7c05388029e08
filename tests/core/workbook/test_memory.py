"""Reading keeps little: measured in a process of its own, on files that would break a reader that keeps whole sheets."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.workbook.made import by_hand, rows_xml

HEAD = '<row r="1"><c r="A1" t="str"><v>编码</v></c><c r="B1" t="str"><v>备注</v></c></row>'
READ = """
import sys
from pathlib import Path
from chuangwei.core.workbook import cells, tables
from chuangwei.core.workbook.tables import Column, SheetSpec
spec = SheetSpec("表", [Column("编码", "code", cells.code, required=True), Column("备注", "note", cells.text(length=32767))])
book = tables.read(Path(sys.argv[1]), [spec])
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(len(book.tables["表"]), len(book.mistakes), int(peak.split()[1]) // 1024)
"""


def measured(path: Path) -> tuple[int, int, int]:
    """Rows, mistakes, and the most megabytes the process ever held."""
    command = [sys.executable, "-c", READ, str(path)]
    rows, mistakes, megabytes = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(rows), int(mistakes), int(megabytes)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("count", "row", "rows"),
    [
        pytest.param(200_000, '<c r="A{0}"><v>{0}</v></c><c r="B{0}" t="s"><v>0</v></c>', 200_000, id="one long text in every row"),
        pytest.param(200_000, '<c r="A{0}"/><c r="XFD{0}" s="1"/>', 0, id="formatted nothing to the last column"),
        pytest.param(200_000, '<c r="A{0}" t="e"><v>#N/A</v></c>', 200_000, id="a mistake in every row"),
        pytest.param(1, '<c r="A{0}"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c>', 1, id="a far corner"),
    ],
)  # fmt: skip
def test_little_is_kept(tmp_path: Path, count: int, row: str, rows: int) -> None:
    xml = rows_xml(HEAD, *[f'<row r="{line}">{row.format(line)}</row>' for line in range(2, count + 2)])
    path = by_hand(tmp_path / "a.xlsx", xml, shared=[f"<si><t>{'长' * 30_000}</t></si>"])
    found, _, megabytes = measured(path)
    assert found == rows
    assert megabytes < 150
