"""PDF by typst: pages, words, glyphs, and that nothing in a name is read as markup."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject

from chuangwei.core import attachments
from chuangwei.domain.documents.blocks import Chart, Head, Imprint, Line, Paragraph, Run, Sheet, SignOff, text_of
from chuangwei.domain.documents.writers import fonts, pdf
from tests.domain.documents.office import NAMES, NOW
from tests.domain.documents.writers.sheets import NASTY, everything
from tests.factories import organisation
from tests.factories.photos import saved, street

pytestmark = pytest.mark.usefixtures("with_fonts", "db")


def pages(sheet: Sheet, mark: str = "") -> list[str]:
    reader = PdfReader(BytesIO(pdf.draw(sheet, mark=mark).content))
    return [page.extract_text() for page in reader.pages]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def missing_glyphs(content: bytes) -> int:
    """How often glyph 0, the empty box, is drawn: typst writes glyphs as pairs of bytes."""
    count = 0
    reader = PdfReader(BytesIO(content))
    for page in reader.pages:
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator not in (b"Tj", b"TJ"):
                continue
            parts = operands[0] if operator == b"TJ" else operands
            for part in (one.original_bytes for one in parts if hasattr(one, "original_bytes")):
                count += sum(part[place : place + 2] == b"\0\0" for place in range(0, len(part), 2))
    return count


def test_whatever_a_name_holds_is_printed_as_it_stands() -> None:
    text = squeezed("".join(pages(everything(NASTY))))
    assert text.count(squeezed(NASTY)[:40]) >= 5
    assert "<script>" in text


def test_characters_of_rare_names_are_drawn() -> None:
    sheet = Sheet(
        "official",
        f"王{NAMES}",
        (Head(f"王{NAMES}", banner=NAMES), Paragraph(text_of(NAMES, Run(NAMES, is_strong=True)))),
    )
    drawn = pdf.draw(sheet)
    text = squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(drawn.content)).pages))
    assert text.count(NAMES) == 4
    assert missing_glyphs(drawn.content) == 0


def test_an_empty_box_would_be_noticed() -> None:
    sheet = Sheet("plain", "x", (Paragraph(text_of("ꦀꦀ")),))
    assert missing_glyphs(pdf.draw(sheet).content) > 0


def test_the_page_is_a4_with_the_measures_of_the_standard() -> None:
    reader = PdfReader(BytesIO(pdf.draw(everything()).content))
    box = reader.pages[0].mediabox
    assert (round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) == (210, 297)


def test_twenty_two_lines_of_twenty_eight_characters() -> None:
    text = "字" * 28 * 22
    one = Sheet("plain", "", (Paragraph(text_of(text), is_indented=False),))
    more = Sheet("plain", "", (Paragraph(text_of(text + "字"), is_indented=False),))
    lines = [line for line in pages(one)[0].splitlines() if "字" in line]
    assert [len(line.strip()) for line in lines] == [28] * 22
    assert len(pages(more)) == 2


def test_a_long_table_repeats_its_head_and_folios_count() -> None:
    found = pages(everything(rows=120))
    assert len(found) >= 4
    assert all("名次" in page for page in found[1:4])
    assert [f"—{number}—" in squeezed(page) for number, page in enumerate(found, 1)] == [True] * len(found)


@pytest.mark.parametrize("lines", [1, 9, 14, 30])
def test_the_closing_block_stands_at_the_foot_of_the_last_page(lines: int) -> None:
    blocks = [Head("题", banner="文件"), *(Paragraph(text_of("一行")) for _ in range(lines))]
    sheet = Sheet(
        "official", "题", (*blocks, SignOff("某办", "2026年10月30日"), Imprint("领导", "某办", "2026年10月30日"))
    )
    last = PdfReader(BytesIO(pdf.draw(sheet).content)).pages[-1]
    heights: list[float] = []

    def visit(text: str, cm: list[float], _tm: object, _font: DictionaryObject | None, _size: float) -> None:
        if "印发" in text:
            heights.append(cm[5])

    last.extract_text(visitor_text=visit)
    assert heights, "the closing block is on the last page"
    assert "某办" in last.extract_text()
    # The type area ends 35 mm above the edge; its last line stands within 6 mm of that.
    assert all(35 <= height / 72 * 25.4 <= 41 for height in heights)


def test_a_draft_says_so_on_every_page() -> None:
    found = pages(everything(number="", rows=60), mark="草稿")
    assert all("草" in page and "稿" in page for page in found)
    assert "草稿" not in squeezed("".join(pages(everything(rows=60))))


def test_the_same_words_give_the_same_bytes() -> None:
    assert pdf.draw(everything()).content == pdf.draw(everything()).content


def test_headings_are_an_outline() -> None:
    reader = PdfReader(BytesIO(pdf.draw(everything()).content))
    assert "一、情况" in str(reader.outline)


def test_photos_are_printed_and_missing_ones_are_said() -> None:
    kept = attachments.store(stream=saved(street()), name="1.jpg", by=organisation.chief(), at=NOW)
    drawn = pdf.draw(everything(photo=kept.digest))
    images = [image for page in PdfReader(BytesIO(drawn.content)).pages for image in page.images]
    assert len(images) == 1
    assert any("没有印出" in notice for notice in pdf.draw(everything("现场", photo="0" * 64)).notices)


@pytest.mark.parametrize(("form", "begin"), [("png", b"\x89PNG"), ("svg", b"<svg")])
def test_a_chart_by_itself_is_a_picture(form: str, begin: bytes) -> None:
    chart = Chart("走势", "分", ("第1周", "第2周"), (Line(NASTY, ("1.00", "2.00")),))
    assert pdf.picture(chart, form).startswith(begin)  # type: ignore[arg-type]


def test_typst_is_asked_for_fonts_that_are_there_only() -> None:
    """Typst passes over a name it does not know; a warning would raise DoesNotDraw."""
    there = set(fonts.machine().families())
    assert all(name in there for names in fonts.choose().faces.values() for name in names)


def test_a_fault_of_the_template_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = fonts.choose()
    wrong = fonts.Chosen({**chosen.faces, "body": ["No Such Font"]}, ())
    monkeypatch.setattr(fonts, "choose", lambda: wrong)
    with pytest.raises(pdf.DoesNotDraw, match="unknown font"):
        pdf.draw(everything())


@pytest.mark.parametrize(("layout", "tone"), [("plain", ""), ("certificate", "red"), ("certificate", "yellow")])
def test_other_layouts_fit_their_page(layout: str, tone: str) -> None:
    sheet = Sheet(
        layout,
        "流动红旗",
        (Head("流动红旗", number="云〔2026〕1号"), Paragraph(text_of("特颁发此旗")), SignOff("某办", "2026年1月2日")),
        tone,
    )
    assert len(pages(sheet)) == 1
