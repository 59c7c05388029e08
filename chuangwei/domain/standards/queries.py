"""Questions about the standards: what a load would change, and what imports and scores look up, in few queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db.models import Q

from chuangwei.domain.standards import drafts, rules
from chuangwei.domain.standards.drafts import ChecklistDraft, Table
from chuangwei.domain.standards.library import Library, read_library
from chuangwei.domain.standards.models import (
    Category,
    Check,
    Checklist,
    Item,
    LibraryEntry,
    ObsoletePattern,
)
from chuangwei.domain.standards.rules import CategoryNames, Demand, ObsoleteClause, Unit

RETIRED = "停用"


@dataclass(frozen=True)
class Change:
    """One row that differs: each changed value by its name, as it was and as it will be."""

    code: str
    name: str
    values: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True)
class NounDifference:
    """What a load would do to the rows of one noun."""

    noun: str
    added: tuple[tuple[str, str], ...]
    changed: tuple[Change, ...]
    retired: tuple[tuple[str, str], ...]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.retired)


@dataclass(frozen=True)
class Difference:
    """Data files against database: by noun, what would be added, changed and retired."""

    nouns: tuple[NounDifference, ...]

    @property
    def is_empty(self) -> bool:
        return all(noun.is_empty for noun in self.nouns)

    def of(self, noun: str) -> NounDifference:
        return next(found for found in self.nouns if found.noun == noun)


def difference(folder: Path | None = None) -> Difference:
    """What loading the library would change. Refused where the files do not fit."""
    return difference_of(read_library(folder))


def difference_of(library: Library) -> Difference:
    plain = [compare(table) for table in drafts.tables(library)]
    kinds = compare(drafts.kind_table(library))
    return Difference((plain[0], kinds, *plain[1:], _compare_checklists(drafts.checklists(library))))


def compare(table: Table) -> NounDifference:
    """One table's drafts against its rows. A retired row that is in the data again counts as changed."""
    label = {path: str(table.model._meta.get_field(path.split("__")[0]).verbose_name) for path in table.paths}  # type: ignore[union-attr]
    known: dict[str, tuple[Any, ...]] = {}
    for row in table.model._default_manager.values_list(*table.key, "retired_on", *table.paths):
        known["/".join(row[: len(table.key)])] = row[len(table.key) :]
    added, changed, unchanged = [], [], 0
    for code, draft in table.drafts.items():
        if code not in known:
            added.append((code, str(draft[table.name])))
            continue
        retired_on, *values = known[code]
        changes = [
            (label[path], old, draft[path]) for path, old in zip(table.paths, values, strict=True) if old != draft[path]
        ]
        if retired_on is not None:
            changes.append((RETIRED, str(retired_on), None))
        if changes:
            changed.append(Change(code, str(draft[table.name]), tuple(changes)))
        else:
            unchanged += 1
    position = 1 + table.paths.index(table.name)
    gone = tuple(
        (code, str(row[position])) for code, row in known.items() if code not in table.drafts and row[0] is None
    )
    return NounDifference(table.noun, tuple(added), tuple(changed), gone, unchanged)


def _compare_checklists(wanted: Mapping[str, ChecklistDraft]) -> NounDifference:
    """A checklist differs as soon as one check does; the change names the check."""
    known = {sheet.code: (sheet, checks) for sheet, checks in current_rows()}
    added, changed, unchanged = [], [], 0
    for code, draft in wanted.items():
        if code not in known:
            added.append((code, draft.values["title"]))
            continue
        changes = _sheet_changes(*known[code], draft)
        if changes:
            changed.append(Change(code, draft.values["title"], tuple(changes)))
        else:
            unchanged += 1
    gone = tuple((code, sheet.title) for code, (sheet, _) in known.items() if code not in wanted)
    return NounDifference("检查表", tuple(added), tuple(changed), gone, unchanged)


def _sheet_changes(sheet: Checklist, checks: list[Check], draft: ChecklistDraft) -> list[tuple[str, Any, Any]]:
    changes = [
        (str(Checklist._meta.get_field(path.split("__")[0]).verbose_name), old, new)  # type: ignore[union-attr]
        for path, new in draft.values.items()
        if (old := sheet.site_kind.code if path == "site_kind__code" else getattr(sheet, path)) != new
    ]
    before = {check.code: {name: getattr(check, name) for name in draft.checks[0]} for check in checks}
    after = {values["code"]: values for values in draft.checks}
    for code in sorted(before.keys() | after.keys()):
        old_check, new_check = before.get(code), after.get(code)
        if old_check is None or new_check is None:
            changes.append((f"检查项 {code}", old_check and old_check["text"], new_check and new_check["text"]))
            continue
        changes += [
            (f"检查项 {code} {Check._meta.get_field(name).verbose_name}", old_check[name], new)  # type: ignore[union-attr]
            for name, new in new_check.items()
            if old_check[name] != new
        ]
    return changes


