"""The embedded database runs on a SQLite that may write ahead, or does not write ahead."""

import sqlite3

import pytest
from django.db import connection

from chuangwei.config.sqlite import journal_mode, library_version


@pytest.mark.parametrize(
    ("version", "mode"),
    [((3, 40, 1), "TRUNCATE"), ((3, 51, 2), "TRUNCATE"), ((3, 51, 3), "WAL"), ((3, 53, 0), "WAL"), ((4, 0, 0), "WAL")],
)
def test_journal_mode_is_write_ahead_only_where_that_is_safe(version: tuple[int, ...], mode: str) -> None:
    assert journal_mode(version) == mode


def test_everybody_in_the_process_uses_the_same_sqlite() -> None:
    assert sqlite3.sqlite_version_info == library_version()


@pytest.mark.django_db
def test_a_connection_is_set_up_for_many_writers() -> None:
    if connection.vendor != "sqlite":
        assert connection.settings_dict["CONN_MAX_AGE"] == 60
        return
    with connection.cursor() as cursor:
        asked = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "foreign_keys")}
    assert asked == {"journal_mode": journal_mode(library_version()).lower(), "foreign_keys": 1}
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
