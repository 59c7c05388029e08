"""Reads the data files of the standards library and refuses them whole, with every mistake, if they do not fit."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from chuangwei.core.errors import Refused
from chuangwei.core.mistakes import Mistake
from chuangwei.core.preset_words import sentences, toml_error
from chuangwei.core.presets import FOLDER as PRESETS
from chuangwei.domain.standards import rows

FOLDER = PRESETS / "standards"

File = TypeVar("File", bound=rows.Row)


@dataclass
class Library:
    """Everything the data files say, in the order they say it."""

    sources: list[rows.SourceRow] = field(default_factory=list)
    editions: list[rows.EditionRow] = field(default_factory=list)
    edition_files: list[rows.EditionFile] = field(default_factory=list)
    indicators: list[rows.IndicatorRow] = field(default_factory=list)
    units: list[rows.UnitRow] = field(default_factory=list)
    kinds: list[rows.KindRow] = field(default_factory=list)
    category_files: list[rows.CategoryFile] = field(default_factory=list)
    checklists: list[rows.ChecklistFile] = field(default_factory=list)
    patterns: list[rows.PatternRow] = field(default_factory=list)
    references: list[rows.ReferenceFile] = field(default_factory=list)

    @property
    def items(self) -> list[rows.ItemRow]:
        return [item for file in self.edition_files for item in file.item]

    @property
    def categories(self) -> list[rows.CategoryRow]:
        return [category for file in self.category_files for category in file.category]

    @property
    def classes(self) -> list[rows.ClassRow]:
        return [file.group for file in self.category_files]


def read_library(folder: Path | None = None) -> Library:
    """The library in a folder (the bundled one by default). Refused with all mistakes where it does not fit."""
    reader = _Reader(folder or FOLDER)
    library = Library(
        sources=[row for file in reader.files("sources.toml", rows.SourcesFile) for row in file.source],
        edition_files=reader.files("editions/*.toml", rows.EditionFile),
        indicators=[row for file in reader.files("indicators/*.toml", rows.IndicatorFile) for row in file.indicator],
        units=[row for file in reader.files("units.toml", rows.UnitFile) for row in file.unit],
        kinds=[row for file in reader.files("site-kinds.toml", rows.KindFile) for row in file.kind],
        category_files=reader.files("categories/*.toml", rows.CategoryFile),
        checklists=reader.files("checklists/*.toml", rows.ChecklistFile),
        patterns=[row for file in reader.files("obsolete.toml", rows.PatternFile) for row in file.pattern],
        references=reader.files("reference/*.toml", rows.ReferenceFile),
    )
    library.editions = [file.edition for file in library.edition_files]
    library.editions += [row for file in reader.files("cited-standards.toml", rows.CitedFile) for row in file.edition]
    mistakes = reader.mistakes or [Mistake("标准库", "", None, None, text) for text in faults(library)]
    if mistakes:
        raise Refused(f"标准库数据有 {len(mistakes)} 处错误，未载入。", mistakes)
    return library


class _Reader:
    """Reads one pattern of files after another and keeps what is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mistakes: list[Mistake] = []

    def files(self, pattern: str, model: type[File]) -> list[File]:
        """The files a pattern names, by name. None at all is a mistake: half a library must not retire the rest."""
        found = sorted(self.folder.glob(pattern))
        if not found:
            self.mistakes.append(Mistake(pattern, "", None, None, "没有这样的文件。"))
        return [file for path in found if (file := self._file(path, model)) is not None]

    def _file(self, path: Path, model: type[File]) -> File | None:
        name = str(path.relative_to(self.folder))
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
            return model.model_validate(raw)
        except tomllib.TOMLDecodeError as error:
            self.mistakes.append(Mistake(name, "", None, None, f"不是有效的 TOML：{toml_error(str(error))}"))
        except UnicodeDecodeError:
            self.mistakes.append(Mistake(name, "", None, None, "不是 UTF-8 编码的文本。"))
        except ValidationError as error:
            self.mistakes += [Mistake(name, "", None, None, text) for text in sentences("", error)]
        return None


def faults(library: Library) -> list[str]:
    """What does not fit between the files: codes twice, names that point nowhere, sheets that do not add up."""
    return [*_repeated(library), *_dangling(library), *_sheets(library)]


