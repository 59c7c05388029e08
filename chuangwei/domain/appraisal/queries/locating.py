"""Which subject a place or a unit belonged to on a day, asked for every row without a further query (domain §8, Subjects)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from chuangwei.domain.organisation.enums import COMMITTEE_KINDS
from chuangwei.domain.organisation.models import Membership, Unit
from chuangwei.domain.places import queries as places
from chuangwei.domain.places.models import Area
from chuangwei.domain.places.queries import History

ONE_DAY = timedelta(days=1)
Service = tuple[str, date | None, date | None]
"""A unit somebody served in, from one day to another, both included; None is open."""


@dataclass(frozen=True, slots=True)
class AreaFact:
    """What of an area does not change with the day."""

    code: str
    path: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None
    heir: str | None
    attributes: Mapping[str, object]

    def exists_on(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


@dataclass
class Land:
    """Areas and sites with their past, read once for any number of periods (three queries)."""

    areas: dict[str, AreaFact]
    history: History
    _constant: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    _never_changed: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Land":
        rows = Area.objects.order_by("code").values_list(
            "code", "path", "starts_on", "ends_on", "heir__code", "attributes"
        )
        areas = {
            code: AreaFact(code, tuple(path.rstrip("/").split("/")), starts_on, ends_on, heir, attributes)
            for code, path, starts_on, ends_on, heir, attributes in rows
        }
        return cls(areas, places.history())

    @cached_property
    def _by_kind(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code in self.areas:
            for kind in {spell.kind for spell in self.history.areas.get(code, ())}:
                found.setdefault(kind, []).append(code)
        return found

    @cached_property
    def _merged(self) -> list[AreaFact]:
        return [area for area in self.areas.values() if area.heir and area.ends_on]

    def ever_of_kind(self, kind: str) -> list[str]:
        """The areas that were of a kind on some day, by code."""
        return self._by_kind.get(kind, [])

    def kind_and_name(self, area: str, day: date) -> tuple[str, str]:
        """What an area was and was called on a day."""
        spell = next((spell for spell in self.history.areas.get(area, ()) if spell.holds(day)), None)
        return (spell.kind, spell.name) if spell else ("", "")

    def chain(self, area: str, day: date) -> list[str]:
        """The codes from an area up to the top on a day."""
        return self.history.area_chain(area, day)

    def chain_with_heirs(self, area: str, day: date) -> list[str]:
        """Like chain, where an area merged before the day gives way to its heir and what is above that."""
        found: list[str] = []
        step: str | None = area
        while step is not None:
            chain, step = self.chain(step, day), None
            for code in chain:
                fact = self.areas[code]
                if fact.heir and not fact.exists_on(day) and code not in found:
                    step = fact.heir
                    break
                found.append(code)
        return found

    def merged_into_since(self, subject: str, kind: str, last: date) -> str:
        """The day of the latest merger of another area of its kind into a subject (ISO text); "" where there is none."""
        days = [
            area.ends_on + ONE_DAY
            for area in self._merged
            if area.heir == subject and area.ends_on and area.ends_on < last
            and self.kind_and_name(area.code, area.ends_on)[0] == kind
        ]  # fmt: skip
        return max(days).isoformat() if days else ""

    def constant_site(self, site: str) -> tuple[str, str] | None:
        """The kind and area of a site that never changed, in areas that never changed; None for any other."""
        if site not in self._constant:
            self._constant[site] = self._constant_site(site)
        return self._constant[site]

    def _constant_site(self, site: str) -> tuple[str, str] | None:
        spells = self.history.sites.get(site, ())
        if len(spells) != 1 or spells[0].from_on or spells[0].to_on or spells[0].above is None:
            return None
        area = spells[0].above
        return (spells[0].kind, area) if self.is_constant(area) else None

    def is_constant(self, area: str) -> bool:
        """Whether an area and all above it were ever what they are now, and nothing was merged into it."""
        merged_into = any(other.heir == area for other in self._merged)
        return not merged_into and all(map(self._never_changed_itself, self.areas[area].path))

    def _never_changed_itself(self, area: str) -> bool:
        if area not in self._never_changed:
            spells = self.history.areas.get(area, ())
            ended = self.areas[area].ends_on is not None
            always = len(spells) == 1 and spells[0].from_on is None and spells[0].to_on is None
            self._never_changed[area] = always and not ended and self.areas[area].starts_on is None
        return self._never_changed[area]


@dataclass
class Locator:
    """Finds the subject of places, for the subjects of one period."""

    land: Land
    subjects: frozenset[str]
    last: date
    _areas: dict[tuple[str, date], str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    """What `Committees` found for units, kept here because it depends on the subjects."""
    persons: dict[int, set[str]] = field(default_factory=dict)

    def of_site(self, site: str, day: str) -> tuple[str, str]:
        """The subject whose area held a site on a day (ISO text; "" for none), and the site's kind then."""
        constant = self.land.constant_site(site)
        if constant is not None:
            kind, area = constant
            return self.of_area(area, self.last), kind
        when = date.fromisoformat(day)
        spell = self.land.history.site_on(site, when)
        return (self.of_area(spell.above, when), spell.kind) if spell and spell.above else ("", "")

    def of_area(self, area: str, day: date) -> str:
        """The subject that held an area on a day: itself or above it, through the heirs of what was merged since."""
        key = (area, day)
        if key not in self._areas:
            self._areas[key] = self._found(area, day, frozenset())
        return self._areas[key]

    def _found(self, area: str, day: date, seen: frozenset[str]) -> str:
        for code in self.land.chain(area, day):
            if code in self.subjects:
                return code
            heir = self.heir(code)
            if heir and code not in seen:
                return self._found(heir, self.last, seen | {code})
        return ""

    def heir(self, area: str) -> str | None:
        """What an area was merged into by the last day of the period, if it was."""
        fact = self.land.areas.get(area)
        return fact.heir if fact and not fact.exists_on(self.last) else None


