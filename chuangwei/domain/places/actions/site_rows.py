"""The sites of a register workbook, checked and saved."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from chuangwei.core import clock, geo
from chuangwei.core.actor import Actor
from chuangwei.core.geo import Position
from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import Codes, Faults, Rows, Tally
from chuangwei.core.transitions import log_change
from chuangwei.domain.places.actions.spells import move_spells
from chuangwei.domain.places.enums import Datum
from chuangwei.domain.places.kinds import KindNames, NamedKind
from chuangwei.domain.places.models import Area, Designation, Site, SiteKind, SiteSpell

MOVED = ("kind", "area")
POSITION = ("longitude", "latitude", "datum")
PLAIN = ("name", "is_example", "note")
LABELS = {
    "name": "名称", "kind": "类型", "area": "区划", "position": "坐标", "is_example": "示范", "note": "备注",
}  # fmt: skip
EXAMPLE = "示范点位"
NOTE = "导入底册"


class SiteRows:
    """Rows of sites against those there are: first `check`, then `save` (after the areas of the same file)."""

    def __init__(self, rows: Rows, area_codes: Codes, *, by: Actor, at: datetime) -> None:
        self._rows, self._area_codes, self._by, self._at = rows, area_codes, by, at
        self._day: date = clock.local_day(at)
        self._known = {site.code: site for site in Site.objects.select_related("kind", "area")}
        self._kinds = {kind.code: kind for kind in SiteKind.objects.all()}
        self._names = KindNames(map(_named, self._kinds.values()))
        self.logs: list[TransitionLog] = []

    def _wanted(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Line, code and what the file says of the site."""
        names = [name for name in (*MOVED, *POSITION, *PLAIN) if name in self._rows.given]
        columns = [self._rows[name] for name in names]
        for line, code, *values in zip(self._rows.lines, self._rows.columns.get("code", ()), *columns, strict=True):
            if code is not None:
                yield line, code, dict(zip(names, values, strict=True))

    @cached_property
    def codes(self) -> Codes:
        """Every code that names a site, in the file or in the system."""
        return Codes(self._known, self._rows.columns.get("code", ()), is_open=not self._rows.is_whole)

    # --- Checking -----------------------------------------------------------------------------------------------------

    def check(self, faults: Faults) -> None:
        for line, _, wanted in self._wanted():
            self._check_kind(line, wanted.get("kind"), faults)
            self._check_position(line, wanted, faults)
            area = wanted.get("area")
            if area is not None and area not in self._area_codes:
                faults.add(line, "area", f"没有编码为 {area} 的区划。请先在『区划』表中添加，或改正编码。")

    def _check_kind(self, line: int, written: str | None, faults: Faults) -> None:
        if written is None:
            return
        found = self._names.candidates(written)
        if not found:
            faults.add(line, "kind", f"标准库里没有“{written}”这种点位类型。")
        elif len(found) > 1:
            listed = "、".join(f"{code}（{self._kinds[code].name}）" for code in found)
            faults.add(line, "kind", f"“{written}”可以指 {listed}，请写编码。")

    def _check_position(self, line: int, wanted: dict[str, Any], faults: Faults) -> None:
        longitude, latitude = wanted.get("longitude"), wanted.get("latitude")
        if longitude is None and latitude is None:
            return
        if longitude is None or latitude is None:
            empty = "latitude" if latitude is None else "longitude"
            faults.add(line, empty, "经度和纬度须同时填写，或都不填。")
            return
        fault = geo.position_fault(longitude, latitude) or geo.position_fault(*_stored(wanted))
        if fault:
            faults.add(line, "longitude" if fault.startswith("经度") else "latitude", fault)

    def check_scope(self, path_of: Callable[[str], str], faults: Faults) -> None:
        """Only for rows without other faults: whoever takes them in must cover where a site is and where it was."""
        for line, code, wanted in self._wanted():
            held = self._known.get(code)
            if held is not None and self._says_the_same(held, wanted):
                continue
            is_mine = held is not None and self._by.covers_site(held.area.path, code)
            stays = held is not None and held.area.code == wanted["area"]
            if not (is_mine or held is None) or not (stays or self._by.covers(path_of(wanted["area"]))):
                faults.add(line, "code", "这个点位不在您的管辖范围内，不能添加或更改。")

    def _says_the_same(self, site: Site, wanted: dict[str, Any]) -> bool:
        return site.area.code == wanted["area"] and not self._differences(site, self._values(wanted, site.area))

    # --- Saving -------------------------------------------------------------------------------------------------------

    @cached_property
    def _areas(self) -> dict[str, Area]:
        """Asked only when saving: by then the areas of the same file are there."""
        return {area.code: area for area in Area.objects.all()}

    def save(self) -> Tally:
        new, changed, unchanged, moved = [], [], 0, []
        for _, code, wanted in self._wanted():
            site = self._known.get(code)
            values = self._values(wanted)
            if site is None:
                new.append(Site(code=code, **values))
                continue
            differences = self._differences(site, values)
            for label, old, value in differences:
                self._log(code, label, old, value)
            if differences:
                changed.append((site, values))
            else:
                unchanged += 1
            if any(label in {LABELS[name] for name in MOVED} for label, _, _ in differences):
                moved.append(site)
        self._add(new)
        self._change(changed, moved)
        TransitionLog.objects.bulk_create(self.logs, batch_size=500)
        return Tally(len(new), len(changed), unchanged)

    def _values(self, wanted: dict[str, Any], area: Area | None = None) -> dict[str, Any]:
        """What the file says, as fields of a site; the area is asked for where it is not given."""
        values: dict[str, Any] = {name: wanted[name] for name in PLAIN if name in wanted}
        values["kind"] = self._kinds[self._names.candidates(wanted["kind"])[0]]
        values["area"] = area or self._areas[wanted["area"]]
        if {"longitude", "latitude"} <= wanted.keys():
            given = (wanted["longitude"], wanted["latitude"])
            values["given_longitude"], values["given_latitude"] = given
            values["datum"] = wanted.get("datum") or Datum.WGS84
            values["longitude"], values["latitude"] = (None, None) if given[0] is None else _stored(wanted)
        return values

    def _differences(self, site: Site, values: dict[str, Any]) -> list[tuple[str, object, object]]:
        found: list[tuple[str, object, object]] = [
            (LABELS[name], getattr(site, name), values[name])
            for name in PLAIN
            if name in values and getattr(site, name) != values[name]
        ]
        found += [
            (LABELS[name], getattr(site, name).code, values[name].code)
            for name in MOVED
            if getattr(site, name).pk != values[name].pk
        ]
        if "datum" in values:
            old, new = _position_text(site.__dict__), _position_text(values)
            if old != new:
                found.append((LABELS["position"], old, new))
        return found

    def _log(self, code: str, label: str, old: object, new: object) -> None:
        old, new = (("是" if value else "否") if isinstance(value, bool) else value for value in (old, new))
        note = f"{NOTE}；原备注：{old}" if label == LABELS["note"] and old else NOTE
        self.logs.append(
            log_change(
                subject_kind="places.site", subject_code=code, field=label, old=old, new=new, by=self._by, at=self._at,
                note=note,
            )
        )  # fmt: skip

    def _add(self, sites: list[Site]) -> None:
        Site.objects.bulk_create(sites, batch_size=500)
        SiteSpell.objects.bulk_create(
            [SiteSpell(site=site, kind=site.kind, area=site.area) for site in sites], batch_size=500
        )
        Designation.objects.bulk_create([Designation(site=site, title=EXAMPLE) for site in sites if site.is_example])

    def _change(self, changed: list[tuple[Site, dict[str, Any]]], moved: list[Site]) -> None:
        begun = [site for site, values in changed if values.get("is_example") and not site.is_example]
        ended = [site for site, values in changed if values.get("is_example") is False and site.is_example]
        for site, values in changed:
            for name, value in values.items():
                setattr(site, name, value)
        fields = ["name", "kind", "area", "longitude", "latitude", "datum", "given_longitude", "given_latitude",
                  "is_example", "note"]  # fmt: skip
        Site.objects.bulk_update([site for site, _ in changed], fields, batch_size=200)
        move_spells(SiteSpell, "site", {site.pk: {"kind": site.kind, "area": site.area} for site in moved}, self._day)
        Designation.objects.bulk_create([Designation(site=site, title=EXAMPLE, from_on=self._day) for site in begun])
        Designation.objects.filter(site__in=ended, title=EXAMPLE, to_on__isnull=True).update(
            to_on=self._day - timedelta(days=1)
        )


def _named(kind: SiteKind) -> NamedKind:
    """A retired kind answers to its code only."""
    return NamedKind(kind.code, kind.code) if kind.retired_on else NamedKind(kind.code, kind.name, tuple(kind.aliases))


def _stored(wanted: dict[str, Any]) -> Position:
    given = Position(wanted["longitude"], wanted["latitude"])
    return geo.to_wgs84(given, wanted.get("datum") or Datum.WGS84)


def _position_text(values: dict[str, Any]) -> str:
    """A position as it was given: what is compared, and what the history says."""
    if values["longitude"] is None:
        return ""
    if values["given_longitude"] is None:
        return f"{values['longitude']!r},{values['latitude']!r} {Datum.WGS84}"
    return f"{values['given_longitude']!r},{values['given_latitude']!r} {values['datum']}"
