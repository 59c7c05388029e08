"""A site comes, is corrected, is called an example, and goes (domain §2)."""

from dataclasses import dataclass
from datetime import date, datetime

from chuangwei.core import audit, geo
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.geo import Position
from chuangwei.core.text import code_text, free_text
from chuangwei.core.writes import action
from chuangwei.domain.places.actions.logs import log_changes, log_move
from chuangwei.domain.places.enums import Datum
from chuangwei.domain.places.models import Area, Designation, Site, SiteKind, SiteSpell
from chuangwei.domain.places.permissions import may_edit

KIND = "places.site"
EXAMPLE = "示范点位"


@dataclass(frozen=True, slots=True)
class GivenPosition:
    """A position as somebody gave it, in whatever datum; stored in WGS84 beside what was given."""

    longitude: float
    latitude: float
    datum: str = Datum.WGS84

    def stored(self) -> Position:
        """DomainError for one outside China, with what to mend."""
        given = Position(self.longitude, self.latitude)
        position = geo.to_wgs84(given, self.datum)
        fault = geo.position_fault(*given) or geo.position_fault(*position)
        if fault:
            raise DomainError(fault)
        return position

    def __str__(self) -> str:
        return f"{self.longitude!r},{self.latitude!r} {self.datum}"


def place_code(code: str) -> str:
    """A code for a new area or site: areas and sites share one set, and a path is written with slashes."""
    found = code_text(code)
    if not found:
        raise DomainError("请填写编码。")
    if "/" in found:
        raise DomainError(f"编码里不能有 /：“{found}”。")
    if Area.objects.filter(code=found).exists() or Site.objects.filter(code=found).exists():
        raise DomainError(f"编码 {found} 已经用过。区划和点位不能同码。")
    return found


@action
def create_site(
    *, code: str, name: str, kind: SiteKind, area: Area, by: Actor, at: datetime, starts_on: date | None = None,
    position: GivenPosition | None = None, note: str = "",
) -> Site:  # fmt: skip
    """A site that exists from a day on (none: since ever), with its first spell."""
    require(may_edit(by) and by.covers(area.path))
    if area.ends_on is not None and (starts_on is None or starts_on > area.ends_on):
        raise DomainError(f"『{area.name}』已于 {area.ends_on} 撤销，不能再添点位。")
    if kind.retired_on is not None:
        raise DomainError(f"点位类型『{kind.name}』已停用。")
    site = Site(
        code=place_code(code), name=_named(name), kind=kind, area=area, starts_on=starts_on, note=free_text(note)
    )
    _put(site, position)
    site.save(force_insert=True)
    SiteSpell.objects.create(site=site, kind=kind, area=area, from_on=starts_on)
    log_move(KIND, site.code, "create", "设立", target=kind.name, by=by, at=at)
    audit.record(
        verb="设立点位", subject_kind=KIND, subject_code=site.code, by=by, at=at,
        details={"kind": kind.code, "area": area.code, "position": str(position or "")},
    )  # fmt: skip
    return site


@action
def edit_site(
    *, site: Site, name: str, position: GivenPosition | None, note: str, by: Actor, at: datetime
) -> Site:  # fmt: skip
    """Correct what a site is called and where it is. Without a position it has none from now on."""
    require(may_edit(by) and by.covers_site(site.area.path, site.code))
    old = (site.name, _told(site), site.note)
    site.name, site.note = _named(name), free_text(note)
    _put(site, position)
    pairs = zip(("名称", "坐标", "备注"), old, (site.name, _told(site), site.note), strict=True)
    changed = log_changes(KIND, site.code, [(field, was, now) for field, was, now in pairs], by=by, at=at)
    if changed:
        site.save(
            update_fields=[
                "name", "note", "longitude", "latitude", "datum", "given_longitude", "given_latitude",
            ]
        )  # fmt: skip
        audit.record(
            verb="改正点位", subject_kind=KIND, subject_code=site.code, by=by, at=at, details={"fields": changed}
        )  # fmt: skip
    return site


