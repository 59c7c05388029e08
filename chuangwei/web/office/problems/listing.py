"""What the ledger's list can do: its tabs, filters, orders, columns."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.http import HttpRequest
from django.urls import reverse

from chuangwei.core import clock, search
from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.places.queries import areas, site_kinds
from chuangwei.domain.problems import queries
from chuangwei.domain.problems.enums import OPEN, ProblemState, Source
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.problems.permissions import among
from chuangwei.domain.standards.models import Category
from chuangwei.web.office.places import households
from chuangwei.web.office.problems.counting import state_counts
from chuangwei.web.office.problems.wording import RUNNING, SOON, standing
from chuangwei.web.shared.listing import (
    MOST_COUNTED,
    Asked,
    Choices,
    Column,
    Count,
    Filter,
    Listing,
    Shown,
    Sort,
    capped_count,
)

NOTHING = Q(pk__in=[])
STANDINGS = [
    ("overdue", "已逾期"), ("soon", "三天内到期"), ("rework", "返工过"), ("comeback", "复发"), ("pending_over", "挂账到期"),
    ("undispatched", "待派遣"), ("mine", "派给本单位"), ("open", "未销号"),
]  # fmt: skip


def problems_listing(actor: Actor, *, is_wide: bool = False) -> Listing[Problem]:
    """With `is_wide` the filters are written so that the database walks the order asked for: for views of very many."""
    now = clock.now()
    return Listing[Problem](
        sorts=[
            Sort("newest", "最近登记", ("-pk",)),
            Sort("deadline", "期限近的在前", ("due_order", "pk")),
            Sort("oldest", "最早登记", ("pk",)),
        ],
        filters=[
            Filter("state", "状态", lambda value: Q(state=value), choices=ProblemState.choices, is_tab=True),
            Filter("area", "区划", _below(actor, is_wide=is_wide), picker="areas"),
            Filter("kind", "点位类型", _of_kind(is_wide=is_wide), choices=_kinds),
            Filter("site", "点位", _at_site, picker="sites"),
            Filter("category", "类别", _of_category(is_wide=is_wide), picker="categories"),
            Filter("unit", "责任单位", _of_unit, picker="units"),
            Filter("source", "来源", _of_source(is_wide=is_wide), choices=Source.choices),
            Filter("standing", "情形", _standing(actor, now), choices=STANDINGS),
            Filter("found_from", "发现自", _from("found_at"), is_day=True, last_day="found_to"),
            Filter("found_to", "发现至", _to("found_at"), is_day=True),
            Filter("due_from", "期限自", _from("due_at"), is_day=True, last_day="due_to"),
            Filter("due_to", "期限至", _to("due_at"), is_day=True),
        ],
        columns=_columns(actor, now),
        search=search.matching,
        search_hint="编号、描述、地点，如 井盖 东街",
        remarks=search.remarks,
        tab_counts=state_counts,
        by_key=True,
    )


def shown_problems(actor: Actor, request: HttpRequest) -> Shown[Problem]:
    """The list as its own page shows it.

    Rows are counted first, as far as people read. Where more are left, fifty of them are soon met on a walk through the
    order asked for; where fewer, their index has them together (docs/adr/0013).
    """
    # Steps for several answer at addresses of their own with this list.
    path = reverse("office:problem_list")
    listing, visible = replace(problems_listing(actor), path=path), queries.listed_problems(actor=actor)
    asked = listing.asked(request)
    count = _count(actor, listing, asked)
    if not count.is_more:
        found = visible if count.number or asked.values else visible.none()
        return replace(listing, count=lambda _found, _asked: count).shown(found, request)
    wide = replace(
        problems_listing(actor, is_wide=True),
        path=path,
        count=lambda _found, _asked: count,
        tab_counts=lambda _found, others: _states(listing, visible, others),
    )
    return wide.shown(queries.listed_problems(actor=actor, is_wide=True), request)


def _count(actor: Actor, listing: Listing[Problem], asked: Asked) -> Count:
    """A search alone, by who sees everything, asks the index of words first: it reads no further than need be."""
    is_alone = asked.search and not asked.values and not asked.faults and actor.covers(EVERYWHERE)
    if is_alone and search.has_more(Problem, asked.search, MOST_COUNTED):
        return Count(MOST_COUNTED, is_more=True)
    return capped_count(listing.narrowed(queries.listed_problems(actor=actor), asked))


def _states(listing: Listing[Problem], visible: QuerySet[Problem], others: Asked) -> Mapping[str, Count | None]:
    """Of a view of very many. Without the state a search has no fewer hits, and those are not counted by state."""
    if others.search:
        return dict.fromkeys(ProblemState)
    return state_counts(listing.narrowed(visible, others), others)


def _below(actor: Actor, *, is_wide: bool) -> Callable[[str], Q]:
    """An area the actor may see, and all below it."""

    def condition(code: str) -> Q:
        area = areas(actor=actor).filter(code=code).first()
        below = Area.objects.filter(path__startswith=area.path) if area else Area.objects.none()
        return among("area_id", below, is_wide=is_wide) if area else NOTHING

    return condition


def _kinds() -> Choices:
    return [(kind.code, kind.name) for kind in site_kinds()]


def _of_kind(*, is_wide: bool) -> Callable[[str], Q]:
    return lambda code: among("site_id", Site.objects.filter(kind__code=code), is_wide=is_wide)


def _at_site(code: str) -> Q:
    """At one site: never so many that the order has to be walked for them."""
    keys = list(Site.objects.filter(code=code).values_list("pk", flat=True))
    return Q(site__in=keys) if keys else NOTHING


def _of_category(*, is_wide: bool) -> Callable[[str], Q]:
    """By code or name; a class stands for everything in it."""

    def condition(written: str) -> Q:
        named = Q(code=written) | Q(name=written)
        parents = Category.objects.filter(named).values("pk")
        return among("category_id", Category.objects.filter(named | Q(parent__in=parents)), is_wide=is_wide)

    return condition


def _of_source(*, is_wide: bool) -> Callable[[str], Q]:
    if is_wide:
        return lambda value: Q(Exact(Coalesce("source", Value("")), value))
    return lambda value: Q(source=value)


def _of_unit(written: str) -> Q:
    keys = list(Unit.objects.filter(Q(code=written) | Q(name=written)).values_list("pk", flat=True))
    return Q(unit__in=keys) if keys else NOTHING


def _standing(actor: Actor, now: datetime) -> Callable[[str], Q]:
    running = Q(state__in=sorted(RUNNING))
    conditions = {
        "overdue": running & Q(due_order__lt=now),
        "soon": running & Q(due_order__gte=now, due_order__lte=now + SOON),
        "rework": Q(rework_count__gt=0),
        "comeback": Q(comes_back_of__isnull=False),
        "undispatched": Q(state__in=[ProblemState.FILED, ProblemState.RETURNED, ProblemState.REOPENED]),
        "mine": Q(unit__code__in=actor.unit_codes),
        "open": Q(state__in=sorted(OPEN)),
        "pending_over": Q(state=ProblemState.PENDING, pending_until__lt=clock.local_day(now)),
    }
    return lambda value: conditions[value]


def _from(column: str) -> Callable[[str], Q]:
    return lambda value: Q(**{f"{column}__gte": clock.instant(date.fromisoformat(value))})


def _to(column: str) -> Callable[[str], Q]:
    return lambda value: Q(**{f"{column}__lt": clock.instant(date.fromisoformat(value) + timedelta(days=1))})


def _columns(actor: Actor, now: datetime) -> list[Column[Problem]]:
    return [
        Column("编号", lambda p: p.code),
        Column("状态", lambda p: p.get_state_display()),
        Column("来源", lambda p: p.get_source_display()),
        Column("类别编码", lambda p: p.category.code),
        Column("类别", lambda p: p.category.name),
        Column("描述", lambda p: p.description),
        Column("点位编码", lambda p: p.site.code if p.site else ""),
        Column("点位", lambda p: households.name_of(actor, p.site) if p.site else ""),
        Column("区划编码", lambda p: p.area.code),
        Column("区划", lambda p: p.area.name),
        Column("责任单位", lambda p: p.unit.name if p.unit else ""),
        Column("发现时间", lambda p: p.found_at),
        Column("派遣时间", lambda p: p.dispatched_at),
        Column("整改期限", lambda p: p.due_at),
        Column("期限情况", lambda p: standing(p, now).words),
        Column("整改时间", lambda p: p.fixed_at),
        Column("核查时间", lambda p: p.verified_at),
        Column("销号时间", lambda p: p.closed_at),
        Column("返工次数", lambda p: p.rework_count),
        Column("挂账至", lambda p: p.pending_until),
    ]
