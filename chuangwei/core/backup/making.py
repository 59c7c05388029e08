"""A backup is made in a file of another name, read back whole, and only then given its own."""

import gzip
import hashlib
import json
import os
import shutil
import stat
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import IO, Any

from django.db.backends.base.base import BaseDatabaseWrapper

from chuangwei import __version__
from chuangwei.core.backup import tables
from chuangwei.core.backup.keys import Key
from chuangwei.core.backup.packing import Changed, Packer, unpack
from chuangwei.core.backup.sealing import BadBackup, Opener, Sealer
from chuangwei.core.backup.sequences import last_numbers
from chuangwei.core.backup.snapshot import held_still
from chuangwei.core.backup.tables import Source, Table
from chuangwei.core.errors import DomainError

HEAD = "head.json"
TABLES = "tables/"
FILES = "files/"
MEGABYTE = 1024 * 1024
LINES_AT_ONCE = 2 * MEGABYTE
COMPRESSION = 3

OWN_KEY = "keys/backup.key"
LEFT_OUT = (
    OWN_KEY,  # a box does not hold its own key
    "*.sqlite3", "*.sqlite3-*",  # read as tables
    "logs", "backups", "before-upgrade", "before-restore",
    "attachments/copies",  # made again from the originals
    ".*", "*/.*",  # drafts of files being written
)  # fmt: skip
"""What of a home folder is not taken along; everything else is, whichever part of the program put it there."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds, once it has proved whole."""

    header: dict[str, Any]
    head: dict[str, Any]
    manifest: dict[str, Any]

    @property
    def rows(self) -> int:
        return sum(int(total["rows"]) for total in self.manifest["tables"].values())

    @property
    def files(self) -> int:
        return int(self.manifest["files"])

    @property
    def content_bytes(self) -> int:
        return int(self.manifest["counted"]["bytes"])


@dataclass(frozen=True, slots=True)
class Made:
    """A backup as it lies there, verified."""

    path: Path
    size: int
    sha256: str
    contents: Contents
    seconds: float


def make(
    *, connection: BaseDatabaseWrapper, home: Path, target: Path, key: Key, at: datetime, without: Collection[str] = ()
) -> Made:
    """Write everything of this installation into one file; the tables in `without` are emptied by a restore.

    DomainError where the target exists, its disk is too small or the database is damaged. Whatever happens, either the
    whole file is there or none.
    """
    began = time.monotonic()
    if target.exists():
        raise DomainError(f"已经存在：{target}。请另取一个文件名。")
    require_space(target.parent, _estimate(connection, home))
    with _draft(target) as draft:
        with draft.open("wb") as out:
            about = {"program": __version__, "engine": connection.vendor, "made_at": at.isoformat()}
            sealer = Sealer(out, key, about)
            with held_still(connection, folder=home / "backups") as source:
                _pack(Packer(sealer), source, home, about, without)
            out.flush()
            os.fsync(out.fileno())
        contents = verify(draft, key)
        size, digest = draft.stat().st_size, _sha256(draft)
        draft.replace(target)
    return Made(target, size, digest, contents, time.monotonic() - began)


def verify(file: Path, key: Key) -> Contents:
    """Read a backup whole and compare every part with the manifest; BadBackup or WrongKey where something is not right."""
    head: dict[str, Any] = {}
    sums: dict[str, tuple[tables.Sum, Any]] = {}
    files = 0

    def take(name: str, stream: IO[bytes]) -> None:
        nonlocal files
        if name == HEAD:
            head.update(json.loads(stream.read()))
            sums.update({each["name"]: tables.summed(Table.of(each)) for each in head["tables"]})
        elif name.startswith(TABLES):
            _, add = sums[name.split("/")[1]]
            for line in lines_of(stream):
                add(tables.row_of(line), line)
        else:
            files += 1

    with file.open("rb") as source:
        opener = Opener(source, key)
        manifest = unpack(opener, take)
    found = {name: total.described() for name, (total, _) in sums.items()}
    if manifest.get("tables") != found or manifest.get("files") != files:
        raise BadBackup("备份文件的内容与清单不符。请改用另一份备份。")
    return Contents(opener.header, head, manifest)


