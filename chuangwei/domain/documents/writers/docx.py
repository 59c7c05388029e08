"""Word: real headings, styles and tables, for officials to go on editing (GB/T 9704-2012)."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Written

from chuangwei.core.errors import DomainError
from chuangwei.domain.documents import rules
from chuangwei.domain.documents.blocks import (
    Chart,
    Head,
    Heading,
    Imprint,
    Items,
    Paragraph,
    Photos,
    Sheet,
    SignOff,
    Table,
    Text,
)
from chuangwei.domain.documents.writers import docx_parts as parts
from chuangwei.domain.documents.writers import pdf
from chuangwei.domain.documents.writers.drawn import Drawn

SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
CENTER = WD_ALIGN_PARAGRAPH.CENTER
WIDTH = Mm(156)
IMPRINT_WIDTH, IMPRINT_TAB = Mm(148), Mm(144)
"""A shade less than the type area: a floating table as wide as that some programs put into the text."""
WIDEST_NAME = 442
"""The width of the type area in points."""
DENSE_COLUMNS = 6
TONES = {"yellow": "9A6A00"}


def draw(sheet: Sheet, *, mark: str = "") -> Drawn:
    found, lost = pdf.picture_files(sheet)
    writer = Writer(sheet, mark, found)
    for block in sheet.blocks:
        writer.write(block)
    parts.name_stand_ins(writer.document)
    return Drawn(_bytes(writer.document), (*lost, *writer.notices))


def _bytes(document: Doc) -> bytes:
    """The file with the same bytes whenever it is made: no clock in it."""
    made = BytesIO()
    document.save(made)
    kept = BytesIO()
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, (2012, 7, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return kept.getvalue()


class Writer:
    """Writes one sheet, block by block."""

    def __init__(self, sheet: Sheet, mark: str, pictures: dict[str, Path]) -> None:
        self.sheet, self.mark, self.pictures = sheet, mark, pictures
        self.notices: list[str] = []
        self.is_signed = False
        """Whether the name and the day stand above: what follows keeps away from them."""
        self.document = Document()
        self.is_certificate = sheet.layout == "certificate"
        core = self.document.core_properties
        core.title, core.author, core.comments = sheet.title, "", ""
        core.created = core.modified = parts.NO_TIME
        parts.set_up_page(self.document, is_flipped=self.is_certificate)
        parts.set_up_styles(self.document)
        if self.is_certificate:
            parts.page_border(self.document, TONES.get(sheet.tone, "D9001B"))
        else:
            parts.folios(self.document)
        if mark:
            parts.running_mark(self.document, mark)
        self.writers: dict[type, Callable[[Any], None]] = {
            Head: self.head, Heading: self.heading, Paragraph: self.paragraph, Items: self.items, Table: self.table,
            Photos: self.photos, Chart: self.chart, SignOff: self.sign_off, Imprint: self.imprint,
        }  # fmt: skip

    def write(self, block: Any) -> None:
        self.writers[type(block)](block)

    def line(self, text: str = "", *, east: str = "", size: float = 0, style: str = "Normal") -> Any:
        """A paragraph of one run."""
        paragraph = self.document.add_paragraph(style=style)
        if text:
            run = paragraph.add_run(text)
            if east:
                parts.fonts(run._r.get_or_add_rPr(), east)
            if size:
                run.font.size = Pt(size)
        return paragraph

    def fill(self, paragraph: Any, text: Text, *, east: str = "", size: float = 0) -> None:
        for piece in text:
            run = paragraph.add_run(piece.text)
            run.bold = True if piece.is_strong else None
            if east:
                parts.fonts(run._r.get_or_add_rPr(), east)
            if size:
                run.font.size = Pt(size)

    def head(self, head: Head) -> None:
        if self.sheet.layout == "official":
            self.banner(head)
        elif self.is_certificate:
            self.line(head.number or self.mark, east=parts.KAI, size=14).alignment = WD_ALIGN_PARAGRAPH.RIGHT
        title = self.document.add_paragraph(style="Title")
        lines = [head.title] if self.is_certificate else rules.title_lines(head.title, pdf.TITLE_CHARACTERS)
        for place, words in enumerate(lines):
            run = title.add_run(words)
            if place + 1 < len(lines):
                run.add_break()
            if self.is_certificate:
                run.font.size, run.font.color.rgb = Pt(60), RGBColor.from_string(TONES.get(self.sheet.tone, "D9001B"))
        if self.is_certificate:
            title.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            title.paragraph_format.space_after = Pt(18)
            return
        title.paragraph_format.space_after = parts.PITCH
        if self.sheet.layout == "plain" and (head.number or self.mark):
            self.line(head.number or self.mark, size=12).alignment = CENTER
        if head.recipients:
            self.line(f"{head.recipients}：")

    def banner(self, head: Head) -> None:
        """The red head: the issuer 35 mm below the type area's edge, the number, the red rule."""
        banner = self.line(head.banner, east=parts.TITLE)
        size = min(54.0, WIDEST_NAME / max(len(head.banner), 1))
        run = banner.runs[0]
        run.font.size, run.font.color.rgb = Pt(size), parts.RED
        if size < 30:
            # A long name is drawn higher than it is wide, as printers set it.
            run.font.size = Pt(size * 1.35)
            parts.narrowed(run._r.get_or_add_rPr(), 74)
        banner.alignment = CENTER
        banner.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        banner.paragraph_format.space_before = Mm(35)
        banner.paragraph_format.space_after = parts.PITCH
        number = self.line(head.number or self.mark)
        if head.is_upward:
            number.paragraph_format.tab_stops.add_tab_stop(Mm(150), WD_TAB_ALIGNMENT.RIGHT)
            number.add_run("\t签发人：")
            run = number.add_run(head.signer)
            parts.fonts(run._r.get_or_add_rPr(), parts.KAI)
        else:
            number.alignment = CENTER
        parts.bottom_rule(number, size=16, space=11, color="D9001B")
        self.line()

    def heading(self, heading: Heading) -> None:
        self.document.add_paragraph(heading.text, style=f"Heading {heading.level}")

    def paragraph(self, paragraph: Paragraph) -> None:
        is_body = paragraph.align == "left" and paragraph.is_indented
        written = self.document.add_paragraph(style="正文缩进" if is_body else "Normal")
        if paragraph.align != "left":
            written.alignment = SIDES[paragraph.align]
        if self.is_certificate:
            written.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            written.paragraph_format.line_spacing = 1.35
            self.fill(written, paragraph.text, east=parts.KAI, size=26)
            return
        self.fill(written, paragraph.text)

    def items(self, items: Items) -> None:
        for lead, item in zip(items.leads, items.items, strict=True):
            written = self.document.add_paragraph(style="正文缩进")
            if lead:
                written.add_run(lead)
            self.fill(written, item)

    def table(self, table: Table) -> None:
        size = 10.5 if len(table.columns) > DENSE_COLUMNS else 12
        if table.caption:
            caption = self.line(table.caption, east=parts.HEI, size=14)
            caption.alignment, caption.paragraph_format.keep_with_next = CENTER, True
            if self.is_signed:
                caption.paragraph_format.space_before = parts.PITCH * 2
        heads = [tuple(column.title for column in table.columns)] if table.has_head else []
        made = self.document.add_table(rows=len(heads) + len(table.rows), cols=len(table.columns), style="Table Grid")
        made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        _narrow_cells(made)
        shares = sum(column.share for column in table.columns)
        widths = [int(WIDTH * column.share / shares) for column in table.columns]
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        # python-docx finds a cell by walking the table; the rows are walked once here, a ranking has thousands of cells.
        rows = list(made._tbl.tr_lst)
        for tr in rows:
            _row_flag(tr, "w:cantSplit")
        for tr, height in zip(rows[len(heads) :], table.heights, strict=False):
            parts.at_least(tr, Mm(height))
        if heads:
            _row_flag(rows[0], "w:tblHeader")
            for cell, words, width in zip(rows[0].tc_lst, heads[0], widths, strict=True):
                self._cell(cell, ((words, False),), width=width, align="center", size=size, east=parts.HEI)
        for tr, row in zip(rows[len(heads) :], table.rows, strict=True):
            for cell, text, column, width in zip(tr.tc_lst, row, table.columns, widths, strict=True):
                self._cell(
                    cell, [(run.text, run.is_strong) for run in text], width=width, align=column.align, size=size
                )
        after = self.line(table.note, size=10.5)
        exact = Pt(16) if table.note else Pt(10)
        parts.exact(after.paragraph_format, exact)

    def _cell(self, tc: Any, runs: Any, *, width: int, align: str, size: float, east: str = "") -> None:
        tc.width = width
        middle = OxmlElement("w:vAlign")
        middle.set(qn("w:val"), "center")
        tc.get_or_add_tcPr().append(middle)
        paragraph = Written(tc.p_lst[0], self.document)
        paragraph.alignment = SIDES[align]
        parts.exact(paragraph.paragraph_format, Pt(size * 1.4))
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        for words, is_strong in runs:
            run = paragraph.add_run(words)
            run.font.size = Pt(size)
            run.bold = True if is_strong else None
            if east:
                parts.fonts(run._r.get_or_add_rPr(), east)

    def photos(self, photos: Photos) -> None:
        there = [photo for photo in photos.photos if photo.digest in self.pictures]
        if not there:
            return
        made = self.document.add_table(rows=(len(there) + 1) // 2, cols=2)
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        for place, photo in enumerate(there):
            cell = made.cell(place // 2, place % 2)
            _row_flag(made.rows[place // 2]._tr, "w:cantSplit")
            paragraph = cell.paragraphs[0]
            paragraph.alignment = CENTER
            paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            picture = paragraph.add_run().add_picture(str(self.pictures[photo.digest]), width=Mm(74))
            if picture.height > Mm(55):
                picture.width, picture.height = int(picture.width * Mm(55) / picture.height), Mm(55)
            _describe(picture, photo.caption)
            caption = cell.add_paragraph()
            caption.alignment = CENTER
            caption.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            run = caption.add_run(photo.caption)
            run.font.size = Pt(10.5)

    def chart(self, chart: Chart) -> None:
        caption = self.line(chart.caption, east=parts.HEI, size=14)
        caption.alignment, caption.paragraph_format.keep_with_next = CENTER, True
        paragraph = self.line()
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        try:
            drawn = pdf.picture(chart, "png")
        except DomainError as refusal:
            self.notices.append(refusal.message)
            return
        picture = paragraph.add_run().add_picture(BytesIO(drawn), width=WIDTH)
        _describe(picture, chart_words(chart))

    def sign_off(self, sign: SignOff) -> None:
        self.is_signed = True
        day = sign.day or "　　　　年　　月　　日"
        if self.document.paragraphs:
            # The name and the day never stand alone on a page.
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        for _ in range(1 if self.is_certificate else 2):
            self.line().paragraph_format.keep_with_next = True
        size = 20 if self.is_certificate else 16
        room = len(sign.issuer) - (8 if sign.day else 11)
        for words, right in ((sign.issuer, 2), (day, 2 + max(room - 2, 0) if room > 0 else 2)):
            written = self.line(words, size=size)
            written.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            written.paragraph_format.keep_with_next = words != day
            parts.indent(written._p.get_or_add_pPr(), right_characters=right)

    def imprint(self, imprint: Imprint) -> None:
        rows = [f"抄送：{imprint.copies_to}。"] if imprint.copies_to else []
        rows.append(f"{imprint.printer}\t{f'{imprint.day}印发' if imprint.day else self.mark}")
        squeezed = parts.percent_to_fit(rows[-1], size=14, room=IMPRINT_TAB.pt - 14)
        made = self.document.add_table(rows=len(rows), cols=1)
        made.autofit = False
        parts.at_foot(made, IMPRINT_WIDTH)
        _narrow_cells(made, 0)
        made.columns[0].width = IMPRINT_WIDTH
        for place, words in enumerate(rows):
            cell = made.cell(place, 0)
            cell.width = IMPRINT_WIDTH
            written = cell.paragraphs[0]
            run = written.add_run(words)
            run.font.size = Pt(14)
            if place + 1 == len(rows) and squeezed < parts.WHOLE:
                parts.narrowed(run._r.get_or_add_rPr(), squeezed)
            written.paragraph_format.tab_stops.add_tab_stop(IMPRINT_TAB, WD_TAB_ALIGNMENT.RIGHT)
            parts.exact(written.paragraph_format, Pt(24))
            parts.indent(written._p.get_or_add_pPr(), left_characters=1)
        parts.exact(self.line().paragraph_format, Pt(1))


def chart_words(chart: Chart) -> str:
    """What a chart shows, for who cannot see it."""
    told = "；".join(
        f"{line.name} {'、'.join(rules.shown(value or '无') for value in line.values)}" for line in chart.lines
    )  # fmt: skip
    return f"{chart.caption}（{'、'.join(chart.labels)}）：{told}"


def _row_flag(tr: Any, name: str) -> None:
    properties = tr.get_or_add_trPr()
    if properties.find(qn(name)) is None:
        properties.append(OxmlElement(name))


def _narrow_cells(table: Any, room: int = 40) -> None:
    """Little room beside the words of a cell: eight columns must fit."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(room))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _describe(picture: Any, words: str) -> None:
    picture._inline.docPr.set("descr", words)
