"""The areas of a register workbook, checked and saved as one tree."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Any

from chuangwei.core import clock, geo
from chuangwei.core.actor import Actor
from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import Codes, Faults, Rows, Tally
from chuangwei.core.transitions import log_change
from chuangwei.core.trees import rings
from chuangwei.domain.places.actions.spells import move_spells
from chuangwei.domain.places.models import Area, AreaSpell

MOVED = ("name", "kind", "parent")
PLAIN = ("population", "households", "boundary")
LABELS = {
    "name": "名称",
    "kind": "类型",
    "parent": "上级",
    "population": "人口",
    "households": "户数",
    "boundary": "边界",
}
SEPARATOR = "/"
PATH_LENGTH = 512
NOTE = "导入底册"


class AreaRows:
    """Rows of areas against the tree as it is: first `check`, then `save`."""

    def __init__(self, rows: Rows, *, by: Actor, at: datetime) -> None:
        self._rows, self._by, self._at = rows, by, at
        self._day: date = clock.local_day(at)
        self._fields = [name for name in (*MOVED, *PLAIN) if name in rows.given]
        self._known = {area.code: area for area in Area.objects.select_related("parent")}
        self.logs: list[TransitionLog] = []

    @cached_property
    def codes(self) -> Codes:
        """Every code that names an area, in the file or in the system."""
        return Codes(self._known, self._rows.columns.get("code", ()), is_open=not self._rows.is_whole)

    def path_of(self, code: str) -> str:
        """The path of an area once the file is taken in; asked only where the rows have no faults."""
        return self._paths[code]

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        """The parent of every area once the file is taken in."""
        parents = {code: area.parent.code if area.parent else None for code, area in self._known.items()}
        for _, code, wanted in self._wanted():
            parents[code] = wanted.get("parent", parents.get(code))
        return parents

    def _wanted(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Line, code and what the file says of the area; an empty boundary says nothing (a cell holds 32,767 letters)."""
        columns = [self._rows[name] for name in self._fields]
        for line, code, *values in zip(self._rows.lines, self._rows.columns.get("code", ()), *columns, strict=True):
            wanted = dict(zip(self._fields, values, strict=True))
            if wanted.get("boundary") is None:
                wanted.pop("boundary", None)
            if code is not None:
                yield line, code, wanted

    # --- Checking -----------------------------------------------------------------------------------------------------

    def check(self, faults: Faults) -> None:
        lines = {code: line for line, code, _ in self._wanted()}
        for line, code, wanted in self._wanted():
            if SEPARATOR in code:
                faults.add(line, "code", f"区划编码里不能有 {SEPARATOR}：“{code}”。")
            parent = wanted.get("parent")
            if parent is not None and parent not in self.codes:
                faults.add(line, "parent", f"没有编码为 {parent} 的区划。请先在『区划』表中添加，或改正编码。")
        for ring in rings(self._parents):
            shown = " → ".join([*ring, ring[0]])
            for code in ring:
                if code in lines:
                    faults.add(lines[code], "parent", f"上级编码绕成了一圈：{shown}。")
        if not faults:
            self._check_paths(faults)

    def _check_paths(self, faults: Faults) -> None:
        for line, code, wanted in self._wanted():
            path = self._paths[code]
            area = self._known.get(code)
            if len(path) > PATH_LENGTH:
                faults.add(line, "parent", f"从最上级到这里的编码连起来超过 {PATH_LENGTH} 个字符。请缩短编码。")
            differs = area is None or any(_value(area, name) != wanted[name] for name in wanted)
            if differs and not (self._by.covers(path) and (area is None or self._by.covers(area.path))):
                faults.add(line, "code", "这个区划不在您的管辖范围内，不能添加或更改。")

    @cached_property
    def _paths(self) -> dict[str, str]:
        """The path of every area once the file is taken in; only for a tree without rings."""
        paths: dict[str, str] = {}
        for code in self._parents:
            waiting: list[str] = []
            step: str | None = code
            while step is not None and step not in paths:
                waiting.append(step)
                step = self._parents.get(step)
            for each in reversed(waiting):
                above = self._parents.get(each)
                paths[each] = f"{paths[above] if above else ''}{each}{SEPARATOR}"
        return paths

    # --- Saving -------------------------------------------------------------------------------------------------------

    def save(self) -> Tally:
        new = [(code, wanted) for _, code, wanted in self._wanted() if code not in self._known]
        held = [(code, wanted) for _, code, wanted in self._wanted() if code in self._known]
        self._add(new)
        changed = self._change(held)
        self._move_paths()
        TransitionLog.objects.bulk_create(self.logs, batch_size=500)
        return Tally(added=len(new), changed=changed, unchanged=len(held) - changed)

    def _add(self, new: list[tuple[str, dict[str, Any]]]) -> None:
        """Level by level, so that every parent is there before its children."""
        levels: dict[int, list[tuple[str, dict[str, Any]]]] = {}
        for code, wanted in new:
            levels.setdefault(self._paths[code].count(SEPARATOR), []).append((code, wanted))
        for depth in sorted(levels):
            areas = [self._new(code, depth, wanted) for code, wanted in levels[depth]]
            Area.objects.bulk_create(areas, batch_size=500)
            self._known |= {area.code: area for area in areas}
            AreaSpell.objects.bulk_create(
                [AreaSpell(area=area, name=area.name, kind=area.kind, parent=area.parent) for area in areas],
                batch_size=500,
            )

    def _new(self, code: str, depth: int, wanted: dict[str, Any]) -> Area:
        above = self._parents[code]
        area = Area(code=code, path=self._paths[code], depth=depth, name=wanted["name"], kind=wanted["kind"])
        area.parent = self._known[above] if above else None
        area.population, area.households = wanted.get("population"), wanted.get("households")
        _draw(area, wanted.get("boundary"))
        return area

    def _change(self, held: list[tuple[str, dict[str, Any]]]) -> int:
        moved: list[Area] = []
        changed: list[Area] = []
        for code, wanted in held:
            area = self._known[code]
            differences = [name for name in wanted if _value(area, name) != wanted[name]]
            for name in differences:
                self._log(area, name, wanted[name])
                self._set(area, name, wanted[name])
            if differences:
                changed.append(area)
            if set(differences) & set(MOVED):
                moved.append(area)
        fields = ["name", "kind", "parent", "population", "households", "boundary", "west", "south", "east", "north"]
        Area.objects.bulk_update(changed, fields, batch_size=200)
        move_spells(
            AreaSpell, "area", {area.pk: {name: getattr(area, name) for name in MOVED} for area in moved}, self._day
        )
        return len(changed)

    def _set(self, area: Area, name: str, value: Any) -> None:
        if name == "parent":
            area.parent = self._known[value] if value else None
        elif name == "boundary":
            _draw(area, value)
        else:
            setattr(area, name, value)

    def _log(self, area: Area, name: str, value: Any) -> None:
        old = _value(area, name)
        is_shape = name == "boundary"
        self.logs.append(
            log_change(
                subject_kind="places.area", subject_code=area.code, field=LABELS[name],
                old="有" if is_shape and old else "" if is_shape else old, new="有" if is_shape else value,
                by=self._by, at=self._at,
                # The old shape is too long for the log's own column and must not be lost.
                note=f"{NOTE}；原边界：{json.dumps(old)}" if is_shape and old else NOTE,
            )
        )  # fmt: skip

    def _move_paths(self) -> None:
        """Whatever hangs below a moved area moves with it."""
        moved = [area for code, area in self._known.items() if area.path != self._paths[code]]
        for area in moved:
            area.path = self._paths[area.code]
            area.depth = area.path.count(SEPARATOR)
        Area.objects.bulk_update(moved, ["path", "depth"], batch_size=200)


def _value(area: Area, name: str) -> Any:
    return (area.parent.code if area.parent else None) if name == "parent" else getattr(area, name)


def _draw(area: Area, boundary: Any) -> None:
    area.boundary = boundary
    if boundary is not None:
        area.west, area.south, area.east, area.north = geo.box_of(geo.boundary(boundary))
