"""Is this database fit to hold the work, and is it up to date."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from chuangwei.config.sqlite import OLDEST_WITH_SAFE_WAL, library_version

OLDEST_POSTGRESQL = 150000
CREATE_IT_RIGHT = "请用 CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' 重建数据库。"


def postgresql_faults(*, version: int, encoding: str, lc_ctype: str) -> list[str]:
    """What must be mended before Chinese text may be kept there: sentences for the operator."""
    faults = []
    if version < OLDEST_POSTGRESQL:
        faults.append(f"需要 PostgreSQL 15 或更高版本，现为 {version // 10000}。")
    if encoding != "UTF8":
        faults.append(f"数据库的编码应为 UTF8，现为 {encoding}。{CREATE_IT_RIGHT}")
    if lc_ctype in {"C", "POSIX"}:
        faults.append(f"数据库的 LC_CTYPE 为 {lc_ctype}，其中无法检索汉字。{CREATE_IT_RIGHT}")
    return faults


def check_database(databases: Sequence[str] | None = None, **_about: Any) -> list[CheckMessage]:
    """Django's database check; runs before every migration."""
    if not databases or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding), datctype"
            " FROM pg_database WHERE datname = current_database()"
        )
        version, encoding, lc_ctype = cursor.fetchone()
    faults = postgresql_faults(version=version, encoding=encoding, lc_ctype=lc_ctype)
    return [Error(fault, id="chuangwei.E001") for fault in faults]


def notices() -> list[str]:
    """What works, but not as well as it could."""
    if connection.vendor == "sqlite" and library_version() < OLDEST_WITH_SAFE_WAL:
        found = ".".join(map(str, library_version()))
        return [f"本机的 SQLite 为 {found}，内置数据库改用较慢但稳妥的写入方式；使用人数较多时请改用 PostgreSQL。"]
    return []


def waiting_migrations() -> int:
    """How many steps the database is behind the program."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def is_empty() -> bool:
    """True before the first `init`."""
    return not connection.introspection.table_names()


def copy_aside(at: datetime) -> Path | None:
    """A copy of the embedded database as it is now, before it is changed. PostgreSQL is its operator's to copy."""
    if connection.vendor != "sqlite":
        return None
    folder = Path(settings.CHUANGWEI_HOME) / "before-upgrade"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"chuangwei-{at:%Y%m%d-%H%M%S}.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])
    return target
