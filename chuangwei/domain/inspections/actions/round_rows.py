"""The rounds of a workbook of visits, checked and saved."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import Codes, Faults, Rows, Tally
from chuangwei.core.transitions import log_change
from chuangwei.domain.inspections.models import Round
from chuangwei.domain.inspections.permissions import path_of, unsealed
from chuangwei.domain.organisation.models import Unit

FIELDS = ("name", "kind", "starts_on", "ends_on", "team")
LABELS = {"name": "名称", "kind": "类型", "starts_on": "开始日期", "ends_on": "结束日期", "team": "督查组"}
NOTE = "导入督查记录"


class RoundRows:
    """Rows of rounds against those there are: first `check`, then `save`."""

    def __init__(self, rows: Rows, *, by: Actor, at: datetime) -> None:
        self._rows, self._by, self._at = rows, by, at
        self._known = {each.code: each for each in Round.objects.select_related("area", "team__area")}
        seen = set(Round.objects.filter(unsealed(by)).values_list("code", flat=True))
        self._sealed = frozenset(self._known.keys() - seen)
        """Sealed rounds the actor may not see: nothing may be said of them, and nothing found out (domain §7)."""
        self._units = {unit.code: unit for unit in Unit.objects.select_related("area")}
        self.logs: list[TransitionLog] = []

    @cached_property
    def codes(self) -> Codes:
        named = [code for code in self._rows.columns.get("code", ()) if code not in self._sealed]
        return Codes(self._known.keys() - self._sealed, named, is_open=not self._rows.is_whole)

    def keys(self) -> dict[str, int]:
        """Code → key of every round; asked after saving."""
        return {code: each.pk for code, each in self._known.items()}

    def _wanted(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        names = [name for name in FIELDS if name in self._rows.given]
        columns = [self._rows[name] for name in names]
        for line, code, *values in zip(self._rows.lines, self._rows.columns.get("code", ()), *columns, strict=True):
            if code is not None:
                yield line, code, dict(zip(names, values, strict=True))

    def check(self, faults: Faults, units: Codes) -> None:
        for line, code, wanted in self._wanted():
            if code in self._sealed:
                faults.add(line, "code", f"编码 {code} 不能用，请换一个。")
            team, starts_on, ends_on = wanted.get("team"), wanted.get("starts_on"), wanted.get("ends_on")
            if team is not None and team not in self._units and team not in units:
                faults.add(line, "team", f"没有编码为 {team} 的单位。请先在底册的『单位』表中添加，或改正编码。")
            if starts_on is not None and ends_on is not None and ends_on < starts_on:
                faults.add(line, "ends_on", f"结束日期 {ends_on} 早于开始日期 {starts_on}。")

    def check_scope(self, faults: Faults) -> None:
        """Whoever changes a round covers where it goes (one with no area goes everywhere), and whoever names a team of some
        area covers that. Anybody who records visits may begin a round of their own."""
        for line, code, wanted in self._wanted():
            held = self._known.get(code)
            if held is not None and not self._differences(held, wanted):
                continue
            named = self._units.get(wanted.get("team") or "")
            paths = [path_of(held)] if held is not None else []
            paths += [named.area.path] if named and named.area else []
            if not all(self._by.covers(path or EVERYWHERE) for path in paths):
                faults.add(line, "code", "这个轮次不在您的管辖范围内，不能添加或更改。")

    def _differences(self, each: Round, wanted: dict[str, Any]) -> list[str]:
        return [name for name in wanted if _value(each, name) != wanted[name]]

    def save(self) -> Tally:
        rows = [(code, wanted) for _, code, wanted in self._wanted()]
        new = [Round(code=code, **self._values(wanted)) for code, wanted in rows if code not in self._known]
        held = [(self._known[code], wanted) for code, wanted in rows if code in self._known]
        Round.objects.bulk_create(new, batch_size=500)
        changed: list[Round] = []
        for each, wanted in held:
            differences = self._differences(each, wanted)
            self.logs += [self._log(each, name, wanted[name]) for name in differences]
            for name, value in self._values(wanted).items():
                setattr(each, name, value)
            if differences:
                changed.append(each)
        Round.objects.bulk_update(changed, FIELDS, batch_size=200)
        TransitionLog.objects.bulk_create(self.logs, batch_size=500)
        self._known |= {each.code: each for each in new}
        return Tally(len(new), len(changed), len(held) - len(changed))

    def _values(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {
            name: (self._units[value] if value else None) if name == "team" else value for name, value in wanted.items()
        }

    def _log(self, each: Round, name: str, value: object) -> TransitionLog:
        return log_change(
            subject_kind="inspections.round", subject_code=each.code, field=LABELS[name], old=_value(each, name),
            new=value, by=self._by, at=self._at, note=NOTE,
        )  # fmt: skip


def _value(each: Round, name: str) -> object:
    if name == "team":
        return each.team.code if each.team else None
    return getattr(each, name)
