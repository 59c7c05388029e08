"""Is this file a real .xlsx that may be read? Anything else is refused unread, in one Chinese sentence.

A file is judged by its content, never by its name. Nothing is unpacked beyond the limits, whatever the directory of the
archive claims.
"""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from chuangwei.core.errors import DomainError

MEGABYTE = 1024 * 1024
FILE_LIMIT = 20 * MEGABYTE
UNPACKED_LIMIT = 200 * MEGABYTE
ENTRY_LIMIT = 2_000
CHUNK = MEGABYTE

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK\x03\x04"
DIRECTORY_ENTRY = b"PK\x01\x02"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
CONTENT_TYPES = "[Content_Types].xml"
DECLARATIONS = tuple(
    text.encode(encoding) for text in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
MACROS = (b"vbaProject", b"macroEnabled", b"macrosheet", b"intlmacrosheet")
BINARY = b"sheet.binary"
WORKBOOK = b"spreadsheetml.sheet.main+xml"
TOO_LARGE_UNPACKED = "工作簿解压后超过 200 MB，不予读取。请拆成几个文件再导入。"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)


class Unreadable(DomainError):
    """The file is refused as a whole; the message says why and what to do."""


def check(path: Path) -> None:
    """Unreadable unless the file is an .xlsx without macros and without declarations, within the limits."""
    if not path.is_file():
        raise Unreadable("找不到这个文件。")
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("文件是空的。")
    _check_kind(path)
    if size > FILE_LIMIT:
        raise Unreadable(f"文件有 {size / MEGABYTE:.1f} MB，超过 20 MB，不予读取。请拆成几个文件再导入。")
    _check_entry_count(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_archive(archive)
    except BROKEN as error:
        raise Unreadable("文件已损坏，无法读取。请在 Excel 中打开并另存为 .xlsx 后再导入。") from error


def _check_kind(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(len(OLE))
        if start == OLE:
            if ENCRYPTED in file.read(FILE_LIMIT):
                raise Unreadable("工作簿设有打开密码，无法读取。请去掉密码后再导入。")
            raise Unreadable("这是旧格式的 .xls 文件。请在 Excel 中另存为 .xlsx 后再导入。")
    if not start.startswith(ZIP):
        raise Unreadable("这不是 .xlsx 工作簿，只是文件名像。请在 Excel 中另存为 .xlsx 后再导入。")


def _check_entry_count(path: Path) -> None:
    """Count the archive's entries before its directory is loaded: a directory alone can fill the memory."""
    with path.open("rb") as file:
        entries = sum(chunk.count(DIRECTORY_ENTRY) for chunk in iter(lambda: file.read(CHUNK), b""))
    if entries > ENTRY_LIMIT:
        raise Unreadable(f"文件里有 {entries} 个部件，超过 {ENTRY_LIMIT} 个，不像正常的工作簿，不予读取。")


def _check_archive(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unreadable("工作簿设有密码，无法读取。请去掉密码后再导入。")
    if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise Unreadable(TOO_LARGE_UNPACKED)
    if CONTENT_TYPES not in names:
        raise Unreadable("这是一个压缩包，不是 .xlsx 工作簿。")
    if len(set(names)) != len(names) or any(
        entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries
    ):
        raise zipfile.BadZipFile
    _check_content_types(archive, names)
    _check_parts(archive)


def _check_content_types(archive: zipfile.ZipFile, names: list[str]) -> None:
    with archive.open(CONTENT_TYPES) as part:
        types = part.read(MEGABYTE)
    if BINARY in types:
        raise Unreadable("这是 .xlsb 工作簿。请在 Excel 中另存为 .xlsx 后再导入。")
    if any(word in types for word in MACROS) or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable("工作簿带有宏，不予读取。请另存为不带宏的 .xlsx 后再导入。")
    if WORKBOOK not in types:
        raise Unreadable("这个文件里没有工作簿，不是 .xlsx。")


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Unpack every part once, and look for declarations that could pull things in.

    No part gives out more than the directory says (whose sum is within the limit): a part that holds more fails its
    checksum, and the file counts as damaged.
    """
    for entry in archive.infolist():
        end = b""
        is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        for chunk in _unpacked(archive, entry):
            if is_xml and _declares(end + chunk):
                raise Unreadable("工作簿里夹带了外部声明（DOCTYPE 或 ENTITY），为安全起见不予读取。")
            end = chunk[-32:]


def _declares(window: bytes) -> bool:
    # An exclamation mark is rare in a workbook's XML, so one fast look spares the six slower ones.
    return b"!" in window and any(word in window for word in DECLARATIONS)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as part:
        yield from iter(lambda: part.read(CHUNK), b"")
