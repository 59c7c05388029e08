"""What the library's data say of each table, as plain values by code: ready to be compared with the database.

A value that names another row stands under a path such as `edition__code` and holds that row's code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models

from chuangwei.domain.places.models import SiteKind
from chuangwei.domain.standards import rows
from chuangwei.domain.standards.enums import ItemKind
from chuangwei.domain.standards.library import Library
from chuangwei.domain.standards.models import (
    Category,
    Edition,
    Indicator,
    Item,
    LibraryEntry,
    ObsoletePattern,
)

Values = dict[str, Any]

SOURCE, UNIT = "source", "unit"
"""Kinds of library entry that the program itself looks up."""


@dataclass(frozen=True)
class Table:
    """A table the library fills: its name in a report, its key, which value names a row to a person."""

    noun: str
    model: type[models.Model]
    drafts: dict[str, Values]
    key: tuple[str, ...] = ("code",)
    name: str = "name"

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(next(iter(self.drafts.values()), {}))


@dataclass(frozen=True)
class ChecklistDraft:
    """A checklist as the data say it; its checks in order."""

    code: str
    values: Values
    checks: tuple[Values, ...]


def tables(library: Library) -> list[Table]:
    """The plain tables in an order in which each finds what it names."""
    return [
        Table("资料", LibraryEntry, dict(_entries(library)), key=("kind", "code")),
        Table("标准版本", Edition, dict(_editions(library)), name="title"),
        Table("指标", Indicator, {row.code: _indicator(row) for row in library.indicators}),
        Table("标准条目", Item, dict(_items(library)), name="title"),
        Table("问题类别", Category, dict(_categories(library))),
        Table("过期条款", ObsoletePattern, {row.code: _pattern(row) for row in library.patterns}, name="pattern"),
    ]


def kind_table(library: Library) -> Table:
    """Kinds of site belong to places, which writes them itself."""
    return Table("点位类型", SiteKind, {row.code: _kind(row) for row in library.kinds})


def checklists(library: Library) -> dict[str, ChecklistDraft]:
    return {file.checklist.code: _checklist(file) for file in library.checklists}


def _provenance(row: rows.Sourced) -> Values:
    return {"source": row.source, "is_verified": row.verified}


def _entry(order: int, name: str, body: Mapping[str, Any], source: str, *, is_verified: bool) -> Values:
    return {"order": order, "name": name, "body": _plain(body), "source": source, "is_verified": is_verified}


def _plain(value: Any) -> Any:
    """JSON keeps no decimals: they become text, exactly as written."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _entries(library: Library) -> Iterator[tuple[str, Values]]:
    for order, source in enumerate(library.sources):
        yield (
            f"{SOURCE}/{source.key}",
            _entry(order, source.title, {"address": source.address}, source.key, is_verified=True),
        )
    for order, unit in enumerate(library.units):
        yield (
            f"{UNIT}/{unit.name}",
            _entry(order, unit.name, {"base": unit.base, "factor": unit.factor}, "", is_verified=True),
        )
    for order, kind in enumerate(library.kinds):
        body = {"sections": kind.sections, "standards": kind.standards}
        yield f"site-kind/{kind.code}", _entry(order, kind.name, body, kind.source, is_verified=kind.verified)
    for file in library.references:
        for order, row in enumerate(file.entry):
            yield (
                f"{file.head.kind}/{row.code}",
                _entry(order, row.name, row.body, row.source, is_verified=row.verified),
            )


def _editions(library: Library) -> Iterator[tuple[str, Values]]:
    for row in library.editions:
        yield row.code, {
            "title": row.title, "year": row.year, "paper": row.paper, "levels": [str(level) for level in row.levels],
            "status": str(row.status), "superseded_by__code": row.superseded_by, "article_count": row.articles,
            "indicator_count": row.indicators, "note": row.note, **_provenance(row),
        }  # fmt: skip


