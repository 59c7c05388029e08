"""The problems found in a period, as papers tell them: the worst with their photos, and how many of which category."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from posixpath import commonpath, dirname
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.models import Attachment
from chuangwei.domain.documents.blocks import Figure, Run, Text, text_of
from chuangwei.domain.inspections.models import Visit
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.places.models import Area
from chuangwei.domain.problems import queries as ledger
from chuangwei.domain.problems.enums import SUBJECT, ProblemState, Source
from chuangwei.domain.problems.models import Problem

UNTOLD = (ProblemState.REPORTED, ProblemState.REJECTED, ProblemState.MERGED)
FOUND_BY_US = (Source.INSPECTION, Source.PATROL, Source.LEADER)
"""What residents and the press report is in their own words, which are not the office's to print."""
CANDIDATES = 200
TRAILING_CODE = re.compile(r"（[A-Za-z0-9-]+）$")
IMAGE = "image/"
MOST = 8
MOST_CATEGORIES = 5
FOUND = "problems.found"
FULL_WIDTH = str.maketrans("()", "（）")
"""Names of categories are written with the brackets of a keyboard; in a sentence stand Chinese ones."""


@dataclass(frozen=True)
class PhotoOf:
    digest: str
    caption: str


@dataclass(frozen=True)
class Told:
    """A problem as a bulletin tells it."""

    words: tuple[str | Run, ...]
    photos: list[PhotoOf] = field(default_factory=list)


@dataclass
class Findings:
    """What the office found itself in a period; `run` makes a number that knows where it comes from."""

    actor: Actor
    span: Any
    area: Area | None
    names: Mapping[str, str]
    run: Callable[[str, str, str], Run]
    title: str

    @cached_property
    def rows_found(self) -> Any:
        """The problems the office found itself in the period, where the actor may see them. What comes from a sealed
        round is in no paper before its release, whoever asks."""
        span = self.span
        begin, end = clock.instant(span.first), clock.instant(span.last + timedelta(days=1))
        sealed = Visit.objects.filter(round__is_sealed=True, round__released_at__isnull=True).values("code")
        found = ledger.problems(actor=self.actor).filter(found_at__gte=begin, found_at__lt=end, source__in=FOUND_BY_US)
        found = found.filter(held_by_round="").exclude(state__in=UNTOLD).exclude(origin_code__in=sealed)
        return found.filter(area__path__startswith=self.area.path) if self.area else found

    def worst(self, day: date) -> list[Told]:
        """The worst of them as they stand when that day begins: first what was found where a visit was vetoed, then late
        ones, those sent back, open ones; no category twice before all came."""
        begun = clock.instant(day)
        rows = list(self.rows_found.order_by(_first(self._is_vetoed), *_gravity(begun))[:CANDIDATES])
        seen: Counter[int] = Counter()
        turns = []
        for place, row in enumerate(rows):
            turns.append((seen[row.category_id], place, row))
            seen[row.category_id] += 1
        chosen = [row for _, _, row in sorted(turns, key=lambda turn: turn[:2])[:MOST]]
        return self._told(chosen, begun)

    @property
    def _is_vetoed(self) -> Exists:
        """Whether a visit to the same place came to nothing 一票否决 in the period."""
        begin, end = clock.instant(self.span.first), clock.instant(self.span.last + timedelta(days=1))
        vetoed = Visit.objects.filter(site=OuterRef("site"), is_vetoed=True, at__gte=begin, at__lt=end)
        return Exists(vetoed.exclude(round__is_sealed=True, round__released_at__isnull=True))

    def _told(self, chosen: list[Problem], begun: datetime) -> list[Told]:
        kept = Attachment.objects.filter(
            subject_kind=SUBJECT,
            subject_code__in=[row.code for row in chosen],
            content_type__startswith=IMAGE,
        ).order_by("pk")
        photos = {one.subject_code: one for one in reversed(kept)}
        owners = self._owners(chosen)
        found = []
        for row in chosen:
            place = _place(row)
            shown = None if _at_home(row) else photos.get(row.code)
            owner = owners.get(row.code, "")
            if _at_home(row) and place.startswith(owner):
                owner = ""
            caption = f"{owner}{place}"
            found.append(Told(_words(row, owner, place, begun), [PhotoOf(shown.digest, caption)] if shown else []))
        return found

    def _owners(self, chosen: list[Problem]) -> dict[str, str]:
        """Which subject holds each problem's place, by name; the nearest of the areas above it."""
        return {
            row.code: next((self.names[code] for code in reversed(row.area.path_codes) if code in self.names), "")
            for row in chosen
        }

    @cached_property
    def by_category(self) -> Text:
        """What was found most, by category: 暴露垃圾12处、…; says nothing of whose or where."""
        counts = Counter(self.rows_found.order_by().values_list("category__code", "category__name"))
        told: list[str | Run] = []
        for (code, name), count in sorted(counts.items(), key=lambda one: (-one[1], one[0][1]))[:MOST_CATEGORIES]:
            proper = name.translate(FULL_WIDTH)
            told += [
                "、" if told else "",
                proper,
                self.run(f"{FOUND}.{code}", f"{count}", f"{self.title}{proper}"),
                "件",
            ]
        return text_of(*told)

    def found_of(self, category: str) -> list[str]:
        """The codes of the problems of one category."""
        return list(self.rows_found.filter(category__code=category).order_by("pk").values_list("code", flat=True))

    def other_units(self, counted: Collection[str], committees: Collection[str]) -> list[str]:
        """The units of the same place, beside these committees, that answer for a problem found or counted."""
        rows = ledger.problems(actor=self.actor).filter(
            Q(code__in=list(counted)) | Q(pk__in=self.rows_found.order_by().values("pk"))
        )
        answering = rows.order_by().values("unit")
        found = Unit.objects.filter(pk__in=answering, area__path__startswith=self._home).exclude(code__in=committees)
        return list(found.order_by("code").values_list("code", flat=True))

    @property
    def _home(self) -> str:
        """The path of the place whose paper it is: what holds all that are ranked."""
        if self.area is not None:
            return self.area.path
        ranked = Area.objects.filter(code__in=self.names) | Area.objects.filter(units__code__in=self.names)
        paths = list(ranked.order_by().values_list("path", flat=True).distinct())
        common = commonpath(paths) if len(paths) > 1 else dirname("".join(paths).rstrip("/"))
        return f"{common}/" if common else ""


