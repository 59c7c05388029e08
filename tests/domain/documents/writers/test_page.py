"""A page: nothing of its own that a strict policy refuses, figures that open."""

import re

import pytest

from chuangwei.core import attachments
from chuangwei.core.errors import DomainError
from chuangwei.domain.documents.blocks import Head, Paragraph, Sheet, text_of
from chuangwei.domain.documents.writers import fonts, page
from tests.domain.documents.office import NAMES, NOW
from tests.domain.documents.writers.sheets import NASTY, everything
from tests.factories import organisation
from tests.factories.photos import saved, street

pytestmark = pytest.mark.usefixtures("with_fonts", "db")


def html(sheet: Sheet, **more: object) -> str:
    return str(page.fragment(sheet, **more)[0])  # type: ignore[arg-type]


def test_the_fragment_has_neither_styles_nor_scripts_nor_foreign_addresses() -> None:
    found = html(everything())
    assert re.search(r"\sstyle=|<style|<script|\son\w+=|https?://", found) is None


def test_whatever_a_name_holds_is_escaped() -> None:
    found = html(everything(NASTY))
    assert "<script>" not in found
    assert found.count("&lt;script&gt;") >= 5


def test_figures_open_where_the_reader_may_go() -> None:
    linked = html(everything(), link=lambda figure: f"/of/{figure.subject}/")
    assert '<a class="cw-paper-figure" href="/of/A/" title="甲总分">96.35</a>' in linked
    assert "cw-paper-figure" not in html(everything(), link=lambda _: "")
    assert "cw-paper-figure" not in html(everything())


def test_a_draft_says_so() -> None:
    assert 'aria-label="草稿"' in html(everything(number=""), mark="草稿")


def test_tables_have_heads_and_forms_have_row_heads() -> None:
    found = html(everything())
    assert '<th scope="col">名次</th>' in found
    assert '<th scope="row">编号</th>' in found


def test_the_chart_is_a_picture_with_its_values_beside_it() -> None:
    found = html(everything())
    assert 'src="data:image/svg+xml;base64,' in found
    assert "<td>95.00</td>" in found


def test_without_fonts_the_chart_is_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> fonts.Chosen:
        raise DomainError("没有字体")

    monkeypatch.setattr(fonts, "choose", none)
    found, notices = page.fragment(everything())
    assert "data:image/svg+xml" not in found
    assert notices == ("没有字体",)


def test_photos_come_inside_the_page() -> None:
    kept = attachments.store(stream=saved(street()), name="1.jpg", by=organisation.chief(), at=NOW)
    assert 'src="data:image/jpeg;base64,' in html(everything(photo=kept.digest))


def test_a_file_alone_carries_its_styles_and_its_names() -> None:
    content = page.draw(everything(NAMES)).content.decode()
    assert content.startswith('<!doctype html>\n<html lang="zh-CN">')
    assert ".cw-paper {" in content
    assert NAMES in content


def test_a_paper_that_goes_upward_names_its_signer() -> None:
    sheet = Sheet(
        "official",
        "请示",
        (Head("请示", banner="文件", number="某〔2026〕1号", is_upward=True, signer="李四"), Paragraph(text_of("x"))),
    )
    assert "<span>签发人：李四</span>" in html(sheet)
