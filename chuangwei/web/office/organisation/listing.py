"""What the lists of units, persons, duties and gaps can do."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.text import mask_phone
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.models import Account, Duty, Membership, Person, Unit
from chuangwei.domain.organisation.permissions import may_see_residents
from chuangwei.domain.places.models import Site
from chuangwei.domain.places.queries import site_kinds
from chuangwei.web.office.places import households
from chuangwei.web.office.places.listing import below
from chuangwei.web.shared.listing import Choices, Column, Filter, Listing, Sort, day_of


def _words(*names: str) -> Callable[[QuerySet[Unit], str], QuerySet[Unit]]:
    def search(found: QuerySet[Unit], words: str) -> QuerySet[Unit]:
        condition = Q(pk__in=[])
        for name in names:
            condition |= Q(**{f"{name}__icontains": words})
        return found.filter(condition)

    return search


# --- Units ------------------------------------------------------------------------------------------------------------


def units_listing(actor: Actor) -> Listing[Unit]:
    return Listing[Unit](
        sorts=[Sort("code", "编码", ("code",)), Sort("name", "名称", ("name", "code"))],
        filters=[
            Filter("kind", "类型", lambda value: Q(kind=value), choices=_unit_kinds(actor)),
            Filter("area", "区划", below(actor, "area__"), picker="areas"),
            Filter("parent", "上级单位", lambda value: Q(parent__code=value), picker="units"),
        ],
        columns=[
            Column("编码", lambda unit: unit.code),
            Column("名称", lambda unit: unit.name),
            Column("类型", lambda unit: unit.kind),
            Column("上级编码", lambda unit: unit.parent.code if unit.parent else ""),
            Column("上级", lambda unit: unit.parent.name if unit.parent else ""),
            Column("区划", lambda unit: unit.area.name if unit.area else ""),
        ],
        search=_words("name", "code"),
        search_hint="名称、编码",
    )


def _unit_kinds(actor: Actor) -> Callable[[], Choices]:
    kinds = queries.units(actor=actor).order_by("kind").values_list("kind", flat=True)
    return lambda: [(kind, kind) for kind in dict.fromkeys(kinds)]


# --- Persons ----------------------------------------------------------------------------------------------------------


def persons_listing(actor: Actor) -> Listing[Person]:
    """Phones go out masked; whole ones only through the register's own export."""
    serving = Membership.objects.filter(queries.serving_on(clock.today()), person=OuterRef("pk"))
    holding = queries.duties_held(clock.today()).filter(person=OuterRef("pk"))
    signs_in = Exists(Account.objects.filter(person=OuterRef("pk"), is_active=True))
    return Listing[Person](
        sorts=[Sort("code", "编码", ("code",)), Sort("name", "姓名", ("name", "code"))],
        filters=[
            Filter("unit", "单位", lambda code: Q(Exists(serving.filter(unit__code=code))), picker="units"),
            Filter("role", "现任角色", lambda role: Q(Exists(holding.filter(role=role))), choices=_roles),
            Filter(
                "account", "账号", lambda value: Q(signs_in) if value == "yes" else ~Q(signs_in),
                choices=[("yes", "有账号"), ("no", "没有账号")],
            ),
        ],
        columns=[
            Column("编码", lambda person: person.code),
            Column("姓名", lambda person: person.name),
            Column("职务", lambda person: person.title),
            Column("主要单位", lambda person: getattr(person, "main_unit", "") or ""),
            Column("手机（打码）", lambda person: mask_phone(person.phone)),
            Column("公开电话", lambda person: person.public_phone),
        ],
        search=lambda found, words: found.filter(Q(name__icontains=words) | Q(code__icontains=words)),
        search_hint="姓名、编码",
    )  # fmt: skip


def _roles() -> Choices:
    return [(role, role) for role in queries.known_roles()]


# --- Duties -----------------------------------------------------------------------------------------------------------


def _held(value: str) -> Q:
    return Q(pk__in=queries.duties_held(day_of(value) or clock.today()).values("pk"))


def _state(value: str) -> Q:
    today = clock.today()
    if value == "now":
        return Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    return Q(ends_on__lt=today) if value == "ended" else Q(starts_on__gt=today)


def _place(actor: Actor) -> Callable[[str], Q]:
    of_area, of_site = below(actor, "area__"), below(actor, "site__area__")
    return lambda code: of_area(code) | of_site(code)


