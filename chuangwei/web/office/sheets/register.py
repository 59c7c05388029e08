"""register.xlsx 底册: areas, sites, units, persons, duties (workbooks.md)."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chuangwei.core import geo, presets
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError
from chuangwei.core.geo import BadBoundary
from chuangwei.core.rows import Rows, Taking
from chuangwei.core.text import Unreadable, mask_phone
from chuangwei.core.workbook import cells
from chuangwei.core.workbook.cells import BadValue
from chuangwei.core.workbook.tables import Column, SheetSpec
from chuangwei.core.workbook.values import Cell
from chuangwei.core.workbook.writer import CELL_LIMIT, SheetRows
from chuangwei.domain.organisation.actions import import_organisation
from chuangwei.domain.organisation.enums import KNOWN_UNIT_KINDS
from chuangwei.domain.organisation.models import Membership
from chuangwei.domain.organisation.permissions import visible_duties, visible_persons, visible_units
from chuangwei.domain.places.actions import import_places
from chuangwei.domain.places.enums import Datum
from chuangwei.domain.places.permissions import visible_areas, visible_sites
from chuangwei.web.office.sheets.book import Book, Occasion, Wish

AREA_KINDS = ("县", "乡镇", "街道", "社区", "村", "网格", "自然村", "村民小组")
NAME, NOTE = cells.text(length=100), cells.text(length=5000)


def _boundary(value: Cell) -> dict[str, Any]:
    text = cells.text(length=CELL_LIMIT)(value)
    try:
        geo.boundary(text)  # type: ignore[arg-type]
    except BadBoundary as error:
        raise BadValue(error.message) from None
    shape: dict[str, Any] = json.loads(str(text))
    return {"type": shape["type"], "coordinates": shape["coordinates"]}


AREAS = SheetSpec(
    "区划",
    [
        Column("编码", "code", cells.code, required=True),
        Column("名称", "name", NAME, required=True),
        Column("类型", "kind", cells.choice(AREA_KINDS), required=True),
        Column("上级编码", "parent", cells.code),
        Column("人口", "population", cells.count),
        Column("户数", "households", cells.count),
        Column("边界", "boundary", _boundary),
    ],
    key=("code",),
)
SITES = SheetSpec(
    "点位",
    [
        Column("编码", "code", cells.code, required=True),
        Column("名称", "name", NAME, required=True),
        Column("类型", "kind", cells.word, required=True),
        Column("区划编码", "area", cells.code, required=True),
        Column("经度", "longitude", cells.degrees),
        Column("纬度", "latitude", cells.degrees),
        Column("坐标系", "datum", cells.choice({each.label: each.value for each in Datum}), empty=Datum.WGS84.value),
        Column("示范", "is_example", cells.yes_or_no, empty=False),
        Column("备注", "note", NOTE, empty=""),
    ],
    key=("code",),
)
UNITS = SheetSpec(
    "单位",
    [
        Column("编码", "code", cells.code, required=True),
        Column("名称", "name", NAME, required=True),
        Column("类型", "kind", cells.choice(KNOWN_UNIT_KINDS), required=True),
        Column("上级编码", "parent", cells.code),
        Column("区划编码", "area", cells.code),
    ],
    key=("code",),
)
PERSONS = SheetSpec(
    "人员",
    [
        Column("编码", "code", cells.code, required=True),
        Column("姓名", "name", cells.text(length=64), required=True),
        Column("职务", "title", cells.text(length=64), empty=""),
        Column("单位编码", "unit", cells.code),
        Column("手机", "phone", cells.words(length=32), empty=""),
    ],
    key=("code",),
)
DUTIES = SheetSpec(
    "责任",
    [
        Column("责任人编码", "holder", cells.code, required=True),
        Column("角色", "role", cells.words(length=32), required=True),
        Column("对象编码", "place", cells.code, required=True),
        Column("开始日期", "starts_on", cells.day, required=True),
        Column("结束日期", "ends_on", cells.day),
        Column("时段", "hours", cells.words(length=64), empty=""),
    ],
)


def take(rows: Mapping[str, Rows], occasion: Occasion) -> Taking:
    """Places first: units, persons and duties refer to them."""
    by, at = occasion.by, occasion.at
    places = import_places(areas=rows["areas"], sites=rows["sites"], by=by, at=at, save=occasion.save)
    save = occasion.save and not places.is_faulty
    people = import_organisation(
        units=rows["units"], persons=rows["persons"], duties=rows["duties"], by=by, at=at,
        areas=places.codes["areas"], sites=places.codes["sites"], save=save,
    )  # fmt: skip
    return Taking(
        tallies=places.tallies | people.tallies,
        codes=places.codes | people.codes,
        moves=places.moves + people.moves,
        faults=places.faults | people.faults,
        notices=list(_strange_levels(rows["areas"])),
    )


def _strange_levels(areas: Rows) -> Iterator[str]:
    """Kinds of area no preset in use has among its levels: read, but no series will rank them."""
    levels = {level for use in presets.holdings() for level in use.document.sections["areas"].levels}
    if levels:
        for kind, count in Counter(areas["kind"]).items():
            if kind is not None and kind not in levels:
                yield f"『区划』里有 {count} 个“{kind}”，不在所用预设的层级（{'、'.join(sorted(levels))}）里。"


# --- Out --------------------------------------------------------------------------------------------------------------


def write(actor: Actor, wish: Wish) -> Iterator[Sequence[SheetRows]]:
    yield [
        _sheet(AREAS, _area_rows(actor, wish)),
        _sheet(SITES, _site_rows(actor)),
        _sheet(UNITS, _unit_rows(actor)),
        _sheet(PERSONS, _person_rows(actor, wish)),
        _sheet(DUTIES, _duty_rows(actor)),
    ]


def _sheet(spec: SheetSpec, rows: Iterator[Sequence[Any]]) -> SheetRows:
    return SheetRows(spec.name, [column.head for column in spec.columns], rows)


def _area_rows(actor: Actor, wish: Wish) -> Iterator[Sequence[Any]]:
    for area in visible_areas(actor).select_related("parent").order_by("path"):
        shape = json.dumps(area.boundary, separators=(",", ":")) if area.boundary else None
        if shape is not None and len(shape) > CELL_LIMIT:
            wish.notices.append(f"区划 {area.code} {area.name} 的边界太长，Excel 单元格放不下，没有导出。")
            shape = None
        parent = area.parent.code if area.parent else None
        yield area.code, area.name, area.kind, parent, area.population, area.households, shape


def _site_rows(actor: Actor) -> Iterator[Sequence[Any]]:
    for site in visible_sites(actor).select_related("kind", "area").order_by("code"):
        longitude, latitude, datum = site.given_longitude, site.given_latitude, site.datum
        if longitude is None:
            longitude, latitude, datum = site.longitude, site.latitude, Datum.WGS84
        shown = None if longitude is None else datum
        yield (
            site.code, site.name, site.kind.code, site.area.code, longitude, latitude, shown, site.is_example, site.note,
        )  # fmt: skip


def _unit_rows(actor: Actor) -> Iterator[Sequence[Any]]:
    for unit in visible_units(actor).select_related("parent", "area").order_by("code"):
        parent, area = unit.parent, unit.area
        yield unit.code, unit.name, unit.kind, parent.code if parent else None, area.code if area else None


def _person_rows(actor: Actor, wish: Wish) -> Iterator[Sequence[Any]]:
    """Phones are masked unless somebody gave a reason; a masked phone read back changes nothing."""
    served = dict(Membership.objects.filter(is_main=True, to_on__isnull=True).values_list("person_id", "unit__code"))
    for person in visible_persons(actor).order_by("code"):
        if wish.with_phones and isinstance(person.phone, Unreadable):
            raise DomainError(f"人员 {person.code} 的手机号{person.phone}，没有导出。")
        phone = person.phone if wish.with_phones else mask_phone(person.phone)
        yield person.code, person.name, person.title, served.get(person.pk), phone


def _duty_rows(actor: Actor) -> Iterator[Sequence[Any]]:
    for duty in visible_duties(actor).select_related("person", "unit", "area", "site").order_by("pk"):
        holder, place = duty.person or duty.unit, duty.area or duty.site
        yield (
            holder.code if holder else "", duty.role, place.code if place else "", duty.starts_on, duty.ends_on,
            duty.hours,
        )  # fmt: skip


REGISTER = Book(
    slug="register",
    title="底册",
    sheets={"areas": AREAS, "sites": SITES, "units": UNITS, "persons": PERSONS, "duties": DUTIES},
    take=take,
    write=write,
)
