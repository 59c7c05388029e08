"""Tables as plain values that mean the same on both databases: how a column's values are read, written and hashed.

Nothing is asked of the models: a backup, and a release to upgrade from, may have tables and columns that this program
no longer has or does not have yet. What a column holds is told by the database itself.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, Protocol

Value = str | int | float | bool | None
Row = list[Any]

SQLITE_KINDS = (
    (r"bool", "bool"),
    (r"(small|big)?int(eger)?( unsigned)?", "whole"),
    (r"real|double( precision)?|float", "real"),
    (r"datetime", "instant"),
    (r"date", "day"),
    (r"time", "time"),
    (r"decimal(\(.*\))?|numeric(\(.*\))?", "decimal"),
    (r"blob", "bytes"),
    (r"char\(32\)", "uuid"),
    (r"(var)?char\(\d+\)|text", "text"),
)
POSTGRESQL_KINDS = {
    "boolean": "bool", "smallint": "whole", "integer": "whole", "bigint": "whole", "double precision": "real",
    "timestamp with time zone": "instant", "date": "day", "time without time zone": "time", "numeric": "decimal",
    "bytea": "bytes", "uuid": "uuid", "character varying": "text", "character": "text", "text": "text",
    "jsonb": "json", "inet": "address",
}  # fmt: skip
# What makes PostgreSQL hand a value over in the form that is written down.
POSTGRESQL_READ = {
    "instant": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "day": "to_char({0}, 'YYYY-MM-DD')",
    "time": "to_char({0}, 'HH24:MI:SS.US')",
    "bytes": "encode({0}, 'hex')",
    "uuid": "replace({0}::text, '-', '')",
    "decimal": "{0}::text",
    "json": "{0}::text",
    "address": "host({0})",
}


class Source(Protocol):
    """A database held still: every question sees the same instant."""

    @property
    def vendor(self) -> str: ...

    def ask(self, sql: str) -> Iterator[tuple[Any, ...]]: ...


class UnknownColumn(Exception):
    """A column of a type nobody taught this module; a fault of ours, and better met at a backup than at a restore."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns in alphabetical order with what they hold, and those that order its rows."""

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]

    def described(self) -> dict[str, Any]:
        return {"name": self.name, "columns": dict(self.columns), "key": list(self.key)}

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> "Table":
        return cls(str(described["name"]), dict(described["columns"]), tuple(described["key"]))


class Sum:
    """Rows counted and hashed in their order; two tables of the same sum hold the same."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = hashlib.sha256()

    def add(self, line: bytes) -> None:
        self.rows += 1
        self._digest.update(line)

    def described(self) -> dict[str, Any]:
        return {"rows": self.rows, "sha256": self._digest.hexdigest()}


def tables_of(source: Source) -> list[Table]:
    """Every table, by name; UnknownColumn for a column whose values cannot be written down."""
    found = _sqlite_tables(source) if source.vendor == "sqlite" else _postgresql_tables(source)
    return sorted(found, key=lambda table: table.name)


def rows_of(source: Source, table: Table) -> Iterator[Row]:
    """The rows in the order of their key, each value in the form that is written down."""
    if source.vendor == "sqlite":
        # An expression has no declared type, so that no driver makes more of a value than the database has.
        columns = [f"+{_quoted(name)}" for name in table.columns]
        order = [_quoted(name) for name in table.key]
    else:
        columns = [POSTGRESQL_READ.get(kind, "{0}").format(_quoted(name)) for name, kind in table.columns.items()]
        # Locales sort text in their own ways; bytes sort the same everywhere.
        order = [
            _quoted(name) + (' COLLATE "C"' if table.columns[name] == "text" else "") for name in table.key
        ]  # fmt: skip
    asked = f"SELECT {', '.join(columns)} FROM {_quoted(table.name)} ORDER BY {', '.join(order)}"  # noqa: S608 - names the database gave
    readers = _readers(source.vendor, table)
    for values in source.ask(asked):
        row = list(values)
        for index, read in readers:
            if row[index] is not None:
                row[index] = read(row[index])
        yield row


def line_of(row: Row) -> bytes:
    """A row as it is written down: one line of JSON."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def row_of(line: bytes) -> Row:
    row: Row = json.loads(line)
    return row


def summed(table: Table) -> tuple[Sum, Callable[[Row, bytes], None]]:
    """A sum, and what adds a row and its line to it. JSON counts by what it says, not by how it is spaced."""
    total = Sum()
    documents = [index for index, kind in enumerate(table.columns.values()) if kind == "json"]
    if not documents:
        return total, lambda _row, line: total.add(line)

    def add(row: Row, _line: bytes) -> None:
        plain = list(row)
        for index in documents:
            plain[index] = None if row[index] is None else _canonical(row[index])
        total.add(line_of(plain))

    return total, add


