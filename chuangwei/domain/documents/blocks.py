"""What a paper is made of: blocks that know nothing of how they are drawn. Kinds yield them, writers draw them.

They are kept as JSON with the paper; a later program reads every earlier one, so fields are added with a default.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from chuangwei.domain.documents import rules

CHART_LINES = 3
"""More lines than this nobody tells apart on paper."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Where a printed number comes from: an indicator of a subject in a period, by a rule, over rows with a digest."""

    indicator: str
    value: str
    label: str = ""
    series: str = ""
    area: str = ""
    period: str = ""
    subject: str = ""
    rule: str = ""
    digest: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What it is the value of; the same in every computation."""
        return (self.indicator, self.series, self.area, self.period, self.subject)

    @property
    def shown(self) -> str:
        """The value as it is printed."""
        return rules.shown(self.value)


@dataclass(frozen=True, slots=True)
class Run:
    """Some words in one face. `figure` says where a number comes from, `is_person` that a person is named."""

    text: str
    figure: Figure | None = None
    is_strong: bool = False
    is_person: bool = False


Text = tuple[Run, ...]
Words = str | Run | Text


def text_of(*parts: Words) -> Text:
    """Words, runs and texts as one text."""
    runs: list[Run] = []
    for part in parts:
        if isinstance(part, str):
            runs += [Run(part)] if part else []
        else:
            runs += [part] if isinstance(part, Run) else part
    return tuple(runs)


def plain(text: Text) -> str:
    return "".join(run.text for run in text)


@dataclass(frozen=True, slots=True)
class Head:
    """The head 版头 and what stands below it: `number` and `signer` are empty until the paper is signed.

    Only a paper that goes upward 上行文 names who signed it.
    """

    title: str
    banner: str = ""
    number: str = ""
    is_upward: bool = False
    signer: str = ""
    recipients: str = ""
    block: Literal["head"] = "head"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; its ordinal is given when the paper is put together."""

    level: int
    text: str
    block: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Text
    align: Literal["left", "center", "right"] = "left"
    is_indented: bool = True
    block: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Items:
    """A list: numbered 1. 2. 3., or with a dash."""

    items: tuple[Text, ...]
    marker: Literal["number", "dash"] = "number"
    block: Literal["items"] = "items"

    @property
    def leads(self) -> list[str]:
        """What stands before each item; one alone is not numbered."""
        if self.marker == "dash":
            return ["—"] * len(self.items)
        return [f"{place}." for place in range(1, len(self.items) + 1)] if len(self.items) > 1 else [""]


@dataclass(frozen=True, slots=True)
class Column:
    """`share` is the column's width in parts of the table's."""

    title: str
    share: int = 1
    align: Literal["left", "center", "right"] = "center"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head stands again on every page. Without `has_head` it is a form: the first column names the rest.

    `heights` are the least heights of its rows in millimetres, for what is filled in by hand.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: str = ""
    note: str = ""
    has_head: bool = True
    heights: tuple[int, ...] = ()
    block: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo handed in, by the digest of its bytes."""

    digest: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Photos:
    """Photos side by side, two in a row."""

    photos: tuple[Photo, ...]
    block: Literal["photos"] = "photos"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: exact decimals as text, None where there is no value."""

    name: str
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A course over time: at most three lines, told apart by dashes and marks, not by colour alone."""

    caption: str
    unit: str
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    block: Literal["chart"] = "chart"


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who issues, and the day 成文日期 (empty until it is signed)."""

    issuer: str
    day: str = ""
    block: Literal["sign_off"] = "sign_off"


@dataclass(frozen=True, slots=True)
class Imprint:
    """The closing block 版记 at the foot of the last page."""

    copies_to: str
    printer: str
    day: str = ""
    block: Literal["imprint"] = "imprint"


Block = Annotated[
    Head | Heading | Paragraph | Items | Table | Photos | Chart | SignOff | Imprint, Field(discriminator="block")
]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One edition of a paper, ready to be drawn. `layout` is one of enums.Layout; `tone` (red, yellow) colours a certificate."""

    layout: str
    title: str
    blocks: tuple[Block, ...]
    tone: str = ""


SHEET: TypeAdapter[Sheet] = TypeAdapter(Sheet)


def sheet_json(sheet: Sheet) -> str:
    """The one JSON text of a sheet; equal sheets give equal bytes."""
    return SHEET.dump_json(sheet, exclude_defaults=False).decode()


def sheet_of(text: str) -> Sheet:
    return SHEET.validate_json(text)


def digest_of(*texts: str) -> str:
    """SHA-256 of texts, each closed by a line feed, as 64 hex digits."""
    found = hashlib.sha256()
    for text in texts:
        found.update(f"{text}\n".encode())
    return found.hexdigest()


def with_ordinals(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with 一、（一）1.（1） before their headings."""
    found = tuple(blocks)
    ordinals = rules.ordinals(block.level for block in found if isinstance(block, Heading))
    return tuple(
        replace(block, text=f"{next(ordinals)}{block.text}") if isinstance(block, Heading) else block for block in found
    )


def signed(sheet: Sheet, *, number: str, signer: str, day: date) -> Sheet:
    """The sheet as it is signed: with its number, its signer where it goes upward, and its day."""
    return replace(sheet, blocks=tuple(_signed(block, number, signer, rules.day_text(day)) for block in sheet.blocks))


def _signed(block: Block, number: str, signer: str, day: str) -> Block:
    if isinstance(block, Head):
        return replace(block, number=number, signer=signer if block.is_upward else "")
    if isinstance(block, SignOff | Imprint):
        return replace(block, day=day)
    return block


def texts(sheet: Sheet) -> Iterator[Text]:
    """Every text of a sheet that is made of runs."""
    for block in sheet.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Items):
            yield from block.items
        elif isinstance(block, Table):
            for row in block.rows:
                yield from row


def figures(sheet: Sheet) -> list[Figure]:
    """Every figure of a sheet, each once, in the order it is printed."""
    found = {run.figure.key: run.figure for text in texts(sheet) for run in text if run.figure}
    return list(found.values())


def persons(sheet: Sheet) -> set[str]:
    """What a sheet says of persons."""
    return {run.text for text in texts(sheet) for run in text if run.is_person}


def photos(sheet: Sheet) -> list[Photo]:
    return [photo for block in sheet.blocks if isinstance(block, Photos) for photo in block.photos]
