"""Where a backup is restored to: a home folder and a database, which need not be those in use."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from chuangwei.config import env
from chuangwei.core.backup.making import files_of
from chuangwei.core.errors import DomainError

OWN_SECRETS = frozenset({"keys/session.secret"})
"""Made by any start of the program: not a sign that somebody uses the place."""
DATABASE_FILE = "chuangwei.sqlite3"


@dataclass(frozen=True, slots=True)
class Target:
    """A home folder, and Django's description of a database; None for the embedded one inside that folder."""

    home: Path
    database: dict[str, Any] | None = None

    @property
    def database_file(self) -> Path | None:
        return self.home / DATABASE_FILE if self.database is None else None

    def described(self) -> dict[str, Any]:
        if self.database is not None:
            return self.database
        sqlite: dict[str, Any] = settings.SQLITE
        return sqlite | {"NAME": self.database_file}

    def __str__(self) -> str:
        where = "内置数据库" if self.database is None else f"PostgreSQL 数据库 {self.database['NAME']}"
        return f"{self.home}（{where}）"


def target_of(into: Sequence[str]) -> Target:
    """From a folder, an address, both or neither; what is not given is what the program uses."""
    own = Target(Path(settings.CHUANGWEI_HOME), env.database(settings.DATABASE_URL) if settings.DATABASE_URL else None)
    addresses = [word for word in into if "://" in word]
    folders = [word for word in into if "://" not in word]
    if len(addresses) > 1 or len(folders) > 1:
        raise DomainError("--into 最多给一个目录和一个数据库地址。")
    if folders:
        # A folder of its own has its own embedded database, whatever the program uses itself.
        own = Target(Path(folders[0]).expanduser().absolute())
    return replace(own, database=env.database(addresses[0])) if addresses else own


@contextmanager
def pointed_at(target: Target) -> Iterator[None]:
    """Have the whole program work there, as if its environment said so."""
    home, database, used = settings.CHUANGWEI_HOME, connections.databases["default"], connections["default"]
    used.close()
    settings.CHUANGWEI_HOME = target.home
    connections.databases["default"] = connections.configure_settings({"default": target.described()})["default"]
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connection.close()
        settings.CHUANGWEI_HOME = home
        connections.databases["default"], connections["default"] = database, used


def tables_in(target: Target) -> int:
    """How many tables its database has; none where there is no database yet."""
    if target.database_file is not None and not target.database_file.exists():
        return 0
    with pointed_at(target):
        return len(connection.introspection.table_names())


def what_is_there(target: Target) -> list[str]:
    """What would be overwritten, in words."""
    found = []
    count = tables_in(target)
    found += [f"数据库中有 {count} 张表"] if count else []
    if target.home.exists():
        names = [file.relative_to(target.home).as_posix() for file in files_of(target.home)]
        count = len([name for name in names if name not in OWN_SECRETS])
        found += [f"目录中有 {count} 个文件"] if count else []
    return found


def put_aside(target: Target, at: datetime) -> Path:
    """Move the files that are there into a folder of their own, an embedded database with them."""
    aside = target.home / "before-restore" / f"{at:%Y%m%d-%H%M%S}"
    aside.mkdir(parents=True, mode=0o700)
    if target.database is None:
        for ending in ("", "-wal", "-shm", "-journal"):
            file = target.home / f"{DATABASE_FILE}{ending}"
            if file.exists():
                file.rename(aside / file.name)
    for file in list(files_of(target.home)):
        kept = aside / file.relative_to(target.home)
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.rename(kept)
    return aside
