"""Workbooks written back in the shape in which they are read; what comes out and goes in again changes nothing."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from chuangwei.core import audit
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.workbook import writer
from chuangwei.core.writes import action
from chuangwei.domain.organisation.actions import record_phone_export
from chuangwei.domain.organisation.permissions import may_export, visible_persons
from chuangwei.web.office.sheets.book import Book, Wish
from chuangwei.web.office.sheets.importing import BOOKS, ImportFile


def book_of(slug: str) -> Book:
    found = next((book for book in BOOKS if slug in {book.slug, book.title}), None)
    if found is None:
        raise DomainError(f"没有“{slug}”这种工作簿。可以导出：{'、'.join(book.slug for book in BOOKS)}。")
    return found


@action
def export(
    *, book: Book, path: Path, by: Actor, at: datetime, phones_because: str = ""
) -> tuple[Sequence[Path], Sequence[str]]:
    """Write a workbook of what the actor may see; the paths written (several where one would be too large) and notices.

    Phones are masked unless somebody who may export them gives a reason; the reason is kept (domain §11).
    """
    require(may_export(by))
    if phones_because:
        count = visible_persons(by).exclude(phone="").count()
        phones_because = record_phone_export(count=count, reason=phones_because, by=by, at=at)
    wish = Wish(with_phones=bool(phones_because))
    written: list[Path] = []
    for number, sheets in enumerate(book.write(by, wish), start=1):
        target = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        writer.write(target, sheets)
        written.append(target)
    audit.record(
        verb="导出工作簿", subject_kind="office.export", subject_code=book.slug, by=by, at=at, note=phones_because,
        details={"files": [{"file": each.name, "sha256": ImportFile(each, each.name).digest} for each in written]},
    )  # fmt: skip
    return written, wish.notices
