"""The duties of a register workbook, checked and saved. What exists may only get another last day."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from chuangwei.core.actor import Actor
from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import Codes, Faults, Rows, Tally
from chuangwei.core.transitions import log_change
from chuangwei.domain.organisation import rules
from chuangwei.domain.organisation.models import Duty, Person, Unit
from chuangwei.domain.organisation.permissions import OWN_RIGHTS, OWN_SIGHT, gains_sight, is_own_right
from chuangwei.domain.places.models import Area, Site

FIELDS = ("holder", "role", "place", "starts_on", "ends_on", "hours")
NOTE = "导入底册"
HOURS_LENGTH = 64


class Key(NamedTuple):
    """What makes a duty one."""

    holder: str
    role: str
    place: str
    starts_on: date
    hours: str


class Place(NamedTuple):
    """What of an area or a site a duty for it needs to know."""

    pk: int
    path: str
    name: str
    ends_on: date | None


class DutyRows:
    """Rows of duties against those there are: first `check` and `check_scope`, then `save`, after all they refer to."""

    def __init__(self, rows: Rows, holders: Codes, areas: Codes, sites: Codes, *, by: Actor, at: datetime) -> None:
        self._rows, self._unsaved = rows, (areas, sites)
        self._unsaved_holders, self._by, self._at = holders, by, at
        self.logs: list[TransitionLog] = []

    @cached_property
    def _persons(self) -> dict[str, int]:
        return dict(Person.objects.values_list("code", "pk"))

    @cached_property
    def _units(self) -> dict[str, int]:
        return dict(Unit.objects.values_list("code", "pk"))

    @cached_property
    def _areas(self) -> dict[str, Place]:
        rows = Area.objects.values_list("code", "pk", "path", "name", "ends_on")
        return {code: Place(pk, path, name, ends_on) for code, pk, path, name, ends_on in rows}

    @cached_property
    def _sites(self) -> dict[str, Place]:
        rows = Site.objects.values_list("code", "pk", "area__path", "name", "ends_on")
        return {code: Place(pk, path, name, ends_on) for code, pk, path, name, ends_on in rows}

    @cached_property
    def _known(self) -> dict[Key, Duty]:
        duties = Duty.objects.select_related("person", "unit", "area", "site")
        return {_key_of(duty): duty for duty in duties}

    def _wanted(self) -> Iterator[tuple[int, dict[str, Any]]]:
        if self._rows:
            for line, *values in self._rows.each(*FIELDS):
                yield line, dict(zip(FIELDS, values, strict=True))

    # --- Checking -----------------------------------------------------------------------------------------------------

    def check(self, faults: Faults) -> None:
        persons, units, areas, sites = set(self._persons), set(self._units), self._areas, self._sites
        first_lines: dict[Key, int] = {}
        for line, wanted in self._wanted():
            holder, place = wanted["holder"], wanted["place"]
            if holder is not None and not (holder in persons or holder in units or holder in self._unsaved_holders):
                message = f"没有编码为 {holder} 的人员或单位。请先在『人员』或『单位』表中添加，或改正编码。"
                faults.add(line, "holder", message)
            known = place in areas or place in sites or any(place in codes for codes in self._unsaved)
            if place is not None and not known:
                message = f"没有编码为 {place} 的区划或点位。请先在『区划』或『点位』表中添加，或改正编码。"
                faults.add(line, "place", message)
            self._check_days(line, wanted, faults)
            self._check_twice(line, wanted, first_lines, faults)

    def _check_days(self, line: int, wanted: dict[str, Any], faults: Faults) -> None:
        starts_on, ends_on = wanted["starts_on"], wanted["ends_on"]
        if starts_on is not None and ends_on is not None and ends_on < starts_on:
            faults.add(line, "ends_on", f"结束日期 {ends_on} 早于开始日期 {starts_on}。")

    def _check_place_lasts(self, line: int, key: Key, wanted: dict[str, Any], faults: Faults) -> None:
        """What is there and is not changed by the file is not judged by it."""
        place, duty = self._areas.get(key.place) or self._sites.get(key.place), self._known.get(key)
        if place is None or (duty is not None and not self._has_other_end(duty, wanted)):
            return
        if fault := rules.outlasting(wanted["ends_on"], place=place.name, last_day=place.ends_on):
            faults.add(line, "ends_on", fault)

    def _check_twice(self, line: int, wanted: dict[str, Any], first_lines: dict[Key, int], faults: Faults) -> None:
        try:
            key = _key(wanted)
        except ValueError as fault:
            faults.add(line, "hours", str(fault))
            return
        if len(key.hours) > HOURS_LENGTH:
            faults.add(line, "hours", f"时段最长 {HOURS_LENGTH} 个字符。")
        self._check_place_lasts(line, key, wanted, faults)
        first = line if None in key else first_lines.setdefault(key, line)
        if first != line:
            faults.add(line, "holder", f"与第 {first} 行是同一项责任：责任人、角色、对象、开始日期和时段都相同。")

    def check_scope(self, by: Actor, faults: Faults) -> None:
        """`by` is the actor as the units of the same file leave her (UnitRows.by_then)."""
        for line, wanted in self._wanted():
            duty = self._known.get(_key(wanted))
            if duty is not None and not self._has_other_end(duty, wanted):
                continue
            place = wanted["place"]
            path = (self._areas.get(place) or self._sites[place]).path
            if not by.covers_site(path, place):
                faults.add(line, "place", "这个对象不在您的管辖范围内，不能为它添加或更改责任。")
            if is_own_right(by, wanted["holder"]):
                faults.add(line, "holder", OWN_RIGHTS)
            if self._is_longer(duty, wanted) and gains_sight(by, wanted["holder"], path):
                faults.add(line, "holder", OWN_SIGHT)

    def _is_longer(self, duty: Duty | None, wanted: dict[str, Any]) -> bool:
        """A duty that is not there yet, or that would go on after its last day of now."""
        if duty is None:
            return True
        wanted_end = wanted["ends_on"]
        return duty.ends_on is not None and (wanted_end is None or wanted_end > duty.ends_on)

    def _has_other_end(self, duty: Duty, wanted: dict[str, Any]) -> bool:
        """A sheet without the column says nothing of last days; an empty cell says that there is none."""
        return "ends_on" in self._rows.given and duty.ends_on != wanted["ends_on"]

    # --- Saving -------------------------------------------------------------------------------------------------------

    def save(self) -> Tally:
        """Persons and units of the same file are saved by now, so their keys are asked for once more."""
        del self._persons, self._units
        new: list[Duty] = []
        changed: list[Duty] = []
        count = 0
        for _, wanted in self._wanted():
            count += 1
            duty = self._known.get(_key(wanted))
            if duty is None:
                new.append(self._new(wanted))
            elif self._has_other_end(duty, wanted):
                self.logs.append(
                    log_change(
                        subject_kind="organisation.duty", subject_code=str(duty.pk), field="结束日期",
                        old=duty.ends_on, new=wanted["ends_on"], by=self._by, at=self._at, note=NOTE,
                    )
                )  # fmt: skip
                duty.ends_on = wanted["ends_on"]
                changed.append(duty)
        Duty.objects.bulk_create(new, batch_size=500)
        Duty.objects.bulk_update(changed, ["ends_on"], batch_size=500)
        TransitionLog.objects.bulk_create(self.logs, batch_size=500)
        return Tally(len(new), len(changed), count - len(new) - len(changed))

    def _new(self, wanted: dict[str, Any]) -> Duty:
        area, site = self._areas.get(wanted["place"]), self._sites.get(wanted["place"])
        return Duty(
            person_id=self._persons.get(wanted["holder"]), unit_id=self._units.get(wanted["holder"]),
            role=wanted["role"], area_id=area.pk if area else None, site_id=site.pk if site else None,
            starts_on=wanted["starts_on"], ends_on=wanted["ends_on"], hours=_hours(wanted["hours"]),
        )  # fmt: skip


def _key(wanted: dict[str, Any]) -> Key:
    """ValueError, with a sentence, for hours nobody can read."""
    return Key(
        wanted["holder"], wanted["role"], wanted["place"], wanted["starts_on"], _hours(wanted["hours"])
    )  # fmt: skip


def _key_of(duty: Duty) -> Key:
    holder, place = duty.person or duty.unit, duty.area or duty.site
    try:
        hours = _hours(duty.hours)
    except ValueError:
        hours = duty.hours
    return Key(holder.code if holder else "", duty.role, place.code if place else "", duty.starts_on, hours)


def _hours(text: str) -> str:
    """Hours written alike however they were typed: 8:00—12:00 is 08:00-12:00."""
    return "、".join(
        f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}" for start, end in rules.parse_hours(text or "")
    )