def _indicator(row: rows.IndicatorRow) -> Values:
    return {
        "name": row.name, "aliases": row.aliases, "unit": row.unit, "adds_up": str(row.adds_up),
        "parts": row.parts, "series_years": row.series_years, "note": row.note, **_provenance(row),
    }  # fmt: skip


def _items(library: Library) -> Iterator[tuple[str, Values]]:
    for file in library.edition_files:
        sections = {section.number: section.title for section in file.section}
        for order, row in enumerate(file.item):
            yield row.code, {
                "edition__code": file.edition.code, "order": order, "section_number": row.section,
                "section": sections[row.section], "article": row.article,
                "is_article_verified": row.article_verified, "parent__code": row.parent, "title": row.title,
                "text": row.text, "kind": str(ItemKind.QUANTITATIVE if row.indicator else ItemKind.QUALITATIVE),
                "indicator__code": row.indicator, "comparator": str(row.comparator or ""),
                "threshold": row.threshold, "threshold_level": row.threshold_level,
                "threshold_text": row.threshold_text, "threshold_source": row.threshold_source,
                "alternative": str(row.alternative or ""), "alternative_text": row.alternative_text,
                "table_number": row.table_number, "certainty": row.certainty, "evidence": row.evidence,
                "kinds": row.kinds, "levels": [str(level) for level in row.levels or file.edition.levels],
                "note": row.note, **_provenance(row),
            }  # fmt: skip


def _categories(library: Library) -> Iterator[tuple[str, Values]]:
    blank: Values = {
        "matter": "", "legacy_code": "", "is_legacy_verified": False, "allowed_amount": None, "allowed_unit": "",
        "stages": [], "time_source": "", "is_time_verified": False, "closes_when": "", "kinds": [], "items": [],
    }  # fmt: skip
    for file in library.category_files:
        group = file.group
        yield group.code, {
            "name": group.name, "parent__code": None, "is_extension": group.extension, **blank, **_provenance(group)
        }  # fmt: skip
        for row in file.category:
            yield row.code, {
                "name": row.name, "parent__code": group.code, "is_extension": group.extension,
                **blank, **_time(row.allowed), "matter": str(row.matter), "legacy_code": row.legacy_code,
                "is_legacy_verified": row.legacy_verified,
                "stages": [{"name": s.name, "amount": s.amount, "unit": s.unit_slug} for s in row.stages],
                "closes_when": row.closes_when, "kinds": row.kinds, "items": row.items, **_provenance(row),
            }  # fmt: skip


def _time(allowed: rows.Allowed | None) -> Values:
    if allowed is None:
        return {}
    return {
        "allowed_amount": allowed.amount, "allowed_unit": allowed.unit_slug,
        "time_source": allowed.source, "is_time_verified": allowed.verified,
    }  # fmt: skip


def _pattern(row: rows.PatternRow) -> Values:
    return {"pattern": row.pattern, "why": row.why, "use_instead": row.use_instead, **_provenance(row)}


def _kind(row: rows.KindRow) -> Values:
    return {
        "name": row.name, "aliases": row.aliases, "measure_unit": row.measure_unit, "note": row.note,
        "is_household": row.household, **_provenance(row),
    }  # fmt: skip


def _checklist(file: rows.ChecklistFile) -> ChecklistDraft:
    head = file.checklist
    values: Values = {
        "site_kind__code": head.kind, "title": head.title, "full_points": head.full_points,
        "are_points_verified": head.points_verified, **_provenance(head),
    }  # fmt: skip
    return ChecklistDraft(head.code, values, tuple(_check(order, row) for order, row in enumerate(file.check)))


def _check(order: int, row: rows.CheckRow) -> Values:
    return {
        "code": row.code, "order": order, "text": row.text, "points": row.points, "rule": str(row.rule),
        "deduct_per": row.deduct_per, "grades": [_plain(grade.model_dump()) for grade in row.grades],
        "is_veto": row.veto, "veto_below_rate": row.veto_below_rate, "line": row.line,
        "categories": row.categories, "items": row.items,
    }  # fmt: skip
