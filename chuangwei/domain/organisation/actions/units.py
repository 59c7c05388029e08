"""A unit comes into the register and is corrected (domain §3). It hangs on one area, or belongs to the whole installation."""

from datetime import datetime

from chuangwei.core import audit
from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.text import code_text, free_text
from chuangwei.core.transitions import log_change
from chuangwei.core.writes import action
from chuangwei.domain.organisation.actions.persons import new_code
from chuangwei.domain.organisation.enums import KNOWN_UNIT_KINDS
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.organisation.permissions import OWN_UNITS, gains_unit, may_edit, may_edit_unit
from chuangwei.domain.organisation.scopes import units_below
from chuangwei.domain.places.models import Area

KIND = "organisation.unit"
LABELS = {"name": "名称", "kind": "类型", "parent": "上级", "area": "区划"}


@action
def create_unit(
    *, code: str, name: str, kind: str, by: Actor, at: datetime, parent: Unit | None = None, area: Area | None = None
) -> Unit:
    """A unit, below another one and of an area where these are given."""
    require(may_edit(by) and by.covers(path_of(area)))
    unit = Unit(code=new_code(code), name=_named(name), kind=_known_kind(kind), parent=parent, area=_standing(area))
    unit.save(force_insert=True)
    audit.record(
        verb="登记单位", subject_kind=KIND, subject_code=unit.code, by=by, at=at,
        details={
            "name": unit.name, "kind": unit.kind, "parent": parent.code if parent else "",
            "area": area.code if area else "",
        },
    )  # fmt: skip
    return unit


@action
def edit_unit(
    *, unit: Unit, name: str, kind: str, by: Actor, at: datetime, parent: Unit | None = None, area: Area | None = None,
    note: str = "",
) -> Unit:  # fmt: skip
    """Correct a unit, or hang it elsewhere. What it was stays in the history; its people and duties go with it."""
    require(may_edit_unit(by, unit) and by.covers(path_of(area)))
    wanted = {"name": _named(name), "kind": _kept_kind(unit, kind), "parent": parent, "area": area}
    changed = {field: (getattr(unit, field), value) for field, value in wanted.items() if getattr(unit, field) != value}
    if not changed:
        return unit
    if "area" in changed:
        _standing(area)
    if changed.keys() - {"name"} and gains_unit(by, unit.code, parent.code if parent else None):
        raise DomainError(OWN_UNITS)
    if parent is not None and parent.code in units_below(unit.code):
        raise DomainError(f"『{parent.name}』就是这个单位或在它下面，不能作它的上级。")
    for field, (old, new) in changed.items():
        log_change(
            subject_kind=KIND, subject_code=unit.code, field=LABELS[field], old=told(old), new=told(new), by=by,
            at=at, note=note,
        ).save()  # fmt: skip
        setattr(unit, field, new)
    unit.save(update_fields=list(changed))
    audit.record(
        verb="改正单位", subject_kind=KIND, subject_code=unit.code, by=by, at=at, note=free_text(note),
        details={"fields": [LABELS[field] for field in changed]},
    )  # fmt: skip
    return unit


def _named(name: str) -> str:
    found = free_text(name)
    if not found:
        raise DomainError("请填写名称。")
    return found


def _known_kind(kind: str) -> str:
    found = code_text(kind)
    if found not in KNOWN_UNIT_KINDS:
        raise DomainError(f"没有『{found}』这类单位；可用：{'、'.join(KNOWN_UNIT_KINDS)}。")
    return found


def _kept_kind(unit: Unit, kind: str) -> str:
    """A unit of a kind that is none any more may keep it."""
    return unit.kind if code_text(kind) == unit.kind else _known_kind(kind)


def _standing(area: Area | None) -> Area | None:
    if area is not None and area.ends_on is not None:
        raise DomainError(f"『{area.name}』已于 {area.ends_on} 撤销，单位不能挂在它下面。")
    return area


def told(value: object) -> object:
    """A value of a unit as its history keeps it, by whichever way it was changed: what has a name, with its code."""
    return f"{value.name}（{value.code}）" if isinstance(value, Unit | Area) else value


def path_of(area: Area | None) -> str:
    """What must be covered to keep a unit of an area; one without belongs to the whole installation."""
    return area.path if area is not None else EVERYWHERE
