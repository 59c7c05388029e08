"""Plain tables on a terminal, where a Chinese character is two columns wide."""

import unicodedata
from collections.abc import Iterator, Sequence

WIDE = frozenset("WF")
GAP = "  "


def width(text: str) -> int:
    """How many columns a terminal gives the text."""
    return sum(2 if unicodedata.east_asian_width(letter) in WIDE else 1 for letter in text)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, columns aligned on the left; nothing at all where there are no rows."""
    if not rows:
        return
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(map(width, column)) for column in columns]
    for row in [heads, *rows]:
        cells = (cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True))
        yield GAP.join(cells).rstrip()
