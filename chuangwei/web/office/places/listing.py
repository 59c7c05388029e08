"""What the lists of sites and areas can do."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.organisation.permissions import may_see_residents
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.places.queries import areas, existing_on, site_kinds
from chuangwei.web.office.places import households
from chuangwei.web.shared.listing import Choices, Column, Filter, Listing, Sort

YES_NO = [("yes", "有"), ("no", "没有")]


def below(actor: Actor, prefix: str) -> Callable[[str], Q]:
    """A filter by an area and all below it; a code that names none the actor may see finds nothing."""

    def condition(code: str) -> Q:
        area = areas(actor=actor).filter(code=code).first()
        return Q(**{f"{prefix}path__startswith": area.path}) if area else Q(pk__in=[])

    return condition


def _kinds() -> Choices:
    return [(kind.code, kind.name) for kind in site_kinds()]


def state_condition(value: str) -> Q:
    now = existing_on(clock.today())
    return now if value == "open" else ~now


def _yes(condition: Q) -> Callable[[str], Q]:
    return lambda value: condition if value == "yes" else ~condition


def _gap(actor: Actor) -> Callable[[str], Q]:
    """Computed from the day's duties, so asked only where somebody filters by it."""

    def condition(value: str) -> Q:
        codes = [gap.site for gap in organisation.gaps(day=clock.today(), actor=actor)]
        found = Q(code__in=codes)
        return found if value == "yes" else existing_on(clock.today()) & ~found

    return condition


def _search(actor: Actor) -> Callable[[QuerySet[Site], str], QuerySet[Site]]:
    return lambda found, words: found.filter(
        Q(code__icontains=words) | households.named_condition(actor, Q(name__icontains=words))
    )


def sites_listing(actor: Actor) -> Listing[Site]:
    """For one person: what is hidden from her is neither found, counted nor exported."""
    has_position = households.named_condition(actor, Q(longitude__isnull=False))
    return Listing[Site](
        sorts=[Sort("code", "编码", ("code",)), Sort("name", "名称", ("name", "code"))]
        if may_see_residents(actor)
        else [Sort("code", "编码", ("code",))],
        filters=[
            Filter("state", "状态", state_condition, choices=[("open", "在用"), ("closed", "已撤销")], is_tab=True),
            Filter("kind", "类型", lambda value: Q(kind__code=value), choices=_kinds),
            Filter("area", "区划", below(actor, "area__"), picker="areas"),
            Filter("gap", "盲区", _gap(actor), choices=[("yes", "有盲区"), ("no", "责任链齐")]),
            Filter("example", "示范", lambda value: Q(is_example=value == "yes"), choices=[("yes", "示范"), ("no", "非示范")]),
            Filter("position", "坐标", _yes(has_position), choices=YES_NO),
        ],
        columns=[
            Column("编码", lambda site: site.code),
            Column("名称", lambda site: households.name_of(actor, site)),
            Column("类型", lambda site: site.kind.name),
            Column("区划编码", lambda site: site.area.code),
            Column("所属区划", lambda site: site.area.name),
            Column("示范", lambda site: "是" if site.is_example else ""),
            Column("经度（WGS84）", lambda site: (households.position_of(actor, site) or (None, None))[0]),
            Column("纬度（WGS84）", lambda site: (households.position_of(actor, site) or (None, None))[1]),
            Column("设立日期", lambda site: site.starts_on),
            Column("撤销日期", lambda site: site.ends_on),
        ],
        search=_search(actor),
        search_hint="名称、编码",
    )  # fmt: skip


def _area_kinds(actor: Actor) -> Callable[[], Choices]:
    """From the top of the tree down."""
    return lambda: [
        (kind, kind)
        for kind in dict.fromkeys(areas(actor=actor).order_by("depth", "kind").values_list("kind", flat=True))
    ]


def areas_listing(actor: Actor) -> Listing[Area]:
    return Listing[Area](
        sorts=[Sort("code", "编码", ("code",)), Sort("name", "名称", ("name", "code"))],
        filters=[
            Filter("kind", "类型", lambda value: Q(kind=value), choices=_area_kinds(actor)),
            Filter("area", "在…之下", below(actor, ""), picker="areas"),
            Filter("state", "状态", state_condition, choices=[("open", "现有"), ("closed", "已撤销")]),
        ],
        columns=[
            Column("编码", lambda area: area.code),
            Column("名称", lambda area: area.name),
            Column("类型", lambda area: area.kind),
            Column("上级编码", lambda area: area.parent.code if area.parent else ""),
            Column("上级", lambda area: area.parent.name if area.parent else ""),
            Column("人口", lambda area: area.population),
            Column("户数", lambda area: area.households),
            Column("设立日期", lambda area: area.starts_on),
            Column("撤销日期", lambda area: area.ends_on),
        ],
        search=lambda found, words: found.filter(Q(name__icontains=words) | Q(code__icontains=words)),
        search_hint="名称、编码",
    )
