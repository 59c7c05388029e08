"""A table read is the table written: every kind of value, on the engine in use, and the same digest on both."""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, models

from chuangwei.core.backup import tables
from chuangwei.core.backup.sequences import last_numbers, set_last_numbers
from chuangwei.core.backup.snapshot import read_directly
from chuangwei.core.backup.tables import Table, UnknownColumn

pytestmark = pytest.mark.django_db

NAME = "backup_kinds"
KINDS = {
    "b": ("bool", models.BooleanField(null=True)),
    "c": ("whole", models.BigIntegerField(null=True)),
    "d": ("day", models.DateField(null=True)),
    "e": ("decimal", models.DecimalField(max_digits=20, decimal_places=4, null=True)),
    "f": ("real", models.FloatField(null=True)),
    "i": ("instant", models.DateTimeField(null=True)),
    "j": ("json", models.JSONField(null=True)),
    "s": ("text", models.CharField(max_length=50, null=True)),
    "t": ("time", models.TimeField(null=True)),
    "u": ("uuid", models.UUIDField(null=True)),
    "x": ("bytes", models.BinaryField(null=True)),
}
FULL: dict[str, Any] = {
    "b": True, "c": -(2**62), "d": date(2026, 2, 28), "e": Decimal("12345678.1200"), "f": 0.1 + 0.2,
    "i": datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC), "j": {"丙": [1, 2.5, None], "甲": "乙"},
    "s": "镕\t喆\\N\n\r\"'", "t": time(8, 30), "u": UUID(int=7), "x": b"\x00\xff\\x",
}  # fmt: skip
WRITTEN = [
    True, -(2**62), "2026-02-28", "12345678.12", 0.1 + 0.2, "2026-01-02 03:04:05.000678", 1,
    None, "镕\t喆\\N\n\r\"'", "08:30:00.000000", "00000000000000000000000000000007", "00ff5c78",
]  # fmt: skip
# Of these rows, on whichever engine they are: the digest is part of the format.
DIGEST = "35cd476531a4fb2f921a51a80c4d36f663b3c8aff8a03e9fc8b28569714f9984"


@pytest.fixture
def kinds():
    """A table with every kind of column, and its model."""
    values = {name: field.clone() for name, (_, field) in KINDS.items()}
    meta = type("Meta", (), {"app_label": "core", "db_table": NAME})
    model = type("Kinds", (models.Model,), {**values, "Meta": meta, "__module__": __name__})
    with connection.schema_editor(atomic=False) as editor:
        editor.create_model(model)
    yield model
    with connection.schema_editor(atomic=False) as editor:
        editor.delete_model(model)
    del apps.all_models["core"]["kinds"]


def the_table() -> Table:
    return next(table for table in tables.tables_of(read_directly(connection)) if table.name == NAME)


@pytest.mark.django_db(transaction=True)
def test_every_kind_of_value_is_written_down_and_put_back(kinds) -> None:
    kinds.objects.create(**FULL)
    kinds.objects.create(**dict.fromkeys(FULL))
    kinds.objects.create(**FULL | {"i": datetime(2026, 1, 1, tzinfo=UTC), "e": Decimal(0), "b": False, "f": 3.0})
    table, source = the_table(), read_directly(connection)
    assert {name: kind for name, kind in table.columns.items() if name != "id"} == {
        name: kind for name, (kind, _) in KINDS.items()
    }
    assert (list(table.columns), table.key) == (sorted([*KINDS, "id"]), ("id",))

    rows = list(tables.rows_of(source, table))
    without_json = [None if name == "j" else value for name, value in zip(table.columns, rows[0], strict=True)]
    assert without_json == WRITTEN
    assert json.loads(rows[0][list(table.columns).index("j")]) == FULL["j"]
    before, models_before = tables.sum_of(source, table), list(kinds.objects.order_by("pk").values())

    kinds.objects.all().delete()
    with connection.cursor() as cursor:
        lines = [tables.line_of(row) for row in rows]
        tables.insert(cursor, connection.vendor, table, map(tables.row_of, lines))
    assert tables.sum_of(source, table) == before
    assert list(kinds.objects.order_by("pk").values()) == models_before
    # The same three rows have the same digest on SQLite and PostgreSQL: a backup of one is proved on the other.
    assert before == {"rows": 3, "sha256": DIGEST}


@pytest.mark.django_db(transaction=True)
def test_a_number_once_given_is_not_given_again(kinds) -> None:
    source = read_directly(connection)
    assert NAME not in last_numbers(source)
    kinds.objects.create()
    kinds.objects.create().delete()
    numbers = last_numbers(source)
    assert numbers[NAME] == 2
    with connection.cursor() as cursor:
        set_last_numbers(cursor, connection.vendor, numbers | {NAME: 41, "no_such_table": 7})
        assert kinds.objects.create().pk == 42
        set_last_numbers(cursor, connection.vendor, {})
        kinds.objects.all().delete()
        assert kinds.objects.create().pk == 1


@pytest.mark.django_db(transaction=True)
def test_a_column_nobody_taught_it_is_met_at_the_backup(kinds) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE {NAME} ADD COLUMN odd {'interval' if connection.vendor == 'postgresql' else 'geometry'}"
        )
    with pytest.raises(UnknownColumn, match=f"{NAME}.odd"):
        the_table()


def test_every_table_of_the_program_can_be_read() -> None:
    found = tables.tables_of(read_directly(connection))
    names = {table.name for table in found}
    ours = {model._meta.db_table for model in apps.get_models() if model._meta.managed}
    assert ours <= names
    assert all(table.key for table in found)
    for table in found:
        assert tables.sum_of(read_directly(connection), table)["rows"] >= 0


def test_what_a_search_index_lies_in_is_no_table_of_rows() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("CREATE VIRTUAL TABLE tried_search USING fts5(words)")
        else:
            cursor.execute(
                "CREATE TABLE tried_search (id int PRIMARY KEY, v tsvector GENERATED ALWAYS AS (''::tsvector) STORED)"
            )
    found = {table.name: table for table in tables.tables_of(read_directly(connection))}
    if connection.vendor == "sqlite":
        assert not [name for name in found if name.startswith("tried_search")]
    else:
        assert list(found["tried_search"].columns) == ["id"]


def test_rows_without_a_key_are_in_the_order_of_their_values() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE keyless (a text, b integer)")
        cursor.execute("INSERT INTO keyless VALUES ('乙', 1), ('甲', 2), ('B', 3), ('a', 4)")
    table = next(table for table in tables.tables_of(read_directly(connection)) if table.name == "keyless")
    rows = list(tables.rows_of(read_directly(connection), table))
    assert rows == [["B", 3], ["a", 4], ["乙", 1], ["甲", 2]]


def test_json_counts_by_what_it_says() -> None:
    table = Table("t", {"j": "json"}, ("j",))
    sums = []
    for written in ('{"b": 1, "a": [1,2]}', '{"a":[1,2],"b":1}'):
        total, add = tables.summed(table)
        add([written], tables.line_of([written]))
        add([None], tables.line_of([None]))
        sums.append(total.described())
    assert sums[0] == sums[1]
    assert sums[0]["rows"] == 2