def lines_of(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of one part of a table."""
    yield from gzip.decompress(stream.read()).splitlines(keepends=True)


def require_space(folder: Path, needed: int) -> None:
    """DomainError now rather than a full disk in an hour."""
    free = shutil.disk_usage(_existing(folder)).free
    if free < needed:
        raise DomainError(
            f"磁盘空间不足：{folder} 所在的磁盘还剩 {free // MEGABYTE} MB，约需 {needed // MEGABYTE + 1} MB。"
        )


def files_of(home: Path) -> Iterator[Path]:
    """Every file of a home folder that is taken along, in order."""
    for folder, inner, names in os.walk(home):
        here = Path(folder)
        inner[:] = sorted(name for name in inner if not is_left_out((here / name).relative_to(home).as_posix()))
        for name in sorted(names):
            file = here / name
            if not is_left_out(file.relative_to(home).as_posix()) and not file.is_symlink():
                yield file


def is_left_out(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in LEFT_OUT)


def _pack(packer: Packer, source: Source, home: Path, about: dict[str, Any], without: Collection[str]) -> None:
    kept = [table for table in tables.tables_of(source) if table.name not in without]
    migrations = sorted(source.ask("SELECT app, name FROM django_migrations"))
    head = {
        **about,
        "tables": [table.described() for table in kept],
        "migrations": [list(migration) for migration in migrations],
        "last_numbers": last_numbers(source),
        "left_empty": sorted(without),
    }
    packer.add(HEAD, json.dumps(head, ensure_ascii=False, indent=1).encode())
    sums = {table.name: _pack_table(packer, source, table) for table in kept}
    # After the rows: a file that a row speaks of was there before its row.
    files = sum(_pack_file(packer, home, file) for file in files_of(home))
    packer.finish({"tables": sums, "files": files})


def _pack_table(packer: Packer, source: Source, table: Table) -> dict[str, Any]:
    total, add = tables.summed(table)
    waiting, number = bytearray(), 0

    def put() -> None:
        nonlocal number
        number += 1
        packer.add(f"{TABLES}{table.name}/{number:06d}.jsonl.gz", gzip.compress(bytes(waiting), COMPRESSION, mtime=0))
        waiting.clear()

    for row in tables.rows_of(source, table):
        line = tables.line_of(row)
        add(row, line)
        waiting += line
        if len(waiting) >= LINES_AT_ONCE:
            put()
    if waiting:
        put()
    return total.described()


def _pack_file(packer: Packer, home: Path, file: Path) -> int:
    """1, or 0 for a file that was cleared away since its folder was read."""
    name = file.relative_to(home).as_posix()
    try:
        with file.open("rb") as stream:
            about = os.fstat(stream.fileno())
            if not stat.S_ISREG(about.st_mode):
                return 0
            packer.add_stream(f"{FILES}{name}", about.st_size, stream)
    except FileNotFoundError:
        return 0
    except Changed:
        raise DomainError(f"备份时文件被截短：{name}。请稍后再试。") from None
    return 1


def _estimate(connection: BaseDatabaseWrapper, home: Path) -> int:
    """The most that the copy of the database, its rows and the files may take."""
    files = sum(file.stat().st_size for file in files_of(home) if file.exists())
    if connection.vendor == "sqlite":
        database = Path(str(connection.settings_dict["NAME"]))
        if not database.is_file():
            raise DomainError("数据库尚未建立，没有可以备份的内容。请先运行 chuangwei init。")
        return files + 2 * database.stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return files + int(cursor.fetchone()[0])


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """A file beside the target, for its owner only, gone afterwards."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}.{os.getpid()}-{os.urandom(3).hex()}")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
