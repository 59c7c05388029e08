"""A chain as a page shows it: each role with who holds it, by which tie, on duty or not; who is missing; who is too many."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.models import Duty
from chuangwei.domain.organisation.permissions import may_edit
from chuangwei.domain.organisation.queries import Answer, Link
from chuangwei.domain.places.models import Area, Site
from chuangwei.web.office.places.households import name_of
from chuangwei.web.shared.links import page_of


@dataclass(frozen=True)
class Holder:
    """Somebody in a chain. `via` is the place whose duty it is, "" where it is the place asked for."""

    name: str
    address: str
    via: str
    hours: str
    since: date | None
    is_on_duty: bool


@dataclass(frozen=True)
class RoleRow:
    name: str
    is_overlap: bool
    holders: list[Holder] = field(default_factory=list)

    @property
    def is_missing(self) -> bool:
        return not self.holders


def chain_rows(answer: Answer, actor: Actor, day: date) -> list[RoleRow]:
    """The roles in their order. Four queries, however long the chain."""
    names = queries.names_of_holders({link.holder for link in answer.links})
    addresses = holder_addresses(actor, list(names))
    places = _names_of_places({link.via for link in answer.links} - {answer.place})
    ties = _ties(answer.links, day)
    overlapping = {overlap.role for overlap in answer.overlaps}
    return [
        RoleRow(
            role.name,
            role.name in overlapping,
            [
                _holder(link, names, addresses, places, ties.get((link.role, link.holder, link.via), []))
                for link in answer.links
                if link.role == role.name
            ],
        )
        for role in answer.roles
    ]


@dataclass(frozen=True)
class DutyLine:
    """A duty as lists show it, with who holds it for what, each with its page where the actor may open it."""

    key: int
    role: str
    holder: str
    holder_address: str
    place: str
    place_kind: str
    place_address: str
    starts_on: date
    ends_on: date | None
    hours: str
    state: str
    is_now: bool
    may_end: bool


def duty_lines(actor: Actor, duties: Iterable[Duty]) -> list[DutyLine]:
    """Three queries beside that of the duties themselves."""
    rows = list(duties)
    addresses = holder_addresses(actor, [one.code for row in rows if (one := row.person or row.unit)])
    return [_duty_line(actor, row, addresses) for row in rows]


def _duty_line(actor: Actor, duty: Duty, addresses: Mapping[str, str]) -> DutyLine:
    holder, today = duty.person or duty.unit, clock.today()
    is_over = duty.ends_on is not None and duty.ends_on < today
    state = "已结束" if is_over else "未开始" if duty.starts_on > today else "现任"
    place = duty.site or duty.area
    path = duty.site.area.path if duty.site else duty.area.path if duty.area else ""
    return DutyLine(
        key=duty.pk,
        role=duty.role,
        holder=holder.name if holder else "",
        holder_address=addresses.get(holder.code, "") if holder else "",
        place=name_of(actor, duty.site) if duty.site else str(place or ""),
        place_kind=duty.site.kind.name if duty.site else duty.area.kind if duty.area else "",
        place_address=page_of("site" if duty.site else "area", place.code) if place else "",
        starts_on=duty.starts_on,
        ends_on=duty.ends_on,
        hours=duty.hours,
        state=state,
        is_now=state == "现任",
        may_end=not is_over and may_edit(actor) and actor.covers_site(path, duty.site.code if duty.site else None),
    )


def _holder(
    link: Link, names: dict[str, str], addresses: dict[str, str], places: dict[str, str], ties: Sequence[Duty]
) -> Holder:  # fmt: skip
    return Holder(
        name=names.get(link.holder, link.holder),
        address=addresses.get(link.holder, ""),
        via=places.get(link.via, ""),
        hours="、".join(dict.fromkeys(duty.hours for duty in ties if duty.hours)),
        since=min((duty.starts_on for duty in ties), default=None),
        is_on_duty=link.on_duty is not False,
    )


def holder_addresses(actor: Actor, codes: Collection[str]) -> dict[str, str]:
    """The pages of those persons and units the actor may open, by code. Two queries."""
    persons = queries.persons(actor=actor).filter(code__in=codes).values_list("code", flat=True)
    units = queries.units(actor=actor).filter(code__in=codes).order_by().values_list("code", flat=True)
    return {code: page_of("person", code) for code in persons} | {code: page_of("unit", code) for code in units}


def _names_of_places(codes: Collection[str]) -> dict[str, str]:
    wanted = list(codes)
    areas = dict(Area.objects.filter(code__in=wanted).values_list("code", "name"))
    return areas | dict(Site.objects.filter(code__in=wanted).values_list("code", "name"))


def _ties(links: Sequence[Link], day: date) -> dict[tuple[str, str, str], list[Duty]]:
    """The duties behind the links, by role, holder and place. One query."""
    via = {link.via for link in links}
    rows = queries.duties_held(day).select_related("person", "unit", "area", "site")
    held = rows.filter(area__code__in=via) | rows.filter(site__code__in=via)
    found: dict[tuple[str, str, str], list[Duty]] = {}
    for duty in held.order_by("starts_on", "pk"):
        holder, place = duty.person or duty.unit, duty.area or duty.site
        if holder and place:
            found.setdefault((duty.role, holder.code, place.code), []).append(duty)
    return found
