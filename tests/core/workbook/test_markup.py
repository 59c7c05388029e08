"""XML is read without fetching or declaring anything."""

import pytest

from chuangwei.core.workbook.guard import Unreadable
from chuangwei.core.workbook.markup import is_plain, parse

BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize("xml", [BOMB, b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'])
def test_declarations_are_refused(xml: bytes) -> None:
    with pytest.raises(Unreadable, match="外部声明"):
        parse([xml], start=lambda *_: None)


def test_prefixes_are_dropped_and_text_comes_whole() -> None:
    seen: list[str] = []
    parse([b'<x:a b="1">', "甲".encode()[:2], "甲".encode()[2:], b"</x:a>"], start=lambda name, _: seen.append(name),
          text=seen.append, end=seen.append)  # fmt: skip
    assert seen == ["a", "甲", "a"]


def test_a_broken_part_is_refused() -> None:
    with pytest.raises(Unreadable, match="已损坏"):
        parse([b"<a><b></a>"], start=lambda *_: None)


@pytest.mark.parametrize(
    ("head", "plain"),
    [
        (b"<a>", True),
        (b'<?xml version="1.0" encoding="UTF-8"?><a x="1">', True),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\n<a>", True),
        (b'<?xml version="1.0" encoding="GBK"?><a>', False),
        (b"<!-- --><a>", False),
        (b"<x:a>", False),
        (b"<ab>", False),
    ],
)
def test_the_usual_beginning_is_known(head: bytes, *, plain: bool) -> None:
    assert is_plain(head, b"a") is plain