def sum_of(source: Source, table: Table) -> dict[str, Any]:
    """How many rows the table has, and their SHA-256."""
    total, add = summed(table)
    for row in rows_of(source, table):
        add(row, line_of(row))
    return total.described()


def insert(cursor: Any, vendor: str, table: Table, rows: Iterable[Row]) -> None:
    """Put rows into a table of the same columns, by COPY or in statements of many rows. Other columns take defaults."""
    names = ", ".join(_quoted(name) for name in table.columns)
    writers = _writers(vendor, table)

    def written() -> Iterator[Row]:
        for row in rows:
            for index, write in writers:
                if row[index] is not None:
                    row[index] = write(row[index])
            yield row

    if vendor == "postgresql":
        with cursor.copy(f"COPY {_quoted(table.name)} ({names}) FROM STDIN") as copy:
            for row in written():
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(table.columns))
    statement = f"INSERT INTO {_quoted(table.name)} ({names}) VALUES ({marks})"  # noqa: S608 - names the database gave
    waiting = written()
    while batch := list(islice(waiting, 5000)):
        cursor.executemany(statement, batch)


def _sqlite_tables(source: Source) -> Iterator[Table]:
    # Virtual tables and what lies behind them are made of the others: search indexes.
    listed = source.ask(
        "SELECT l.name, m.sql FROM pragma_table_list AS l JOIN sqlite_master AS m USING (name)"
        " WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite_%'"
    )
    for name, sql in list(listed):
        documents = set(re.findall(r'JSON_VALID\("(\w+)"\)', sql or ""))
        columns, key = {}, {}
        for _, column, kind, _, _, place in source.ask(f"PRAGMA table_info({_quoted(name)})"):
            columns[column] = "json" if column in documents else _sqlite_kind(name, column, kind)
            if place:
                key[place] = column
        yield _table(name, columns, [key[place] for place in sorted(key)])


def _sqlite_kind(table: str, column: str, declared: str) -> str:
    for pattern, kind in SQLITE_KINDS:
        if re.fullmatch(pattern, declared.lower()):
            return kind
    raise UnknownColumn(f"{table}.{column}: {declared}")


def _postgresql_tables(source: Source) -> Iterator[Table]:
    columns: dict[str, dict[str, str]] = {}
    for table, column, kind in source.ask(
        "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
        " JOIN information_schema.tables t USING (table_schema, table_name)"
        " WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'"
    ):
        if kind not in POSTGRESQL_KINDS:
            raise UnknownColumn(f"{table}.{column}: {kind}")
        columns.setdefault(table, {})[column] = POSTGRESQL_KINDS[kind]
    keys: dict[str, list[str]] = {}
    for table, column in source.ask(
        "SELECT r.relname, a.attname FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid"
        " JOIN pg_namespace n ON n.oid = r.relnamespace"
        " CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place)"
        " JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.number"
        " WHERE i.indisprimary AND n.nspname = current_schema() ORDER BY r.relname, k.place"
    ):
        keys.setdefault(table, []).append(column)
    for name, found in columns.items():
        yield _table(name, found, keys.get(name, []))


def _table(name: str, columns: Mapping[str, str], key: Sequence[str]) -> Table:
    ordered = dict(sorted(columns.items()))
    return Table(name, ordered, tuple(key) or tuple(ordered))


def _readers(vendor: str, table: Table) -> list[tuple[int, Callable[[Any], Value]]]:
    readers: dict[str, Callable[[Any], Value]] = {"decimal": _plain_decimal, "real": float}
    if vendor == "sqlite":
        readers |= {"bool": bool, "bytes": bytes.hex, "instant": _with_fraction, "time": _with_fraction}
    return [(index, readers[kind]) for index, kind in enumerate(table.columns.values()) if kind in readers]


def _writers(vendor: str, table: Table) -> list[tuple[int, Callable[[Any], Any]]]:
    writers: dict[str, Callable[[Any], Any]]
    if vendor == "sqlite":
        # As Django writes them: a whole second has no fraction.
        writers = {"bytes": bytes.fromhex, "instant": _without_fraction, "time": _without_fraction}
    else:
        writers = {"bytes": lambda text: f"\\x{text}", "instant": lambda text: f"{text}+00"}
    return [(index, writers[kind]) for index, kind in enumerate(table.columns.values()) if kind in writers]


def _plain_decimal(value: Any) -> str:
    return format(Decimal(str(value)).normalize(), "f")


def _with_fraction(text: str) -> str:
    return text if "." in text else f"{text}.000000"


def _without_fraction(text: str) -> str:
    return text.removesuffix(".000000")


def _canonical(document: str) -> str:
    return json.dumps(json.loads(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
