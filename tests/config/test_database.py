"""A database is fit for Chinese text, and a copy of it is kept before it is changed."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.db import connection

from chuangwei.config import database


@pytest.mark.parametrize(
    ("version", "encoding", "lc_ctype", "words"),
    [
        (150018, "UTF8", "C.UTF-8", []),
        (170000, "UTF8", "zh_CN.UTF-8", []),
        (140012, "UTF8", "C.UTF-8", ["PostgreSQL 15"]),
        (150018, "SQL_ASCII", "C", ["编码", "LC_CTYPE"]),
        (150018, "UTF8", "POSIX", ["LC_CTYPE"]),
    ],
)
def test_postgresql_faults(version: int, encoding: str, lc_ctype: str, words: list[str]) -> None:
    faults = database.postgresql_faults(version=version, encoding=encoding, lc_ctype=lc_ctype)
    assert len(faults) == len(words)
    assert all(word in fault for word, fault in zip(words, faults, strict=True))


@pytest.mark.django_db
def test_the_database_of_the_tests_is_fit_and_up_to_date() -> None:
    assert database.check_database(["default"]) == []
    assert database.waiting_migrations() == 0
    assert not database.is_empty()
    assert "cache" in connection.introspection.table_names()


@pytest.mark.django_db(transaction=True)
def test_copy_aside_is_a_whole_database() -> None:
    copy = database.copy_aside(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    if connection.vendor != "sqlite":
        assert copy is None
        return
    assert copy is not None
    assert copy.name == "chuangwei-20260102-030405.sqlite3"
    with closing(sqlite3.connect(copy)) as opened, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert opened.execute("SELECT count(*) FROM django_migrations").fetchone() == cursor.fetchone()
