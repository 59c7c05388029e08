"""The visits of a workbook, with the checklist each is scored by; new ones are written in bulk."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from chuangwei.core import clock
from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.core.bulk import insert_rows
from chuangwei.core.rows import Codes, Faults, Progress, Rows, Tally
from chuangwei.domain.inspections.models import Round, Visit, VisitInspector
from chuangwei.domain.inspections.permissions import unsealed
from chuangwei.domain.inspections.sheet_book import SheetBook
from chuangwei.domain.organisation.models import Person
from chuangwei.domain.places import queries as places
from chuangwei.domain.places.models import Site

if TYPE_CHECKING:
    from chuangwei.domain.inspections.actions.answer_rows import AnswerRows
    from chuangwei.domain.inspections.actions.correcting import Correction

BATCH = 500
BEYOND = "这个点位不在您的管辖范围内，不能添加或更改它的检查。"
VISIT_COLUMNS = (
    "code", "round_id", "site_id", "at", "checklist_id", "got", "possible", "line_got", "line_possible", "is_vetoed",
    "is_own_vetoed", "is_line_vetoed", "recorded_at",
)  # fmt: skip


class HeldVisit(NamedTuple):
    """A visit as the system holds it."""

    pk: int
    round: str
    site: str | None
    area: str | None
    at: datetime
    checklist: int
    version: int
    inspectors: tuple[str, ...]


class VisitRows:
    """Visits by position: those of the sheet first, then held ones that only the answers name."""

    def __init__(self, rows: Rows, rounds: Codes, *, by: Actor, at: datetime) -> None:
        self.rows, self._rounds, self._by, self._at = rows, rounds, by, at
        self.book = SheetBook()
        self.codes: list[str] = list(rows.columns.get("code", ()))
        self.position: dict[str, int] = {code: i for i, code in enumerate(self.codes)}
        self.held: dict[int, HeldVisit] = {self.position[code]: visit for code, visit in held_visits(self.codes)}
        self.checklists: list[int | None] = [None] * len(self.codes)

    @cached_property
    def sites(self) -> dict[str, tuple[int, str]]:
        """Code → key and the path of the area of every site."""
        return {code: (pk, path) for code, pk, path in Site.objects.values_list("code", "pk", "area__path")}

    @cached_property
    def persons(self) -> dict[str, int]:
        return dict(Person.objects.values_list("code", "pk"))

    @cached_property
    def history(self) -> places.History:
        return places.history()

    def each(self) -> Iterator[tuple[int, int, Any, Any, Any, Any]]:
        """Position, line, round, site, instant and inspectors of each row of the sheet; None where a cell was bad."""
        rows = self.rows.each("round", "site", "at", "inspectors") if self.rows else iter(())
        return ((i, line, *values) for i, (line, *values) in enumerate(rows))

    # --- Checking -----------------------------------------------------------------------------------------------------

    def check(self, faults: Faults, *, sites: Codes, persons: Codes) -> None:
        known_sites, known_persons = self.sites, self.persons
        for i, line, round_code, site, at, inspectors in self.each():
            if round_code is not None and round_code not in self._rounds:
                faults.add(line, "round", f"没有编码为 {round_code} 的轮次。请先在『轮次』表中添加，或改正编码。")
            if i in self.held and self.held[i].round in self.sealed_rounds:
                faults.add(line, "code", f"编号 {self.codes[i]} 不能用，请换一个。")
            for person in inspectors or ():
                if person not in known_persons and person not in persons:
                    message = f"没有编码为 {person} 的人员。请先在底册的『人员』表中添加，或改正编码。"
                    faults.add(line, "inspectors", message)
            if site is None:
                continue
            if site in known_sites:
                if at is not None:
                    self._find_checklist(i, line, site, at, faults=faults)
            elif site not in sites:
                faults.add(line, "site", f"没有编码为 {site} 的点位。请先在底册的『点位』表中添加，或改正编码。")

    @cached_property
    def sealed_rounds(self) -> frozenset[str]:
        """The rounds the actor may not see yet (domain §7)."""
        return frozenset(Round.objects.filter(~unsealed(self._by)).values_list("code", flat=True))

    def _find_checklist(self, i: int, line: int, site: str, at: datetime, *, faults: Faults) -> None:
        """The checklist of the kind the site was of on that day; a held visit keeps its version while the kind stays."""
        day = clock.local_day(at)
        spell = self.history.site_on(site, day)
        if spell is None:
            faults.add(line, "site", f"点位 {site} 在 {day} 还没有设立，或已撤销。")
            return
        held = self.held.get(i)
        if held is not None and self.book.kind_of(held.checklist) == spell.kind:
            self.checklists[i] = held.checklist
            return
        self.checklists[i] = self.book.current(spell.kind)
        if self.checklists[i] is None:
            faults.add(line, "site", f"点位 {site} 的类型 {spell.kind} 没有检查表，不能评分。")

    def check_scope(self, corrected: "Mapping[int, Correction]", faults: Faults, answer_faults: Faults) -> None:
        """Whoever takes in a visit covers the place it was made at, and where it was made before; so does whoever
        corrects one by its answers alone."""
        if self._by.covers(EVERYWHERE):
            return
        for i, correction in corrected.items():
            if i >= len(self.rows) and not self._covers(self.held[i].site):
                for line, _ in correction.answers.values():
                    answer_faults.add(line, "visit", BEYOND)
        for i, line, _, site, *_ in self.each():
            held = self.held.get(i)
            if held is not None and i not in corrected:
                continue
            places_of = [site, *([held.site] if held and held.site else [])]
            if not all(map(self._covers, places_of)):
                faults.add(line, "site", BEYOND)

    def _covers(self, site: str | None) -> bool:
        """A visit to an area, which no workbook makes, is for who works everywhere."""
        return site is not None and self._by.covers_site(self.sites[site][1], site)

    # --- Saving -------------------------------------------------------------------------------------------------------

    def add_held(self, codes: Collection[str]) -> None:
        """Take in visits that only the answers name; one of a sealed round is as if it were not there."""
        for code, visit in held_visits(codes):
            if visit.round in self.sealed_rounds:
                continue
            self.position[code] = len(self.codes)
            self.held[self.position[code]] = visit
            self.codes.append(code)
            self.checklists.append(visit.checklist)

    def save_new(self, rounds: Mapping[str, int], answers: "AnswerRows", progress: Progress) -> tuple[Tally, Tally]:
        """Write the visits that are new, their inspectors and their answers; how many visits and answers."""
        new = [row for row in self.each() if row[0] not in self.held]
        sites, at = self.sites, self._at
        insert_rows(
            Visit,
            VISIT_COLUMNS,
            (
                (self.codes[i], rounds[round_code], sites[site][0], when, self.checklists[i], *answers.sums_of(i), at)
                for i, _, round_code, site, when, _ in new
            ),
        )
        keys = _keys_by_code([self.codes[row[0]] for row in new])
        persons = self.persons
        insert_rows(
            VisitInspector,
            ("visit_id", "person_id", "order"),
            (
                (keys[self.codes[i]], persons[person], order)
                for i, *_, inspectors in new
                for order, person in enumerate(inspectors)
            ),
        )
        added = answers.save_new(
            [None if i in self.held else keys[code] for i, code in enumerate(self.codes)], progress
        )
        return Tally(added=len(new)), Tally(added=added)


def held_visits(codes: Collection[str]) -> Iterator[tuple[str, HeldVisit]]:
    """The visits of these numbers the system holds, with their inspectors in order."""
    if not Visit.objects.exists():
        return
    wanted = list(codes)
    columns = ("pk", "round__code", "site__code", "area__code", "at", "checklist_id", "version")
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        seen: dict[int, list[str]] = {}
        links = VisitInspector.objects.filter(visit__code__in=part).order_by("visit_id", "order")
        for visit, person in links.values_list("visit_id", "person__code"):
            seen.setdefault(visit, []).append(person)
        rows: Any = Visit.objects.filter(code__in=part).order_by().values_list("code", *columns)
        for code, pk, round_code, site, area, at, checklist, version in rows:
            yield code, HeldVisit(pk, round_code, site, area, at, checklist, version, tuple(seen.get(pk, ())))


def _keys_by_code(codes: list[str]) -> dict[str, int]:
    """The keys of visits just written: one look over all where most are new, by number where few are."""
    if len(codes) > BATCH:
        wanted = set(codes)
        rows = Visit.objects.order_by().values_list("code", "pk").iterator(chunk_size=5000)
        return {code: pk for code, pk in rows if code in wanted}
    return dict(Visit.objects.filter(code__in=codes).order_by().values_list("code", "pk"))
