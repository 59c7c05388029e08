"""What GB/T 9704-2012 asks of a Word file and python-docx has no words for: grid, fonts, folios, floating blocks."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Length, Mm, Pt, RGBColor

FANG, KAI, HEI, SONG, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
LATIN = "Times New Roman"
STANDS_IN = {FANG: "仿宋", KAI: "楷体", HEI: "SimHei", SONG: "SimSun", TITLE: "宋体"}
"""What a machine without the official font should take: the names Windows and WPS know."""

SIZE = Pt(16)
PITCH = Pt(28.95)
LINE_PITCH = 579
"""225 mm in 22 lines, in twentieths of a point."""
CHARACTER_SPACE = -849
"""156 mm in 28 characters: so much less than 16 pt for each, in 4096ths of a point."""
TRACKING = -5
"""The same in twentieths of a point. Programs read the grid of characters each in its own way (one doubles the width
of every character); so the page says its grid, and the words keep to it by themselves."""
LAST_NARROW, NARROW, WHOLE = 0x2E7F, 0.7, 100
"""Figures and Latin letters take half a character; programs add room between them and Chinese ones."""
RED = RGBColor(0xD9, 0x00, 0x1B)
MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
AFTER_BORDERS = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct",
    "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind",
    "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment",
    "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip
"""What the schema of Word wants behind the borders of a paragraph: elements out of order make a file "damaged"."""
AFTER_TRACKING = (
    "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", "w:fitText",
    "w:vertAlign", "w:rtl", "w:cs", "w:em", "w:lang", "w:eastAsianLayout", "w:specVanish", "w:oMath",
)  # fmt: skip
NO_TIME = datetime(2012, 7, 1, tzinfo=UTC)
"""The same words give the same file: the day the standard came into force stands for the time of making."""


def fonts(run_properties: Any, east: str, latin: str = LATIN) -> None:
    """Name the fonts, and take away the theme's, which would win over them."""
    found = run_properties.find(qn("w:rFonts"))
    if found is not None:
        run_properties.remove(found)
    names = OxmlElement("w:rFonts")
    for key, value in {"ascii": latin, "hAnsi": latin, "cs": latin, "eastAsia": east}.items():
        names.set(qn(f"w:{key}"), value)
    names.set(qn("w:hint"), "eastAsia")
    run_properties.insert(0, names)


def set_up_page(document: Document, *, is_flipped: bool) -> None:
    section = document.sections[0]
    width, height = (Mm(297), Mm(210)) if is_flipped else (Mm(210), Mm(297))
    section.page_width, section.page_height = width, height
    if is_flipped:
        section._sectPr.find(qn("w:pgSz")).set(qn("w:orient"), "landscape")
    margins = dict.fromkeys(MARGINS, 26) if is_flipped else MARGINS
    for name, size in margins.items():
        setattr(section, name, Mm(size))
    # The folio's line begins 7 mm below the type area: 35 − 7 − the height of the line.
    section.footer_distance, section.header_distance = Mm(22), Mm(20)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(LINE_PITCH))
    grid.set(qn("w:charSpace"), str(CHARACTER_SPACE))


STYLES: Mapping[str, tuple[str, float, bool]] = {
    "Heading 1": (HEI, 16, False),
    "Heading 2": (KAI, 16, False),
    "Heading 3": (FANG, 16, True),
    "Heading 4": (FANG, 16, False),
    "Title": (TITLE, 22, False),
}


def set_up_styles(document: Document) -> None:
    """Real styles, so that whoever edits the paper changes one and not a hundred paragraphs."""
    normal = document.styles["Normal"]
    fonts(normal.element.get_or_add_rPr(), FANG)
    normal.font.size = SIZE
    tracked(normal.element.get_or_add_rPr())
    _off(normal.element.get_or_add_pPr(), "w:snapToGrid")
    exact(normal.paragraph_format)
    _chinese(document)
    normal.paragraph_format.widow_control = False
    for name, (east, size, is_bold) in STYLES.items():
        style = document.styles[name]
        fonts(style.element.get_or_add_rPr(), east)
        style.font.size, style.font.bold, style.font.italic = Pt(size), is_bold, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        exact(style.paragraph_format)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        if name != "Title":
            indent(style.element.get_or_add_pPr(), first_characters=2)
    _plain_title(document)
    body = document.styles.add_style("正文缩进", WD_STYLE_TYPE.PARAGRAPH)
    body.base_style = normal
    indent(body.element.get_or_add_pPr(), first_characters=2)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def tracked(run_properties: Any, twentieths: int = TRACKING) -> None:
    """How much closer than usual the characters of a run stand."""
    found = run_properties.find(qn("w:spacing"))
    if found is None:
        found = OxmlElement("w:spacing")
        run_properties.insert_element_before(found, *AFTER_TRACKING)
    found.set(qn("w:val"), str(twentieths))


def narrowed(run_properties: Any, percent: int) -> None:
    """Characters drawn narrower than they are high."""
    found = OxmlElement("w:w")
    found.set(qn("w:val"), str(percent))
    run_properties.insert_element_before(found, *AFTER_TRACKING[1:])


def percent_to_fit(words: str, *, size: float, room: float) -> int:
    """How narrow characters must be drawn for words to stand in one line of so many points, a gap of one included."""
    wide = sum(1 for character in words if ord(character) > LAST_NARROW)
    width = (wide + 1) * size + (len(words) - wide) * size * NARROW
    return min(WHOLE, int(WHOLE * room / width))


