"""The facts of a period, from the database: a constant number of queries however many rows (domain §8).

A county's half year is sixty thousand visits, so columns are read as the database holds them (whole numbers, text)
and no value is converted that nobody needs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from itertools import compress
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable, ExpressionWrapper
from django.db.models.functions import Cast

from chuangwei.core import clock
from chuangwei.core.errors import DomainError
from chuangwei.domain.appraisal.compute import Inputs
from chuangwei.domain.appraisal.facts import (
    LINE_VETOED,
    OWN_SUBJECT,
    OWN_VETOED,
    VETOED,
    ProblemFact,
    SubjectFact,
    TotalFact,
    VisitFact,
)
from chuangwei.domain.appraisal.models import Computation, Standing
from chuangwei.domain.appraisal.periods import Span
from chuangwei.domain.appraisal.queries.finding import AreaFinder, Finder, Place, UnitFinder
from chuangwei.domain.appraisal.queries.locating import Committees, Land, Locator
from chuangwei.domain.appraisal.queries.standing_presets import Presets
from chuangwei.domain.appraisal.series import Series
from chuangwei.domain.inspections.enums import RoundKind
from chuangwei.domain.inspections.models import Round, Visit, VisitInspector
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.places.models import Area, Site, SiteKind
from chuangwei.domain.problems.models import Problem

EACH_OTHER = (RoundKind.MUTUAL.value, RoundKind.CONTEST.value)
WITHOUT_FRACTION = len("2023-09-04 00:18:00+00")
"""How long an instant's text is at most where its second has no fraction."""


class _Hours(dict[str, str]):
    """ "2023-09-04 23" in UTC → "2023-09-05T07" in Shanghai: an hour is converted once, its minutes are the same."""

    def __missing__(self, hour: str) -> str:
        here = clock.local(datetime.fromisoformat(hour + ":00").replace(tzinfo=UTC)).isoformat()[:13]
        self[hour] = here
        return here


HOURS = _Hours()


def shanghai_text(stored: str | None) -> str:
    """An instant as the database writes it (UTC) as ISO text of Shanghai; "" for none."""
    if stored is None:
        return ""
    rest = stored[13:19] if len(stored) <= WITHOUT_FRACTION else stored[13:].partition("+")[0]
    return HOURS[stored[:13]] + rest


def _raw(name: str) -> Combinable:
    """A column as the database holds it: a decimal as its whole number, a truth as 0 and 1 or True and False."""
    return ExpressionWrapper(F(name), output_field=CharField())


def _text(name: str) -> Combinable:
    """An instant as text, on both engines in UTC."""
    return Cast(name, CharField())


VISIT_COLUMNS: tuple[str | Combinable, ...] = (
    "pk", "code", _text("at"), "round_id", "site_id", _raw("got"), _raw("possible"), _raw("is_vetoed"),
)  # fmt: skip
LINE_COLUMNS = tuple(map(_raw, ("line_got", "line_possible", "is_own_vetoed", "is_line_vetoed")))
PROBLEM_COLUMNS: tuple[str | Combinable, ...] = (
    "code", "source", "state", "site_id", "area_id", "category__code", "unit__code",
    *map(_text, ("found_at", "due_at", "fixed_at", "closed_at", "pending_since", "first_closed_at")),
)  # fmt: skip


def _lines(vetoed: bool, lines: Sequence[Any]) -> tuple[int, int, int]:
    """Points of the checks with a line, and the marks, from the columns of lines."""
    line_got, line_possible, *vetoes = lines
    return line_got, line_possible, sum(compress((VETOED, OWN_VETOED, LINE_VETOED), (vetoed, *vetoes)))


def within(field_name: str, span: Span) -> Q:
    """Instants of the span's days in Shanghai."""
    return within_days(field_name, span.first, span.last)


def within_days(field_name: str, first: date, last: date) -> Q:
    """Instants from the first to the last day in Shanghai, both included."""
    begin, end = clock.instant(first), clock.instant(last + timedelta(days=1))
    return Q(**{f"{field_name}__gte": begin, f"{field_name}__lt": end})


def _of_areas(made: QuerySet[Visit]) -> dict[int, tuple[str, str]]:
    """The visits made to areas: which area, and the kind of site their sheet is of, which is what they count as."""
    rows = made.filter(site__isnull=True).values_list("pk", "area__code", "checklist__site_kind__code")
    return {pk: (area or "", kind) for pk, area, kind in rows}


def _wanted(series: Series, span: Span) -> Q:
    """The problems some rule of the series wants to see; an empty condition where none does."""
    wanted = Q()
    for asked in series.asked:
        if asked.due:
            wanted |= within("due_at", span)
        if asked.found_from:
            wanted |= within("found_at", span) & Q(source__in=asked.found_from)
        if asked.window_days:
            begin = span.last - timedelta(days=asked.window_days - 1)
            for instant in ("found_at", "closed_at", "first_closed_at"):
                wanted |= within_days(instant, begin, span.last)
    return wanted


