"""Questions about rounds: how far they are, what they leave unseen, which sheet they score a site with."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError
from chuangwei.domain.inspections import permissions
from chuangwei.domain.inspections.models import Round, RoundMember, RoundTarget, Visit
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.organisation.models import Person
from chuangwei.domain.organisation.permissions import may_see_residents
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.places.permissions import in_scope, site_scope
from chuangwei.domain.places.queries import existing_on
from chuangwei.domain.standards.models import Checklist

DAY = timedelta(days=1)
SEEN_DAILY = ("社区", "村")
"""The areas somebody should look at every day (S0)."""


def rounds(*, actor: Actor) -> QuerySet[Round]:
    """The rounds the actor may see."""
    return permissions.visible_rounds(actor).select_related("area", "team__area")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is, as far as the actor's own places go. Without targets nothing is left."""

    targets: int = 0
    seen: int = 0
    visits: int = 0

    @property
    def unseen(self) -> int:
        return self.targets - self.seen

    @property
    def share(self) -> int:
        """Whole percent, rounded down: 100 only when all were seen."""
        return 100 * self.seen // self.targets if self.targets else 0


def progress(shown: Iterable[Round], *, actor: Actor) -> dict[int, Progress]:
    """The progress of these rounds by key, in two queries."""
    keys = [each.pk for each in shown]
    made = permissions.visible_visits(actor).filter(round__in=keys)
    visits = dict(made.order_by().values_list("round_id").annotate(many=Count("pk")))
    targets = RoundTarget.objects.filter(site_scope(actor, "site__"), round__in=keys).order_by()
    seen = Exists(Visit.objects.filter(round=OuterRef("round"), site=OuterRef("site")))
    rows = targets.values("round_id").annotate(many=Count("pk"), seen=Count("pk", filter=Q(seen)))
    counted = {row["round_id"]: row for row in rows}
    none = {"many": 0, "seen": 0}
    return {
        key: Progress(counted.get(key, none)["many"], counted.get(key, none)["seen"], visits.get(key, 0))
        for key in keys
    }  # fmt: skip


def targets(each: Round, *, actor: Actor) -> QuerySet[Any]:
    """What a round is to see in the actor's places, with whether it was (`is_seen`) and when the site was looked at
    last in any round the actor may see (`last_at`)."""
    made = permissions.visible_visits(actor).filter(site=OuterRef("site")).order_by("-at")
    return (
        RoundTarget.objects.filter(site_scope(actor, "site__"), round=each)
        .select_related("site__kind", "site__area")
        .annotate(
            is_seen=Exists(Visit.objects.filter(round=each, site=OuterRef("site"))),
            last_at=Subquery(made.values("at")[:1]),
        )
    )


def unseen(each: Round, *, actor: Actor) -> QuerySet[Any]:
    """What is left, the longest unvisited first."""
    return targets(each, actor=actor).filter(is_seen=False).order_by(F("last_at").asc(nulls_first=True), "site__code")


def communities_unseen(each: Round, *, day: date, actor: Actor) -> list[Area]:
    """Communities and villages in which the round saw nothing on a day, by code (domain §7)."""
    path = permissions.path_of(each) or ""
    wanted = Area.objects.filter(in_scope(actor), existing_on(day), kind__in=SEEN_DAILY, path__startswith=path)
    made = Visit.objects.filter(round=each, at__gte=clock.instant(day), at__lt=clock.instant(day + DAY)).order_by()
    paths = set(made.filter(site__isnull=False).values_list("site__area__path", flat=True).distinct())
    paths |= set(made.filter(area__isnull=False).values_list("area__path", flat=True).distinct())
    seen = {code for one in paths for code in one.rstrip("/").split("/")}
    return [area for area in wanted.order_by("code") if area.code not in seen]