def _repeated(library: Library) -> Iterator[str]:
    """Codes given twice, and nouns given not at all: an empty list would retire everything."""
    groups: list[tuple[str, Iterable[str]]] = [
        ("出处", (row.key for row in library.sources)),
        ("标准", (row.code for row in library.editions)),
        ("条目", (row.code for row in library.items)),
        ("指标", (row.code for row in library.indicators)),
        ("指标名称", (word for row in library.indicators for word in dict.fromkeys([row.name, *row.aliases]))),
        ("单位", (row.name for row in library.units)),
        ("点位类型", (row.code for row in library.kinds)),
        ("类别", [*(row.code for row in library.classes), *(row.code for row in library.categories)]),
        ("检查表", (file.checklist.code for file in library.checklists)),
        ("点位类型的检查表", (file.checklist.kind for file in library.checklists)),
        ("检查项", (check.code for file in library.checklists for check in file.check)),
        ("过期条款", (row.code for row in library.patterns)),
        ("资料", (f"{file.head.kind}/{row.code}" for file in library.references for row in file.entry)),
    ]
    for name, codes in groups:
        counted = Counter(codes)
        if not counted:
            yield f"没有{name}。"
        for code, count in counted.items():
            if count > 1:
                yield f"{name} {code} 出现了 {count} 次。"


def _dangling(library: Library) -> Iterator[str]:
    sources = {row.key for row in library.sources}
    items, kinds = {row.code for row in library.items}, {row.code for row in library.kinds}
    categories = {row.code for row in library.categories}
    known: dict[str, set[str]] = {
        "出处": sources,
        "标准": {row.code for row in library.editions},
        "条目": items,
        "指标": {row.code for row in library.indicators},
        "点位类型": kinds,
        "类别": categories,
        "条线": {row.code for file in library.references if file.head.kind == "lines" for row in file.entry},
    }
    for name, code, where in _links(library):
        if code not in known[name]:
            yield f"{where} 写的{name} {code} 不存在。"
    for file in library.edition_files:
        numbers = {section.number for section in file.section}
        for item in file.item:
            if item.section not in numbers:
                yield f"条目 {item.code} 写的部分 {item.section} 不存在。"


def _links(library: Library) -> Iterator[tuple[str, str, str]]:
    """Every name that points elsewhere: what it names, its code, where it stands."""
    for edition in library.editions:
        yield from _named(f"标准 {edition.code}", 出处=[edition.source], 标准=[edition.superseded_by])
    for item in library.items:
        yield from _named(
            f"条目 {item.code}", 出处=[item.source, item.threshold_source or None], 条目=[item.parent],
            指标=[item.indicator], 点位类型=item.kinds,
        )  # fmt: skip
    for indicator in library.indicators:
        yield from _named(f"指标 {indicator.code}", 出处=[indicator.source])
    for group in library.classes:
        yield from _named(f"类别 {group.code}", 出处=[group.source])
    for pattern in library.patterns:
        yield from _named(f"过期条款 {pattern.code}", 出处=[pattern.source])
    for kind in library.kinds:
        yield from _named(f"点位类型 {kind.code}", 出处=[kind.source], 标准=kind.standards)
    for category in library.categories:
        time_source = category.allowed.source if category.allowed else None
        yield from _named(
            f"类别 {category.code}", 出处=[category.source, time_source], 点位类型=category.kinds, 条目=category.items
        )
    for sheet in library.checklists:
        yield from _named(
            f"检查表 {sheet.checklist.code}", 出处=[sheet.checklist.source], 点位类型=[sheet.checklist.kind]
        )
        for check in sheet.check:
            yield from _named(
                f"检查项 {check.code}", 类别=check.categories, 条目=check.items, 条线=[check.line or None]
            )
    for reference in library.references:
        for entry in reference.entry:
            where = f"资料 {reference.head.kind}/{entry.code}"
            yield from _named(where, 出处=[entry.source], 点位类型=entry.body.get("kinds", []))


def _named(where: str, **codes: Iterable[str | None]) -> Iterator[tuple[str, str, str]]:
    for name, wanted in codes.items():
        yield from ((name, code, where) for code in wanted if code is not None)


def _sheets(library: Library) -> Iterator[str]:
    for sheet in library.checklists:
        total = sum((check.points for check in sheet.check), Decimal(0))
        if total != sheet.checklist.full_points:
            yield f"检查表 {sheet.checklist.code} 各项合计 {total} 分，与满分 {sheet.checklist.full_points} 分不符。"
