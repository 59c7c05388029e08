"""Blocks are kept as JSON and come back the same."""

from datetime import date

from chuangwei.domain.documents.blocks import (
    Chart,
    Column,
    Figure,
    Head,
    Heading,
    Imprint,
    Items,
    Line,
    Paragraph,
    Photo,
    Photos,
    Run,
    Sheet,
    SignOff,
    Table,
    digest_of,
    figures,
    persons,
    photos,
    plain,
    sheet_json,
    sheet_of,
    signed,
    text_of,
    with_ordinals,
)

TOTAL = Figure(
    "appraisal.total", "96.35", label="甲总分", series="weekly", period="2026-W43", subject="A", rule="r", digest="d"
)
SHEET = Sheet(
    "official",
    "通报",
    (
        Head("通报", banner="某某文件", recipients="各社区"),
        Heading(1, "一、情况"),
        Paragraph(text_of("甲得", Run("96.35", TOTAL), "分，", Run("张三", is_person=True))),
        Items((text_of("其一"), text_of(Run("其二", is_strong=True)))),
        Table(
            (Column("名次"), Column("总分", 2, "right")),
            ((text_of("1"), text_of(Run("96.35", TOTAL))),),
            caption="表",
            note="注",
        ),
        Photos((Photo("ab" * 32, "现场"),)),
        Chart("走势", "分", ("第1周", "第2周"), (Line("甲", ("1.00", None)),)),
        SignOff("某某办"),
        Imprint("镇领导", "某某办"),
    ),
)


def test_a_sheet_comes_back_from_its_json() -> None:
    text = sheet_json(SHEET)
    assert sheet_of(text) == SHEET
    assert sheet_json(sheet_of(text)) == text


def test_the_digest_is_of_the_bytes() -> None:
    assert digest_of("a", "b") != digest_of("ab", "")
    assert len(digest_of("a")) == 64


def test_figures_stand_once_in_the_order_of_print() -> None:
    assert figures(SHEET) == [TOTAL]
    assert persons(SHEET) == {"张三"}
    assert [photo.caption for photo in photos(SHEET)] == ["现场"]


def test_headings_get_their_ordinals() -> None:
    blocks = with_ordinals([Heading(1, "甲"), Heading(2, "乙"), Paragraph(text_of("丙")), Heading(1, "丁")])
    assert [block.text for block in blocks if isinstance(block, Heading)] == ["一、甲", "（一）乙", "二、丁"]


def test_signing_fills_number_and_day_and_names_the_signer_only_upward() -> None:
    done = signed(SHEET, number="某〔2026〕1号", signer="李四", day=date(2026, 10, 30))
    head, sign, imprint = done.blocks[0], done.blocks[-2], done.blocks[-1]
    assert isinstance(head, Head)
    assert isinstance(sign, SignOff)
    assert isinstance(imprint, Imprint)
    assert (head.number, head.signer, sign.day, imprint.day) == (
        "某〔2026〕1号",
        "",
        "2026年10月30日",
        "2026年10月30日",
    )
    upward = signed(
        Sheet("official", "请示", (Head("请示", is_upward=True),)),
        number="某〔2026〕2号",
        signer="李四",
        day=date(2026, 1, 2),
    )
    assert isinstance(upward.blocks[0], Head)
    assert upward.blocks[0].signer == "李四"


def test_a_text_is_made_of_words_runs_and_texts() -> None:
    assert plain(text_of("甲", Run("乙"), text_of("丙", ""), "")) == "甲乙丙"
