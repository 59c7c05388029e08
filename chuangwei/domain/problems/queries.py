"""Questions about the ledger."""

from collections import Counter as TallyOf
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from chuangwei.core import calendar, clock, numbering, presets
from chuangwei.core.actor import Actor
from chuangwei.core.calendar import Calendar, TimeAllowed, TimeUnit
from chuangwei.core.errors import DomainError
from chuangwei.core.models import TransitionLog
from chuangwei.core.presets import Holding
from chuangwei.core.transitions import CHANGE
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.organisation.models import Account, Unit
from chuangwei.domain.places.models import Area
from chuangwei.domain.problems import permissions, rules, states
from chuangwei.domain.problems.enums import EXTENSION, OPEN, REPORT, SUBJECT, Permission, PhotoStage, ProblemState
from chuangwei.domain.problems.models import Problem, ProblemPhoto
from chuangwei.domain.problems.preset import Ledger
from chuangwei.domain.standards.models import Category


def problems(*, actor: Actor) -> QuerySet[Problem]:
    return permissions.visible_to(actor).select_related("site__kind", "area", "category", "unit")


def listed_problems(*, actor: Actor, is_wide: bool = False) -> QuerySet[Problem]:
    """The same for long lists: what a row names is read beside it, not joined.

    With a join the embedded database may begin at the areas and put a million rows in order to show fifty.
    """
    found = permissions.visible_to(actor, is_wide=is_wide)
    return found.prefetch_related("site__kind", "area", "category", "unit")


def overdue_problems(*, actor: Actor, at: datetime) -> QuerySet[Problem]:
    """Dispatched or returned, and past the deadline; the oldest deadline first."""
    late = (ProblemState.DISPATCHED, ProblemState.RETURNED)
    return problems(actor=actor).filter(state__in=late, due_at__lt=at).order_by("due_at", "pk")


def counts_by_state(*, actor: Actor) -> dict[str, int]:
    rows = permissions.visible_to(actor).order_by().values_list("state").annotate(count=Count("pk"))
    return dict(rows)


def time_allowed(category: Category) -> TimeAllowed:
    """The time a category allows; DomainError where it is not known yet: a missing time never acts as none."""
    if category.allowed_amount is None:
        raise DomainError(f"类别『{category.name}』的整改时限待核，请先在标准库中补上。")
    return TimeAllowed(category.allowed_amount, TimeUnit(category.get_allowed_unit_display()))


def deadline_for(problem: Problem, unit: Unit, at: datetime) -> datetime:
    """The deadline a unit gets when a problem is handed to it now: the one it had, else its own time from here on.

    DomainError where the category has no time allowed yet (待核).
    """
    if problem.due_at is not None and problem.unit_id == unit.pk:
        return problem.due_at
    return rules.deadline(allowed=time_allowed(problem.category), start=at, calendar=clock_of(problem.area, at))


def clock_of(area: Area, at: datetime) -> Calendar:
    """The calendar with the office hours of the preset that holds in an area."""
    use = presets.holding(presets.holdings(), area.path_codes, clock.local_day(at))
    seasons = use.document.sections.get("office_hours") if use else None
    days = calendar.load()
    return days.with_hours(seasons.hours()) if seasons else days


def ledger_of(uses: Sequence[Holding], *, area_codes: Sequence[str], day: date) -> Ledger:
    """What the preset that holds in an area (its codes from the top) on a day says of the ledger."""
    use = presets.holding(uses, area_codes, day)
    ledger: Ledger = use.document.sections["ledger"] if use else Ledger()
    return ledger


def recurrence_days(uses: Sequence[Holding], *, area_codes: Sequence[str], day: date) -> int:
    """In how many days a problem comes back."""
    return ledger_of(uses, area_codes=area_codes, day=day).recurrence_days


def needs_after_photo(problem: Problem, day: date) -> bool:
    """Whether it may be closed only with a photo of how it looks now."""
    ledger = ledger_of(presets.holdings(), area_codes=problem.area.path_codes, day=day)
    parent = problem.category.parent
    return ledger.needs_after_photo(problem.category.code, parent.code if parent else "")


def has_photo(problem: Problem, stage: PhotoStage) -> bool:
    return problem.photos.filter(stage=stage).exists()


def without_after_photo(problems: Sequence[Problem]) -> list[Problem]:
    """Which of these have no photo of how they look now."""
    shown = ProblemPhoto.objects.filter(problem__in=problems, stage=PhotoStage.AFTER).values_list("problem_id")
    there = {key for (key,) in shown}
    return [one for one in problems if one.pk not in there]


def photos_of(problem: Problem) -> list[ProblemPhoto]:
    return list(problem.photos.select_related("attachment").order_by("pk"))


def first_photos(problems: Collection[int]) -> dict[int, int]:
    """The key of the first photo of each of these problems that has one."""
    rows = ProblemPhoto.objects.filter(problem__in=problems).values_list("problem_id").annotate(first=Min("pk"))
    return dict(rows)


def next_codes(at: datetime, *, is_held: bool = False) -> list[str]:
    """The next free numbers of a year: WT2026-000001. What is held has a series of its own: a gap would give it away."""
    prefix = f"{'WF' if is_held else 'WT'}{clock.local_day(at).year}-"
    return numbering.next_codes(Problem.objects.all(), prefix, width=6)


