"""Files that wait: kept by the digest of their bytes in CHUANGWEI_HOME/uploads, and looked at again before use."""

import hashlib
import json
import os
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from chuangwei.core.errors import DomainError

CHUNK = 256 * 1024
LARGEST = 20 * 1024 * 1024
MOST_FILES = 10
LONGEST_NAME = 120
PROGRESS = ".progress"


@dataclass(frozen=True)
class Upload:
    """One file that waits. `name` is what the person called it; it names nothing on our disk."""

    name: str
    digest: str
    size: int

    @property
    def path(self) -> Path:
        return _home() / f"{self.digest}.xlsx"

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Upload":
        return cls(kept["name"], kept["digest"], kept["size"])


def keep(stream: BinaryIO, name: str) -> Upload:
    """Write a file handed in to the disk; DomainError for more than 20 MB. The same bytes again are the same file."""
    own_name = Path(name.replace("\\", "/")).name[-LONGEST_NAME:] or "未命名.xlsx"
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=_home(), prefix=".draft-", delete=False) as draft:
        place = Path(draft.name)
        try:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if size > LARGEST:
                    raise DomainError(f"『{own_name}』超过 20 MB。请拆成几个文件再导入。")
                draft.write(chunk)
        except BaseException:
            place.unlink(missing_ok=True)
            raise
    upload = Upload(own_name, digest.hexdigest(), size)
    place.replace(upload.path)
    return upload


def forget_all_but(digests: Collection[str], *, before: datetime) -> int:
    """Remove older files of other digests, and what an interrupted upload left; how many went."""
    limit = before.timestamp()
    gone = [file for file in _home().iterdir() if file.stem not in digests and file.stat().st_mtime < limit]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


def check(upload: Upload) -> None:
    """DomainError unless the file still lies there with the bytes that were handed in."""
    if not upload.path.is_file():
        raise DomainError(f"『{upload.name}』已过保存期限，请重新上传。")
    with upload.path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != upload.digest:
            raise DomainError(f"『{upload.name}』在服务器上被改动过，不予导入。请重新上传。")


@dataclass(frozen=True)
class Progress:
    """How far a job is: one sentence, and how many of how many (0: not known)."""

    line: str
    done: int = 0
    total: int = 0


def write_progress(code: str, progress: Progress) -> None:
    """Beside the database, because what the running import writes there nobody else sees until it is done."""
    place = _progress_path(code)
    draft = place.with_suffix(f".{os.getpid()}.draft")
    draft.write_text(json.dumps(asdict(progress), ensure_ascii=False), encoding="utf-8")
    draft.replace(place)


def read_progress(code: str) -> Progress | None:
    try:
        return Progress(**json.loads(_progress_path(code).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def forget_progress(code: str) -> None:
    _progress_path(code).unlink(missing_ok=True)


def _progress_path(code: str) -> Path:
    return _home() / f"{code}{PROGRESS}"


def _home() -> Path:
    home = Path(settings.CHUANGWEI_HOME) / "uploads"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home
