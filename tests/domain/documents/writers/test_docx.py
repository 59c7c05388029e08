"""Word: what the standard asks, read back out of the file."""

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from chuangwei.core import attachments
from chuangwei.domain.documents.blocks import Head, Paragraph, Sheet, SignOff, text_of
from chuangwei.domain.documents.writers import docx
from tests.domain.documents.office import NAMES, NOW
from tests.domain.documents.writers.sheets import NASTY, everything
from tests.factories import organisation
from tests.factories.photos import saved, street

pytestmark = pytest.mark.usefixtures("with_fonts", "db")


def opened(sheet: Sheet, mark: str = "") -> Any:
    return Document(BytesIO(docx.draw(sheet, mark=mark).content))


def part(sheet: Sheet, name: str) -> str:
    with zipfile.ZipFile(BytesIO(docx.draw(sheet).content)) as file:
        return file.read(f"word/{name}").decode()


def millimetres(*sizes: int) -> list[int]:
    return [round(size / Mm(1)) for size in sizes]


def paragraph(document: Any, words: str) -> Any:
    return next(one for one in document.paragraphs if words in one.text)


def test_the_page_has_the_measures_of_the_standard() -> None:
    section = opened(everything()).sections[0]
    assert millimetres(section.page_width, section.page_height) == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert millimetres(*margins) == [37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert [grid.get(qn(f"w:{name}")) for name in ("type", "linePitch", "charSpace")] == [
        "linesAndChars",
        "579",
        "-849",
    ]


def test_the_body_is_fangsong_of_the_third_size_in_exact_lines() -> None:
    document = opened(everything())
    normal = document.styles["Normal"]
    fonts = normal.element.rPr.find(qn("w:rFonts"))
    assert (fonts.get(qn("w:eastAsia")), normal.font.size) == ("仿宋_GB2312", Pt(16))
    assert normal.paragraph_format.line_spacing == Pt(28.95)
    indent = document.styles["正文缩进"].element.pPr.find(qn("w:ind"))
    assert (indent.get(qn("w:firstLineChars")), indent.get(qn("w:firstLine"))) == ("200", "632")


def test_headings_are_real_styles_in_their_faces() -> None:
    document = opened(everything())
    found = [
        (one.style.name, one.style.element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")), one.style.font.bold)
        for one in document.paragraphs if one.style.name.startswith("Heading")
    ]  # fmt: skip
    assert found == [
        ("Heading 1", "黑体", False), ("Heading 2", "楷体_GB2312", False), ("Heading 3", "仿宋_GB2312", True),
        ("Heading 4", "仿宋_GB2312", False),
    ]  # fmt: skip
    title = next(one for one in document.paragraphs if one.style.name == "Title")
    assert title.style.element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "方正小标宋简体"
    assert title.style.font.size == Pt(22)


def test_the_red_head_has_its_number_and_its_rule() -> None:
    document = opened(everything())
    banner, number = paragraph(document, "青山镇创卫办公室文件"), paragraph(document, "青创卫办〔2026〕1号")
    assert str(banner.runs[0].font.color.rgb) == "D9001B"
    assert millimetres(banner.paragraph_format.space_before) == [35]
    rule = number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert (rule.get(qn("w:color")), rule.get(qn("w:val"))) == ("D9001B", "single")


def test_only_a_paper_that_goes_upward_names_its_signer() -> None:
    assert "签发人" not in "".join(one.text for one in opened(everything()).paragraphs)
    sheet = Sheet(
        "official", "请示", (Head("请示", banner="文件", number="某〔2026〕1号", is_upward=True, signer="李四"),)
    )
    assert paragraph(opened(sheet), "签发人：李四").text == "某〔2026〕1号\t签发人：李四"


def test_tables_are_tables_with_a_head_on_every_page() -> None:
    document = opened(everything(rows=40))
    table = next(one for one in document.tables if one.rows[0].cells[0].text == "名次")
    assert (len(table.rows), len(table.columns)) == (41, 3)
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    widths = [column.width for column in table.columns]
    assert sum(widths) == pytest.approx(Mm(156), rel=0.01)
    assert widths[1] == pytest.approx(3 * widths[0], rel=0.01)


def test_folios_stand_on_the_outer_side() -> None:
    document = opened(everything())
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        xml = footer.paragraphs[0]._p.xml
        assert f'<w:jc w:val="{side}"/>' in xml
        assert re.search(r"— .*PAGE.* —", re.sub(r"<[^>]+>", "", xml), re.DOTALL)
        assert f'w:{side}Chars="100"' in xml


def test_the_closing_block_is_anchored_to_the_foot_of_its_page() -> None:
    table = opened(everything()).tables[-1]
    place = table._tbl.tblPr.find(qn("w:tblpPr"))
    assert [place.get(qn(f"w:{name}")) for name in ("vertAnchor", "tblpYSpec")] == ["margin", "bottom"]
    assert [row.cells[0].text for row in table.rows] == ["抄送：镇党委。", "青山镇创卫办公室\t2026年10月30日印发"]


def test_missing_official_fonts_have_a_name_to_fall_back_on() -> None:
    table = part(everything(), "fontTable.xml")
    for name, other in (("仿宋_GB2312", "仿宋"), ("楷体_GB2312", "楷体"), ("方正小标宋简体", "宋体")):
        assert f'<w:font w:name="{name}"><w:altName w:val="{other}"/>' in table


def test_whatever_a_name_holds_is_written_as_it_stands() -> None:
    document = opened(everything(NASTY))
    words = [one.text for one in document.paragraphs]
    assert sum(NASTY in one for one in words) >= 5
    assert NASTY in document.tables[0].rows[1].cells[1].text


def test_rare_names_are_written() -> None:
    assert NAMES in "".join(one.text for one in opened(everything(NAMES)).paragraphs)


def test_a_draft_says_so_above_every_page_and_has_no_number() -> None:
    document = opened(everything(number=""), mark="草稿")
    section = document.sections[0]
    assert [section.header.paragraphs[0].text, section.even_page_header.paragraphs[0].text] == ["【草稿】", "【草稿】"]
    assert "〔" not in "".join(one.text for one in document.paragraphs)
    assert opened(everything()).sections[0].header.paragraphs[0].text == ""


def test_no_text_is_a_picture_and_pictures_are_described() -> None:
    kept = attachments.store(stream=saved(street()), name="1.jpg", by=organisation.chief(), at=NOW)
    document = opened(everything("现场", photo=kept.digest))
    shapes = document.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")
    told = [one.get("descr") for one in shapes]
    assert told[0].startswith("现场（第1周、第2周）：现场 90.00、95.00")
    assert told[1:] == ["现场"]


def test_the_same_words_give_the_same_bytes() -> None:
    assert docx.draw(everything()).content == docx.draw(everything()).content


ORDER = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers", "pBdr",
    "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE",
    "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents",
    "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle",
    "rPr", "sectPr", "pPrChange",
)  # fmt: skip
"""The order the schema wants; Word calls a file damaged that keeps another."""


@pytest.mark.parametrize("name", ["document.xml", "styles.xml", "footer1.xml"])
def test_properties_of_paragraphs_keep_the_order_of_the_schema(name: str) -> None:
    root = etree.fromstring(part(everything(), name).encode())
    for properties in root.iter(qn("w:pPr")):
        tags = [ORDER.index(etree.QName(one).localname) for one in properties]
        assert tags == sorted(tags), etree.tostring(properties)


def test_a_certificate_lies_across_in_a_frame() -> None:
    sheet = Sheet(
        "certificate",
        "流动红旗",
        (Head("流动红旗", number="云〔2026〕1号"), Paragraph(text_of("特颁发")), SignOff("某办", "2026年1月2日")),
        "yellow",
    )
    section = opened(sheet).sections[0]
    assert millimetres(section.page_width, section.page_height) == [297, 210]
    assert section._sectPr.find(qn("w:pgBorders")) is not None