@dataclass(frozen=True, slots=True)
class UnitFact:
    code: str
    name: str
    kind: str
    parent: str | None
    area: str | None


@dataclass
class Committees:
    """Units, whose committee each is or is below, and where persons served (two queries)."""

    units: dict[str, UnitFact]
    served: dict[int, list[Service]]
    """By the key of a person."""
    keys: dict[str, int]
    """The keys of persons by code."""

    @classmethod
    def read(cls) -> "Committees":
        rows = Unit.objects.order_by("code").values_list("code", "name", "kind", "parent__code", "area__code")
        served: dict[int, list[Service]] = {}
        keys: dict[str, int] = {}
        members = Membership.objects.order_by("pk").values_list(
            "person_id", "person__code", "unit__code", "from_on", "to_on"
        )
        for person, code, unit, from_on, to_on in members:
            served.setdefault(person, []).append((unit, from_on, to_on))
            keys[code] = person
        return cls({row[0]: UnitFact(*row) for row in rows}, served, keys)

    def subject_of_unit(self, unit: str, locator: Locator) -> str:
        """The subject whose committee the unit is or is below; "" where there is none."""
        if unit not in locator.units:
            locator.units[unit] = self._subject_of_unit(unit, locator)
        return locator.units[unit]

    def _subject_of_unit(self, unit: str, locator: Locator) -> str:
        step: str | None = unit
        seen: set[str] = set()
        while step is not None and step not in seen:
            seen.add(step)
            fact = self.units[step]
            area = fact.area if fact.kind in COMMITTEE_KINDS else None
            if area in locator.subjects:
                return area or ""
            # A committee of an area that was merged answers for its heir.
            heir = locator.heir(area) if area else None
            if heir:
                return locator.of_area(heir, locator.last)
            step = fact.parent
        return ""

    def units_of(self, person: str, day: date) -> list[str]:
        """The units a person (by code) served in on a day; of anybody else, none."""
        return self.units_of_key(self.keys.get(person, -1), day)

    def units_of_key(self, person: int, day: date) -> list[str]:
        services = self.served.get(person, ())
        return [unit for unit, first, last in services if (first or day) <= day <= (last or day)]

    def is_own(self, persons: Iterable[int], subject: str, day: str, locator: Locator) -> bool:
        """Whether one of these persons served in a subject's committee, or a unit below it, on a day (ISO text)."""
        return any(subject in self._subjects_of_person(person, day, locator) for person in persons)

    def _subjects_of_person(self, person: int, day: str, locator: Locator) -> set[str]:
        if person in locator.persons:
            return locator.persons[person]
        units = self.units_of_key(person, date.fromisoformat(day))
        found = {self.subject_of_unit(unit, locator) for unit in units} - {""}
        if all(first is None and last is None for _, first, last in self.served.get(person, ())):
            locator.persons[person] = found
        return found
