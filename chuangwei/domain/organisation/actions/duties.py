"""A duty begins and ends; it is never overwritten (domain §3)."""

from datetime import date, datetime, timedelta

from django.db.models import Q

from chuangwei.core import audit
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.text import code_text
from chuangwei.core.transitions import log_change
from chuangwei.core.writes import action
from chuangwei.domain.organisation import rules
from chuangwei.domain.organisation.models import Duty, Person, Unit
from chuangwei.domain.organisation.permissions import OWN_RIGHTS, OWN_SIGHT, gains_sight, is_own_right, may_edit
from chuangwei.domain.places import actions as places
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.standards.models import Item


@action
def begin_duty(
    *, holder: Person | Unit, role: str, place: Area | Site, starts_on: date, by: Actor, at: datetime,
    ends_on: date | None = None, hours: str = "", standard: Item | None = None,
) -> Duty:  # fmt: skip
    """Let a person or a unit answer as `role` for an area or a site from a day on.

    Two holders of a single role are allowed: a hand-over may have days in common, and overlaps are listed, not forbidden.
    """
    require(may_edit(by) and _covers(by, place))
    _not_oneself(by, holder)
    _not_more_sight(by, holder, place)
    if not code_text(role):
        raise DomainError("请填写角色。")
    if ends_on is not None and ends_on < starts_on:
        raise DomainError("结束日期不能早于开始日期。")
    _not_beyond(place, ends_on)
    duty = Duty(
        person=holder if isinstance(holder, Person) else None,
        unit=holder if isinstance(holder, Unit) else None,
        role=code_text(role),
        area=place if isinstance(place, Area) else None,
        site=place if isinstance(place, Site) else None,
        starts_on=starts_on, ends_on=ends_on, hours=_kept_hours(hours), standard=standard,
    )  # fmt: skip
    same = {name: getattr(duty, name) for name in ("person", "unit", "role", "area", "site", "starts_on", "hours")}
    if Duty.objects.filter(**same).exists():
        raise DomainError(f"{holder.name}从 {starts_on} 起在『{place.name}』任{duty.role}已经登记过了。")
    duty.save()
    audit.record(
        verb="开始责任", subject_kind="organisation.duty", subject_code=str(duty.pk), by=by, at=at,
        details={
            "holder": holder.code, "role": duty.role, "place": place.code, "hours": duty.hours,
            "from": str(starts_on), "to": str(ends_on or ""),
        },
    )  # fmt: skip
    return duty


@action
def end_duty(*, duty: Duty, ends_on: date, by: Actor, at: datetime, note: str = "") -> Duty:
    """Set the last day of a duty, or correct it; the old one stays in the history.

    What should never have begun, because its place was gone, ends on its first day.
    """
    place = duty.area or duty.site
    require(may_edit(by) and place is not None and _covers(by, place))
    _not_oneself(by, duty.person)
    if duty.ends_on is not None and ends_on > duty.ends_on:
        _not_more_sight(by, duty.unit, place)
    if ends_on < duty.starts_on:
        raise DomainError(f"结束日期不能早于开始日期 {duty.starts_on}。")
    if place is not None and ends_on > duty.starts_on:
        _not_beyond(place, ends_on)
    return _ended(duty, ends_on, by=by, at=at, note=note)


@action
def hand_over_duty(
    *, duty: Duty, holder: Person | Unit, from_on: date, by: Actor, at: datetime, note: str = ""
) -> Duty:
    """Somebody else holds a duty from a day on: the old one ends the day before, the new one has all else alike."""
    place, old = duty.area or duty.site, duty.person or duty.unit
    require(may_edit(by) and place is not None and _covers(by, place))
    _not_oneself(by, old, holder)
    if place is None or old is None or (duty.ends_on is not None and duty.ends_on < from_on):
        raise DomainError(f"这项责任已于 {duty.ends_on} 结束，不能交接。")
    if old == holder:
        raise DomainError(f"{holder.name}就是现在的责任人。")
    if from_on <= duty.starts_on:
        raise DomainError(f"交接须在开始日期 {duty.starts_on} 之后。")
    last = duty.ends_on
    end_duty(duty=duty, ends_on=from_on - timedelta(days=1), by=by, at=at, note=note or f"交接给{holder.name}")
    return begin_duty(
        holder=holder, role=duty.role, place=place, starts_on=from_on, ends_on=last, hours=duty.hours,
        standard=duty.standard, by=by, at=at,
    )  # fmt: skip


@action
def close_site(*, site: Site, ends_on: date, by: Actor, at: datetime, note: str) -> Site:
    """The last day a site exists is the last day anybody answers for it: every duty for it ends with it.

    Who may close the site ends them, her own too: nobody gains by it, and a duty for what is gone would show it for ever.
    """
    held = (
        Duty.objects.filter(site=site)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=ends_on))
        .order_by("starts_on", "pk")
    )
    duties = list(held.select_related("person", "unit"))
    if duties and duties[-1].starts_on > ends_on:
        last = duties[-1]
        raise DomainError(
            f"{last.person or last.unit}从 {last.starts_on} 起在这里任{last.role}，撤销日期不能早于这一天。"
            "请把撤销日期改到这一天或以后。"
        )
    closed: Site = places.close_site(site=site, ends_on=ends_on, by=by, at=at, note=note)
    for duty in duties:
        _ended(duty, ends_on, by=by, at=at, note=f"点位撤销：{note}")
    return closed


def _ended(duty: Duty, ends_on: date, *, by: Actor, at: datetime, note: str) -> Duty:
    log_change(
        subject_kind="organisation.duty", subject_code=str(duty.pk), field="结束日期", old=duty.ends_on, new=ends_on,
        by=by, at=at, note=note,
    ).save()  # fmt: skip
    duty.ends_on = ends_on
    duty.save(update_fields=["ends_on"])
    audit.record(
        verb="结束责任", subject_kind="organisation.duty", subject_code=str(duty.pk), by=by, at=at, note=note,
        details={"to": str(ends_on)},
    )  # fmt: skip
    return duty


def _covers(by: Actor, place: Area | Site) -> bool:
    return by.covers(place.path) if isinstance(place, Area) else by.covers_site(place.area.path, place.code)


def _not_oneself(by: Actor, *holders: Person | Unit | None) -> None:
    if any(isinstance(holder, Person) and is_own_right(by, holder.code) for holder in holders):
        raise DomainError(OWN_RIGHTS)


def _not_more_sight(by: Actor, holder: Person | Unit | None, place: Area | Site | None) -> None:
    path = place.path if isinstance(place, Area) else place.area.path if place else ""
    if isinstance(holder, Unit) and gains_sight(by, holder.code, path):
        raise DomainError(OWN_SIGHT)


def _not_beyond(place: Area | Site, ends_on: date | None) -> None:
    if fault := rules.outlasting(ends_on, place=place.name, last_day=place.ends_on):
        raise DomainError(fault)


def _kept_hours(hours: str) -> str:
    try:
        return rules.hours_text(hours)
    except ValueError as fault:
        raise DomainError(str(fault)) from None
