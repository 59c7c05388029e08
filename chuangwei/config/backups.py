"""This installation's backups: where they lie, what opens them, which are kept; and the way back into a place."""

import getpass
import logging
import re
import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from chuangwei.config import swapping
from chuangwei.config.targets import DATABASE_FILE, Target, pointed_at, put_aside, tables_in, what_is_there
from chuangwei.core import attachments, audit
from chuangwei.core.actor import Actor, system_actor
from chuangwei.core.backup import keys, making, restoring
from chuangwei.core.backup.keys import Key
from chuangwei.core.backup.making import Contents, Made
from chuangwei.core.backup.retention import Retention, superfluous
from chuangwei.core.backup.sealing import header_of, notice_of
from chuangwei.core.errors import DomainError

log = logging.getLogger(__name__)

ENDING = ".cwbackup"
DAILY = re.compile(r"daily-(\d{8}-\d{6})\.cwbackup")
STAMP = "%Y%m%d-%H%M%S"
# What is true of this minute only: sign-in attempts, sessions, tasks handed over but not begun.
WITHOUT = ("cache", "django_session", "django_q_ormq")


def own_key() -> keys.KeyFile:
    """The key in keys/backup.key, made on first use."""
    return keys.own_key_file(Path(settings.CHUANGWEI_HOME) / making.OWN_KEY)


def make(target: Path, key: Key, *, by: Actor, at: datetime) -> Made:
    """One backup, verified; who took it is kept in the audit chain where the database can still be written."""
    made = making.make(
        connection=connection, home=Path(settings.CHUANGWEI_HOME), target=target, key=key, at=at, without=WITHOUT
    )
    try:
        audit.record(
            verb="备份", subject_kind="installation.backup", subject_code=made.path.name, by=by, at=at,
            details={"sha256": made.sha256, "rows": made.contents.rows, "files": made.contents.files},
        )  # fmt: skip
    except DatabaseError:
        log.exception("备份已完成，但未能记入审计")
    return made


def named(kind: str, at: datetime) -> Path:
    """A file in the folder of backups, named for the moment in UTC."""
    return Path(settings.BACKUPS) / f"{kind}-{at.astimezone(UTC):{STAMP}}{ENDING}"


def daily(*, at: datetime) -> str:
    """Today's backup, and farewell to those the retention does not keep; what was done, in a line."""
    target = named("daily", at)
    if target.exists():
        return f"这一次的备份已经在了：{target}。"
    forget_halves(target.parent, at=at)
    made = make(target, own_key(), by=system_actor(getpass.getuser()), at=at)
    gone = forget_superfluous(Path(settings.BACKUPS), settings.BACKUP_RETENTION)
    return f"{told(made)}。" + (f"清理旧备份 {len(gone)} 个。" if gone else "")


def forget_halves(folder: Path, *, at: datetime) -> None:
    """Half a backup stays behind where its process was killed outright."""
    for file in folder.glob(f".*{ENDING}.*"):
        if datetime.fromtimestamp(file.stat().st_mtime, UTC) < at - timedelta(hours=12):
            file.unlink(missing_ok=True)


def forget_superfluous(folder: Path, retention: Retention) -> list[Path]:
    """Delete daily backups that need not be kept; nothing else in the folder is touched."""
    there = {
        file: datetime.strptime(match[1], STAMP).replace(tzinfo=UTC)
        for file in folder.iterdir()
        if (match := DAILY.fullmatch(file.name))
    }
    gone = superfluous(there, retention)
    for file in gone:
        file.unlink()
    return gone


def told(made: Made) -> str:
    return (
        f"备份已写入并核对：{made.path}（{made.size / 1024 / 1024:.1f} MB，{made.contents.rows:,} 行，"
        f"{made.contents.files} 个文件，{made.seconds:.1f} 秒）"
    )


