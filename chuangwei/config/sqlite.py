"""Which SQLite the embedded database runs on, and how it may write."""

import sys
from importlib.util import find_spec

# Earlier releases can corrupt a database in write-ahead mode when the log is reset.
OLDEST_WITH_SAFE_WAL = (3, 51, 3)


def use_current_sqlite() -> None:
    """Put pysqlite3 in the place of the interpreter's own sqlite3, before anything of ours imports it.

    One process must not open one database file with two copies of SQLite: whoever comes first decides for all. Where
    pysqlite3 has no ready build (ARM servers) the interpreter's own is used, in the way `journal_mode` allows.
    """
    if find_spec("pysqlite3") is None:
        return
    import pysqlite3  # noqa: PLC0415  (absent on machines it has no build for)

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def journal_mode(version: tuple[int, ...]) -> str:
    """Write-ahead where it is safe; else the rollback journal, slower under many writers but sound everywhere."""
    return "WAL" if version >= OLDEST_WITH_SAFE_WAL else "TRUNCATE"


def library_version() -> tuple[int, int, int]:
    """The version of the SQLite in use."""
    import sqlite3  # noqa: PLC0415  (not before use_current_sqlite has chosen which one)

    return sqlite3.sqlite_version_info
