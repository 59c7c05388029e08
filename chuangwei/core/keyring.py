"""Keys that lie in CHUANGWEI_HOME/keys, outside the database: numbered files of 32 random bytes, one ring a purpose.

`1.key`, `2.key` … seal what must be read again; `1.index`, `2.index` … make blind indexes and digests of what is gone.
The newest of a ring is the one used for writing. A process that runs notices a new file by the folder's time.
"""

import contextlib
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from chuangwei.core.errors import DomainError

KEY_BYTES = 32
SETTLING = timedelta(minutes=30)
"""No write lasts longer: whoever began with the old key has ended by then (settings.Q_CLUSTER, timeout)."""


class NoSuchKey(DomainError):
    """A key is asked for that does not lie in the folder; the message names it."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """One key of a ring, without its bytes."""

    number: int
    made_at: datetime
    is_newest: bool


class KeyRing:
    """The keys with one ending. What was read is remembered until the folder changes."""

    def __init__(self, suffix: str, *, label: str) -> None:
        self.suffix, self.label = suffix, label
        self._read: tuple[Path, int, dict[int, bytes]] | None = None

    @property
    def folder(self) -> Path:
        return Path(settings.CHUANGWEI_HOME) / "keys"

    def keys(self) -> dict[int, bytes]:
        """Number → key, ascending; empty where there is none."""
        folder = self.folder
        try:
            changed = folder.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        known = self._read
        if known is None or known[:2] != (folder, changed):
            known = self._read = (folder, changed, self._from_disk())
        return known[2]

    def key(self, number: int) -> bytes:
        """The key of that number, looked for once more on the disk; NoSuchKey."""
        found = self.keys().get(number)
        if found is None:
            self._read = None
            found = self.keys().get(number)
        if found is None:
            raise NoSuchKey(f"缺少{self.label} {number}")
        return found

    def newest(self) -> tuple[int, bytes]:
        """The key to write with; the first ever is made here."""
        keys = self.keys()
        if not keys:
            self._make(1)
            self._read = None
            keys = self.keys()
        number = max(keys)
        return number, keys[number]

    def files(self) -> list[KeyFile]:
        """Every key there is, the oldest first."""
        numbers = sorted(self.keys())
        made = {number: self._file(number).stat().st_mtime for number in numbers}
        return [KeyFile(one, datetime.fromtimestamp(made[one], UTC), one == numbers[-1]) for one in numbers]

    def add(self) -> int:
        """Make the next key, which from now on is the one written with; its number."""
        number, _ = self.newest()
        self._make(number + 1)
        self._read = None
        return number + 1

    def put_aside(self, number: int) -> Path:
        """Move a key into `keys/retired`, where the program does not look."""
        target = self.folder / "retired"
        target.mkdir(mode=0o700, exist_ok=True)
        moved = self._file(number).rename(target / self._file(number).name)
        self._read = None
        return moved

    def _file(self, number: int) -> Path:
        return self.folder / f"{number}.{self.suffix}"

    def _from_disk(self) -> dict[int, bytes]:
        found = {int(path.stem): path for path in self.folder.glob(f"*.{self.suffix}") if path.stem.isdecimal()}
        read = {number: found[number].read_bytes() for number in sorted(found)}
        short = next((number for number, key in read.items() if len(key) != KEY_BYTES), None)
        if short is not None:
            raise DomainError(f"{self.label} {short} 的文件已损坏（应为 {KEY_BYTES} 字节）：{found[short]}")
        return read

    def _make(self, number: int) -> None:
        """The key appears whole or not at all: of two processes that start at once the second takes the first's."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=self.folder, prefix=".draft-")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(os.urandom(KEY_BYTES))
                out.flush()
                os.fsync(out.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(draft, self._file(number))
        finally:
            Path(draft).unlink(missing_ok=True)


SEALING = KeyRing("key", label="密钥")
INDEXING = KeyRing("index", label="索引密钥")
