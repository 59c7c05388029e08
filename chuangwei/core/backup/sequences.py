"""The last number each table has given out, so that a number of a deleted row is not given out again."""

from collections.abc import Mapping
from typing import Any

from chuangwei.core.backup.tables import Source

POSTGRESQL = (
    "SELECT t.relname, a.attname, s.last_value FROM pg_class q"
    " JOIN pg_depend d ON d.objid = q.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass"
    " JOIN pg_class t ON t.oid = d.refobjid"
    " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
    " JOIN pg_sequences s ON s.sequencename = q.relname AND s.schemaname = current_schema()"
    " WHERE q.relkind = 'S' AND q.relnamespace = current_schema()::regnamespace"
)


def last_numbers(source: Source) -> dict[str, int]:
    """Table → the last number given out; a table that never gave one is not there."""
    if source.vendor == "sqlite":
        return {str(table): int(last) for table, last in source.ask("SELECT name, seq FROM sqlite_sequence") if last}
    return {str(table): int(last) for table, _, last in source.ask(POSTGRESQL) if last is not None}


def set_last_numbers(cursor: Any, vendor: str, numbers: Mapping[str, int]) -> None:
    """Go on counting where the other database stopped. Tables that are not there are passed over."""
    if vendor == "sqlite":
        cursor.execute("DELETE FROM sqlite_sequence")
        for table, last in numbers.items():
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        return
    cursor.execute(POSTGRESQL)
    for table, column, _ in cursor.fetchall():
        known = numbers.get(table)
        sequence = "pg_get_serial_sequence(quote_ident(%s), %s)"
        if known is None:
            cursor.execute(f"SELECT setval({sequence}, 1, false)", [table, column])
        else:
            cursor.execute(f"SELECT setval({sequence}, %s)", [table, column, known])
