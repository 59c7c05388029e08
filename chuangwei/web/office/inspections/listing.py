"""What the lists of rounds, visits and draws can do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.http import HttpRequest

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.inspections.enums import RoundKind, RoundState
from chuangwei.domain.inspections.models import NO_SCORE, Draw, Round, RoundMember, Visit, VisitInspector
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.places.queries import site_kinds
from chuangwei.domain.standards.models import Checklist
from chuangwei.web.office.inspections import scores, wording
from chuangwei.web.office.inspections.late import late_condition
from chuangwei.web.office.places import households
from chuangwei.web.shared.listing import Choices, Column, Filter, Listing, Shown, Sort, capped_count, day_of

ONE_DAY = timedelta(days=1)
NOTHING = Q(pk__in=[])
FEW = 200
YES, NO = "yes", "no"
BANDS = {
    "below-60": ("60 分以下", 0, 6000),
    "60-80": ("60–80 分", 6000, 8000),
    "80-90": ("80–90 分", 8000, 9000),
    "90-100": ("90–100 分", 9000, 10000),
    "full": ("满分", 10000, 10001),
    "none": ("不计分", NO_SCORE, NO_SCORE + 1),
}
"""What people read; from how many hundredths of a point, and below how many."""
WALKED = Coalesce("score_hundredths", Value(NO_SCORE))
"""The score, as no index has it."""


def kind_choices() -> Choices:
    return [(kind.code, kind.name) for kind in site_kinds()]


# --- Rounds -----------------------------------------------------------------------------------------------------------


def _in_state(value: str) -> Q:
    today = clock.today()
    return {
        RoundState.AHEAD: Q(starts_on__gt=today),
        RoundState.RUNNING: Q(starts_on__lte=today, ends_on__gte=today),
        RoundState.OVER: Q(ends_on__lt=today),
    }[RoundState(value)]


def _sealed(value: str) -> Q:
    opened = Q(released_at__isnull=False)
    return {"hidden": Q(is_sealed=True) & ~opened, "released": Q(is_sealed=True) & opened, NO: Q(is_sealed=False)}[
        value
    ]


def _of_team(value: str) -> Q:
    joined = RoundMember.objects.filter(unit__code=value).values("round_id")
    return Q(team__code=value) | Q(pk__in=joined)


ROUNDS = Listing[Round](
    sorts=[
        Sort("newest", "最近开始", ("-starts_on", "-pk")),
        Sort("ending", "最先结束", ("ends_on", "pk")),
        Sort("code", "编码", ("code",)),
    ],
    filters=[
        Filter("state", "状态", _in_state, choices=RoundState.choices, is_tab=True),
        Filter("kind", "类型", lambda value: Q(kind=value), choices=RoundKind.choices),
        Filter(
            "sealed", "密封", _sealed, choices=[("hidden", "未解封"), ("released", "已解封"), (NO, "不密封")]
        ),
        Filter("team", "督查组", _of_team, picker="units"),
        Filter("day", "哪天在查", lambda value: Q(starts_on__lte=day_of(value), ends_on__gte=day_of(value)), is_day=True),
    ],
    columns=[
        Column("编码", lambda each: each.code),
        Column("名称", lambda each: each.name),
        Column("类型", lambda each: each.get_kind_display()),
        Column("开始日期", lambda each: each.starts_on),
        Column("结束日期", lambda each: each.ends_on),
        Column("时段", lambda each: each.hours),
        Column("督查组", lambda each: each.team.name if each.team else ""),
        Column("点位取法", lambda each: each.get_choosing_display()),
        Column("状态", lambda each: each.state_on(clock.today()).label),
        Column("密封", wording.seal),
    ],
    search=lambda found, words: found.filter(Q(name__contains=words) | Q(code__startswith=words)),
)  # fmt: skip


# --- Visits -----------------------------------------------------------------------------------------------------------


def _of_these(rows: QuerySet[Any], column: str) -> Q:
    """A condition on visits by what they point to (sites, rounds): by the keys where few fit, which have an index;
    row by row where many do, for then the next ones in the order of the list are soon found."""
    most = max(FEW, rows.model._default_manager.count() // 10)
    keys = list(rows.order_by().values_list("pk", flat=True)[: most + 1])
    if len(keys) > most:
        return Q(Exists(rows.filter(pk=OuterRef(f"{column}_id")).order_by()))
    return Q(**{f"{column}__in": keys})


def _below(value: str) -> Q:
    """In an area or anywhere below it."""
    area = Area.objects.filter(code=value).only("path").first()
    if area is None:
        return NOTHING
    inside = _of_these(Site.objects.filter(area__path__startswith=area.path), "site")
    if not Visit.objects.filter(area__isnull=False).exists():
        return inside
    return inside | Q(area__in=Area.objects.filter(path__startswith=area.path).order_by().values("pk"))


def _of_round_kind(value: str) -> Q:
    return _of_these(Round.objects.filter(kind=value), "round")


def _of_site_kind(*, is_wide: bool) -> Callable[[str], Q]:
    """By the sheets made for a kind."""

    def condition(value: str) -> Q:
        sheets = Checklist.objects.filter(site_kind__code=value).order_by()
        if is_wide:
            return Q(Exists(sheets.filter(pk=OuterRef("checklist_id"))))
        return Q(checklist__in=list(sheets.values_list("pk", flat=True)))

    return condition


def _in_band(*, is_wide: bool) -> Callable[[str], Q]:
    def condition(value: str) -> Q:
        _, low, high = BANDS[value]
        if is_wide:
            return Q(GreaterThanOrEqual(WALKED, low)) & Q(LessThan(WALKED, high))
        return Q(score_hundredths__gte=low, score_hundredths__lt=high)

    return condition


def _found(actor: Actor) -> Callable[[QuerySet[Visit], str], QuerySet[Visit]]:
    """By the number of the visit where that is one, else by the name or the code of the site."""

    def search(found: QuerySet[Visit], words: str) -> QuerySet[Visit]:
        if found.filter(code=words).exists():
            return found.filter(code=words)
        named = households.named_condition(actor, Q(name__contains=words))
        return found.filter(_of_these(Site.objects.filter(named | Q(code__startswith=words)), "site"))

    return search


def visits_listing(actor: Actor, *, is_wide: bool = False) -> Listing[Visit]:
    """For one person: a household whose name is hidden from her is neither named nor found by it.

    With `is_wide` the filters are written so that the database walks the order asked for: for views of very many.
    """
    return Listing[Visit](
        sorts=[
            Sort("newest", "最近检查", ("-at", "-pk")),
            Sort("lowest", "得分低的在前", ("score_hundredths", "pk")),
            Sort("highest", "得分高的在前", ("-score_hundredths", "-pk")),
        ],
        filters=[
            Filter("round", "轮次", lambda value: Q(round__code=value), picker="rounds"),
            Filter(
                "kind", "轮次类型", _of_round_kind,
                choices=RoundKind.choices,
            ),
            Filter("site_kind", "点位类型", _of_site_kind(is_wide=is_wide), choices=kind_choices),
            Filter("site", "点位", lambda value: _of_these(Site.objects.filter(code=value), "site"), picker="sites"),
            Filter("area", "区划（含下级）", _below, picker="areas"),
            Filter(
                "inspector", "检查人",
                lambda value: Q(pk__in=VisitInspector.objects.filter(person__code=value).values("visit_id")),
                picker="persons",
            ),
            Filter("score", "得分", _in_band(is_wide=is_wide), choices=[(key, words) for key, (words, *_) in BANDS.items()]),
            Filter(
                "veto", "一票否决", lambda value: Q(is_vetoed=value == YES), choices=[(YES, "有"), (NO, "没有")]
            ),
            Filter("late", "迟报", lambda _value: late_condition(), choices=[(YES, "只看迟报")]),
            Filter("since", "起", lambda value: Q(at__gte=clock.instant(day_of(value) or clock.today())), is_day=True),
            Filter(
                "until", "止", lambda value: Q(at__lt=clock.instant((day_of(value) or clock.today()) + ONE_DAY)), is_day=True
            ),
        ],
        columns=[
            Column("编号", lambda visit: visit.code),
            Column("检查时间", lambda visit: wording.minute(visit.at)),
            Column("轮次", lambda visit: visit.round.name),
            Column("轮次类型", lambda visit: visit.round.get_kind_display()),
            Column("点位编码", lambda visit: visit.site.code if visit.site else ""),
            Column("点位", lambda visit: households.name_of(actor, visit.site) if visit.site else ""),
            Column("点位类型", lambda visit: visit.checklist.site_kind.name),
            Column("所属区划", wording.area_of),
            Column("得分", wording.score_of),
            Column("不含条线部门的得分", scores.own_shown),
            Column("应得分", lambda visit: visit.possible),
            Column("一票否决", lambda visit: "是" if visit.is_vetoed else ""),
            Column("检查人", wording.inspectors_of),
            Column("版本", lambda visit: visit.version),
        ],
        search=_found(actor),
        search_hint="点位名称、编码",
        by_key=True,
    )  # fmt: skip


def shown_visits(actor: Actor, found: QuerySet[Visit], request: HttpRequest) -> Shown[Visit]:
    """The list as pages show it: rows are counted first, and the count decides the way (docs/adr/0013)."""
    listing = visits_listing(actor)
    count = capped_count(listing.narrowed(found, listing.asked(request)))
    listing = visits_listing(actor, is_wide=count.is_more)
    return replace(listing, count=lambda _found, _asked: count).shown(found, request)


# --- Draws ------------------------------------------------------------------------------------------------------------

STEPS = {
    "frozen": ("名单已冻结", Q(committed_at__isnull=True, voided_at__isnull=True)),
    "committed": ("种子已承诺", Q(committed_at__isnull=False, drawn_at__isnull=True, voided_at__isnull=True)),
    "drawn": ("已抽取", Q(drawn_at__isnull=False, voided_at__isnull=True)),
    "void": ("已作废", Q(voided_at__isnull=False)),
}

DRAWS = Listing[Draw](
    sorts=[Sort("newest", "最近的在前", ("-pk",))],
    filters=[
        Filter(
            "step", "步骤", lambda value: STEPS[value][1], choices=[(key, words) for key, (words, _) in STEPS.items()],
            is_tab=True,
        ),
        Filter("trial", "试抽", lambda value: Q(is_trial=value == YES), choices=[(YES, "只看试抽"), (NO, "不看试抽")]),
    ],
    columns=[
        Column("轮次编码", lambda draw: draw.round_code),
        Column("步骤", wording.step_of),
        Column("名单摘要", lambda draw: draw.candidates_hash),
        Column("种子摘要", lambda draw: draw.seed_hash),
        Column("名单冻结时间", lambda draw: wording.minute(draw.frozen_at)),
        Column("抽取时间", lambda draw: wording.minute(draw.drawn_at)),
        Column("试抽", lambda draw: "是" if draw.is_trial else ""),
        Column("作废理由", lambda draw: draw.void_reason),
    ],
    search=lambda found, words: found.filter(round_code__startswith=words),
    search_hint="轮次编码",
)  # fmt: skip
