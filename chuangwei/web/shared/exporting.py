"""A list as an .xlsx file: exactly the rows a page leads through, in its order, with the columns the list names."""

import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from django.db.models import Model, QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from chuangwei.core import audit, clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError
from chuangwei.core.workbook import writer
from chuangwei.core.workbook.writer import CELL_LIMIT, SheetRows
from chuangwei.core.writes import action
from chuangwei.web.shared.limits import is_within, too_many, wait
from chuangwei.web.shared.listing import Listing

M = TypeVar("M", bound=Model)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 200_000
"""A person cannot use more, and one request must end. A whole ledger goes out by `chuangwei export`."""


@action
def _record_export(*, title: str, query: str, count: int, by: Actor, at: datetime) -> None:
    audit.record(
        verb="导出列表", subject_kind="web.listing", subject_code=title, by=by, at=at,
        details={"query": query, "rows": count},
    )  # fmt: skip


def export_listing(
    listing: Listing[M], found: QuerySet[M], request: HttpRequest, *, title: str, by: Actor
) -> HttpResponseBase:
    """The file of a list; who took it, with which filters and how many rows, is recorded. DomainError above MOST_ROWS."""
    if not is_within(request, "exports"):
        return too_many(request, seconds=wait(request, "exports"))
    rows = listing.rows(found, request)
    if rows.order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise DomainError(f"超过 {MOST_ROWS:,} 行，请先筛选再导出。")
    at = clock.now()
    written, file = _file(title, listing, rows.iterator(chunk_size=2000))
    asked = listing.asked(request)
    _record_export(title=title, query=asked.address().partition("?")[2], count=written, by=by, at=at)
    name = f"{title}{clock.local(at):%Y%m%d-%H%M}.xlsx"
    response = FileResponse(file, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _file(title: str, listing: Listing[M], rows: Iterable[M]) -> tuple[int, Any]:
    """How many rows were written, and the open file; its name is gone at once, so nothing is left behind."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        heads = [column.title for column in listing.columns]
        cells = ([_cell(column.value(row)) for column in listing.columns] for row in rows)
        written = writer.write(path, [SheetRows(title[:31], heads, cells)])
        return written, path.open("rb")


def _cell(value: Any) -> Any:
    return value[:CELL_LIMIT] if isinstance(value, str) else value