def current_rows() -> list[tuple[Checklist, list[Check]]]:
    """The current checklists with their checks, in two queries."""
    sheets = {sheet.pk: sheet for sheet in Checklist.objects.filter(is_current=True).select_related("site_kind")}
    checks: dict[int, list[Check]] = {pk: [] for pk in sheets}
    for check in Check.objects.filter(checklist__is_current=True).order_by("checklist_id", "order"):
        checks[check.checklist_id].append(check)
    return [(sheet, checks[pk]) for pk, sheet in sheets.items()]


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check as scoring needs it; numbers are exact decimals."""

    id: int
    code: str
    order: int
    text: str
    points: Decimal
    rule: str
    deduct_per: Decimal | None
    grades: tuple[tuple[str, Decimal], ...]
    is_veto: bool
    veto_below_rate: Decimal | None
    line: str
    categories: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChecklistSheet:
    """A version of a checklist with its checks by code, in their order."""

    id: int
    code: str
    version: int
    kind_code: str
    title: str
    full_points: Decimal
    are_points_verified: bool
    checks: Mapping[str, CheckLine]


def current_checklists() -> dict[str, ChecklistSheet]:
    """The checklist in force for each kind of site, by the kind's code."""
    return {sheet.kind_code: sheet for sheet in _sheets(Q(is_current=True), Q(checklist__is_current=True))}


def checklists_by_id(ids: Iterable[int]) -> dict[int, ChecklistSheet]:
    """Versions of checklists, in force or not, such as those that visits keep."""
    wanted = set(ids)
    return {sheet.id: sheet for sheet in _sheets(Q(pk__in=wanted), Q(checklist_id__in=wanted))}


def _sheets(which: Q, whose: Q) -> list[ChecklistSheet]:
    lines: dict[int, dict[str, CheckLine]] = {}
    for check in Check.objects.filter(whose).order_by("checklist_id", "order"):
        lines.setdefault(check.checklist_id, {})[check.code] = _line(check)
    return [
        ChecklistSheet(
            sheet.pk, sheet.code, sheet.version, sheet.site_kind.code, sheet.title, sheet.full_points,
            sheet.are_points_verified, lines.get(sheet.pk, {}),
        )
        for sheet in Checklist.objects.filter(which).select_related("site_kind").order_by("code", "version")
    ]  # fmt: skip


def _line(check: Check) -> CheckLine:
    return CheckLine(
        check.pk, check.code, check.order, check.text, check.points, check.rule, check.deduct_per,
        tuple((grade["name"], Decimal(grade["points"])) for grade in check.grades), check.is_veto,
        check.veto_below_rate, check.line, tuple(check.categories), tuple(check.items),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownCategory:
    """A category as dispatching needs it. A class 大类 has no parent and no time of its own."""

    id: int
    code: str
    name: str
    parent_code: str | None
    allowed_amount: int | None
    allowed_unit: str
    is_time_verified: bool
    is_retired: bool


def categories() -> dict[str, KnownCategory]:
    """Every category by its code, retired ones too: old problems keep theirs."""
    found = Category.objects.order_by("code").values_list(
        "pk", "code", "name", "parent__code", "allowed_amount", "allowed_unit", "is_time_verified", "retired_on"
    )
    return {row[1]: KnownCategory(*row[:7], is_retired=row[7] is not None) for row in found}


def category_names() -> CategoryNames:
    """Finds categories as people write them; a retired one answers to its code only."""
    names = Category.objects.order_by("code").values_list("code", "name", "retired_on")
    return CategoryNames([(code, name if retired_on is None else code) for code, name, retired_on in names])


def demand_of(item: Item) -> Demand:
    """What a quantitative item asks, for `rules.judge`."""
    return Demand(
        comparator=item.comparator, threshold=item.threshold, threshold_level=item.threshold_level,
        alternative=item.alternative, alternative_text=item.alternative_text,
        series_years=item.indicator.series_years if item.indicator else 1, is_verified=item.is_verified,
    )  # fmt: skip


def units() -> dict[str, Unit]:
    """The units of measure by name."""
    entries = LibraryEntry.objects.filter(kind=drafts.UNIT, retired_on__isnull=True)
    return {row.name: Unit(row.name, row.body["base"], Fraction(row.body["factor"])) for row in entries}


def entries(kind: str) -> list[LibraryEntry]:
    """The facts of one kind (samples, vetoes, densities …) in their order."""
    return list(LibraryEntry.objects.filter(kind=kind, retired_on__isnull=True).order_by("order"))


def source_titles() -> dict[str, str]:
    """What to print for a source, by its key."""
    return dict(LibraryEntry.objects.filter(kind=drafts.SOURCE).values_list("code", "name"))


def obsolete_clauses_in(text: str) -> list[ObsoleteClause]:
    """The clauses of superseded editions a text still cites."""
    patterns = ObsoletePattern.objects.filter(retired_on__isnull=True).order_by("code")
    return rules.obsolete_clauses(text, patterns.values_list("code", "pattern", "why", "use_instead"))