@action
def designate_site(
    *, site: Site, from_on: date, by: Actor, at: datetime, paper: str = "", title: str = EXAMPLE
) -> Designation:
    """Call a site an example (or what else) from a day on, by a paper."""
    require(may_edit(by) and by.covers_site(site.area.path, site.code))
    if Designation.objects.filter(site=site, title=title, to_on__isnull=True).exists():
        raise DomainError(f"『{site.name}』已经是{title}。")
    made = Designation.objects.create(site=site, title=title, from_on=from_on, paper=free_text(paper))
    _mark_example(site)
    log_move(KIND, site.code, "designate", "认定", target=title, by=by, at=at, note=made.paper)
    audit.record(
        verb="认定点位", subject_kind=KIND, subject_code=site.code, by=by, at=at, note=made.paper,
        details={"title": title, "from": str(from_on)},
    )  # fmt: skip
    return made


@action
def end_designation(*, site: Site, to_on: date, by: Actor, at: datetime, note: str = "", title: str = EXAMPLE) -> Site:
    """The last day of a title a site bears."""
    require(may_edit(by) and by.covers_site(site.area.path, site.code))
    held = Designation.objects.filter(site=site, title=title, to_on__isnull=True).first()
    if held is None:
        raise DomainError(f"『{site.name}』现在不是{title}。")
    if held.from_on is not None and to_on < held.from_on:
        raise DomainError(f"取消的日期不能早于认定的日期 {held.from_on}。")
    held.to_on = to_on
    held.save(update_fields=["to_on"])
    _mark_example(site)
    log_move(KIND, site.code, "end_designation", "取消认定", source=title, by=by, at=at, note=note)
    audit.record(
        verb="取消认定", subject_kind=KIND, subject_code=site.code, by=by, at=at, note=note,
        details={"title": title, "to": str(to_on)},
    )  # fmt: skip
    return site


@action
def close_site(*, site: Site, ends_on: date, by: Actor, at: datetime, note: str) -> Site:
    """The last day a site exists. What it was, its visits and problems stay."""
    require(may_edit(by) and by.covers_site(site.area.path, site.code))
    if site.ends_on is not None:
        raise DomainError(f"『{site.name}』已于 {site.ends_on} 撤销。")
    if site.starts_on is not None and ends_on < site.starts_on:
        raise DomainError(f"撤销日期不能早于设立日期 {site.starts_on}。")
    if not note.strip():
        raise DomainError("撤销点位须写明理由。")
    spell = SiteSpell.objects.get(site=site, to_on__isnull=True)
    if spell.from_on is not None and ends_on < spell.from_on:
        raise DomainError(f"{spell.from_on} 已有一次变更，撤销日期不能早于这一天。")
    site.ends_on = ends_on
    site.save(update_fields=["ends_on"])
    for held in Designation.objects.filter(site=site, to_on__isnull=True):
        held.to_on = max(ends_on, held.from_on or ends_on)
        held.save(update_fields=["to_on"])
    _mark_example(site)
    log_move(KIND, site.code, "close", "撤销", source=site.name, by=by, at=at, note=note)
    audit.record(
        verb="撤销点位", subject_kind=KIND, subject_code=site.code, by=by, at=at, note=note,
        details={"to": str(ends_on)},
    )  # fmt: skip
    return site


def _named(name: str) -> str:
    found = free_text(name)
    if not found:
        raise DomainError("请填写名称。")
    return found


def _put(site: Site, position: GivenPosition | None) -> None:
    if position is None:
        site.longitude = site.latitude = site.given_longitude = site.given_latitude = None
        site.datum = Datum.WGS84
        return
    site.longitude, site.latitude = position.stored()
    site.given_longitude, site.given_latitude = position.longitude, position.latitude
    site.datum = position.datum


def _told(site: Site) -> str:
    """A position as it was given: what is compared, and what the history says."""
    if site.longitude is None or site.latitude is None:
        return ""
    if site.given_longitude is None or site.given_latitude is None:
        return str(GivenPosition(site.longitude, site.latitude))
    return str(GivenPosition(site.given_longitude, site.given_latitude, site.datum))


def _mark_example(site: Site) -> None:
    """The quick mark beside the dated truth, as lists and imports read it."""
    site.is_example = Designation.objects.filter(site=site, title=EXAMPLE, to_on__isnull=True).exists()
    site.save(update_fields=["is_example"])
