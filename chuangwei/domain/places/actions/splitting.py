"""An area becomes several (domain §2). What it was stays its history; what it gives away changes hands on that day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chuangwei.core import audit
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.text import code_text, free_text
from chuangwei.core.writes import action
from chuangwei.domain.places.actions.changing import change_area, change_site
from chuangwei.domain.places.actions.logs import log_changes, log_move
from chuangwei.domain.places.actions.sites import place_code
from chuangwei.domain.places.models import Area, AreaSpell, Site
from chuangwei.domain.places.permissions import may_edit

KIND = "places.area"


@dataclass(frozen=True, slots=True)
class NewArea:
    """A part of a split area: its code and name, and the codes of the children and sites it takes."""

    code: str
    name: str
    takes: tuple[str, ...] = ()


@action
def split_area(
    *, area: Area, parts: Sequence[NewArea], from_on: date, by: Actor, at: datetime, ends: bool = False, note: str = ""
) -> list[Area]:
    """From a day on, new areas of the same kind stand beside the old one and take what is named.

    The old one goes on with the rest; with `ends` it is gone that day, and nothing may be left in it. Whoever it was
    merged into or what ended in it earlier stays where it is.
    """
    require(may_edit(by) and by.covers(area.path) and (area.parent is None or by.covers(area.parent.path)))
    if area.ends_on is not None:
        raise DomainError(f"『{area.name}』已于 {area.ends_on} 撤销。")
    if not parts:
        raise DomainError("请写明拆分出哪些区划。")
    children, sites = _standing(area, from_on)
    _check(area, parts, {**children, **sites}, ends=ends)
    made = [_begun(area, part, from_on, by=by, at=at) for part in parts]
    for new, part in zip(made, parts, strict=True):
        for code in map(code_text, part.takes):
            if code in children:
                change_area(area=children[code], parent=new, from_on=from_on, by=by, at=at, note=note)
            else:
                change_site(site=sites[code], area=new, from_on=from_on, by=by, at=at, note=note)
    if ends:
        area.ends_on = from_on - timedelta(days=1)
        area.save(update_fields=["ends_on"])
    names = "、".join(new.name for new in made)
    log_move(KIND, area.code, "split", "拆分", source=area.name, target=names, by=by, at=at, note=note)
    audit.record(
        verb="拆分区划", subject_kind=KIND, subject_code=area.code, by=by, at=at, note=note,
        details={"into": [new.code for new in made], "on": str(from_on), "ends": ends},
    )  # fmt: skip
    return made


def _standing(area: Area, day: date) -> tuple[dict[str, Area], dict[str, Site]]:
    """The children and sites of an area that do not end before the day, by code."""
    children = {one.code: one for one in area.children.all() if one.ends_on is None or one.ends_on >= day}
    sites = area.sites.select_related("kind", "area")
    return children, {one.code: one for one in sites if one.ends_on is None or one.ends_on >= day}


def _check(area: Area, parts: Sequence[NewArea], standing: dict[str, Area | Site], *, ends: bool) -> None:
    for fault in _faults(area, parts, standing, ends=ends):
        raise DomainError(fault)


def _faults(area: Area, parts: Sequence[NewArea], standing: dict[str, Area | Site], *, ends: bool) -> Iterator[str]:
    codes = [code_text(part.code) for part in parts]
    if len(set(codes)) < len(codes):
        yield "拆分出的区划编码重复。"
    if not all(free_text(part.name) for part in parts):
        yield "请填写每个新区划的名称。"
    taken = [code_text(code) for part in parts for code in part.takes]
    unknown = [code for code in taken if code not in standing]
    if unknown:
        yield f"『{area.name}』下没有编码为 {'、'.join(unknown)} 的区划或点位。"
    twice = sorted({code for code in taken if taken.count(code) > 1})
    if twice:
        yield f"{'、'.join(twice)} 分给了不止一个新区划。"
    left = [one.name for code, one in standing.items() if code not in taken]
    if ends and left:
        yield f"『{area.name}』要撤销，还有 {len(left)} 个没有分出去：{'、'.join(left[:5])}。"


def _begun(area: Area, part: NewArea, from_on: date, *, by: Actor, at: datetime) -> Area:
    code, above = place_code(part.code), area.parent.path if area.parent else ""
    new = Area(
        code=code, name=free_text(part.name), kind=area.kind, parent=area.parent, path=f"{above}{code}/",
        depth=area.depth, starts_on=from_on,
    )  # fmt: skip
    new.save(force_insert=True)
    AreaSpell.objects.create(area=new, name=new.name, kind=new.kind, parent=new.parent, from_on=from_on)
    log_move(KIND, code, "begin", "拆分设立", source=area.name, target=new.name, by=by, at=at)
    return new


@action
def edit_area(*, area: Area, population: int | None, households: int | None, by: Actor, at: datetime) -> Area:
    """Correct how many people and households live in an area."""
    require(may_edit(by) and by.covers(area.path))
    changes: list[tuple[str, object, object]] = [
        ("人口", area.population, population), ("户数", area.households, households),
    ]  # fmt: skip
    if any(count is not None and count < 0 for count in (population, households)):
        raise DomainError("人口和户数不能为负。")
    changed = log_changes(KIND, area.code, changes, by=by, at=at)
    if changed:
        area.population, area.households = population, households
        area.save(update_fields=["population", "households"])
        audit.record(
            verb="改正区划", subject_kind=KIND, subject_code=area.code, by=by, at=at, details={"fields": changed}
        )  # fmt: skip
    return area
