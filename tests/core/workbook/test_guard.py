"""What is refused unread, and in which words."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from chuangwei.core.workbook import guard
from chuangwei.core.workbook.guard import Unreadable
from tests.core.workbook.made import CONTENT_TYPES, by_hand, package, rows_xml, workbook

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def _text(path: Path) -> None:
    path.write_text("编码,名称\n1,甲\n", encoding="utf-8")


def _old_format(path: Path) -> None:
    path.write_bytes(OLE + bytes(600))


def _encrypted(path: Path) -> None:
    path.write_bytes(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(60))


def _cut_off(path: Path) -> None:
    whole = workbook(path, {"表": [["编码"]]}).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _document(path: Path) -> None:
    package(path, {"[Content_Types].xml": CONTENT_TYPES.replace("spreadsheetml.sheet", "wordprocessingml.document")})


def _plain_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")


def _locked_zip(path: Path) -> None:
    package(path, {})
    raw = bytearray(path.read_bytes())
    entry = raw.index(b"PK\x01\x02")
    raw[entry + 8] |= 1
    path.write_bytes(raw)


def _twice(path: Path) -> None:
    package(path, {})
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")


def _other_compression(path: Path) -> None:
    package(path, {})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/a.xml", "<a/>")


def _many_parts(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(guard.ENTRY_LIMIT + 1):
            archive.writestr(f"{number}.xml", "")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_bytes(b""), "空的"),
        (_text, "不是 .xlsx 工作簿，只是文件名像"),
        (lambda path: path.write_bytes(b"<html><table></table></html>"), "不是 .xlsx 工作簿"),
        (_old_format, "旧格式的 .xls"),
        (_encrypted, "打开密码"),
        (_locked_zip, "设有密码"),
        (_cut_off, "已损坏"),
        (_twice, "已损坏"),
        (_other_compression, "已损坏"),
        (_plain_zip, "是一个压缩包"),
        (_document, "没有工作簿"),
        (_many_parts, "部件"),
        (lambda path: package(path, {"xl/vbaProject.bin": b"x"}), "带有宏"),
        (
            lambda path: package(path, {"[Content_Types].xml": CONTENT_TYPES.replace("sheet.main", "sheet.macroEnabled.main")}),
            "带有宏",
        ),
        (
            lambda path: package(
                path, {"[Content_Types].xml": CONTENT_TYPES.replace("sheet.main", "sheet.binary.macroEnabled.main")}
            ),
            ".xlsb",
        ),
        (lambda path: package(path, {"xl/workbook.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><workbook/>'}), "外部声明"),
        (lambda path: package(path, {"xl/a.xml": " " * 1_048_570 + "<!ENTITY a 'b'>"}), "外部声明"),
        (lambda path: package(path, {"docProps/a.xml": "<!DOCTYPE a>".encode("utf-16-le")}), "外部声明"),
    ],
)  # fmt: skip
def test_a_file_is_refused_unread(tmp_path: Path, make: Callable[[Path], object], words: str) -> None:
    file = tmp_path / "底册.xlsx"
    make(file)
    with pytest.raises(Unreadable, match=words) as refusal:
        guard.check(file)
    assert refusal.value.message.endswith("。")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="找不到"):
        guard.check(tmp_path / "没有.xlsx")


def test_a_workbook_is_known_by_its_content(tmp_path: Path) -> None:
    guard.check(workbook(tmp_path / "底册.doc", {"表": [["编码"]]}))


def test_a_file_over_20_mb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "FILE_LIMIT", 1000)
    with pytest.raises(Unreadable, match="超过 20 MB"):
        guard.check(workbook(tmp_path / "a.xlsx", {"表": [["编码"]]}))


def test_a_bomb_is_refused_by_what_it_claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "UNPACKED_LIMIT", 100_000)
    with pytest.raises(Unreadable, match="解压后超过 200 MB"):
        guard.check(package(tmp_path / "a.xlsx", {"xl/a.bin": bytes(1_000_000)}))


def test_a_bomb_that_lies_about_its_size_is_not_believed(tmp_path: Path) -> None:
    """The directory says ten bytes; what comes out is judged, not what is said."""
    path = package(tmp_path / "a.xlsx", {"xl/a.xml": bytes(3_000_000)})
    raw = path.read_bytes().replace(struct.pack("<L", 3_000_000), struct.pack("<L", 10))
    path.write_bytes(raw)
    with pytest.raises(Unreadable, match="已损坏"):
        guard.check(path)


def test_a_bomb_of_250_mb_is_refused(tmp_path: Path) -> None:
    path = package(tmp_path / "a.xlsx", {"xl/bomb.xml": bytes(250_000_000)})
    assert path.stat().st_size < 1_000_000
    with pytest.raises(Unreadable, match="解压后超过"):
        guard.check(path)


def test_an_embedded_archive_is_left_alone(tmp_path: Path) -> None:
    """What is packed inside a part is never unpacked, so it needs no judging."""
    inner = package(tmp_path / "inner.xlsx", {"xl/a.bin": bytes(1_000_000)}).read_bytes()
    guard.check(package(tmp_path / "a.xlsx", {"xl/embeddings/inner.xlsx": inner}))


def test_macros_may_be_spoken_of(tmp_path: Path) -> None:
    """The word in a cell is not the thing."""
    guard.check(
        by_hand(
            tmp_path / "a.xlsx", rows_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>vbaProject</t></is></c></row>')
        )
    )
