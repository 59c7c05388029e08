"""Personal data at rest: encrypted with a key that lies outside the database (AES-256-GCM, `cryptography`).

A value is stored as `key number ":" base64(nonce + sealed)`, so that keys can be changed without guessing. A backup of
the database alone holds no phone number anyone can read.

What must be found again by its value has a blind index beside it: `key number ":"` and the first 128 bits of an
HMAC-SHA-256, keyed from another file, in hex. Equal values have equal indexes, and that is all the database tells: an
unkeyed hash of a phone number is undone by trying all of them.
"""

import base64
import binascii
import functools
import hashlib
import hmac
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import models

from chuangwei.core.errors import DomainError
from chuangwei.core.keyring import INDEXING, KEY_BYTES, SEALING
from chuangwei.core.text import Unreadable

NONCE_BYTES = 12
INDEX_DIGITS = 32
"""Hex digits kept of an index: 128 bits, where two different numbers of a country never meet."""
TOMBSTONE = "tombstone"


class CannotUnseal(DomainError):
    """A sealed value does not open; the message says why."""


def seal(text: str) -> str:
    """Encrypt with the newest key. The same text gives another value each time."""
    number, key = SEALING.newest()
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), str(number).encode())
    return f"{number}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(value: str) -> str:
    """Decrypt; CannotUnseal where the key is not there, is another one, or the value was tampered with."""
    number, _, body = value.partition(":")
    if not number.isdecimal():
        raise CannotUnseal("无法解密：内容不完整")
    try:
        key = SEALING.key(int(number))
        raw = base64.b64decode(body, validate=True)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], number.encode()).decode()
    except InvalidTag:
        raise CannotUnseal(f"无法解密：与密钥 {number} 不符") from None
    except (binascii.Error, ValueError):
        raise CannotUnseal("无法解密：内容不完整") from None
    except DomainError as missing:
        raise CannotUnseal(f"无法解密：{missing.message}") from None


def key_number(value: str) -> int:
    """Which key a stored value or index was made with; 0 for what has none."""
    number = value.partition(":")[0]
    return int(number) if number.isdecimal() else 0


# --- Found again without being read -----------------------------------------------------------------------------------


@functools.lru_cache(maxsize=64)
def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"chuangwei {purpose}".encode()).derive(key)


def _hmac(key: bytes, purpose: str, text: str) -> str:
    return hmac.new(_derived(key, purpose), text.encode(), hashlib.sha256).hexdigest()


def blind_index(text: str, purpose: str) -> str:
    """The index of a value under the newest key; nothing for nothing. Another purpose gives another index."""
    if not text:
        return ""
    number, key = INDEXING.newest()
    return f"{number}:{_hmac(key, purpose, text)[:INDEX_DIGITS]}"


def blind_indexes(text: str, purpose: str) -> list[str]:
    """The index under every key there is: while keys are being changed, rows bear the old one or the new one."""
    keys = INDEXING.keys() if text else {}
    return [f"{number}:{_hmac(key, purpose, text)[:INDEX_DIGITS]}" for number, key in keys.items()]


def keyed_digest(text: str) -> str:
    """What stands for something that was deleted: whoever has the keys and the text can show that it was this."""
    number, key = INDEXING.newest()
    return f"{number}:{_hmac(key, TOMBSTONE, text)}"


# --- Fields -----------------------------------------------------------------------------------------------------------

if TYPE_CHECKING:
    LongText = models.TextField[Any, Any]
    ShortText = models.CharField[Any, Any]
else:
    LongText = models.TextField
    ShortText = models.CharField


class SealedField(LongText):
    """A text that is only ever encrypted in the database. It cannot be searched or compared there.

    What does not open is an `Unreadable` that says why; saved again, it stays what it was.
    """

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> str | None:
        if not value:
            return value
        try:
            return unseal(value)
        except CannotUnseal as refusal:
            return Unreadable(refusal.message, sealed=value)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Unreadable):
            return value.sealed
        return seal(str(value)) if value else ""


class BlindIndexField(ShortText):
    """The blind index of a sealed field `of` the same row, under the normal form `normal` makes of its value.

    Filled whenever a row is saved or made; `bulk_update` and `update()` must be given it (`index_of`).
    """

    def __init__(self, *args: Any, of: str = "", normal: Callable[[str], str] = str, **options: Any) -> None:
        self.of, self.normal = of, normal
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """A plain column to the migrations: how it is filled is not the database's business."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    @property
    def purpose(self) -> str:
        return f"index {self.model._meta.label_lower}.{self.of}"

    def index_of(self, value: str) -> str:
        return blind_index(self.normal(value), self.purpose)

    def indexes_of(self, value: str) -> list[str]:
        """What to look for: `filter(phone_index__in=…)`."""
        return blind_indexes(self.normal(value), self.purpose)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.of) or ""
        if not isinstance(value, Unreadable):
            setattr(model_instance, self.attname, self.index_of(value))
        return getattr(model_instance, self.attname)
