"""The rows of a ledger workbook, checked, replayed and saved."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from chuangwei.core.actor import Actor
from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import Codes, Faults, Rows, Tally
from chuangwei.core.transitions import log_change
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems import permissions, replay, searching, states
from chuangwei.domain.problems.actions.comebacks import tie_comebacks
from chuangwei.domain.problems.enums import SUBJECT, WITH_A_UNIT, ProblemState
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.problems.replay import Step, Times, Unreachable
from chuangwei.domain.standards import queries as standards

NOTE = "导入台账"
TIMES = tuple(each.name for each in fields(Times))
OPTIONAL = ("unit", "due_at", "dispatched_at", "fixed_at", "verified_at", "closed_at")
FIELDS = ("source", "site", "area", "category", "description", "found_at", *OPTIONAL, "state")
LABELS = {
    "source": "来源", "place": "点位", "category": "类别", "description": "描述", "unit": "责任单位",
    "due_at": "整改期限", "found_at": "发现时间", "dispatched_at": "派遣时间", "fixed_at": "整改时间",
    "verified_at": "核查时间", "closed_at": "销号时间",
}  # fmt: skip


@dataclass(slots=True)
class Row:
    """A row of the ledger, what is held of it already, and the moves between."""

    line: int
    code: str
    wanted: dict[str, Any]
    held: Problem | None = None
    steps: list[Step] = field(default_factory=list)


class ProblemRows:
    """Rows of problems against those there are: first `check` and `check_scope`, then `save`."""

    def __init__(self, rows: Rows, *, by: Actor, at: datetime) -> None:
        self._rows, self._by, self._at = rows, by, at
        self._sites = {code: (pk, area, path) for code, pk, area, path in
                       Site.objects.values_list("code", "pk", "area_id", "area__path")}  # fmt: skip
        self._areas = {code: (pk, path) for code, pk, path in Area.objects.values_list("code", "pk", "path")}
        self._words = searching.Words()
        self._units = dict(Unit.objects.values_list("code", "pk"))
        self._category_names = standards.category_names()
        self._categories = standards.categories()
        self._found = self._read()
        self.logs: list[TransitionLog] = []
        self.logs_of_changes: list[TransitionLog] = []

    def _read(self) -> list[Row]:
        rows = [
            Row(line, code, dict(zip(FIELDS, values, strict=True)))
            for line, code, *values in (self._rows.each("code", *FIELDS) if self._rows else ())
            if code is not None
        ]
        held = _held_by_code([row.code for row in rows])
        for row in rows:
            row.held = held.get(row.code)
        return rows

    # --- Checking -----------------------------------------------------------------------------------------------------

    def check(self, faults: Faults, *, areas: Codes, sites: Codes, units: Codes) -> None:
        for row in self._found:
            self._check_place(row, faults, areas, sites)
            unit = row.wanted["unit"]
            if unit is not None and unit not in self._units and unit not in units:
                message = f"没有编码为 {unit} 的单位。请先在底册的『单位』表中添加，或改正编码。"
                faults.add(row.line, "unit", message)
            self._check_category(row, faults)
            self._check_course(row, faults)

    def _check_place(self, row: Row, faults: Faults, areas: Codes, sites: Codes) -> None:
        site, area = row.wanted["site"], row.wanted["area"]
        if site is None and area is None:
            faults.add(row.line, "site", "点位编码和区划编码至少填一个。")
        if site is not None and site not in self._sites and site not in sites:
            faults.add(row.line, "site", f"没有编码为 {site} 的点位。请先在底册的『点位』表中添加，或改正编码。")
        if area is not None and area not in self._areas and area not in areas:
            faults.add(row.line, "area", f"没有编码为 {area} 的区划。请先在底册的『区划』表中添加，或改正编码。")

    def _check_category(self, row: Row, faults: Faults) -> None:
        written = row.wanted["category"]
        if written is None:
            return
        found = self._category_names.candidates(written)
        if not found:
            faults.add(row.line, "category", f"标准库里没有“{written}”这个问题类别。")
        elif len(found) > 1:
            faults.add(row.line, "category", f"“{written}”可以指 {'、'.join(found)}，请写编码。")

    def _check_course(self, row: Row, faults: Faults) -> None:
        """Whether the row's times and state could have come about, from where the problem is held."""
        state, times = row.wanted["state"], self._times(row)
        if state is None or row.wanted["found_at"] is None:
            return
        for name, message in self._missing(row, state):
            faults.add(row.line, name, message)
        try:
            replay.check_order(times, state)
            if row.held is None:
                row.steps = replay.steps(held=ProblemState.REPORTED, target=state, times=times)
            else:
                row.steps = replay.steps(held=row.held.state, target=state, times=times, known=_times_of(row.held))
        except Unreachable as fault:
            faults.add(row.line, fault.field, fault.message)

    def _times(self, row: Row) -> Times:
        """The row's times; an empty cell is what is held already."""
        return Times(**{name: row.wanted[name] or getattr(row.held, name, None) for name in TIMES})

    def _missing(self, row: Row, state: str) -> Iterator[tuple[str, str]]:
        label = ProblemState(state).label
        held_unit, held_due = (row.held.unit_id, row.held.due_at) if row.held else (None, None)
        if state in WITH_A_UNIT:
            if row.wanted["unit"] is None and held_unit is None:
                yield "unit", f"“{label}”的问题须有责任单位。"
            if row.wanted["due_at"] is None and held_due is None:
                yield "due_at", f"“{label}”的问题须有整改期限。"
        has_fixed = row.wanted["fixed_at"] or (row.held and row.held.fixed_at)
        has_clock = row.wanted["dispatched_at"] or row.wanted["due_at"]  # put right on the spot has none
        if state == ProblemState.CLOSED and has_clock and not has_fixed:
            yield "fixed_at", "已销号的问题须有整改时间。"
        elif state != ProblemState.CLOSED and row.wanted["closed_at"] and not has_fixed:
            yield "fixed_at", "有销号时间，却没有整改时间。"

    def check_scope(self, faults: Faults) -> None:
        for row in self._found:
            values = self._values(row)
            if row.held is not None and not self._differences(row.held, values) and not row.steps:
                continue
            here = self._by.covers_site(self._path(row), row.wanted["site"])
            if not (here and (row.held is None or permissions.covers(self._by, row.held))):
                faults.add(row.line, "code", "这个问题不在您的管辖范围内，不能添加或更改。")

    def _path(self, row: Row) -> str:
        site = row.wanted["site"]
        return self._sites[site][2] if site else self._areas[row.wanted["area"]][1]

    # --- Saving -------------------------------------------------------------------------------------------------------

    def save(self) -> Tally:
        new = [row for row in self._found if row.held is None]
        made = [Problem(code=row.code, **self._values(row)) for row in new]
        for row, problem in zip(new, made, strict=True):
            self._move(problem, row)
            problem.search_text = self._words.of(problem)
        Problem.objects.bulk_create(made, batch_size=200)
        first_change = len(self.logs)
        changed = [row.held for row in self._found if row.held is not None and self._change(row.held, row)]
        columns = [*(name for name in FIELDS), "rework_count", "first_closed_at", "search_text"]
        Problem.objects.bulk_update(changed, columns, batch_size=100)
        TransitionLog.objects.bulk_create(self.logs, batch_size=500)
        self.logs_of_changes = self.logs[first_change:]
        tie_comebacks(made)
        return Tally(len(made), len(changed), len(self._found) - len(made) - len(changed))

    def _values(self, row: Row) -> dict[str, Any]:
        """What the row says, as fields of a problem; with a site, the site decides the area."""
        wanted = row.wanted
        site, area, _ = self._sites[wanted["site"]] if wanted["site"] else (None, self._areas[wanted["area"]][0], "")
        if row.held is not None and site is not None and row.held.site_id == site:
            area = row.held.area_id
        category = self._category_names.candidates(wanted["category"])[0]
        values = {
            "source": wanted["source"], "site_id": site, "area_id": area,
            "category_id": self._categories[category].id, "description": wanted["description"],
            "found_at": wanted["found_at"],
        }  # fmt: skip
        if wanted["unit"] is not None:
            values["unit_id"] = self._units[wanted["unit"]]
        values |= {name: wanted[name] for name in OPTIONAL[1:] if wanted[name] is not None}
        if row.held is None and wanted["state"] == ProblemState.CLOSED and wanted["fixed_at"] is None:
            # 当场整改: put right at the moment of the first thing said about it.
            values["fixed_at"] = min(at for at in (wanted["verified_at"], wanted["closed_at"]) if at is not None)
        return values

    def _differences(self, held: Problem, values: dict[str, Any]) -> list[str]:
        return [name for name, value in values.items() if getattr(held, name) != value]

    def _change(self, held: Problem, row: Row) -> bool:
        values = self._values(row)
        differences = self._differences(held, values)
        self._log_differences(held, row, differences, values)
        for name in differences:
            setattr(held, name, values[name])
        self._move(held, row)
        held.search_text = self._words.of(held)
        return bool(differences or row.steps)

    def _log_differences(self, held: Problem, row: Row, differences: list[str], values: dict[str, Any]) -> None:
        for name in differences:
            label = LABELS["place" if name in {"site_id", "area_id"} else name.removesuffix("_id")]
            old, new = _shown(held, name), values[name]
            if name == "description":
                old = new = "见说明"
            elif name.endswith("_id"):
                new = row.wanted[name.removesuffix("_id")] or row.wanted["area"] or ""
            note = f"{NOTE}；原描述：{held.description}" if name == "description" else NOTE
            self.logs.append(
                log_change(
                    subject_kind=SUBJECT, subject_code=row.code, field=label, old=old, new=new, by=self._by,
                    at=self._at, note=note,
                )
            )  # fmt: skip

    def _move(self, problem: Problem, row: Row) -> None:
        """The moves in order, one log row each; a move without a time of its own shares that of the one before."""
        last_timed = max((i for i, step in enumerate(row.steps) if step.at is not None), default=-1)
        at = row.wanted["found_at"]
        for i, step in enumerate(row.steps):
            at = (step.at or at) if i <= last_timed else self._at
            self.logs.append(
                TransitionLog(
                    subject_kind=SUBJECT, subject_code=row.code, move=step.move.slug, move_name=step.move.name,
                    source=problem.state, target=step.move.target, by_code=self._by.code, by_name=self._by.name, at=at,
                    note=NOTE,
                )
            )  # fmt: skip
            problem.state = step.move.target
            if step.move is states.SEND_BACK:
                problem.rework_count += 1
                problem.fixed_at = row.wanted["fixed_at"]
            if step.move is states.REOPEN:
                problem.closed_at = row.wanted["closed_at"]
        if problem.first_closed_at is None:
            problem.first_closed_at = problem.closed_at


def _held_by_code(codes: list[str]) -> dict[str, Problem]:
    found: dict[str, Problem] = {}
    for start in range(0, len(codes), 500):
        part = Problem.objects.filter(code__in=codes[start : start + 500])
        found |= {problem.code: problem for problem in part.select_related("area", "site", "category", "unit")}
    return found


def _times_of(problem: Problem) -> Times:
    return Times(*(getattr(problem, name) for name in TIMES))


def _shown(held: Problem, name: str) -> object:
    if not name.endswith("_id"):
        return getattr(held, name)
    thing = getattr(held, name.removesuffix("_id"))
    return thing.code if thing else ""
