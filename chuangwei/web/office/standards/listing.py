"""The lists of the library: items of an edition, indicators, categories of problem."""

from django.db.models import Q, QuerySet

from chuangwei.domain.standards.enums import AddsUp, ItemKind, Matter
from chuangwei.domain.standards.models import Category, Indicator, Item
from chuangwei.web.office.standards import wording
from chuangwei.web.shared.listing import Choices, Column, Filter, Listing, Sort

UNSURE = Filter(
    "unsure", "核对", lambda value: Q(is_verified=value == "yes"), choices=[("no", "待核"), ("yes", "已核")]
)  # fmt: skip


def _verified(is_verified: bool) -> str:
    return "" if is_verified else "待核"


def items_of(sections: Choices) -> Listing[Item]:
    """The items of one edition, whose sections are these."""
    return Listing[Item](
        sorts=[Sort("order", "标准次序", ("order", "pk"))],
        filters=[
            Filter("section", "部分", lambda value: Q(section_number=int(value)), choices=sections),
            Filter("kind", "性质", lambda value: Q(kind=value), choices=ItemKind.choices),
            UNSURE,
        ],
        columns=[
            Column("编码", lambda item: item.code),
            Column("部分", lambda item: item.section),
            Column("条号", lambda item: item.article),
            Column("名称", lambda item: item.title),
            Column("要求", lambda item: item.text),
            Column("性质", lambda item: item.get_kind_display()),
            Column("指标值", wording.demand),
            Column("佐证", lambda item: item.evidence),
            Column("核对", lambda item: _verified(item.is_verified)),
        ],
        search=_search_items,
        search_hint="名称、要求、编码",
        size=100,
    )


def _search_items(found: QuerySet[Item], words: str) -> QuerySet[Item]:
    return found.filter(Q(title__contains=words) | Q(text__contains=words) | Q(code__icontains=words))


INDICATORS = Listing[Indicator](
    sorts=[Sort("code", "编码", ("code",))],
    filters=[Filter("adds_up", "汇总方式", lambda value: Q(adds_up=value), choices=AddsUp.choices), UNSURE],
    columns=[
        Column("编码", lambda one: one.code),
        Column("名称", lambda one: one.name),
        Column("别名", lambda one: one.aliases),
        Column("单位", lambda one: one.unit),
        Column("汇总方式", lambda one: one.get_adds_up_display()),
        Column("核对", lambda one: _verified(one.is_verified)),
    ],
    search=lambda found, words: found.filter(Q(name__contains=words) | Q(code__icontains=words)),
    size=100,
)


def classes() -> Choices:
    """The classes 大类 of categories."""
    return list(Category.objects.filter(parent=None, retired_on=None).order_by("code").values_list("code", "name"))


CATEGORIES = Listing[Category](
    sorts=[Sort("code", "编码", ("code",))],
    filters=[
        Filter("class", "大类", lambda value: Q(parent__code=value), choices=classes),
        Filter("matter", "性质", lambda value: Q(matter=value), choices=Matter.choices),
        Filter(
            "time", "时限", lambda value: Q(is_time_verified=value == "yes"), choices=[("yes", "已核"), ("no", "待核")]
        ),
    ],
    columns=[
        Column("编码", lambda one: one.code),
        Column("名称", lambda one: one.name),
        Column("大类", lambda one: one.parent.name if one.parent else ""),
        Column("性质", lambda one: one.get_matter_display()),
        Column("时限", wording.time_allowed),
        Column("结案条件", lambda one: one.closes_when),
        Column("旧编码", lambda one: one.legacy_code),
        Column("核对", lambda one: _verified(one.is_verified and one.is_time_verified)),
    ],
    search=lambda found, words: found.filter(
        Q(name__contains=words) | Q(code__contains=words) | Q(legacy_code__contains=words)
    ),
    search_hint="名称、编码、旧编码",
    size=100,
)