def suggested_unit(problem: Problem, day: date) -> Unit | None:
    """The unit that usually answers for the category by the preset's `routes`, where there is exactly one so called."""
    use = presets.holding(presets.holdings(), problem.area.path_codes, day)
    routes = use.document.sections.get("routes") if use else None
    if routes is None:
        return None
    parent = problem.category.parent
    name = routes.root.get(problem.category.code) or (routes.root.get(parent.code) if parent else None)
    found = list(Unit.objects.filter(name=name)[:2]) if name else []
    return found[0] if len(found) == 1 else None


def unit_of_place(problem: Problem, day: date) -> Unit | None:
    """The unit that answers for the place: the first unit of the site's chain of duties, else the one most of the chain
    serve in; without a chain the only unit of the nearest area that has any.
    """
    site = problem.site.code if problem.site else ""
    links = organisation.chains(day=day, sites=[site]).get(site, []) if site else []
    holders = [link.holder for link in links]
    serving = organisation.units_of_persons(day=day, persons=holders)
    served = TallyOf(units[0] for holder in holders if (units := serving.get(holder)))
    codes = [*holders, *(code for code, _ in served.most_common())]
    known = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    return next((known[code] for code in codes if code in known), None) or _unit_of_area(problem.area)


def _unit_of_area(area: Area) -> Unit | None:
    found: dict[str, list[Unit]] = {}
    for unit in Unit.objects.filter(area__code__in=area.path_codes).select_related("area"):
        found.setdefault(unit.area.code if unit.area else "", []).append(unit)
    nearest = next((found[code] for code in reversed(area.path_codes) if code in found), [])
    return nearest[0] if len(nearest) == 1 else None


def instant_text(at: datetime) -> str:
    """As people here read it: 2026-03-04 15:20."""
    return f"{clock.local(at):%Y-%m-%d %H:%M}"


def told_of(unit: Unit) -> list[str]:
    """The accounts that hear of what concerns a unit: who serves in it, and who speaks for it."""
    speaking = Account.objects.filter(is_active=True, unit=unit).values_list("username", flat=True)
    return sorted({*organisation.recipients_of(unit.code), *speaking})


def dispatchers_of(problem: Problem) -> list[str]:
    """The accounts that may dispatch where a problem is."""
    holders = [organisation.account_by_code(code) for code in organisation.holders_of(Permission.DISPATCH)]
    return [one.code for one in holders if permissions.may_dispatch(organisation.actor_of(one), problem)]


def problem_of_origin(*, kind: str, code: str, actor: Actor) -> QuerySet[Problem]:
    """What this origin (a visit, a report) found, as far as the actor sees it."""
    return problems(actor=actor).filter(origin_kind=kind, origin_code=code).order_by("pk")


def report_of(origin: str) -> Problem | None:
    """What one sending of the form of a report made."""
    return Problem.objects.filter(origin_kind=REPORT, origin_code=origin).first()


def sources_of(move: str) -> frozenset[str]:
    """The states a move of a problem begins in, by its slug."""
    return next(one.sources for one in states.MOVES if one.slug == move)


def last_move(problem: Problem) -> TransitionLog | None:
    """The last move of a problem from one state to another."""
    moves = TransitionLog.objects.filter(subject_kind=SUBJECT, subject_code=problem.code).exclude(move=CHANGE)
    return moves.order_by("-pk").first()


def last_deed(problem: Problem, *slugs: str) -> TransitionLog | None:
    """Its last move, or the last decision on a later deadline where that came after; with slugs, the last of these."""
    asked = list(problem.extensions.values_list("code", flat=True))
    of_problem = Q(subject_kind=SUBJECT, subject_code=problem.code)
    deeds = TransitionLog.objects.filter(of_problem | Q(subject_kind=EXTENSION, subject_code__in=asked))
    deeds = deeds.filter(move__in=slugs) if slugs else deeds.exclude(move=CHANGE)
    return deeds.order_by("-pk").first()


def in_hand(found: QuerySet[Problem]) -> QuerySet[Problem]:
    """Those of them that a unit has to put right by a deadline: given to it, and not over. A notice is about these."""
    return found.filter(state__in=sorted(OPEN), unit__isnull=False, due_at__isnull=False)


def is_in_hand(problem: Problem) -> bool:
    """The same of one."""
    return problem.state in OPEN and problem.unit is not None and problem.due_at is not None


def open_at(*, site_id: int | None, area_id: int, category_id: int) -> QuerySet[Problem]:
    """What stands open at a place in a category: another finding there is tied to it instead of opening one more."""
    place: dict[str, Any] = {"site_id": site_id} if site_id else {"site": None, "area_id": area_id}
    return Problem.objects.filter(**place, category_id=category_id, state__in=sorted(OPEN)).order_by("pk")


def earlier_of(*, site_id: int | None, area: Area, category_id: int, found_at: datetime) -> Problem | None:
    """The last problem closed at the same place and category that this one comes back of, within the window."""
    window = recurrence_days(presets.holdings(), area_codes=area.path_codes, day=clock.local_day(found_at))
    place: dict[str, Any] = {"site_id": site_id} if site_id else {"site": None, "area": area}
    closed = Problem.objects.filter(
        **place, category_id=category_id, closed_at__lte=found_at, closed_at__gte=found_at - timedelta(days=window)
    )
    return closed.order_by("-closed_at", "-pk").first()
