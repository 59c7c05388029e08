"""What opens a backup: a key file that lies outside of it, or a password (scrypt, RFC 7914)."""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from chuangwei.core.errors import DomainError

KEY_BYTES = 32
SHORTEST_PASSWORD = 12
COST = {"n": 2**17, "r": 8, "p": 1}
"""128 MB and about half a second for each guess."""
HIGHEST_COST = 2**21
"""A file may ask for no more than n × r × p of this: a forged header must not fill the memory."""


class WrongKey(DomainError):
    """The file is whole as far as one can tell; the key or password is another's."""


class Key(Protocol):
    """Gives the secret a backup is sealed with, and says in the header how it is found again."""

    def secret(self, salt: bytes) -> bytes: ...

    def described(self, salt: bytes) -> dict[str, Any]: ...

    def opened(self, described: Mapping[str, Any], salt: bytes) -> bytes:
        """The secret again; WrongKey where this is not the key described."""
        ...


@dataclass(frozen=True, slots=True)
class KeyNotice:
    """How the key of a backup is found, as its header says it."""

    needs_password: bool
    key_id: str

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> "KeyNotice":
        return cls(described.get("kind") == "password", str(described.get("id", "")))


@dataclass(frozen=True, slots=True, repr=False)
class KeyFile:
    """256 random bits in a file."""

    key: bytes

    @property
    def id(self) -> str:
        """Names the key without telling it."""
        return _derived(self.key, b"", b"id").hex()[:8]

    def secret(self, salt: bytes) -> bytes:
        return self.key

    def described(self, salt: bytes) -> dict[str, Any]:
        return {"kind": "file", "id": self.id}

    def opened(self, described: Mapping[str, Any], salt: bytes) -> bytes:
        if described.get("kind") == "password":
            raise WrongKey("这份备份是用密码加密的，请用 --password-file 给出密码文件。")
        if described.get("id") != self.id:
            raise WrongKey(f"这份备份用的是另一把密钥（编号 {described.get('id')}），给出的是 {self.id}。")
        return self.key


@dataclass(frozen=True, slots=True, repr=False)
class Password:
    """Words a person keeps."""

    words: str

    def secret(self, salt: bytes) -> bytes:
        return self._stretched(salt, COST)

    def described(self, salt: bytes) -> dict[str, Any]:
        return {"kind": "password", **COST, "check": _derived(self.secret(salt), salt, b"check").hex()}

    def opened(self, described: Mapping[str, Any], salt: bytes) -> bytes:
        if described.get("kind") != "password":
            raise WrongKey(f"这份备份是用密钥文件加密的（编号 {described.get('id')}），不是用密码。")
        try:
            cost = {name: int(described[name]) for name in COST}
            secret = self._stretched(salt, cost)
        except (KeyError, ValueError, TypeError):
            raise WrongKey("备份文件的开头已损坏，不知道密码如何变成密钥。") from None
        if not hmac.compare_digest(str(described.get("check")), _derived(secret, salt, b"check").hex()):
            raise WrongKey("密码不对，或备份文件的开头已损坏。")
        return secret

    def _stretched(self, salt: bytes, cost: Mapping[str, int]) -> bytes:
        if not 0 < cost["n"] * cost["r"] * cost["p"] <= HIGHEST_COST:
            raise ValueError("an unreasonable cost")
        return Scrypt(salt=salt, length=KEY_BYTES, **cost).derive(self.words.encode())


def key_file(file: Path) -> KeyFile:
    """The key in a file."""
    written = file.read_text(encoding="ascii", errors="replace").strip()
    try:
        key = bytes.fromhex(written)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise DomainError(f"{file} 不是备份密钥文件。")
    return KeyFile(key)


def own_key_file(file: Path) -> KeyFile:
    """The key in this installation's own file, made on first use and readable by its owner only."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_name(f".{file.name}.{os.getpid()}.{os.urandom(4).hex()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(os.urandom(KEY_BYTES).hex() + "\n")
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
    return key_file(file)


def password_file(file: Path) -> Password:
    """The first line of a file, to seal a new backup with."""
    return password(_first_line(file))


def password_given(file: Path) -> Password:
    """The first line of a file, to open a backup with: one that is too short is only wrong."""
    return Password(_first_line(file))


def _first_line(file: Path) -> str:
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return lines[0].strip() if lines else ""


def password(words: str) -> Password:
    """DomainError for one too short to keep a whole county's records."""
    if len(words) < SHORTEST_PASSWORD:
        raise DomainError(f"备份密码至少 {SHORTEST_PASSWORD} 个字符。")
    return Password(words)


def _derived(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=16, salt=salt, info=b"chuangwei backup " + purpose).derive(secret)