def _gravity(begun: datetime) -> tuple[Any, ...]:
    """The order of the database in which the worst come first: late, sent back, still open, the newest."""
    is_late = Q(due_at__lt=begun) & (Q(fixed_at__isnull=True) | Q(fixed_at__gt=F("due_at")))
    return (_first(is_late), "-rework_count", _first(Q(closed_at__isnull=True)), "-pk")


def _first(condition: Q | Exists) -> Case:
    return Case(When(condition, then=Value(0)), default=Value(1))


def _at_home(row: Problem) -> bool:
    """At a household 农户, whose name and photos are personal data: a bulletin goes to every community."""
    return row.site is not None and row.site.kind.is_household


def _place(row: Problem) -> str:
    if row.site is None:
        return ""
    return f"{row.area.name}{row.site.kind.name}" if _at_home(row) else row.site.name


def _words(row: Problem, owner: str, place: str, begun: datetime) -> tuple[str | Run, ...]:
    said = TRAILING_CODE.sub("", row.description).strip().rstrip("。")
    if row.site is not None and _at_home(row):
        said = said.removeprefix(f"{row.site.name}：").replace(row.site.name, row.site.kind.name)
    said = said.removeprefix(f"{place}：").removeprefix(place)
    state = Figure("problems.state", row.get_state_display(), f"问题{row.code}", subject=row.code, digest=row.code)
    unit = f"责任单位：{row.unit.name}，" if row.unit else ""
    due = ""
    if row.due_at is not None:
        day = clock.local_day(row.due_at)
        due = f"整改期限{day.month}月{day.day}日，"
    return (f"{owner}{place}：{said}（{unit}{due}", Run(_standing(row, begun), state), "）。")


def _standing(row: Problem, begun: datetime) -> str:
    """The state, but for what is late: what was put off 挂账 has no deadline to miss."""
    is_late = row.due_at is not None and row.due_at < begun and row.fixed_at is None
    if is_late and row.state in (ProblemState.DISPATCHED, ProblemState.RETURNED):
        return "逾期未整改"
    return str(row.get_state_display())
