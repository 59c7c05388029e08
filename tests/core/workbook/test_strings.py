"""Shared texts: the usual ones by pattern, everything else by the parser, the same either way."""

import io
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core.workbook.guard import Unreadable
from chuangwei.core.workbook.strings import ITEM_LIMIT, SharedStrings, read_strings

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><sst xmlns="x" count="3">'


def read(xml: str | bytes) -> list[str]:
    found = read_strings(io.BytesIO(xml.encode() if isinstance(xml, str) else xml))
    return [found[number] for number in range(len(found))]


@pytest.mark.parametrize(
    ("items", "texts"),
    [
        ("<si><t>甲</t></si><si><t>乙</t></si>", ["甲", "乙"]),
        ('<si><t xml:space="preserve"> 甲 </t></si>', [" 甲 "]),
        ("<si><t/></si><si><t>乙</t></si>", ["", "乙"]),
        ("<si/><si><t>乙</t></si><si/>", ["", "乙", ""]),
        ("<si><r><t>甲</t></r><r><rPr><b/></rPr><t>乙</t></r></si>", ["甲乙"]),
        ("<si><t>东</t><rPh><t>dong</t></rPh></si>", ["东"]),
        ("<si><t>1 &lt; 2 &amp; 3</t></si>", ["1 < 2 & 3"]),
        ("<si>\n  <t>甲</t>\n</si>", ["甲"]),
        ("<si><t><![CDATA[甲]]></t></si>", ["甲"]),
        ("", []),
    ],
)
def test_items_are_read(items: str, texts: list[str]) -> None:
    assert read(f"{HEAD}{items}</sst>") == texts


def test_a_prefix_makes_no_difference() -> None:
    assert read('<x:sst xmlns:x="y"><x:si><x:t>甲</x:t></x:si></x:sst>') == ["甲"]


def test_another_encoding_makes_no_difference() -> None:
    xml = '<?xml version="1.0" encoding="UTF-16"?><sst><si><t>甲</t></si></sst>'
    assert read(xml.encode("utf-16")) == ["甲"]


def test_items_across_pieces_are_whole() -> None:
    texts = [f"第{number}条" * 50 for number in range(3000)]
    assert read(HEAD + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>") == texts


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8), max_size=30))
def test_any_texts_come_back(texts: list[str]) -> None:
    safe = [text.replace("￾", "").replace("￿", "") for text in texts]
    assert read(HEAD + "".join(f"<si><t>{escape(text)}</t></si>" for text in safe) + "</sst>") == safe


@pytest.mark.parametrize(
    "xml",
    [
        f"{HEAD}<si><t>甲</b></si></sst>",
        (HEAD + "<si><t>").encode() + b"\xff\xfe</t></si></sst>",
        f"{HEAD}<si><t>{'甲' * (ITEM_LIMIT // 2)}</t></si></sst>",
        '<x:sst xmlns:x="y"><x:si>',
    ],
)
def test_a_broken_part_is_refused(xml: str | bytes) -> None:
    with pytest.raises(Unreadable, match="已损坏"):
        read(xml)


def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(Unreadable, match="已损坏"):
        SharedStrings()[0]
