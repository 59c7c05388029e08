"""A sealed stream opens whole or not at all, and says why not."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core.backup import keys, sealing
from chuangwei.core.backup.keys import KeyFile, Password, WrongKey
from chuangwei.core.backup.sealing import BadBackup, Opener, Sealer

KEY = KeyFile(b"k" * 32)
CHUNK = 64
SEALED = CHUNK + sealing.TAG


def sealed(content: bytes, key: keys.Key = KEY, pieces: int = 7) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, key, {"made_at": "2026-01-02"}, chunk=CHUNK)
    for start in range(0, len(content), pieces):
        sealer.write(content[start : start + pieces])
    sealer.close()
    return out.getvalue()


def opened(written: bytes, key: keys.Key = KEY) -> bytes:
    return Opener(io.BytesIO(written), key).read()


def body_of(written: bytes) -> int:
    """Where the chunks begin."""
    at = len(sealing.MAGIC)
    return at + sealing.LENGTH + int.from_bytes(written[at : at + sealing.LENGTH], "big")


@given(st.binary(max_size=5 * CHUNK), st.integers(1, 3 * CHUNK), st.integers(1, 200))
def test_what_was_sealed_is_opened(content: bytes, pieces: int, step: int) -> None:
    opener = Opener(io.BytesIO(sealed(content, pieces=pieces)), KEY)
    found = b""
    while piece := opener.read(step):
        assert len(piece) <= step
        found += piece
    assert found == content


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1])
def test_a_chunk_more_only_where_there_is_more(size: int) -> None:
    written = sealed(b"x" * size)
    chunks = max(1, -(-size // CHUNK))
    assert len(written) - body_of(written) == size + chunks * sealing.TAG


def test_nothing_of_the_content_can_be_read() -> None:
    assert b"13800000000" not in sealed(b"13800000000" * 50)


@pytest.mark.parametrize("size", [10, CHUNK, 3 * CHUNK])
def test_any_bit_that_is_turned_is_found(size: int) -> None:
    written = sealed(b"y" * size)
    for at in range(0, len(written), 5):
        bad = bytearray(written)
        bad[at] ^= 4
        with pytest.raises((BadBackup, WrongKey)) as caught:
            opened(bytes(bad))
        assert caught.value.message.endswith("。")


def test_any_end_that_is_cut_off_is_found() -> None:
    written = sealed(b"z" * (3 * CHUNK))
    for length in range(len(written)):
        with pytest.raises(BadBackup):
            opened(written[:length])


def test_a_cut_between_chunks_is_told_as_one() -> None:
    written = sealed(b"z" * (3 * CHUNK))
    with pytest.raises(BadBackup, match="不完整"):
        opened(written[: body_of(written) + SEALED])


@pytest.mark.parametrize("how", ["swapped", "left out", "added"])
def test_chunks_keep_their_places(how: str) -> None:
    written = sealed(bytes(range(256)))
    start = body_of(written)
    first, second, rest = (
        written[start : start + SEALED],
        written[start + SEALED : start + 2 * SEALED],
        start + 2 * SEALED,
    )
    body = {"swapped": second + first, "left out": first, "added": first + first + second}[how] + written[rest:]
    with pytest.raises(BadBackup):
        opened(written[:start] + body)


def test_the_header_can_be_read_by_anybody_and_changed_by_nobody() -> None:
    written = sealed(b"content")
    header = sealing.header_of(io.BytesIO(written))
    assert (header["format"], header["made_at"], header["key"]) == (1, "2026-01-02", {"kind": "file", "id": KEY.id})
    with pytest.raises(BadBackup):
        opened(written.replace(b"2026-01-02", b"2026-01-03"))


def with_header(**changed: object) -> bytes:
    written = sealed(b"content")
    header = json.dumps(sealing.header_of(io.BytesIO(written)) | changed).encode()
    return sealing.MAGIC + len(header).to_bytes(sealing.LENGTH, "big") + header + written[body_of(written) :]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"", "不是本程序的备份"),
        (b"PK\x03\x04" + b"0" * 100, "不是本程序的备份"),
        (sealing.MAGIC, "开头已损坏"),
        (sealing.MAGIC + (10**6).to_bytes(4, "big") + b"{}" * 100, "开头已损坏"),
        (sealing.MAGIC + (2).to_bytes(4, "big") + b"{}", "开头已损坏"),
        (sealing.MAGIC + (2).to_bytes(4, "big") + b"{", "开头已损坏"),
        (with_header(format=2), "请先升级程序"),
        (with_header(chunk=0), "开头已损坏"),
        (with_header(chunk=10**9), "开头已损坏"),
        (with_header(salt="zz"), "开头已损坏"),
        (with_header(key="file"), "开头已损坏"),
    ],
)
def test_what_is_no_backup_is_said_to_be_none(written: bytes, words: str) -> None:
    with pytest.raises(BadBackup, match=words):
        opened(written)


# --- Keys ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "COST", {"n": 2**4, "r": 1, "p": 1})


def test_another_key_is_named_not_guessed_at() -> None:
    other = KeyFile(b"o" * 32)
    with pytest.raises(WrongKey, match=f"另一把密钥（编号 {KEY.id}），给出的是 {other.id}"):
        opened(sealed(b"content"), other)


@pytest.mark.usefixtures("quick")
def test_a_password_opens_what_it_sealed_and_nothing_else() -> None:
    written = sealed(b"content", Password("correct horse battery"))
    assert opened(written, Password("correct horse battery")) == b"content"
    with pytest.raises(WrongKey, match="密码不对"):
        opened(written, Password("correct horse batterx"))
    with pytest.raises(WrongKey, match="用密码加密"):
        opened(written, KEY)
    with pytest.raises(WrongKey, match="用密钥文件加密"):
        opened(sealed(b"content"), Password("correct horse battery"))


@pytest.mark.parametrize("cost", [{"n": 2**30}, {"n": 3}, {"r": 0}, {"p": "x"}])
@pytest.mark.usefixtures("quick")
def test_a_forged_cost_fills_no_memory(cost: dict[str, object]) -> None:
    key = Password("correct horse battery")
    described = key.described(b"s" * 32) | cost
    with pytest.raises(WrongKey, match="开头已损坏"):
        key.opened(described, b"s" * 32)


def test_the_password_of_an_installation_costs_what_it_must() -> None:
    assert keys.COST["n"] * keys.COST["r"] * 128 == 128 * 1024 * 1024
    assert keys.COST["n"] * keys.COST["r"] * keys.COST["p"] <= keys.HIGHEST_COST


def test_the_key_of_an_installation_is_made_once_for_its_owner(tmp_path) -> None:
    file = tmp_path / "keys" / "backup.key"
    first = keys.own_key_file(file)
    assert keys.own_key_file(file) == first
    assert (file.stat().st_mode & 0o777, len(first.key), list(file.parent.iterdir())) == (0o600, 32, [file])


def test_of_two_starts_at_once_the_second_takes_the_firsts_key(tmp_path, monkeypatch) -> None:
    file = tmp_path / "backup.key"
    first = keys.own_key_file(file)
    looked = iter([False, True, True])
    monkeypatch.setattr(type(file), "exists", lambda _self: next(looked))
    assert keys.own_key_file(file) == first


@pytest.mark.parametrize("written", ["", "abc", "zz" * 32, "00" * 31])
def test_a_file_that_is_no_key_is_refused(tmp_path, written: str) -> None:
    file = tmp_path / "x.key"
    file.write_text(written)
    with pytest.raises(keys.DomainError, match="不是备份密钥文件"):
        keys.key_file(file)


@pytest.mark.parametrize(("written", "words"), [("", "至少 12 个字符"), ("short\n", "至少 12 个字符")])
def test_a_short_password_is_refused(tmp_path, written: str, words: str) -> None:
    file = tmp_path / "password"
    file.write_text(written)
    with pytest.raises(keys.DomainError, match=words):
        keys.password_file(file)


def test_a_password_is_the_first_line(tmp_path) -> None:
    file = tmp_path / "password"
    file.write_text("\ufeff 青山绿水 共为邻里 和睦一家 \n第二行", encoding="utf-8")
    assert keys.password_file(file) == Password("青山绿水 共为邻里 和睦一家")
