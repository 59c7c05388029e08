"""Many rows into one table at once: executemany on SQLite, COPY on PostgreSQL. Only actions and demo call it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any, cast

from django.db import connection, models

BATCH = 200
"""Rows a statement on SQLite: twice as fast as one each, since the next key is looked up and kept once a statement."""


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as plain database values in the order of `columns` (field names, `…_id` for keys).

    Values must be what the driver takes: for ScaledDecimalField the whole number, instants as aware datetimes,
    JSON as text. A column left out takes its field's default. Constraints of the database hold as ever; no signals,
    no primary keys back.
    """
    given = [_field(model, name) for name in columns]
    own = [f for f in model._meta.concrete_fields if not (f.primary_key or f.null or f.generated)]
    left_out = [f for f in own if f not in given]
    defaults = tuple(f.get_db_prep_save(f.get_default(), connection) for f in left_out)
    fields = [*given, *left_out]
    names = ", ".join(connection.ops.quote_name(str(f.column)) for f in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                write = copy.write_row
                for row in rows:
                    write((*row, *defaults))
            return
        instants = [i for i, f in enumerate(given) if isinstance(f, models.DateTimeField)]
        plain = _plain(rows, instants, defaults) if instants or defaults else rows
        marks = f"({', '.join(['%s'] * len(fields))})"
        insert = f"INSERT INTO {table} ({names}) VALUES "  # noqa: S608 - names come from the model, not from input
        batches = _Batches(plain)
        cursor.executemany(insert + ", ".join([marks] * BATCH), cast("list[Sequence[Any]]", batches.whole()))
        cursor.executemany(insert + marks, batches.rest)


class _Batches:
    """Rows in batches of BATCH, each batch flat; what does not fill one is the rest, known once the batches are gone."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows = iter(rows)
        self.rest: list[Sequence[Any]] = []

    def whole(self) -> Iterator[list[Any]]:
        while len(batch := list(islice(self._rows, BATCH))) == BATCH:
            yield list(chain.from_iterable(batch))
        self.rest = batch


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    for field in model._meta.concrete_fields:
        if name in (field.name, field.attname):
            return field
    raise ValueError(f"{model.__name__} has no column {name}")


def _plain(
    rows: Iterable[Sequence[Any]], instants: Sequence[int], defaults: Sequence[Any]
) -> Iterator[Sequence[Any]]:  # fmt: skip
    # The instant of recording is the same in every row.
    adapt = lru_cache(maxsize=64)(connection.ops.adapt_datetimefield_value)
    for row in rows:
        values = [*row, *defaults]
        for i in instants:
            values[i] = adapt(values[i])
        yield values
