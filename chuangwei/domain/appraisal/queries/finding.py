"""Whose row is it: for a series of areas, and for a series of units (domain §8, Subjects)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from chuangwei.domain.appraisal.queries.locating import Committees, Land, Locator


class Place(NamedTuple):
    """A place by its code, the subjects its visits of a day count for, and its kind then (of an area: none)."""

    code: str
    subjects: tuple[str, ...]
    kind: str


class ProblemSubjects(NamedTuple):
    """Whose a problem was when it was found, whose when it fell due, and who answered for it then; "" for nobody."""

    found: str
    due: str
    answering: str


class Finder(Protocol):
    """Tells the subjects of visits and problems of one period. Days are ISO text."""

    constant: dict[str, Place]
    """Sites whose answer is the same on every day, by code."""

    def of_site(self, site: str, day: str) -> Place: ...

    def of_area(self, area: str, day: str) -> Place: ...

    def of_problem(self, site: str, area: str, unit: str, *, found: str, due: str) -> ProblemSubjects:
        """`due` is "" for a problem that has no deadline."""
        ...

    def is_own(self, persons: Iterable[int], subject: str, day: str) -> bool:
        """Whether one of these persons belongs to the subject."""
        ...


@dataclass
class AreaFinder:
    """Subjects are areas: a row belongs to the one whose area held its place."""

    locator: Locator
    committees: Committees
    constant: dict[str, Place] = field(default_factory=dict)

    def of_site(self, site: str, day: str) -> Place:
        subject, kind = self.locator.of_site(site, day)
        found = Place(site, (subject,) if subject else (), kind)
        if self.locator.land.constant_site(site):
            self.constant[site] = found
        return found

    def of_area(self, area: str, day: str) -> Place:
        subject = self.locator.of_area(area, date.fromisoformat(day)) if area else ""
        return Place(area, (subject,) if subject else (), "")

    def of_problem(self, site: str, area: str, unit: str, *, found: str, due: str) -> ProblemSubjects:
        answering = self.committees.subject_of_unit(unit, self.locator) if unit and due else ""
        return ProblemSubjects(self._on(site, area, found), self._on(site, area, due) if due else "", answering)

    def _on(self, site: str, area: str, day: str) -> str:
        place = self.constant.get(site) or (self.of_site(site, day) if site else self.of_area(area, day))
        return place.subjects[0] if place.subjects else ""

    def is_own(self, persons: Iterable[int], subject: str, day: str) -> bool:
        return self.committees.is_own(persons, subject, day, self.locator)


class HoldersOfRoles(Protocol):
    """Duties as organisation.queries.ties gives them."""

    def holders(self, role: str, places: Sequence[str], day: date) -> list[str]: ...


@dataclass
class UnitFinder:
    """Subjects are units: a visit counts for those that hold one of the series' roles, themselves or by a person serving
    in them, at the nearest tie of the place; a problem for the unit responsible for it."""

    land: Land
    committees: Committees
    subjects: frozenset[str]
    roles: tuple[str, ...]
    ties: HoldersOfRoles
    constant: dict[str, Place] = field(default_factory=dict)
    _held: dict[tuple[str, date], tuple[str, ...]] = field(default_factory=dict)

    def of_site(self, site: str, day: str) -> Place:
        when = date.fromisoformat(day)
        spell = self.land.history.site_on(site, when)
        if spell is None or not spell.above:
            return Place(site, (), "")
        return Place(site, self._holders(site, spell.above, when), spell.kind)

    def of_area(self, area: str, day: str) -> Place:
        return Place(area, self._holders("", area, date.fromisoformat(day)) if area else (), "")

    def _holders(self, site: str, area: str, day: date) -> tuple[str, ...]:
        key = (site or area, day)
        if key not in self._held:
            above = self.land.chain_with_heirs(area, day)
            places = [site, *above] if site else above
            held = {holder for role in self.roles for holder in self.ties.holders(role, places, day)}
            units = {unit for holder in held for unit in (holder, *self.committees.units_of(holder, day))}
            self._held[key] = tuple(sorted(units & self.subjects))
        return self._held[key]

    def of_problem(self, site: str, area: str, unit: str, *, found: str, due: str) -> ProblemSubjects:
        own = unit if unit in self.subjects else ""
        return ProblemSubjects(own, own if due else "", own if due else "")

    def is_own(self, persons: Iterable[int], subject: str, day: str) -> bool:
        when = date.fromisoformat(day)
        return any(subject in self.committees.units_of_key(person, when) for person in persons)
