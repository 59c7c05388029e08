"""A PostgreSQL database gives way to a new one by its name, in one transaction, once the new one has proved right.

Until then nothing is done to the one that is there; afterwards it is still there, under another name.
"""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from time import monotonic, sleep
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from chuangwei.config.targets import Target, pointed_at
from chuangwei.core.errors import DomainError

log = logging.getLogger(__name__)

MEETING_PLACES = ("postgres", "template1")
"""Databases every server has: one can be renamed only from another."""
LONGEST_NAME = 63
STAMP = "%Y%m%d_%H%M%S"
PATIENCE = 15.0
"""Seconds given to a connection that is just going, after an hour of restoring."""
PAUSE = 0.5
PROVIDERS = {"c": ("libc", ""), "i": ("icu", "ICU_LOCALE"), "b": ("builtin", "BUILTIN_LOCALE")}
"""pg_database.datlocprovider → its name, and the option that names the locale beside LC_COLLATE and LC_CTYPE."""


def require_replaceable(target: Target) -> None:
    """DomainError now rather than after an hour of restoring."""
    name = name_of(target)
    with _meeting_place(target) as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolcreatedb, rolsuper OR pg_has_role(datdba, 'USAGE') FROM pg_roles, pg_database"
            " WHERE rolname = current_user AND datname = %s",
            [name],
        )
        may_make, is_owner = cursor.fetchone()
        if not (may_make and is_owner):
            raise DomainError(
                f"数据库账户不能建库，或不是 {name} 的所有者，不能先在旁边恢复再换上。请数据库管理员执行 ALTER ROLE … CREATEDB，"
                "或另建一个空库，用 --into 恢复到那里，再改 DATABASE_URL。"
            )
        _require_unused(cursor, name)


@contextmanager
def beside(target: Target) -> Iterator[Target]:
    """An empty database of the same kind on the same server. It is dropped again where what fills it fails."""
    with _meeting_place(target) as cursor:
        name = _free_name(cursor, f"{name_of(target)}_restoring_{os.getpid()}")
        fresh = replace(target, database=_described(target, name))
        _create(cursor, name_of(fresh), like=name_of(target))
    try:
        yield fresh
    except BaseException:
        _drop(fresh)
        raise


def put_in_place(fresh: Target, target: Target, at: datetime) -> str:
    """Give the new database the name of the old one; under which name the old one is kept.

    DomainError where somebody goes on using the old one. The new one is whole by now: it stays, and its name is told.
    """
    until = monotonic() + PATIENCE
    while True:
        try:
            return _swapped(fresh, target, at)
        except (DomainError, DatabaseError) as why:
            if monotonic() < until:
                sleep(PAUSE)
                continue
            reason = (
                why.message if isinstance(why, DomainError) else f"换名没有成功（{str(why).partition(chr(10))[0]}）。"
            )
            raise DomainError(
                f"{reason}恢复好的数据库没有换上，留作 {name_of(fresh)}；原来的 {name_of(target)} 和文件都没有动。"
                "请停下程序后再恢复一次，成功后请数据库管理员删去留下的这个。"
            ) from why


def _swapped(fresh: Target, target: Target, at: datetime) -> str:
    name = name_of(target)
    with _meeting_place(target) as cursor:
        _require_unused(cursor, name)
        kept = _free_name(cursor, f"{name}_before_{at:{STAMP}}")
        with transaction.atomic():
            cursor.execute(f"ALTER DATABASE {_quoted(name)} RENAME TO {_quoted(kept)}")
            cursor.execute(f"ALTER DATABASE {_quoted(name_of(fresh))} RENAME TO {_quoted(name)}")
    return kept


def name_of(target: Target) -> str:
    return str((target.database or {})["NAME"])


def _described(target: Target, name: str) -> dict[str, object]:
    return {**(target.database or {}), "NAME": name}


@contextmanager
def _meeting_place(target: Target) -> Iterator[CursorWrapper]:
    """A cursor on the server of a database, outside it."""
    for place in MEETING_PLACES:
        with pointed_at(replace(target, database=_described(target, place))):
            try:
                connection.ensure_connection()
            except OperationalError:
                continue
            with connection.cursor() as cursor:
                yield cursor
                return
    raise DomainError(
        f"连不上数据库 {' 或 '.join(MEETING_PLACES)}，不能给 {name_of(target)} 换名。请数据库管理员放行。"
    )


def _require_unused(cursor: CursorWrapper, name: str) -> None:
    """The server's own workers (autovacuum) belong to no account and give way to a renaming by themselves.

    What kind another account's connection is (backend_type) a plain account may not see, but whose it is.
    """
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usesysid IS NOT NULL", [name])
    count = cursor.fetchone()[0]
    if count:
        raise DomainError(f"还有 {count} 个连接在用数据库 {name}，没有恢复。请先停下程序和别的连接。")


def _free_name(cursor: CursorWrapper, wanted: str) -> str:
    """The name wanted, or with a number behind it; never longer than the server takes."""
    number = 1
    while True:
        ending = "" if number == 1 else f"_{number}"
        name = wanted.encode()[: LONGEST_NAME - len(ending)].decode(errors="ignore") + ending
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            return name
        number += 1


def _create(cursor: CursorWrapper, name: str, *, like: str) -> None:
    """With the owner, encoding and locale of another: what sorted there in one order sorts so here."""
    cursor.execute(
        "SELECT pg_encoding_to_char(encoding), pg_get_userbyid(datdba), to_jsonb(one)::text FROM pg_database one"
        " WHERE datname = %s",
        [like],
    )
    encoding, owner, row = cursor.fetchone()
    options = {"ENCODING": encoding, **locale_options(json.loads(row), name=like)}
    told = " ".join(f"{option} %s" for option in options)
    cursor.execute(
        f"CREATE DATABASE {_quoted(name)} OWNER {_quoted(owner)} TEMPLATE template0 {told}", list(options.values())
    )


def locale_options(row: Mapping[str, Any], *, name: str) -> dict[str, str]:
    """How to make a database with the locale of this one, by its row in pg_database; each version has other columns.

    Before 15 there are none for the provider; 15 and 16 have daticulocale, later ones datlocale.
    """
    options = {"LC_COLLATE": row["datcollate"], "LC_CTYPE": row["datctype"]}
    provider = row.get("datlocprovider")
    if provider is None:
        return options
    if provider not in PROVIDERS:
        raise DomainError(
            f"数据库 {name} 的排序规则（locale provider {provider}）这里还不会照做。请数据库管理员另建一个同样规则的空库，"
            "用 --into 恢复到那里，再改 DATABASE_URL。"
        )
    provider_name, option = PROVIDERS[provider]
    options["LOCALE_PROVIDER"] = provider_name
    if option:
        options[option] = row.get("datlocale") or row["daticulocale"]
    if row.get("daticurules"):
        options["ICU_RULES"] = row["daticurules"]
    return options


def _drop(fresh: Target) -> None:
    """What went wrong is the news; a database left over is only told."""
    try:
        with _meeting_place(fresh) as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(name_of(fresh))} WITH (FORCE)")
    except Exception:
        log.exception("没有用上的数据库 %s 没能删去", name_of(fresh))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