@dataclass
class Gatherer:
    """Reads what several periods share once (places, units, rounds, presets), then each period in a few queries."""

    series: str
    area: str
    presets: Presets = field(default_factory=Presets)
    reach: tuple[date, date] | None = None
    """The days of all periods that will be asked for, where that is known."""
    _constant: dict[frozenset[str], dict[str, Place]] = field(default_factory=dict)
    _subjects: dict[tuple[str, str, str, tuple[int, ...]], SubjectFact | None] = field(default_factory=dict)

    @classmethod
    def of_series(cls, series: str, area: str | None) -> "Gatherer":
        """For a series by its slug, in the area given or the only one there is; DomainError otherwise."""
        presets = Presets()
        return cls(series, presets.area_of(series, area), presets)

    @cached_property
    def land(self) -> Land:
        return Land.read()

    @cached_property
    def site_codes(self) -> dict[int, str]:
        return dict(Site.objects.order_by().values_list("pk", "code"))

    @cached_property
    def area_codes(self) -> dict[int, str]:
        return dict(Area.objects.order_by().values_list("pk", "code"))

    @cached_property
    def kind_titles(self) -> dict[str, str]:
        return dict(SiteKind.objects.order_by("code").values_list("code", "name"))

    @cached_property
    def rounds(self) -> dict[int, str]:
        """The kind of every round whose visits may be seen by all: sealed ones only after their release."""
        opened = Q(is_sealed=False) | Q(released_at__isnull=False)
        return dict(Round.objects.filter(opened).order_by().values_list("pk", "kind"))

    @cached_property
    def inspectors(self) -> dict[int, list[int]]:
        """Who made each visit of the rounds in which subjects score one another."""
        made = VisitInspector.objects.filter(visit__round__kind__in=EACH_OTHER)
        if self.reach:
            made = made.filter(within_days("visit__at", *self.reach))
        found: dict[int, list[int]] = {}
        for visit, person in made.order_by().values_list("visit_id", "person_id"):
            found.setdefault(visit, []).append(person)
        return found

    @cached_property
    def committees(self) -> Committees:
        return Committees.read()

    def inputs(self, *, series: Series, span: Span, streaks: Mapping[str, tuple[str, ...]]) -> Inputs:
        """All that the period is computed from, as the rows stand now. DomainError where there is nobody to rank."""
        subjects = self.subjects(series, span)
        if not subjects:
            raise DomainError(f"{span.title}没有可排名的{series.subject}。")
        finder = self._finder(series, frozenset(subject.code for subject in subjects), span)
        visits = tuple(sorted(self._visits(series, span, finder)))
        kinds = {visit.site_kind for visit in visits} | set(series.kind_weights)
        return Inputs(
            series=series,
            span=span,
            subjects=subjects,
            visits=visits,
            problems=tuple(self._problems(series, span, finder)),
            totals=tuple(self._totals(series, span)),
            streaks=streaks,
            kind_names={kind: self.kind_titles[kind] for kind in sorted(kinds) if kind in self.kind_titles},
        )

    def subjects(self, series: Series, span: Span) -> tuple[SubjectFact, ...]:
        """Those that exist on the last day and whose nearest preset is this one, by code."""
        found = self._units(series, span) if series.unit_kind else self._areas(series, span)
        return tuple(sorted(found))

    def _areas(self, series: Series, span: Span) -> Iterator[SubjectFact]:
        """What is said of areas that never changed is kept from period to period, while the same presets hold."""
        begun = self.presets.begun(span.first)
        for code in self.land.ever_of_kind(series.subject):
            key = (code, series.subject, series.classes, begun)
            if key not in self._subjects or not self.land.is_constant(code):
                self._subjects[key] = self._area(code, series, span)
            if fact := self._subjects[key]:
                yield fact

    def _area(self, code: str, series: Series, span: Span) -> SubjectFact | None:
        area = self.land.areas[code]
        kind, name = self.land.kind_and_name(code, span.last)
        if kind != series.subject or not area.exists_on(span.last) or not self._is_ours(code, span):
            return None
        group = str(area.attributes.get(series.classes, "")) if series.classes else ""
        return SubjectFact(code, name, group, self.land.merged_into_since(code, kind, span.last))

    def _units(self, series: Series, span: Span) -> Iterator[SubjectFact]:
        """Units of the kind whose area lies here; those of no area belong to the preset of the whole installation."""
        for unit in self.committees.units.values():
            if unit.kind == series.unit_kind and (self._is_ours(unit.area, span) if unit.area else not self.area):
                yield SubjectFact(unit.code, unit.name)

    def _is_ours(self, area: str, span: Span) -> bool:
        return self.presets.is_nearest(self.land.chain(area, span.last)[::-1], self.area, span.first)

    def _finder(self, series: Series, subjects: frozenset[str], span: Span) -> Finder:
        if series.unit_kind:
            ties = organisation.ties(roles=series.roles)
            return UnitFinder(self.land, self.committees, subjects, series.roles, ties)
        # What is learned of sites that never moved is kept from period to period, while the subjects are the same.
        constant = self._constant.setdefault(subjects, {})
        return AreaFinder(Locator(self.land, subjects, span.last), self.committees, constant)

    # --- Visits -------------------------------------------------------------------------------------------------------

    def _visits(self, series: Series, span: Span, finder: Finder) -> list[VisitFact]:
        """Visits of the period in rounds some part looks at; lines and their vetoes only where a part asks for them.

        In no order: a sort in the database costs more than all the rest of the query.
        """
        sites, constant, kinds = self.site_codes, finder.constant, series.round_kinds
        rounds = {pk: kind for pk, kind in self.rounds.items() if kind in kinds}
        inspectors = self.inspectors if kinds.intersection(EACH_OTHER) else {}
        made = Visit.objects.filter(within("at", span)).order_by()
        areas: dict[int, tuple[str, str]] = {}
        found: list[VisitFact] = []
        make = partial(tuple.__new__, VisitFact)
        for pk, code, stored, round_id, site_id, got, possible, vetoed, *lines in made.values_list(
            *VISIT_COLUMNS, *(LINE_COLUMNS if series.looks_at_lines else ())
        ):
            if round_id not in rounds:
                continue
            at = HOURS[stored[:13]] + stored[13:19]
            if site_id is None:
                areas = areas or _of_areas(made)
                place = finder.of_area(areas[pk][0], at[:10])._replace(kind=areas[pk][1])
            else:
                place = constant.get(sites[site_id]) or finder.of_site(sites[site_id], at[:10])
            where, subjects, kind = place
            marks = VETOED if vetoed else 0
            line_got, line_possible, marks = _lines(vetoed, lines) if lines else (0, 0, marks)
            for subject in subjects:
                own = pk in inspectors and finder.is_own(inspectors[pk], subject, at[:10])
                found.append(make((
                    code, at, subject, where, kind, rounds[round_id], got, possible, line_got, line_possible,
                    marks | OWN_SUBJECT if own else marks,
                )))  # fmt: skip
        return found

    # --- Problems -----------------------------------------------------------------------------------------------------

    def _problems(self, series: Series, span: Span, finder: Finder) -> Iterator[ProblemFact]:
        """The problems the series' rules ask for. A parent counts nowhere: its children do (domain §6); nor does what
        a sealed round found before its release (§7)."""
        wanted = _wanted(series, span)
        if not wanted:
            return
        children = Problem.objects.filter(parent_id=OuterRef("pk"))
        found = Problem.objects.filter(wanted, held_by_round="").filter(~Exists(children))
        rows = found.order_by("code").values_list(*PROBLEM_COLUMNS)
        for code, source, state, site_id, area_id, category, unit, *stored in rows:
            found_at, due_at, fixed_at, closed_at, pended_at, first_closed_at = map(shanghai_text, stored)
            site = self.site_codes[site_id] if site_id is not None else ""
            area = self.area_codes[area_id]
            whose = finder.of_problem(site, area, unit or "", found=found_at[:10], due=due_at[:10])
            yield ProblemFact(
                code,
                source,
                state,
                site or area,
                category,
                found_at,
                due_at,
                fixed_at,
                closed_at,
                pended_at,
                *whose,
                first_closed_at if first_closed_at != closed_at else "",
            )

    # --- Other series -------------------------------------------------------------------------------------------------

    def _totals(self, series: Series, span: Span) -> Iterator[TotalFact]:
        """The totals of other series whose periods end in this one, by their latest computations."""
        if not series.other_series:
            return
        later = Computation.objects.filter(
            period=OuterRef("computation__period"), version__gt=OuterRef("computation__version")
        )
        rows = (
            Standing.objects.filter(
                ~Exists(later),
                computation__period__series__in=sorted(series.other_series),
                computation__period__area_code=self.area,
                computation__period__to_on__range=(span.first, span.last),
            )
            .order_by("computation__period__series", "computation__period__from_on", "code")
            .values_list(
                "computation__period__series", "computation__period__slug", "computation__period__to_on", "code",
                _raw("total"),
            )
        )  # fmt: skip
        for other, slug, to_on, code, total in rows:
            yield TotalFact(other, slug, to_on.isoformat(), code, total)
