"""A stream that only its key opens: AES-256-GCM in chunks, as in the STREAM construction of Hoang, Reyhanitabar, Rogaway
and Vizár (Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015), which age and Tink use too.

MAGIC, the header's length (4 bytes), the header (JSON), then chunks of `chunk` bytes, each 16 bytes longer when sealed. A
chunk's nonce is its number and whether it is the last, so that a chunk cannot be left out, moved or cut off unseen. The
key of the content is derived from the header too: a header that was changed opens nothing.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chuangwei.core.backup.keys import Key, KeyNotice, WrongKey
from chuangwei.core.errors import DomainError

MAGIC = b"chuangwei backup\n"
FORMAT = 1
CHUNK = 1024 * 1024
LARGEST_CHUNK = 16 * 1024 * 1024
LARGEST_HEADER = 16 * 1024
TAG = 16
LENGTH = 4


class BadBackup(DomainError):
    """A file that is no backup, or no longer a whole one; nothing was taken from it."""


class Sealer:
    """Writes the header at once, the content as it comes, and the last chunk when closed."""

    def __init__(self, target: BinaryIO, key: Key, about: Mapping[str, Any], *, chunk: int = CHUNK) -> None:
        salt = os.urandom(32)
        header = json.dumps(
            {
                **about,
                "format": FORMAT,
                "cipher": "AES-256-GCM STREAM",
                "chunk": chunk,
                "salt": salt.hex(),
                "key": key.described(salt),
            },
            ensure_ascii=False,
            sort_keys=True,
        ).encode()
        self._target, self._chunk, self._number = target, chunk, 0
        self._cipher = AESGCM(_content_key(key.secret(salt), salt, header))
        self._waiting = bytearray()
        target.write(MAGIC + len(header).to_bytes(LENGTH, "big") + header)

    def write(self, piece: bytes) -> int:
        self._waiting += piece
        # The last chunk may be full but must be sealed as the last, so one chunk always waits.
        while len(self._waiting) > self._chunk:
            self._seal(bytes(self._waiting[: self._chunk]), is_last=False)
            del self._waiting[: self._chunk]
        return len(piece)

    def close(self) -> None:
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), piece, None))
        self._number += 1


class Opener:
    """Reads a sealed stream from its beginning; BadBackup as soon as something does not fit."""

    def __init__(self, source: BinaryIO, key: Key) -> None:
        header = _header_bytes(source)
        self.header = _header_of(header)
        salt = bytes.fromhex(self.header["salt"])
        self._source, self._chunk, self._number = source, int(self.header["chunk"]), 0
        self._cipher = AESGCM(_content_key(key.opened(self.header["key"], salt), salt, header))
        self._next = source.read(self._chunk + TAG)
        self._open = b""
        self._at = 0
        self._is_over = False

    def read(self, size: int = -1) -> bytes:
        """As of a file: fewer bytes only at the end."""
        found = bytearray()
        while size < 0 or len(found) < size:
            if self._at == len(self._open):
                if self._is_over:
                    break
                self._open, self._at = self._opened(), 0
                continue
            end = len(self._open) if size < 0 else min(len(self._open), self._at + size - len(found))
            found += self._open[self._at : end]
            self._at = end
        return bytes(found)

    def _opened(self) -> bytes:
        sealed, self._next = self._next, self._source.read(self._chunk + TAG)
        self._is_over = not self._next
        try:
            opened = self._cipher.decrypt(_nonce(self._number, is_last=self._is_over), sealed, None)
        except (InvalidTag, ValueError):
            raise self._fault(sealed) from None
        self._number += 1
        return opened

    def _fault(self, sealed: bytes) -> BadBackup:
        """A chunk that opens as one in the middle although nothing follows: the rest was cut off."""
        if self._is_over:
            try:
                self._cipher.decrypt(_nonce(self._number, is_last=False), sealed, None)
            except (InvalidTag, ValueError):
                pass
            else:
                return BadBackup("备份文件不完整，后面的内容缺失。请改用另一份备份。")
        where = self._number * self._chunk // (1024 * 1024)
        return BadBackup(f"备份文件已损坏或被截断（约在第 {where} MB 处）。请改用另一份备份。")


def header_of(source: BinaryIO) -> dict[str, Any]:
    """What a backup says of itself before it is opened: how its key is found, when and by which program it was made."""
    return _header_of(_header_bytes(source))


def notice_of(header: Mapping[str, Any]) -> KeyNotice:
    return KeyNotice.of(header["key"])


def _header_bytes(source: BinaryIO) -> bytes:
    if source.read(len(MAGIC)) != MAGIC:
        raise BadBackup("这不是本程序的备份文件。")
    length = int.from_bytes(source.read(LENGTH), "big")
    header = source.read(length) if length <= LARGEST_HEADER else b""
    if not header or len(header) < length:
        raise BadBackup("备份文件的开头已损坏。请改用另一份备份。")
    return header


def _header_of(header: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(header)
        is_known = found["format"] == FORMAT
        is_sound = 0 < int(found["chunk"]) <= LARGEST_CHUNK and bool(bytes.fromhex(found["salt"]))
        is_sound = is_sound and isinstance(found["key"], dict)
    except (ValueError, KeyError, TypeError):
        raise BadBackup("备份文件的开头已损坏。请改用另一份备份。") from None
    if not is_known:
        raise BadBackup("这份备份由更新的版本制作，请先升级程序再恢复。")
    if not is_sound:
        raise BadBackup("备份文件的开头已损坏。请改用另一份备份。")
    return found


def _content_key(secret: bytes, salt: bytes, header: bytes) -> bytes:
    info = b"chuangwei backup content " + hashlib.sha256(header).digest()
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


__all__ = ["BadBackup", "Opener", "Sealer", "WrongKey", "header_of", "notice_of"]