def _search_duties(actor: Actor) -> Callable[[QuerySet[Duty], str], QuerySet[Duty]]:
    """Households somebody may not see are not found by their names."""

    def search(found: QuerySet[Duty], words: str) -> QuerySet[Duty]:
        site = Q(site__name__icontains=words)
        if not may_see_residents(actor):
            site &= Q(site__kind__is_household=False)
        return found.filter(
            Q(person__name__icontains=words) | Q(unit__name__icontains=words) | Q(role__icontains=words)
            | Q(area__name__icontains=words) | site
        )  # fmt: skip

    return search


def duties_listing(actor: Actor) -> Listing[Duty]:
    return Listing[Duty](
        sorts=[Sort("newest", "开始日期（新到旧）", ("-starts_on", "-pk")), Sort("role", "角色", ("role", "pk"))],
        filters=[
            Filter(
                "state", "状态", _state, is_tab=True,
                choices=[("now", "现任"), ("ended", "已结束"), ("coming", "未开始")],
            ),
            Filter("role", "角色", lambda value: Q(role=value), choices=_roles),
            Filter("person", "责任人", lambda code: Q(person__code=code), picker="persons"),
            Filter("unit", "责任单位", lambda code: Q(unit__code=code), picker="units"),
            Filter("area", "区划", _place(actor), picker="areas"),
            Filter("site", "点位", lambda code: Q(site__code=code), picker="sites"),
            Filter("held", "某日在任", _held, is_day=True),
        ],
        columns=[
            Column("责任人", lambda duty: _holder(duty).name),
            Column("责任人编码", lambda duty: _holder(duty).code),
            Column("角色", lambda duty: duty.role),
            Column("对象", lambda duty: place_name(actor, duty)),
            Column("对象编码", lambda duty: duty.area.code if duty.area else duty.site.code if duty.site else ""),
            Column("开始日期", lambda duty: duty.starts_on),
            Column("结束日期", lambda duty: duty.ends_on),
            Column("时段", lambda duty: duty.hours),
        ],
        search=_search_duties(actor),
        search_hint="责任人、角色、对象",
    )  # fmt: skip


def _holder(duty: Duty) -> Any:
    """The database holds that there is one."""
    return duty.person or duty.unit


def place_name(actor: Actor, duty: Duty) -> str:
    """The place of a duty as this person may read it."""
    if duty.site is not None:
        return households.name_of(actor, duty.site)
    return duty.area.name if duty.area is not None else ""


# --- Gaps and overlaps ------------------------------------------------------------------------------------------------


def gaps_listing(actor: Actor, missing: Mapping[str, tuple[str, ...]], overlaps: Mapping[str, str]) -> Listing[Site]:
    """Sites with what is wrong with their chain: `missing` roles and told `overlaps` by code of the site."""
    roles = list(dict.fromkeys(role for one in missing.values() for role in one))
    return Listing[Site](
        sorts=[Sort("code", "编码", ("code",))],
        filters=[
            Filter(
                "show", "情形", lambda value: Q(code__in=list(missing if value == "gaps" else overlaps)), is_tab=True,
                choices=[("gaps", "盲区"), ("overlaps", "重叠")],
            ),
            Filter("day", "日期", lambda _: Q(), is_day=True),
            Filter("area", "区划", below(actor, "area__"), picker="areas"),
            Filter("kind", "类型", lambda value: Q(kind__code=value), choices=_site_kinds),
            Filter(
                "role", "缺的角色", lambda role: Q(code__in=[code for code, all_ in missing.items() if role in all_]),
                choices=[(role, role) for role in roles],
            ),
        ],
        columns=[
            Column("编码", lambda site: site.code),
            Column("点位", lambda site: households.name_of(actor, site)),
            Column("类型", lambda site: site.kind.name),
            Column("所属区划", lambda site: site.area.name),
            Column("盲区（缺）", lambda site: "、".join(missing.get(site.code, ()))),
            Column("重叠", lambda site: overlaps.get(site.code, "")),
        ],
        search=lambda found, words: found.filter(
            Q(code__icontains=words) | households.named_condition(actor, Q(name__icontains=words))
        ),
        search_hint="点位名称、编码",
    )  # fmt: skip


def _site_kinds() -> Choices:
    return [(kind.code, kind.name) for kind in site_kinds()]
