"""Workbooks made for tests: right ones by XlsxWriter, crooked ones by hand."""

# ruff: noqa: DTZ001 - a cell shows a wall clock, which has no zone

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROOT_RELS = (
    f'<Relationships><Relationship Id="r1" Type="{RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
SHEET = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="x"><sheetData>{}</sheetData>{}</worksheet>'


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook as offices have it: the first row of each sheet is its head."""

    # ruff: noqa: DTZ001 - a cell shows a wall clock, which has no zone
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for number, value in enumerate(row):
                    if isinstance(value, datetime):
                        page.write_datetime(line, number, value, minute)
                    elif isinstance(value, date):
                        page.write_datetime(line, number, datetime(value.year, value.month, value.day), day)
                    elif isinstance(value, str):
                        page.write_string(line, number, value)
                    elif value is not None:
                        page.write(line, number, value)
    return path


def package(path: Path, parts: Mapping[str, str | bytes], **options: Any) -> Path:
    """A zip file of these parts; those every workbook needs are added unless given."""
    whole = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": ROOT_RELS,
        "xl/workbook.xml": '<workbook xmlns:r="r"><sheets/></workbook>',
        **parts,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    return path


def by_hand(
    path: Path, sheet: str, *, name: str = "表", shared: Iterable[str] = (), styles: str = "", head: str = ""
) -> Path:
    """A workbook of one sheet whose XML is given; `shared` are `<si>` elements, `styles` the styles part."""
    parts = {
        "xl/workbook.xml": f'<workbook xmlns:r="r">{head}<sheets><sheet name="{name}" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        f'<Relationship Id="r1" Type="{RELATIONSHIPS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{RELATIONSHIPS}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
        f'<Relationship Id="r3" Type="{RELATIONSHIPS}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="x">{"".join(shared)}</sst>',
        "xl/styles.xml": styles or "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>",
    }
    return package(path, parts)


def rows_xml(*rows: str, behind: str = "") -> str:
    """A plain sheet of these `<row>` elements."""
    return SHEET.format("".join(rows), behind)
