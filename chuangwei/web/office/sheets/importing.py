"""Workbooks taken in together: told apart by their sheets, read whole, and saved whole or not at all.

One import is one action: one transaction, one audit entry with the digests of the files, a log line for each record
that moved. A preview is the same, taken back (docs/adr/0006).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from chuangwei.core import audit
from chuangwei.core.actor import Actor
from chuangwei.core.errors import require
from chuangwei.core.mistakes import Mistake
from chuangwei.core.rows import Codes, Move, Tally
from chuangwei.core.workbook import tables
from chuangwei.core.workbook.guard import Unreadable
from chuangwei.core.workbook.tables import Mistakes, Workbook
from chuangwei.core.writes import action, rolled_back
from chuangwei.domain.organisation.permissions import may_import
from chuangwei.web.office.sheets.book import Book, Occasion
from chuangwei.web.office.sheets.ledger import LEDGER
from chuangwei.web.office.sheets.register import REGISTER
from chuangwei.web.office.sheets.visits import VISIT_BOOK

BOOKS: Sequence[Book] = (REGISTER, VISIT_BOOK, LEDGER)
"""In the order in which they are taken in: each may refer to those before it."""

Progress = Callable[[str, int, int], None]
"""What is being done, how far, of how many (0: not known)."""


@dataclass(frozen=True)
class ImportFile:
    """A file to take in: where it lies, and what people call it."""

    path: Path
    name: str

    @property
    def digest(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class SheetTally:
    """What became of one sheet."""

    sheet: str
    tally: Tally


@dataclass
class Outcome:
    """What came of an import, or would."""

    mistakes: list[Mistake] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    sheets: list[SheetTally] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return bool(self.mistakes)

    @property
    def tally(self) -> Tally:
        total = Tally()
        if not self.is_refused:
            for each in self.sheets:
                total += each.tally
        return total

    def as_json(self) -> dict[str, Any]:
        """The shape `chuangwei import --json` promises (interface.md)."""
        return {
            "refused": self.is_refused,
            "mistakes": [mistake.as_json() for mistake in self.mistakes],
            "notices": self.notices,
            "added": self.tally.added,
            "changed": self.tally.changed,
            "unchanged": self.tally.unchanged,
        }


class _TakenBack(Exception):
    """Mistakes found after some rows were written: everything goes back."""


def _silent(_what: str, _done: int, _total: int) -> None:
    pass


def run(
    *, files: Sequence[ImportFile], by: Actor, at: datetime, is_preview: bool = False, progress: Progress = _silent
) -> Outcome:
    """Take in workbooks together. A mistake anywhere refuses them all; the outcome says where."""
    require(may_import(by))
    outcome = Outcome()
    read = _read(files, outcome, progress)
    try:
        if is_preview:
            rolled_back(lambda: _take(read=read, outcome=outcome, progress=progress, by=by, at=at))
        else:
            _take(read=read, outcome=outcome, progress=progress, by=by, at=at)
    except _TakenBack:
        outcome.sheets, outcome.moves = [], []
    return outcome


# --- Reading ----------------------------------------------------------------------------------------------------------


@dataclass
class _ReadFile:
    """A file as it was read, and the books it holds."""

    file: ImportFile
    workbook: Workbook
    books: list[Book]

    def mistakes(self) -> list[Mistake]:
        """By sheet as the books list them, then by row."""
        order = {spec.name: i for i, spec in enumerate(spec for book in self.books for spec in book.specs)}
        return sorted(self.workbook.mistakes.all(), key=lambda each: (order.get(each.sheet, -1), each.row or 0))


def _read(files: Sequence[ImportFile], outcome: Outcome, progress: Progress) -> list[_ReadFile]:
    read: list[_ReadFile] = []
    for file in files:
        try:
            books = _books_in(file)
        except Unreadable as error:
            outcome.mistakes.append(Mistake(file.name, "", None, None, error.message))
            continue

        def heard(sheet: str, rows: int, name: str = file.name) -> None:
            progress(f"正在读取 {name}『{sheet}』", rows, 0)

        specs = [spec for book in books for spec in book.specs]
        read.append(_ReadFile(file, tables.read(file.path, specs, file=file.name, progress=heard), books))
        outcome.notices += read[-1].workbook.notices
    return read


def _books_in(file: ImportFile) -> list[Book]:
    """The books a file is, by its sheets: every one that is complete, else the one it comes nearest to."""
    names = set(tables.sheet_names(file.path))
    present = {book.slug: {spec.name for spec in book.specs} & names for book in BOOKS}
    complete = [book for book in BOOKS if len(present[book.slug]) == len(book.specs)]
    if complete:
        return complete
    nearest = max(BOOKS, key=lambda book: len(present[book.slug]))
    if not present[nearest.slug]:
        listed = "；".join(f"{book.title}（{'、'.join(spec.name for spec in book.specs)}）" for book in BOOKS)
        raise Unreadable(f"看不出这是哪一种工作簿：没有一张工作表的名字对得上。认得的有{listed}。")
    return [nearest]


# --- Taking in --------------------------------------------------------------------------------------------------------


@action
def _take(*, read: Sequence[_ReadFile], outcome: Outcome, progress: Progress, by: Actor, at: datetime) -> None:
    """Take the books in, in their order, whatever the order of the files; then say so in one audit entry."""
    occasion = Occasion(by=by, at=at, save=not outcome.mistakes)
    if outcome.mistakes:
        # Nobody knows what stood in a file that could not be read; what may refer to it is not judged.
        occasion.codes = {name: Codes(is_open=True) for book in BOOKS for name in book.sheets}
    for book in BOOKS:
        for each in read:
            if book in each.books:
                occasion.save = occasion.save and not any(len(one.workbook.mistakes) for one in read)
                progress(f"正在核对 {each.file.name}（{book.title}）", 0, 0)
                occasion.progress = partial(progress, f"正在写入 {each.file.name}（{book.title}）")
                _take_book(book, each, occasion, outcome)
    outcome.mistakes += [mistake for each in read for mistake in each.mistakes()]
    if outcome.mistakes:
        raise _TakenBack
    _record([each.file for each in read], outcome, by=by, at=at)


def _take_book(book: Book, read: _ReadFile, occasion: Occasion, outcome: Outcome) -> None:
    """Hand the rows to the nouns; their faults are told by sheet, row and column."""
    workbook = read.workbook
    if not workbook.is_readable:
        # What refers to a book nobody could read cannot be judged.
        occasion.codes |= {name: Codes(is_open=True) for name in book.sheets}
        return
    rows = {name: workbook.tables.pop(spec.name) for name, spec in book.sheets.items()}
    taking = book.take(rows, occasion)
    for name, faults in taking.faults.items():
        spec = book.sheets[name]
        found = Mistakes(workbook.file)
        for fault in faults:
            found.add(fault.message, sheet=spec.name, row=fault.line, column=spec.head_of(fault.field))
        workbook.mistakes.take(found)
    outcome.notices += [f"{workbook.file}{notice}" for notice in taking.notices]
    outcome.moves += taking.moves
    outcome.sheets += [SheetTally(book.sheets[name].name, tally) for name, tally in taking.tallies.items()]
    occasion.codes |= taking.codes


def _record(files: Sequence[ImportFile], outcome: Outcome, *, by: Actor, at: datetime) -> None:
    tally = outcome.tally
    digests = [{"file": file.name, "sha256": file.digest} for file in files]
    audit.record(
        verb="导入工作簿", subject_kind="office.import", subject_code=digests[0]["sha256"][:16] if digests else "",
        by=by, at=at,
        details={
            "files": digests, "added": tally.added, "changed": tally.changed, "unchanged": tally.unchanged,
            "notices": outcome.notices,
        },
    )  # fmt: skip
