"""Verbs of places. What an area or a site was before a change stays in its spells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chuangwei.core import audit, clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.models import TransitionLog
from chuangwei.core.writes import action
from chuangwei.domain.places.actions.logs import log_changes
from chuangwei.domain.places.models import Area, AreaSpell, Site, SiteKind, SiteSpell
from chuangwei.domain.places.permissions import may_edit

KIND_FIELDS = ("name", "aliases", "measure_unit", "note", "source", "is_verified", "is_household", "attributes")


@dataclass(frozen=True)
class KindDraft:
    """A kind of site as the standards data says it."""

    code: str
    name: str
    aliases: list[str] = field(default_factory=list)
    measure_unit: str = ""
    note: str = ""
    source: str = ""
    is_verified: bool = False
    is_household: bool = False
    attributes: dict[str, object] = field(default_factory=dict)


@action
def put_site_kinds(*, kinds: Sequence[KindDraft], by: Actor, at: datetime) -> None:
    """Make the kinds of site what the data says; kinds no longer there are retired, never deleted."""
    require(may_edit(by))
    for draft in kinds:
        values = {name: getattr(draft, name) for name in KIND_FIELDS}
        SiteKind.objects.update_or_create(code=draft.code, defaults={**values, "retired_on": None})
    gone = SiteKind.objects.filter(retired_on__isnull=True).exclude(code__in=[kind.code for kind in kinds])
    gone.update(retired_on=clock.local_day(at))
    audit.record(
        verb="载入点位类型", subject_kind="places.sitekind", subject_code="全部", by=by, at=at,
        details={"count": len(kinds)},
    )  # fmt: skip


@action
def change_area(
    *, area: Area, by: Actor, at: datetime, from_on: date, note: str = "", name: str | None = None,
    kind: str | None = None, parent: Area | None = None,
) -> Area:  # fmt: skip
    """Rename, retype or rehang an area from a day on. Rehanging moves the paths of everything below it."""
    require(may_edit(by) and by.covers(area.path) and (parent is None or by.covers(parent.path)))
    spell = AreaSpell.objects.get(area=area, to_on__isnull=True)
    new = (name or area.name, kind or area.kind, parent or area.parent)
    if new == (area.name, area.kind, area.parent):
        return area
    if parent is not None and parent.path.startswith(area.path):
        raise DomainError(f"『{area.name}』不能归到自己或自己的下级之下。")
    log_changes("places.area", area.code, _area_changes(area, *new), by=by, at=at, note=note)
    old_path = area.path
    area.name, area.kind, area.parent = new
    area.path = f"{area.parent.path if area.parent else ''}{area.code}/"
    area.depth = area.path.count("/")
    area.save(update_fields=["name", "kind", "parent", "path", "depth"])
    if old_path != area.path:
        _move_below(old_path, area.path)
    if _close_spell(spell, from_on):
        AreaSpell.objects.create(area=area, name=area.name, kind=area.kind, parent=area.parent, from_on=from_on)
    else:
        AreaSpell.objects.filter(pk=spell.pk).update(name=area.name, kind=area.kind, parent=area.parent)
    audit.record(verb="变更区划", subject_kind="places.area", subject_code=area.code, by=by, at=at, note=note)
    return area


def _area_changes(area: Area, name: str, kind: str, parent: Area | None) -> list[tuple[str, object, object]]:
    return [
        ("名称", area.name, name),
        ("类型", area.kind, kind),
        ("上级", area.parent.code if area.parent else "", parent.code if parent else ""),
    ]


def _move_below(old: str, new: str) -> None:
    below = list(Area.objects.filter(path__startswith=old))
    for area in below:
        area.path = new + area.path[len(old) :]
        area.depth = area.path.count("/")
    Area.objects.bulk_update(below, ["path", "depth"])


def _close_spell(spell: AreaSpell | SiteSpell, from_on: date) -> bool:
    """End the open spell the day before; False where it began that very day and is simply corrected.

    DomainError for a day before it: what was recorded of the time until then would be wrong.
    """
    if spell.from_on is not None and spell.from_on > from_on:
        raise DomainError(f"{spell.from_on} 已有一次变更，新的变更不能早于这一天。")
    if spell.from_on == from_on:
        return False
    spell.to_on = from_on - timedelta(days=1)
    spell.save(update_fields=["to_on"])
    return True


@action
def merge_area(*, area: Area, into: Area, by: Actor, at: datetime, on: date, note: str = "") -> Area:
    """From `on` the area exists no more; its rows go to its heir (domain §8, Subjects)."""
    require(may_edit(by) and by.covers(area.path) and by.covers(into.path))
    if area.ends_on is not None:
        raise DomainError(f"『{area.name}』已于 {area.ends_on} 撤销。")
    if into.pk == area.pk or into.ends_on is not None:
        raise DomainError("只能并入另一个仍然存在的区划。")
    area.ends_on, area.heir = on - timedelta(days=1), into
    area.save(update_fields=["ends_on", "heir"])
    TransitionLog.objects.create(
        subject_kind="places.area", subject_code=area.code, move="merge", move_name="并入", source=area.name,
        target=into.name, by_code=by.code, by_name=by.name, at=at, note=note,
    )  # fmt: skip
    audit.record(
        verb="并入区划", subject_kind="places.area", subject_code=area.code, by=by, at=at, note=note,
        details={"into": into.code, "on": str(on)},
    )  # fmt: skip
    return area


@action
def change_site(
    *, site: Site, by: Actor, at: datetime, from_on: date, note: str = "", kind: SiteKind | None = None,
    area: Area | None = None,
) -> Site:  # fmt: skip
    """Give a site another kind or area from a day on."""
    require(may_edit(by) and by.covers_site(site.area.path, site.code) and (area is None or by.covers(area.path)))
    spell = SiteSpell.objects.get(site=site, to_on__isnull=True)
    new_kind, new_area = kind or site.kind, area or site.area
    if (new_kind, new_area) == (site.kind, site.area):
        return site
    changes: list[tuple[str, object, object]] = [
        ("类型", site.kind.code, new_kind.code),
        ("区划", site.area.code, new_area.code),
    ]
    log_changes("places.site", site.code, changes, by=by, at=at, note=note)
    site.kind, site.area = new_kind, new_area
    site.save(update_fields=["kind", "area"])
    if _close_spell(spell, from_on):
        SiteSpell.objects.create(site=site, kind=new_kind, area=new_area, from_on=from_on)
    else:
        SiteSpell.objects.filter(pk=spell.pk).update(kind=new_kind, area=new_area)
    audit.record(verb="变更点位", subject_kind="places.site", subject_code=site.code, by=by, at=at, note=note)
    return site