def team_persons(each: Round, day: date) -> QuerySet[Person]:
    """Who may be written down as inspector: those named, and those who serve in the squad or a unit of the team."""
    units = {code for code in each.members.values_list("unit__code", flat=True) if code}
    units |= {each.team.code} if each.team else set()
    serving = organisation.units_of_persons(day=day) if units else {}
    served = [person for person, own in serving.items() if units.intersection(own)]
    named = each.members.filter(person__isnull=False).values("person")
    return Person.objects.filter(Q(code__in=served) | Q(pk__in=named)).order_by("code")


def checklist_for(each: Round, kind_code: str) -> Checklist:
    """The sheet a kind of site is scored with in a round: the version the round fixes, else the one in force."""
    fixed = each.checklists.get(kind_code)
    found = Checklist.objects.filter(site_kind__code=kind_code).select_related("site_kind")
    sheet = found.filter(version=fixed).first() if fixed else found.filter(is_current=True).first()
    if sheet is None:
        raise DomainError("这类点位没有检查表，不能评分。请先在标准库中载入。")
    return sheet


def checklists_to_choose(kinds: Collection[str] | None = None) -> list[Checklist]:
    """Every version of every sheet, the one in force first."""
    found = Checklist.objects.select_related("site_kind").order_by("site_kind__code", "-is_current", "-version")
    return list(found.filter(site_kind__code__in=list(kinds)) if kinds is not None else found)


def round_facts(each: Round) -> dict[str, Any]:
    """What a round is, in words, as its history keeps it."""
    members = each.members.select_related("person", "unit")
    named = [one.person.code if one.person else one.unit.code if one.unit else "" for one in members]
    return {
        "名称": each.name, "类型": each.get_kind_display(), "开始日期": str(each.starts_on),
        "结束日期": str(each.ends_on), "时段": each.hours, "检查范围": each.area.code if each.area else "",
        "督查组": each.team.code if each.team else "", "成员": "、".join(sorted(named)),
        "点位取法": str(each.get_choosing_display()), "整类点位": "、".join(each.site_kinds),
        "应查点位数": str(each.targets.count()),
        "检查表版本": "、".join(f"{kind} 第 {number} 版" for kind, number in sorted(each.checklists.items())),
    }  # fmt: skip


def sites_to_visit(each: Round, *, actor: Actor, words: str = "") -> Sequence[Site]:
    """Where an inspector may go next: what is left of the targets, else any site of the round's ground; at most 100."""
    if each.targets.exists():
        left = unseen(each, actor=actor)
        found = left.filter(_called(words, actor, "site__")) if words else left
        return [target.site for target in found[:100]]
    path = permissions.path_of(each) or ""
    ground = Site.objects.filter(site_scope(actor), existing_on(clock.today()), area__path__startswith=path)
    ground = ground.filter(kind__checklists__is_current=True)
    ground = ground.filter(_called(words, actor)) if words else ground
    seen = Exists(Visit.objects.filter(round=each, site=OuterRef("pk")))
    return list(ground.select_related("kind", "area").annotate(is_seen=seen).order_by("is_seen", "code")[:100])


def _called(words: str, actor: Actor, prefix: str = "") -> Q:
    """A search by name or code; a household is found by its name only where the actor may read that."""
    named = Q(**{f"{prefix}name__contains": words})
    if not may_see_residents(actor):
        named &= Q(**{f"{prefix}kind__is_household": False})
    return named | Q(**{f"{prefix}code": words})


def running_rounds(*, actor: Actor, at: datetime) -> QuerySet[Round]:
    """The rounds the actor may record in today."""
    day = clock.local_day(at)
    found = rounds(actor=actor).filter(starts_on__lte=day, ends_on__gte=day)
    if not permissions.may_plan(actor):
        open_to_all = Q(team__isnull=True) & ~Exists(RoundMember.objects.filter(round=OuterRef("pk")))
        found = found.filter(open_to_all | permissions.on_team(actor))
    return found.order_by("ends_on", "code")