def at_least(tr: Any, height: Length) -> None:
    """The least height of a row of a table."""
    found = OxmlElement("w:trHeight")
    found.set(qn("w:val"), str(height.twips))
    found.set(qn("w:hRule"), "atLeast")
    tr.get_or_add_trPr().append(found)


def _off(paragraph_properties: Any, name: str) -> None:
    found = OxmlElement(name)
    found.set(qn("w:val"), "0")
    paragraph_properties.insert_element_before(found, *_after(name))


def _after(name: str) -> tuple[str, ...]:
    return AFTER_BORDERS[AFTER_BORDERS.index(name) + 1 :]


def _chinese(document: Document) -> None:
    """Lines break as Chinese does, and the spelling checker leaves the text alone."""
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    language.set(qn("w:eastAsia"), "zh-CN")


def _plain_title(document: Document) -> None:
    """Word's own title has a blue rule below."""
    title = document.styles["Title"]
    properties = title.element.get_or_add_pPr()
    for name in ("w:pBdr", "w:contextualSpacing"):
        found = properties.find(qn(name))
        if found is not None:
            properties.remove(found)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    exact(title.paragraph_format, Pt(33))


def exact(paragraph_format: Any, pitch: Pt = PITCH) -> None:
    paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph_format.line_spacing = pitch
    paragraph_format.space_before = paragraph_format.space_after = Pt(0)


def indent(
    paragraph_properties: Any, *, first_characters: float = 0, left_characters: float = 0, right_characters: float = 0
) -> None:
    """Indents counted in characters, as Chinese papers are; points beside them for programs that know no characters."""
    found = paragraph_properties.find(qn("w:ind"))
    if found is None:
        found = OxmlElement("w:ind")
        paragraph_properties.insert_element_before(found, *_after("w:ind"))
    for name, characters in (("firstLine", first_characters), ("left", left_characters), ("right", right_characters)):
        if characters:
            found.set(qn(f"w:{name}Chars"), str(round(characters * 100)))
            found.set(qn(f"w:{name}"), str(round(characters * 316)))


def bottom_rule(paragraph: Any, *, size: int, space: int, color: str) -> None:
    """A rule below a paragraph; `size` in eighths of a point, `space` in points."""
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="{size}" w:space="{space}" w:color="{color}"/></w:pBdr>'
    )
    paragraph._p.get_or_add_pPr().insert_element_before(border, *AFTER_BORDERS)


def name_stand_ins(document: Document) -> None:
    """Tell Word which fonts to take where the official ones are missing (fontTable, altName)."""
    part = next(
        relation.target_part for relation in document.part.rels.values()
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE
    )  # fmt: skip
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, other in STANDS_IN.items()
    )
    text = part.blob.decode("utf-8")
    part._blob = text.replace("</w:fonts>", f"{entries}</w:fonts>").encode("utf-8")


def folios(document: Document) -> None:
    """— 1 — in Song 14 pt on the outer side: odd pages right, even pages left."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side, edge in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right"), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left"),
    ):  # fmt: skip
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        exact(paragraph.paragraph_format, Pt(18))
        indent(paragraph._p.get_or_add_pPr(), **{f"{edge}_characters": 1})
        for piece in ("— ", "PAGE", " —"):
            run = paragraph.add_run("" if piece == "PAGE" else piece)
            fonts(run._r.get_or_add_rPr(), SONG, SONG)
            run.font.size = Pt(14)
            if piece == "PAGE":
                _field(run._r, "PAGE")


def _field(run: Any, instruction: str) -> None:
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {instruction} "
            run.append(code)
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run.append(mark)
        if kind == "separate":
            shown = OxmlElement("w:t")
            shown.text = "1"
            run.append(shown)


def running_mark(document: Document, mark: str) -> None:
    """草稿 above every page, where nobody can overlook it."""
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        paragraph = header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(f"【{mark}】")
        fonts(run._r.get_or_add_rPr(), HEI)
        run.font.size, run.font.color.rgb = Pt(16), RGBColor(0x80, 0x80, 0x80)


def at_foot(table: Any, width: int) -> None:
    """A table that stands at the foot of the type area of its page, whatever is above it: 首末线 0.35 mm, 中间线 0.25 mm."""
    properties = table._tbl.tblPr
    place = parse_xml(
        f'<w:tblpPr {nsdecls("w")} w:leftFromText="0" w:rightFromText="0" w:topFromText="284" w:bottomFromText="0"'
        ' w:vertAnchor="margin" w:horzAnchor="margin" w:tblpXSpec="center" w:tblpYSpec="bottom"/>'
    )
    size = parse_xml(f'<w:tblW {nsdecls("w")} w:w="{Emu(width).twips}" w:type="dxa"/>')
    borders = parse_xml(
        f'<w:tblBorders {nsdecls("w")}><w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/>'
        '<w:bottom w:val="single" w:sz="8" w:space="0" w:color="000000"/>'
        '<w:insideH w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tblBorders>'
    )
    for name in ("w:tblW", "w:tblStyle"):
        found = properties.find(qn(name))
        if found is not None:
            properties.remove(found)
    properties.insert(0, place)
    place.addnext(size)
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def page_border(document: Document, color: str) -> None:
    """The frame of a certificate."""
    sides = "".join(
        f'<w:{side} w:val="thinThickSmallGap" w:sz="36" w:space="24" w:color="{color}"/>'
        for side in ("top", "left", "bottom", "right")
    )
    borders = parse_xml(f'<w:pgBorders {nsdecls("w")} w:offsetFrom="page">{sides}</w:pgBorders>')
    document.sections[0]._sectPr.find(qn("w:pgMar")).addnext(borders)
