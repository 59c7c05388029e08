"""The way back: tables as the backup's release had them, its rows as they were, and then forward to this release."""

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import IO, Any

from django.core.management import call_command
from django.db import connection as default_connection
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from chuangwei.core.backup import tables
from chuangwei.core.backup.keys import Key
from chuangwei.core.backup.making import FILES, TABLES, Contents, lines_of
from chuangwei.core.backup.packing import PIECE, unpack
from chuangwei.core.backup.sealing import BadBackup, Opener
from chuangwei.core.backup.sequences import set_last_numbers
from chuangwei.core.backup.snapshot import read_directly
from chuangwei.core.backup.tables import Row, Table

Migration = tuple[str, str]


def restore(*, file: Path, key: Key, contents: Contents, home: Path) -> None:
    """Fill the database in use, which holds no tables, and an empty folder from a backup that was verified.

    BadBackup where the rows that arrived are not the rows that were sent: then the place must be thrown away.
    """
    head = contents.head
    wanted = {each["name"]: Table.of(each) for each in head["tables"]}
    build(migrations_of(head), program=str(head["program"]))
    with transaction.atomic(), file.open("rb") as source:
        empty_tables(default_connection)
        with default_connection.cursor() as cursor:

            def take(name: str, stream: IO[bytes]) -> None:
                if name.startswith(TABLES):
                    rows = (tables.row_of(line) for line in lines_of(stream))
                    tables.insert(cursor, default_connection.vendor, wanted[name.split("/")[1]], rows)
                elif name.startswith(FILES):
                    _write(home, name.removeprefix(FILES), stream)

            unpack(Opener(source, key), take)
            set_last_numbers(cursor, default_connection.vendor, head["last_numbers"])
    differing = differences(list(wanted.values()), contents.manifest["tables"])
    if differing:
        raise BadBackup(f"恢复后的内容与备份不符：{'、'.join(differing)}。")


def migrations_of(head: dict[str, Any]) -> list[Migration]:
    return [(str(app), str(name)) for app, name in head["migrations"]]


def build(migrations: Sequence[Migration], *, program: str) -> None:
    """Make the tables as they were once these migrations had been applied; BadBackup for one this program lacks."""
    executor = MigrationExecutor(default_connection)
    graph, applied = executor.loader.graph, set(migrations)
    unknown = sorted(applied - set(graph.nodes))
    if unknown:
        app, name = unknown[0]
        raise BadBackup(f"这份备份由程序 {program} 制作，含有本程序没有的更新（{app} {name}）。请先升级程序再恢复。")
    last = [
        node for node in migrations
        if not any(child.key in applied and child.key[0] == node[0] for child in graph.node_map[node].children)
    ]  # fmt: skip
    executor.migrate(last)


def bring_forward() -> None:
    """From the backup's release to this one."""
    default_connection.close()
    call_command("migrate", verbosity=0, interactive=False)


def empty_tables(connection: BaseDatabaseWrapper) -> None:
    """Take out what migrations put in by themselves: the backup holds it too."""
    names = [table.name for table in tables.tables_of(read_directly(connection))]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, names))} RESTART IDENTITY")
            return
        for name in names:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608 - a name the database gave


def insert_rows(connection: BaseDatabaseWrapper, table: Table, rows: Sequence[Row]) -> None:
    """Rows as they were written down, into a table of the database in use."""
    with connection.cursor() as cursor:
        tables.insert(cursor, connection.vendor, table, rows)


def differences(wanted: Collection[Table], sums: dict[str, dict[str, Any]]) -> list[str]:
    """The tables whose rows in the database in use do not come to these sums."""
    source = read_directly(default_connection)
    return [table.name for table in wanted if tables.sum_of(source, table) != sums[table.name]]


def _write(home: Path, name: str, stream: IO[bytes]) -> None:
    target = home / name
    if ".." in target.parts or not target.is_relative_to(home):
        raise BadBackup("备份文件中有不该有的东西，不能采信。")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # A migration may have made a key of its own; the backup's is the one that opens the rows.
    target.unlink(missing_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while piece := stream.read(PIECE):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
