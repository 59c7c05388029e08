"""Verbs of standards: bring what the data files say into the database."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import models
from django.db.models import Max

from chuangwei.core import audit, clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import require
from chuangwei.core.writes import action
from chuangwei.domain.places.actions import KindDraft, put_site_kinds
from chuangwei.domain.places.models import SiteKind
from chuangwei.domain.standards import drafts
from chuangwei.domain.standards.drafts import ChecklistDraft, Table
from chuangwei.domain.standards.library import read_library
from chuangwei.domain.standards.models import Check, Checklist
from chuangwei.domain.standards.permissions import may_load_standards
from chuangwei.domain.standards.queries import Difference, NounDifference, difference_of


@action
def load_standards(*, by: Actor, at: datetime, folder: Path | None = None) -> Difference:
    """Make the standards what the data files say and return what that changed; a second run changes nothing.

    Nothing is deleted: what is no longer in the data is retired, a changed checklist becomes a new version, and the
    values as they were stay in the audit entry. Refused, with every mistake, where the files do not fit.
    """
    require(may_load_standards(by))
    library = read_library(folder)
    found = difference_of(library)
    if found.is_empty:
        return found
    for table in drafts.tables(library):
        _put_rows(table, found.of(table.noun), at=at)
    kinds = drafts.kind_table(library)
    if not found.of(kinds.noun).is_empty:
        put_site_kinds(kinds=[KindDraft(code=code, **draft) for code, draft in kinds.drafts.items()], by=by, at=at)
    _put_checklists(drafts.checklists(library), found.of("检查表"), at=at)
    audit.record(
        verb="载入标准库", subject_kind="standards.library", subject_code="标准库", by=by, at=at,
        details={noun.noun: _details(noun) for noun in found.nouns if not noun.is_empty},
    )  # fmt: skip
    return found


def _details(noun: NounDifference) -> dict[str, Any]:
    """Enough to know every value that was replaced."""
    return {
        "added": len(noun.added),
        "changed": {change.code: [[name, _text(old), _text(new)] for name, old, new in change.values]
                    for change in noun.changed},
        "retired": [code for code, _ in noun.retired],
    }  # fmt: skip


def _text(value: object) -> object:
    return value if isinstance(value, (str, int, list, dict)) or value is None else str(value)


def _put_rows(table: Table, found: NounDifference, *, at: datetime) -> None:
    """Add and change the rows of one table and retire what is gone. Rows that name each other are linked last."""
    model, known = table.model, _rows(table)
    inner = [path for path in table.paths if _related(model, path) is model]
    outer = {path: _keys(_related(model, path)) for path in table.paths if "__" in path and path not in inner}
    fresh = {code: model(**dict(zip(table.key, code.split("/", 1), strict=False))) for code, _ in found.added}
    old = {change.code: known[change.code] for change in found.changed}
    for code, row in [*fresh.items(), *old.items()]:
        for path, value in table.drafts[code].items():
            if path in outer:
                setattr(row, _key_field(path), outer[path].get(value))
            elif path not in inner:
                setattr(row, path, value)
        row.retired_on = None  # type: ignore[attr-defined]
    model._default_manager.bulk_create(fresh.values())
    _link(table, [*fresh.items(), *old.items()], inner)
    if fresh and inner:
        model._default_manager.bulk_update(fresh.values(), [_field(path) for path in inner], batch_size=500)
    if old:
        fields = [_field(path) for path in table.paths]
        model._default_manager.bulk_update(old.values(), [*fields, "retired_on"], batch_size=100)
    gone = [known[code].pk for code, _ in found.retired]
    model._default_manager.filter(pk__in=gone).update(retired_on=clock.local_day(at))


def _link(table: Table, touched: Iterable[tuple[str, models.Model]], inner: Iterable[str]) -> None:
    for path in inner:
        keys = _keys(table.model)
        for code, row in touched:
            setattr(row, _key_field(path), keys.get(table.drafts[code][path]))


def _rows(table: Table) -> dict[str, models.Model]:
    return {"/".join(getattr(row, name) for name in table.key): row for row in table.model._default_manager.all()}


def _related(model: type[models.Model], path: str) -> type[models.Model] | None:
    return model._meta.get_field(_field(path)).related_model if "__" in path else None


def _field(path: str) -> str:
    return path.partition("__")[0]


def _key_field(path: str) -> str:
    return f"{_field(path)}_id"


def _keys(model: type[models.Model] | None) -> dict[str, int]:
    return dict(model._default_manager.values_list("code", "pk")) if model else {}


def _put_checklists(wanted: dict[str, ChecklistDraft], found: NounDifference, *, at: datetime) -> None:
    """A new version of every checklist that differs; the versions before it stay as they are, no longer in force."""
    fresh = [*(code for code, _ in found.added), *(change.code for change in found.changed)]
    Checklist.objects.filter(code__in=[*fresh, *(code for code, _ in found.retired)]).update(is_current=False)
    kinds = _keys(SiteKind)
    last = dict(Checklist.objects.values_list("code").annotate(last=Max("version")).order_by())
    for code in fresh:
        draft = wanted[code]
        values = {path: value for path, value in draft.values.items() if path != "site_kind__code"}
        sheet = Checklist.objects.create(
            code=code, version=last.get(code, 0) + 1, loaded_at=at,
            site_kind_id=kinds[draft.values["site_kind__code"]], **values,
        )  # fmt: skip
        Check.objects.bulk_create(Check(checklist=sheet, **check) for check in draft.checks)
