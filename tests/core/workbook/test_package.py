"""The parts of a workbook, found by what the workbook says of itself."""

import hashlib
from pathlib import Path

import pytest

from chuangwei.core.workbook.guard import Unreadable
from chuangwei.core.workbook.package import Package, SheetPart
from chuangwei.core.workbook.values import Formats
from tests.core.workbook.made import RELATIONSHIPS, by_hand, package, rows_xml, workbook


def test_sheets_are_listed_with_their_parts(tmp_path: Path) -> None:
    with Package(workbook(tmp_path / "a.xlsx", {"甲": [], "乙": []})) as found:
        assert found.sheets == [
            SheetPart("甲", "xl/worksheets/sheet1.xml", is_hidden=False),
            SheetPart("乙", "xl/worksheets/sheet2.xml", is_hidden=False),
        ]


def test_parts_lie_where_their_relationships_say(tmp_path: Path) -> None:
    parts = {
        "_rels/.rels": f'<Relationships><Relationship Id="r9" Type="{RELATIONSHIPS}/extended-properties" Target="a.xml"/>'
        f'<Relationship Id="r1" Type="{RELATIONSHIPS}/officeDocument" Target="/book/main.xml"/></Relationships>',
        "book/main.xml": '<workbook xmlns:r="r"><sheets><sheet name="甲" state="veryHidden" r:id="r1"/></sheets></workbook>',
        "book/_rels/main.xml.rels": f'<Relationships><Relationship Id="r1" Type="{RELATIONSHIPS}/worksheet" Target="../S.xml"/></Relationships>',
    }
    with Package(package(tmp_path / "a.xlsx", {**parts, "s.XML": rows_xml()})) as found:
        assert found.sheets == [SheetPart("甲", "S.xml", is_hidden=True)]
        assert found.open("S.xml").read(5) == b"<?xml"
        assert (len(found.strings()), found.formats()) == (0, Formats())


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    numbers = "".join(f"<v>{hashlib.sha256(b'%d' % number).hexdigest()}</v>" for number in range(9000))
    path = by_hand(tmp_path / "a.xlsx", rows_xml(numbers))
    with Package(path) as found:
        middle = path.stat().st_size // 2
        with path.open("r+b") as file:
            file.seek(middle)
            file.write(b"\xff" * 1000)
        with pytest.raises(Unreadable, match="已损坏"):
            found.open("xl/worksheets/sheet1.xml").read(1_000_000)
