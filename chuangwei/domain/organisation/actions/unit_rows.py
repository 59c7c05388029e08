"""The units of a register workbook, checked and saved."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from chuangwei.core.actor import Actor
from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import Codes, Faults, Rows, Tally
from chuangwei.core.transitions import log_change
from chuangwei.core.trees import rings
from chuangwei.domain.organisation import rules
from chuangwei.domain.organisation.actions.units import KIND, LABELS, path_of, told
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.organisation.permissions import OWN_UNITS, gains_unit
from chuangwei.domain.places.models import Area

FIELDS = ("name", "kind", "parent", "area")
SIGHT = frozenset({"kind", "parent", "area"})
"""What of a unit says who speaks for it, and for which area."""
NOTE = "导入底册"
TOP = ""
"""Stands above what the file hangs below a unit of the actor's; no unit has it for a code."""


class UnitRows:
    """Rows of units against those there are: first `check` and `check_scope`, then `save`."""

    def __init__(self, rows: Rows, areas: Codes, *, by: Actor, at: datetime) -> None:
        self._rows, self._unsaved_areas, self._by, self._at = rows, areas, by, at
        self._known = {unit.code: unit for unit in Unit.objects.select_related("parent", "area")}
        self._areas = {area.code: area for area in Area.objects.all()}
        self.logs: list[TransitionLog] = []

    @cached_property
    def codes(self) -> Codes:
        """Every code that names a unit, in the file or in the system."""
        return Codes(self._known, self._rows.columns.get("code", ()), is_open=not self._rows.is_whole)

    def _wanted(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        names = [name for name in FIELDS if name in self._rows.given]
        columns = [self._rows[name] for name in names]
        for line, code, *values in zip(self._rows.lines, self._rows.columns.get("code", ()), *columns, strict=True):
            if code is not None:
                yield line, code, dict(zip(names, values, strict=True))

    def check(self, faults: Faults) -> None:
        lines: dict[str, int] = {}
        for line, code, wanted in self._wanted():
            parent, area = wanted.get("parent"), wanted.get("area")
            lines[code] = line
            if parent is not None and parent not in self.codes:
                faults.add(line, "parent", f"没有编码为 {parent} 的单位。请先在『单位』表中添加，或改正编码。")
            if area is not None and area not in self._areas and area not in self._unsaved_areas:
                faults.add(line, "area", f"没有编码为 {area} 的区划。请先在『区划』表中添加，或改正编码。")
        for ring in rings(self._parents):
            shown = " → ".join([*ring, ring[0]])
            for code in ring:
                if code in lines:
                    faults.add(lines[code], "parent", f"上级编码绕成了一圈：{shown}。")

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        """The tree as the file leaves it."""
        known = {code: _above(unit) for code, unit in self._known.items()}
        given = {code: wanted.get("parent", known.get(code)) for _, code, wanted in self._wanted()}
        return known | given

    @cached_property
    def by_then(self) -> Actor:
        """The actor as the file leaves the tree: what it hangs below a unit of hers, and all below that, is hers too.

        By a link that was there before nothing becomes hers: she speaks for nobody below a unit she only serves in.
        """
        own = set(self._by.unit_codes)
        hung = {
            code: TOP
            for code, parent in self._parents.items()
            if parent in own and (code not in self._known or _above(self._known[code]) != parent)
        }
        gained = rules.below(TOP, self._parents | hung) - own - {TOP}
        return replace(self._by, unit_codes=(*self._by.unit_codes, *sorted(gained)))

    def check_scope(self, faults: Faults) -> None:
        """Whom the actor speaks for is asked of the tree as the file leaves it: its rows may lead there together."""
        for line, code, wanted in self._wanted():
            held = self._known.get(code)
            if held is not None and not self._differences(held, wanted):
                continue
            paths = [self.area_path_of(code)] + ([path_of(held.area)] if held else [])
            if not all(self._by.covers(path) for path in paths):
                faults.add(line, "code", "这个单位不在您的管辖范围内，不能添加或更改。")
            moved = SIGHT.intersection(self._differences(held, wanted)) if held else ()
            if moved and gains_unit(self.by_then, code, wanted.get("parent")):
                faults.add(line, min(moved), OWN_UNITS)

    def area_path_of(self, code: str) -> str:
        """The path of a unit's area once the file is taken in; of a unit without one, everywhere."""
        if code in self._area_of_row:
            area = self._area_of_row[code]
            return path_of(self._area(area))
        return path_of(self._known[code].area)

    @cached_property
    def _area_of_row(self) -> dict[str, str | None]:
        return {
            code: wanted.get("area")
            for _, code, wanted in self._wanted()
            if "area" in wanted or code not in self._known
        }  # fmt: skip

    def _differences(self, unit: Unit, wanted: dict[str, Any]) -> list[str]:
        return [name for name in wanted if _value(unit, name) != wanted[name]]

    def save(self) -> Tally:
        rows = [(code, wanted) for _, code, wanted in self._wanted()]
        new = [(code, wanted) for code, wanted in rows if code not in self._known]
        units = [Unit(code=code, name=w["name"], kind=w["kind"], area=self._area(w.get("area"))) for code, w in new]
        Unit.objects.bulk_create(units, batch_size=500)
        self._known |= {unit.code: unit for unit in units}
        below = []
        for (_, wanted), unit in zip(new, units, strict=True):
            if wanted.get("parent"):
                unit.parent = self._known[wanted["parent"]]
                below.append(unit)
        Unit.objects.bulk_update(below, ["parent"], batch_size=200)
        changed = self._change(rows[:])
        TransitionLog.objects.bulk_create(self.logs, batch_size=500)
        return Tally(len(new), changed, len(rows) - len(new) - changed)

    def _change(self, rows: list[tuple[str, dict[str, Any]]]) -> int:
        changed = []
        for code, wanted in rows:
            unit = self._known[code]
            differences = self._differences(unit, wanted)
            for name in differences:
                old = getattr(unit, name)
                self._set(unit, name, wanted[name])
                self.logs.append(
                    log_change(
                        subject_kind=KIND, subject_code=code, field=LABELS[name], old=told(old),
                        new=told(getattr(unit, name)), by=self._by, at=self._at, note=NOTE,
                    )
                )  # fmt: skip
            if differences:
                changed.append(unit)
        Unit.objects.bulk_update(changed, ["name", "kind", "parent", "area"], batch_size=200)
        return len(changed)

    def _set(self, unit: Unit, name: str, value: Any) -> None:
        if name == "parent":
            unit.parent = self._known[value] if value else None
        elif name == "area":
            unit.area = self._area(value)
        else:
            setattr(unit, name, value)

    def _area(self, code: str | None) -> Area | None:
        return self._areas[code] if code else None


def _value(unit: Unit, name: str) -> Any:
    if name in {"parent", "area"}:
        above = getattr(unit, name)
        return above.code if above else None
    return getattr(unit, name)


def _above(unit: Unit) -> str | None:
    return unit.parent.code if unit.parent else None
