"""Keyset paging: the next page begins behind the last row shown, so page 1,000 is as quick as page 1."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row")
M = TypeVar("M", bound=Model)

PAGE_SIZE = 50
INSTANT, DAY = "instant", "day"


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and how to ask for those behind them (empty: there are none)."""

    rows: Sequence[Row]
    after: str = ""
    address: str = ""
    """The address of this list with its filters, without the position."""

    @property
    def next_address(self) -> str:
        joint = "&" if "?" in self.address else "?"
        return f"{self.address}{joint}after={self.after}" if self.after else ""


def keyset_page(
    found: QuerySet[M], *, order: Sequence[str], after: str = "", size: int = PAGE_SIZE, address: str = "",
    by_key: bool = False,
) -> Page[M]:  # fmt: skip
    """The rows behind `after` in `order` (own columns, never null, the last of them unique; "-" turns one round).

    With `by_key` the keys of the page are found first and its rows read by them, plain, without what `found` joins or
    prefetches: in a table of a million rows the indexes then suffice to put thousands in order.
    """
    position = _unpack(after, len(order))
    if not _fits(found, order, position):
        position = []
    wanted = (found.filter(_behind(order, position)) if position else found).order_by(*order)
    if by_key:
        keys = list(wanted.values_list("pk", flat=True)[: size + 1])
        rows = list(found.model._default_manager.filter(pk__in=keys).order_by(*order))
    else:
        rows = list(wanted[: size + 1])
    if len(rows) <= size:
        return Page(rows, address=address)
    shown = rows[:size]
    return Page(shown, after=_pack([getattr(shown[-1], name) for name in _columns(order)]), address=address)


def paged(found: QuerySet[M], request: HttpRequest, *, order: Sequence[str], size: int = PAGE_SIZE) -> Page[M]:
    """One page of a list as the address asks for it, keeping its filters."""
    return keyset_page(
        found, order=order, after=request.GET.get("after", ""), size=size, address=list_address(request)
    )  # fmt: skip


def listed(rows: Sequence[Row], request: HttpRequest, *, size: int = PAGE_SIZE) -> Page[Row]:
    """One page of a list that is already in memory: the position is the number of the row."""
    position = _unpack(request.GET.get("after", ""), 1)
    start = max(position[0], 0) if position and isinstance(position[0], int) else 0
    more = start + size < len(rows)
    return Page(
        rows[start : start + size], after=_pack([start + size]) if more else "", address=list_address(request)
    )  # fmt: skip


def list_address(request: HttpRequest) -> str:
    """The address without the position."""
    wishes = request.GET.copy()
    wishes.pop("after", None)
    return f"{request.path}?{wishes.urlencode()}" if wishes else request.path


def _behind(order: Sequence[str], position: Sequence[Any]) -> Q:
    """(a, b) > (x, y), written out, because the columns may run in different directions.

    That a is not before x follows from it, but a database finds its place in an index only where it is said.
    """
    condition, equal = Q(pk__in=[]), Q()
    for name, value in zip(order, position, strict=True):
        column, comparison = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{column}__{comparison}": value})
        equal &= Q(**{column: value})
    side = "lte" if order[0].startswith("-") else "gte"
    return condition & Q(**{f"{order[0].lstrip('-')}__{side}": position[0]})


def _pack(values: Sequence[Any]) -> str:
    written = [
        {INSTANT: value.isoformat()}
        if isinstance(value, datetime)
        else {DAY: value.isoformat()}
        if isinstance(value, date)
        else value
        for value in values
    ]
    return base64.urlsafe_b64encode(json.dumps(written, ensure_ascii=False).encode()).decode().rstrip("=")


def _unpack(text: str, size: int) -> list[Any]:
    """The position a link carries; a broken one means the first page."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        read = [_read(value) for value in values]
    except (ValueError, TypeError, KeyError, binascii.Error):
        return []
    return read if len(read) == size else []


def _fits(found: QuerySet[Any], order: Sequence[str], position: Sequence[Any]) -> bool:
    """Whether every column can hold its value: people may write anything into an address."""
    fields = [found.model._meta.pk if name == "pk" else found.model._meta.get_field(name) for name in _columns(order)]
    try:
        for field, value in zip(fields, position, strict=False):
            field.to_python(value)
    except (ValidationError, TypeError, ValueError):
        return False
    return not any(isinstance(value, str) and "\0" in value for value in position)


def _columns(order: Sequence[str]) -> list[str]:
    return [name.lstrip("-") for name in order]


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        return datetime.fromisoformat(value[INSTANT]) if INSTANT in value else date.fromisoformat(value[DAY])
    if not isinstance(value, int | str):
        raise TypeError(value)
    return value
