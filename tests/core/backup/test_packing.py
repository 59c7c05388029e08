"""Parts go in and come out as they were; a list that does not agree is found even behind the right key."""

import io
import tarfile

import pytest

from chuangwei.core.backup import packing
from chuangwei.core.backup.keys import KeyFile
from chuangwei.core.backup.packing import Changed, Packer, unpack
from chuangwei.core.backup.sealing import BadBackup, Opener, Sealer

KEY = KeyFile(b"k" * 32)


def packed(parts: dict[str, bytes], manifest: dict | None = None) -> bytes:
    out = io.BytesIO()
    packer = Packer(Sealer(out, KEY, {}))
    for name, content in parts.items():
        packer.add(name, content)
    packer.finish(manifest or {})
    return out.getvalue()


def unpacked(written: bytes) -> tuple[dict[str, bytes], dict]:
    found: dict[str, bytes] = {}
    manifest = unpack(
        Opener(io.BytesIO(written), KEY), lambda name, stream: found.__setitem__(name, stream.read())
    )  # fmt: skip
    return found, manifest


def sealed_tar(*members: tuple[str, bytes, bytes]) -> bytes:
    """A tar that no packer of ours wrote: name, type and content of each member."""
    plain, out = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for name, kind, content in members:
            member = tarfile.TarInfo(name)
            member.type, member.size, member.linkname = kind, len(content), "/etc/passwd"
            tar.addfile(member, io.BytesIO(content))
    sealer = Sealer(out, KEY, {})
    sealer.write(plain.getvalue())
    sealer.close()
    return out.getvalue()


def test_parts_come_out_as_they_went_in(monkeypatch) -> None:
    monkeypatch.setattr(packing, "LISTED_AT_ONCE", 2)
    parts = {f"files/照片/{n}.jpg": bytes([n]) * n * 1000 for n in range(5)}
    found, manifest = unpacked(packed(parts, {"a": 1}))
    assert found == parts
    assert manifest == {"a": 1, "counted": {"parts": 5, "bytes": 10_000}}


def test_a_part_that_is_not_taken_is_proved_all_the_same() -> None:
    manifest = unpack(Opener(io.BytesIO(packed({"a": b"x" * 10**6})), KEY), lambda _name, _stream: None)
    assert manifest["counted"] == {"parts": 1, "bytes": 10**6}


def test_a_file_that_grew_shorter_is_noticed() -> None:
    packer = Packer(Sealer(io.BytesIO(), KEY, {}))
    with pytest.raises(Changed):
        packer.add_stream("files/a", 10, io.BytesIO(b"short"))


def test_the_memory_does_not_grow_with_the_parts() -> None:
    packer = Packer(Sealer(io.BytesIO(), KEY, {}))
    for n in range(50):
        packer.add(str(n), b"")
    assert packer._tar.members == []


REGULAR, LINK = tarfile.REGTYPE, tarfile.SYMTYPE
MANIFEST = (packing.MANIFEST, REGULAR, b'{"counted": {"parts": 0, "bytes": 0}}')


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (sealed_tar(("files/a", REGULAR, b"a")), "与清单不符"),
        (sealed_tar(("files/a", REGULAR, b"a"), MANIFEST), "与清单不符"),
        (sealed_tar(("files/a", REGULAR, b"a"), ("parts/1", REGULAR, b"another list"), MANIFEST), "与清单不符"),
        (sealed_tar(MANIFEST, ("files/late", REGULAR, b"a")), "结尾之后还有内容"),
        (sealed_tar(("files/a", LINK, b"")), "不该有的东西"),
        (sealed_tar((packing.MANIFEST, REGULAR, b"no json")), "读不懂"),
    ],
)
def test_what_does_not_agree_is_refused(written: bytes, words: str) -> None:
    with pytest.raises(BadBackup, match=words):
        unpacked(written)


def test_what_is_no_tar_is_refused() -> None:
    out = io.BytesIO()
    sealer = Sealer(out, KEY, {})
    sealer.write(b"not a tar at all" * 100)
    sealer.close()
    with pytest.raises(BadBackup, match="读不懂"):
        unpacked(out.getvalue())


def test_an_error_of_the_disk_is_not_taken_for_a_short_file() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    packer = Packer(Sealer(io.BytesIO(), KEY, {}))
    with pytest.raises(OSError, match="Input/output"):
        packer.add_stream("files/a", 10, Broken())
