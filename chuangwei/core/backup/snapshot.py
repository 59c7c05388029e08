"""A database held still while the program goes on writing.

SQLite: its own online backup, in one step, into a copy that has no name; readers and writers go on meanwhile. The copy is
0600 in a folder of this installation and taken off the folder before its first row is read, so that nothing is left of
it, however this process ends. PostgreSQL: one REPEATABLE READ transaction that may only read.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3._functions import register as register_functions  # type: ignore[import-untyped]

from chuangwei.core.backup.tables import Source
from chuangwei.core.errors import DomainError

AT_ONCE = 2000
"""Rows fetched from the server at a time."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """A SQLite database nobody else has."""

    connection: sqlite3.Connection
    vendor: str = "sqlite"

    def ask(self, sql: str) -> Iterator[tuple[Any, ...]]:
        return iter(self.connection.execute(sql))


@dataclass(frozen=True, slots=True)
class _Transaction:
    """A PostgreSQL connection inside its one transaction."""

    connection: Any
    vendor: str = "postgresql"

    def ask(self, sql: str) -> Iterator[tuple[Any, ...]]:
        with self.connection.cursor(name="backup") as cursor:
            cursor.itersize = AT_ONCE
            yield from cursor.execute(sql)


@contextmanager
def held_still(connection: BaseDatabaseWrapper, *, folder: Path) -> Iterator[Source]:
    """The database as of now; `folder` is on the disk that may hold a copy of it."""
    if connection.vendor == "sqlite":
        with connection.wrap_database_errors, _copied(Path(str(connection.settings_dict["NAME"])), folder) as copy:
            yield _Copy(copy)
        return
    apart = connection.copy()
    try:
        apart.connect()
        apart.set_autocommit(True)
        with apart.wrap_database_errors:
            apart.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield _Transaction(apart.connection)
    finally:
        apart.close()


@contextmanager
def _copied(database: Path, folder: Path) -> Iterator[sqlite3.Connection]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".snapshot-")
    os.close(handle)
    try:
        with closing(sqlite3.connect(name, isolation_level=None)) as copy:
            with closing(sqlite3.connect(database, timeout=20)) as live:
                # Its own connection: one that is writing cannot be copied from.
                live.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA locking_mode = EXCLUSIVE")
            # Constraints of ours ask Django's functions (REGEXP …).
            register_functions(copy)
            faults = copy.execute("PRAGMA quick_check(1)").fetchone()
            Path(name).unlink()
            if faults != ("ok",):
                raise DomainError(f"数据库文件已损坏，不能作为备份：{faults[0]}。请停止使用并从较早的备份恢复。")
            yield copy
    finally:
        for left in (name, f"{name}-wal", f"{name}-shm", f"{name}-journal"):
            Path(left).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _InUse:
    """Django's own connection, as it is now."""

    connection: BaseDatabaseWrapper

    @property
    def vendor(self) -> str:
        return self.connection.vendor

    def ask(self, sql: str) -> Iterator[tuple[Any, ...]]:
        with self.connection.chunked_cursor() as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(AT_ONCE):
                yield from rows


def read_directly(connection: BaseDatabaseWrapper) -> Source:
    """The database as it changes: for where nobody else writes."""
    return _InUse(connection)
