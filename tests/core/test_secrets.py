import copy
import hashlib
import hmac

import pytest
from django.db import models

from chuangwei.core import keyring, secrets
from chuangwei.core.errors import DomainError
from chuangwei.core.keyring import INDEXING, SEALING
from chuangwei.core.secrets import CannotUnseal, SealedField, blind_index, blind_indexes, keyed_digest, seal, unseal
from chuangwei.core.text import Unreadable


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.CHUANGWEI_HOME = tmp_path


@pytest.mark.parametrize("text", ["13800001234", "镕喆", ""])
def test_sealed_text_opens_again(text: str):
    assert unseal(seal(text)) == text


def test_sealed_text_hides_its_content_and_never_repeats():
    first, second = seal("13800001234"), seal("13800001234")
    assert "13800001234" not in first
    assert first != second


def test_what_was_sealed_before_keys_were_numbered_anew_still_opens(tmp_path):
    """The stored shape of the first release: `1:` and base64 of nonce and sealed text, the key's number beside it."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "1.key").write_bytes(bytes(range(32)))
    assert unseal("1:AAAAAAAAAAAAAAAAP4+N7oUcs4w6m53cVUOwZsdm+LBd3BER42g0") == "13800001234"


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda value: value[:22] + ("A" if value[22] != "A" else "B") + value[23:], "无法解密：与密钥 1 不符"),
        (lambda value: "7" + value[1:], "无法解密：缺少密钥 7"),
        (lambda value: value[2:], "无法解密：内容不完整"),
        (lambda value: value[:2] + "***", "无法解密：内容不完整"),
        (lambda value: value[:2], "无法解密：内容不完整"),
    ],
)
def test_what_does_not_open_says_why(spoil, why):
    with pytest.raises(CannotUnseal, match=f"^{why}$"):
        unseal(spoil(seal("13800001234")))


def test_another_key_of_the_same_number_is_told_from_a_missing_one():
    value = seal("13800001234")
    (SEALING.folder / "1.key").write_bytes(b"x" * 32)
    (SEALING.folder / "9.key").write_bytes(b"y" * 32)  # the folder's time moves
    with pytest.raises(CannotUnseal, match="与密钥 1 不符"):
        unseal(value)


def test_sealed_field_leaves_nothing_as_nothing():
    field = SealedField()
    assert field.get_prep_value("") == ""
    assert field.from_db_value("", None, None) == ""
    assert field.from_db_value(field.get_prep_value("1"), None, None) == "1"


def test_what_a_field_cannot_open_says_why_and_is_kept_as_it_was():
    sealed = "4" + seal("13800001234")[1:]
    shown = SealedField().from_db_value(sealed, None, None)
    assert shown == "无法解密：缺少密钥 4"
    for same in (shown, copy.deepcopy(shown)):
        assert isinstance(same, Unreadable)
        assert SealedField().get_prep_value(same) == sealed


# --- Blind index ------------------------------------------------------------------------------------------------------


def test_equal_values_have_equal_indexes_and_purposes_keep_apart():
    assert blind_index("13800001234", "a") == blind_index("13800001234", "a")
    assert blind_index("13800001234", "a") != blind_index("13800001235", "a")
    assert blind_index("13800001234", "a") != blind_index("13800001234", "b")
    assert blind_index("", "a") == ""
    assert len(blind_index("1", "a")) == len("1:") + 32


def test_the_index_cannot_be_made_without_the_key(tmp_path):
    """Whoever holds the database alone may try all numbers: neither a plain hash nor another key gives the index."""
    stored = blind_index("13800001234", "a").partition(":")[2]
    for name in ("sha256", "sha1", "md5", "sha512", "sha3_256"):
        for text in ("13800001234", "1:13800001234", "a13800001234"):
            assert not hashlib.new(name, text.encode()).hexdigest().startswith(stored)
    for key in (b"", b"a", b"1", b"chuangwei", bytes(32)):
        assert not hmac.new(key, b"13800001234", "sha256").hexdigest().startswith(stored)
    (tmp_path / "keys" / "1.index").write_bytes(bytes(32))
    (tmp_path / "keys" / "touched").touch()
    assert blind_index("13800001234", "a").partition(":")[2] != stored


def test_the_index_is_keyed_by_its_own_file_and_not_by_the_sealing_key():
    before = blind_index("13800001234", "a")
    SEALING.add()
    assert blind_index("13800001234", "a") == before
    INDEXING.add()
    assert blind_index("13800001234", "a").startswith("2:")
    assert blind_indexes("13800001234", "a") == [before, blind_index("13800001234", "a")]
    assert blind_indexes("", "a") == []


def test_a_digest_of_what_is_gone_is_keyed_too():
    digest = keyed_digest("13800001234")
    assert digest == keyed_digest("13800001234") != keyed_digest("13800001235")
    assert digest.partition(":")[2] != hashlib.sha256(b"13800001234").hexdigest()


def test_an_index_field_is_a_plain_column_to_the_migrations():
    field = secrets.BlindIndexField("手机索引", of="phone", max_length=64)
    _, path, _, options = field.deconstruct()
    assert (path, set(options)) == ("django.db.models.CharField", {"verbose_name", "max_length"})
    assert isinstance(field, models.CharField)


def test_a_key_of_the_wrong_length_is_refused_by_name():
    seal("1")
    (keyring.SEALING.folder / "2.key").write_bytes(b"short")
    with pytest.raises(DomainError, match="密钥 2 的文件已损坏"):
        seal("1")
