"""The parts of an .xlsx that has passed the guard: which sheets it has, its shared texts, its formats."""

import posixpath
import zipfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from chuangwei.core.workbook import guard
from chuangwei.core.workbook.guard import BROKEN, Unreadable
from chuangwei.core.workbook.markup import BROKEN_PART, Attributes, Readable, chunks_of, parse
from chuangwei.core.workbook.strings import SharedStrings, read_strings
from chuangwei.core.workbook.values import DATE_FORMATS, Formats, is_date_format

WORKSHEET = "/worksheet"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet as the workbook lists it."""

    name: str
    path: str
    is_hidden: bool


class Package:
    """An open workbook. Use it in a `with`; parts are unpacked only while they are read."""

    def __init__(self, path: Path) -> None:
        guard.check(path)
        self._archive = zipfile.ZipFile(path)
        self._names = {name.lower(): name for name in self._archive.namelist()}
        self._workbook = self._find_workbook()
        self._targets = self._relationships(self._workbook)
        self.is_1904 = False
        self.sheets = self._read_sheets()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def open(self, path: str) -> Readable:
        """Unreadable where the part is not there."""
        name = self._names.get(path.lower())
        if name is None:
            raise Unreadable(BROKEN_PART)
        return _Part(self._archive.open(name))

    def strings(self) -> SharedStrings:
        path = self._target_of("/sharedStrings")
        return read_strings(self.open(path)) if path else SharedStrings()

    def formats(self) -> Formats:
        path = self._target_of("/styles")
        return Formats(self._date_formats(path) if path else (), self.is_1904)

    def _find_workbook(self) -> str:
        for kind, target in self._relationships("").values():
            if kind.endswith("/officeDocument"):
                return target
        raise Unreadable("这个文件里没有工作簿，不是 .xlsx。")

    def _relationships(self, source: str) -> dict[str, tuple[str, str]]:
        """Relationship id → (its kind, the path of the part it leads to) of one part; inside the file only."""
        folder, name = posixpath.split(source)
        found: dict[str, tuple[str, str]] = {}

        def start(element: str, attributes: Attributes) -> None:
            if element == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                found[attributes.get("Id", "")] = (attributes.get("Type", ""), target.lstrip("/"))

        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path.lower() in self._names:
            parse(chunks_of(self.open(path)), start=start)
        return found

    def _target_of(self, kind: str) -> str | None:
        return next((target for each, target in self._targets.values() if each.endswith(kind)), None)

    def _read_sheets(self) -> list[SheetPart]:
        sheets: list[SheetPart] = []

        def start(element: str, attributes: Attributes) -> None:
            if element == "workbookPr":
                self.is_1904 = attributes.get("date1904", "0") in {"1", "true"}
            elif element == "sheet":
                identity = next((value for name, value in attributes.items() if name.endswith(":id")), "")
                kind, path = self._targets.get(identity, ("", ""))
                if kind.endswith(WORKSHEET):
                    is_hidden = attributes.get("state", "visible") != "visible"
                    sheets.append(SheetPart(attributes.get("name", ""), path, is_hidden))

        parse(chunks_of(self.open(self._workbook)), start=start)
        return sheets

    def _date_formats(self, path: str) -> list[bool]:
        codes: dict[int, str] = {}
        shows_a_day: list[bool] = []
        inside: list[str] = []

        def start(element: str, attributes: Attributes) -> None:
            number = attributes.get("numFmtId", "0")
            number_format = int(number) if number.isdecimal() else 0
            if element == "numFmt" and inside[-1:] == ["numFmts"]:
                codes[number_format] = attributes.get("formatCode", "")
            elif element == "xf" and inside[-1:] == ["cellXfs"]:
                code = codes.get(number_format)
                shows_a_day.append(number_format in DATE_FORMATS if code is None else is_date_format(code))
            inside.append(element)

        def end(_element: str) -> None:
            inside.pop()

        parse(chunks_of(self.open(path)), start=start, end=end)
        return shows_a_day


class _Part:
    """An open part whose faults are told in words a clerk can read."""

    def __init__(self, part: IO[bytes]) -> None:
        self._read = part.read

    def read(self, size: int, /) -> bytes:
        try:
            return self._read(size)
        except BROKEN as error:
            raise Unreadable(BROKEN_PART) from error
