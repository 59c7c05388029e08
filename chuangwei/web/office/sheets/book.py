"""What a workbook of the office is: its sheets, the action its rows go to, and how they are written back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.core.rows import NO_CODES, Codes, Progress, Rows, Taking, silent
from chuangwei.core.workbook.tables import SheetSpec
from chuangwei.core.workbook.writer import SheetRows


@dataclass
class Occasion:
    """One import: who and when, and what the workbooks read before this one brought that is not saved yet.

    `save` is off once there is any mistake: the rest is only looked through for more.
    """

    by: Actor
    at: datetime
    save: bool = True
    codes: dict[str, Codes] = field(default_factory=dict)
    progress: Progress = silent

    def unsaved(self, name: str) -> Codes:
        return self.codes.get(name, NO_CODES)


@dataclass(frozen=True)
class Book:
    """A workbook by its sheets: `sheets` names each set of rows as the action knows it."""

    slug: str
    title: str
    sheets: Mapping[str, SheetSpec]
    take: Callable[[Mapping[str, Rows], Occasion], Taking]
    write: Callable[[Actor, "Wish"], Iterator[Sequence[SheetRows]]]

    @property
    def specs(self) -> list[SheetSpec]:
        return list(self.sheets.values())


@dataclass
class Wish:
    """How somebody wants a workbook written: with phones in full or masked; and what could not be written."""

    with_phones: bool = False
    notices: list[str] = field(default_factory=list)