def key_for(file: Path, *, password_file: Path | None, key_file: Path | None) -> Key:
    """What opens this file, as the person says or as its header does."""
    if password_file:
        return keys.password_given(password_file)
    if key_file:
        return keys.key_file(key_file)
    with file.open("rb") as source:
        notice = notice_of(header_of(source))
    if notice.needs_password:
        raise DomainError("这份备份是用密码加密的，请用 --password-file 给出密码文件。")
    own = Path(settings.CHUANGWEI_HOME) / making.OWN_KEY
    if not own.exists():
        raise DomainError(f"打开这份备份需要密钥文件（编号 {notice.key_id}），请用 --key 给出。")
    return keys.key_file(own)


@dataclass(frozen=True)
class Restored:
    """`faults` are sentences for what the audit chain or the files lack; the others say where what was there is kept."""

    faults: list[str]
    old_files: Path | None = None
    old_database: str = ""


def restore(file: Path, key: Key, contents: Contents, target: Target, *, is_forced: bool, at: datetime) -> Restored:
    """Put a verified backup into a place.

    DomainError where somebody's data is there, unless it may be put aside. Whatever fails, what was there stays as it
    was: the new database and the new files come into being beside it and take its place at the end, when everything has
    proved right.
    """
    there = what_is_there(target)
    if there and not is_forced:
        raise DomainError(
            f"{target} 里已有内容（{'，'.join(there)}），没有恢复。请另选一个空的地方；确要覆盖请加 --force，"
            "原有文件会先移到 before-restore 目录" + ("，原数据库改名留着。" if target.database else "。")
        )
    making.require_space(target.home, 3 * contents.content_bytes)
    target.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    staging = Path(tempfile.mkdtemp(dir=target.home, prefix=".restoring-"))
    try:
        faults, old_database = _fill(file, key, contents, target, staging, at=at)
        old_files = _change_files(staging, target, at, is_filled=bool(there), old_database=old_database)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Restored(faults, old_files, old_database)


def _change_files(staging: Path, target: Target, at: datetime, *, is_filled: bool, old_database: str) -> Path | None:
    """The new files in, the old ones aside; where those are, if there were any."""
    try:
        aside = put_aside(target, at) if is_filled else None
        _move_in(staging, target.home)
    except OSError as error:
        if not old_database:
            raise
        raise DomainError(
            f"数据库已经换上，原来的改名为 {old_database}；但文件没有全部就位（{error.strerror}）。"
            f"排除原因后再恢复一次，或把数据库改回原名，把 {target.home / 'before-restore'} 中的文件移回。"
        ) from error
    return aside


def _fill(
    file: Path, key: Key, contents: Contents, target: Target, staging: Path, *, at: datetime
) -> tuple[list[str], str]:
    """The faults, and the name under which a PostgreSQL database that gave way is kept."""
    if target.database is None or not tables_in(target):
        return _restore(file, key, contents, target, staging, at=at), ""
    swapping.require_replaceable(target)
    with swapping.beside(target) as fresh:
        faults = _restore(file, key, contents, fresh, staging, at=at)
    return faults, swapping.put_in_place(fresh, target, at)


def _restore(file: Path, key: Key, contents: Contents, target: Target, staging: Path, *, at: datetime) -> list[str]:
    with pointed_at(replace(target, home=staging)):
        try:
            restoring.restore(file=file, key=key, contents=contents, home=staging)
            restoring.bring_forward()
        except BaseException:
            if target.database is not None:
                _clear()
            raise
        faults = [*audit.verify(), *attachments.missing_files()]
        audit.record(
            verb="从备份恢复", subject_kind="installation.backup", subject_code=file.name,
            by=system_actor(getpass.getuser()), at=at, details={"made_at": contents.head["made_at"]},
        )  # fmt: skip
    return faults


def _clear() -> None:
    """A PostgreSQL database that was filled by half holds nothing anyone wants."""
    connection.close()
    with connection.cursor() as cursor:
        names = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
        if names:
            cursor.execute(f"DROP TABLE {', '.join(names)} CASCADE")


def _move_in(staging: Path, home: Path) -> None:
    """Each file to its place; the database last, because with it the place is in use."""
    files = sorted((file for file in staging.rglob("*") if file.is_file()), key=lambda file: file.name == DATABASE_FILE)
    for file in files:
        place = home / file.relative_to(staging)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.replace(place)
