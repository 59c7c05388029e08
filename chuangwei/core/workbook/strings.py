"""The texts a workbook shares between its cells, kept packed: the file's whole text in one piece and where each ends."""

import re
from array import array
from collections.abc import Iterable
from itertools import chain

from chuangwei.core.workbook.guard import MEGABYTE, Unreadable
from chuangwei.core.workbook.markup import BROKEN_PART, Attributes, Readable, chunks_of, is_plain, parse

PLAIN = re.compile(rb"<si>\s*+<t(?: xml:space=\"preserve\")?+>([^<&]*+)</t>\s*+</si>|<si>\s*+<t\s*+/>\s*+</si>")
OPENS, CLOSES = b"<si", b"</si>"
ITEM_LIMIT = 4 * MEGABYTE
"""A cell holds 32,767 characters; with every format a writer may put between them it stays far below this."""


class SharedStrings:
    """Text by number. A million short texts as Python strings would take more memory than the rest of an import."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> str:
        """Unreadable for a number the table does not have."""
        if not 0 <= number < len(self._ends):
            raise Unreadable(BROKEN_PART)
        start = self._ends[number - 1] if number else 0
        try:
            return self._bytes[start : self._ends[number]].decode()
        except UnicodeDecodeError as error:
            raise Unreadable(BROKEN_PART) from error

    def append(self, text: bytes) -> None:
        self._bytes += text
        self._ends.append(len(self._bytes))


def read_strings(part: Readable) -> SharedStrings:
    """Read the part of shared strings; readings (拼音) and formats of runs are left out."""
    found = SharedStrings()
    chunks = chunks_of(part)
    head = next(chunks, b"")
    if is_plain(head[:2000], b"sst"):
        _read_pieces(chain([head], chunks), found)
    else:
        _read_exactly(chain([head], chunks), found)
    return found


def _read_pieces(chunks: Iterable[bytes], found: SharedStrings) -> None:
    """Piece by piece, each ending with a whole item; a piece with anything unusual in it goes to the XML parser."""
    rest = b""
    for chunk in chunks:
        whole, ending, rest = (rest + chunk).rpartition(CLOSES)
        if len(rest) > ITEM_LIMIT:
            raise Unreadable(BROKEN_PART)
        if ending:
            _read_piece(_from_first_item(whole + ending), found)
    if OPENS in rest:
        _read_piece(_from_first_item(rest).rpartition(b"</sst")[0], found)


def _read_piece(piece: bytes, found: SharedStrings) -> None:
    texts = PLAIN.findall(piece)
    if len(texts) == piece.count(OPENS):
        for text in texts:
            found.append(text)
    else:
        _read_exactly([b"<sst>", piece, b"</sst>"], found)


def _from_first_item(piece: bytes) -> bytes:
    """The first piece begins with the head of the part, which is none of ours."""
    return piece[max(piece.find(OPENS), 0) :]


def _read_exactly(chunks: Iterable[bytes], found: SharedStrings) -> None:
    run: list[str] = []
    inside: list[str] = []

    def start(name: str, _attributes: Attributes) -> None:
        inside.append(name)
        if name == "si":
            run.clear()

    def end(name: str) -> None:
        inside.pop()
        if name == "si":
            found.append("".join(run).encode())

    def text(characters: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:
            run.append(characters)

    parse(chunks, start=start, end=end, text=text)
