"""The parts inside a sealed stream: a tar whose last part lists every part before it by size and SHA-256.

Lists of parts come in between, so that neither side has to keep the names of a million photos.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO

from chuangwei.core.backup.sealing import BadBackup, Opener, Sealer

LISTED_AT_ONCE = 2000
PIECE = 256 * 1024
LIST = "parts/"
MANIFEST = "manifest.json"


class Changed(Exception):
    """A file was not what it was when it was begun."""


@dataclass(slots=True)
class _Listing:
    """Parts noted as they pass, and a running hash over all of them."""

    parts: int = 0
    size: int = 0
    waiting: list[str] = field(default_factory=list)
    lists: int = 0

    def note(self, name: str, size: int, digest: str) -> None:
        self.parts += 1
        self.size += size
        self.waiting.append(f"{digest}  {size}  {name}\n")

    def taken(self) -> bytes:
        self.lists += 1
        taken = "".join(self.waiting).encode()
        self.waiting.clear()
        return taken


class Packer:
    """Adds parts to a sealed stream; `finish` ends it with the manifest."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._tar = tarfile.open(fileobj=_Writing(sealer), mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by finish
        self._listing = _Listing()

    def add(self, name: str, content: bytes) -> None:
        self._add(name, len(content), io.BytesIO(content))

    def add_stream(self, name: str, size: int, stream: IO[bytes]) -> None:
        """Exactly `size` bytes of a stream; Changed where it holds fewer."""
        self._add(name, size, stream)

    def finish(self, manifest: Mapping[str, Any]) -> None:
        self._flush()
        counted = {"parts": self._listing.parts, "bytes": self._listing.size}
        body = json.dumps({**manifest, "counted": counted}, ensure_ascii=False, indent=1, sort_keys=True).encode()
        self._put(MANIFEST, len(body), io.BytesIO(body))
        self._tar.close()
        self._sealer.close()

    def _add(self, name: str, size: int, stream: IO[bytes]) -> None:
        digest = self._put(name, size, stream)
        self._listing.note(name, size, digest)
        if len(self._listing.waiting) >= LISTED_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        body = self._listing.taken()
        self._put(f"{LIST}{self._listing.lists:06d}", len(body), io.BytesIO(body))

    def _put(self, name: str, size: int, stream: IO[bytes]) -> str:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        counted = _Hashed(stream)
        try:
            self._tar.addfile(member, counted)
        except OSError as error:
            if error.errno is None:
                # tarfile's own way of saying that the stream ended early.
                raise Changed(name) from error
            raise
        _forget_members(self._tar)
        return counted.digest.hexdigest()


class _Writing(io.RawIOBase):
    """A sealer in the shape tarfile asks for."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def write(self, piece: Any) -> int:
        return self._sealer.write(bytes(piece))


class _Hashed(io.RawIOBase):
    """A stream hashed while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self.digest.update(piece)
        return piece


def unpack(opener: Opener, take: Callable[[str, IO[bytes]], None]) -> dict[str, Any]:
    """Hand every part to `take`, which may leave what it does not need; the manifest, once every part has proved whole.

    BadBackup for anything missing, added or different.
    """
    listing = _Listing()
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(fileobj=_reading(opener), mode="r|") as tar:
            for member, stream in _members(tar):
                if manifest is not None:
                    raise BadBackup("备份文件的结尾之后还有内容，不能采信。")
                if member.name == MANIFEST:
                    manifest = json.loads(stream.read())
                elif member.name.startswith(LIST):
                    _compare(listing, stream.read())
                else:
                    counted = _Hashed(stream)
                    take(member.name, counted)  # type: ignore[arg-type]  # read() is all there is to it
                    while counted.read(PIECE):
                        pass
                    listing.note(member.name, member.size, counted.digest.hexdigest())
    except (tarfile.TarError, ValueError) as error:
        raise BadBackup("备份文件的内容读不懂。请改用另一份备份。") from error
    # What tarfile did not need to read is still to be proved whole.
    while opener.read(PIECE):
        pass
    counted_all = {"parts": listing.parts, "bytes": listing.size}
    if manifest is None or listing.waiting or manifest.get("counted") != counted_all:
        raise BadBackup("备份文件的内容与清单不符。请改用另一份备份。")
    return manifest


def _members(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    while (member := tar.next()) is not None:
        stream = tar.extractfile(member) if member.isfile() else None
        if stream is None:
            raise BadBackup("备份文件中有不该有的东西，不能采信。")
        yield member, stream
        _forget_members(tar)


def _compare(listing: _Listing, listed: bytes) -> None:
    if listing.taken() != listed:
        raise BadBackup("备份文件的内容与清单不符。请改用另一份备份。")


def _reading(opener: Opener) -> BinaryIO:
    return opener  # type: ignore[return-value]  # tarfile asks for nothing but read()


def _forget_members(tar: tarfile.TarFile) -> None:
    """It remembers every member it has seen: a million photos would fill the memory."""
    tar.members.clear()  # type: ignore[attr-defined]
