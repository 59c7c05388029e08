"""Whatever goes wrong, a person reads one sentence; what we do not know goes to the log."""

import errno

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import IntegrityError, InternalError, OperationalError, ProgrammingError, connection, transaction

from chuangwei.config.env import BadSetting
from chuangwei.config.failures import sentence_of
from chuangwei.core.errors import NotAllowed, Refused


def from_server(code: str | None, text: str = "") -> OperationalError:
    """An error as Django raises it from psycopg's."""
    cause = type("Failure", (Exception,), {"__module__": "psycopg.errors", "sqlstate": code})(text)
    error = OperationalError(text)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotAllowed("您没有权限。"), "您没有权限。"),
        (Refused("表格有 2 处不合要求。"), "表格有 2 处"),
        (CommandError("没有这个预设。"), "没有这个预设。"),
        (BadSetting("环境变量不对。"), "环境变量不对。"),
        (ImproperlyConfigured("配置不全。"), "配置不全。"),
        (OperationalError("database or disk is full"), "磁盘已满"),
        (OperationalError("attempt to write a readonly database"), "只读"),
        (OperationalError("database is locked"), "稍后再试"),
        (OperationalError("unable to open database file"), "CHUANGWEI_HOME"),
        (OperationalError("database disk image is malformed"), "备份"),
        (OperationalError("no such table: places_area"), "chuangwei init"),
        (from_server("53100"), "磁盘已满"),
        (from_server("25006"), "只读"),
        (from_server("42P01"), "chuangwei init"),
        (from_server("08006"), "连不上 PostgreSQL"),
        (from_server("28P01"), "连不上 PostgreSQL"),
        (from_server(None, "connection failed: Connection refused"), "连不上 PostgreSQL"),
        (OSError(errno.ENOSPC, "No space left on device", "/x"), "磁盘已满"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/y"), "没有权限读写：/x/y"),
        (FileNotFoundError(errno.ENOENT, "No such file", "责任.xlsx"), "找不到文件：责任.xlsx"),
        (OSError(errno.EADDRINUSE, "in use"), "--port"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "UTF-8"),
        (MemoryError(), "内存不足"),
        (KeyboardInterrupt(), "已中止"),
    ],
    ids=lambda value: f"{type(value).__name__}" if isinstance(value, BaseException) else "",
)
def test_an_error_we_know_has_its_sentence(error: BaseException, words: str) -> None:
    assert words in (sentence_of(error) or "")


@pytest.mark.parametrize(
    "error",
    [KeyError("x"), IntegrityError("UNIQUE constraint failed"), ProgrammingError("syntax error"), OSError("odd")],
)
def test_a_fault_of_ours_has_none(error: BaseException) -> None:
    assert sentence_of(error) is None


@pytest.mark.django_db
def test_a_missing_table_is_told_on_the_engine_in_use() -> None:
    with pytest.raises((OperationalError, ProgrammingError)) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM no_table_of_ours")
    assert "chuangwei init" in (sentence_of(caught.value) or "")


@pytest.mark.django_db
def test_a_database_that_may_not_be_written_is_told_on_the_engine_in_use() -> None:
    forbid = "PRAGMA query_only = ON" if connection.vendor == "sqlite" else "SET TRANSACTION READ ONLY"
    allow = "PRAGMA query_only = OFF" if connection.vendor == "sqlite" else "SELECT 1"
    with connection.cursor() as cursor:
        cursor.execute(forbid)
        try:
            with pytest.raises((OperationalError, InternalError)) as caught, transaction.atomic():
                cursor.execute("INSERT INTO cache (cache_key, value, expires) VALUES ('k', 'v', '2026-01-01')")
        finally:
            cursor.execute(allow)
    assert "只读" in (sentence_of(caught.value) or "")


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_told() -> None:
    if connection.vendor != "sqlite":
        return
    insert = "INSERT INTO cache (cache_key, value, expires) VALUES ('k', %s, '2026-01-01')"
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        before = cursor.execute("PRAGMA max_page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            with pytest.raises(OperationalError) as caught:
                cursor.execute(insert, ["x" * 20_000_000])
        finally:
            cursor.execute(f"PRAGMA max_page_count = {before}")
    assert "磁盘已满" in (sentence_of(caught.value) or "")
