"""Pages of units: the list, and one unit with its people, its duties and what it has to put right."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.enums import COMMITTEE_KINDS, Permission
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.organisation.permissions import may_edit, may_export
from chuangwei.domain.problems.enums import OPEN
from chuangwei.domain.problems.enums import Permission as Problems
from chuangwei.domain.problems.queries import overdue_problems, problems
from chuangwei.web.office.organisation.chains import duty_lines
from chuangwei.web.office.organisation.listing import units_listing
from chuangwei.web.office.organisation.moves import NEW_UNIT, UNIT_MOVES
from chuangwei.web.office.places import moving
from chuangwei.web.office.places.histories import changes
from chuangwei.web.office.places.moving import Where
from chuangwei.web.office.places.told import problem_lines
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.listing import day_of
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import OfficeRequest, command, page

SHOWN = 10
MOST_DUTIES = 200
KIND = "organisation.unit"


@page
def unit_list(request: OfficeRequest) -> HttpResponse:
    actor = request.actor
    require_or_404(actor.may(Permission.VIEW))
    return render_page(
        request, "office/organisation/unit_list.html",
        part="list",
        list=units_listing(actor).shown(queries.units(actor=actor), request),
        may_add=may_edit(actor),
        export_address=reverse("office:unit_export") if may_export(actor) else "",
    )  # fmt: skip


@command
def unit_export(request: OfficeRequest) -> HttpResponseBase:
    actor = request.actor
    require_or_404(actor.may(Permission.VIEW) and may_export(actor))
    return export_listing(units_listing(actor), queries.units(actor=actor), request, title="单位", by=actor)


@page
def unit_detail(request: OfficeRequest, code: str) -> HttpResponse:
    actor = request.actor
    unit: Unit = get_or_404(queries.units(actor=actor), code=code)
    asked = request.GET.get("day", "")
    day = day_of(asked) or clock.today()
    held = queries.duties(actor=actor).filter(unit=unit, pk__in=queries.duties_held(day).values("pk"))
    duties = duty_lines(actor, held.order_by("role", "pk")[: MOST_DUTIES + 1])
    return render_page(
        request, "office/organisation/unit_detail.html",
        part="members",
        unit=unit,
        trail=_trail(actor, unit),
        ways=moving.ways(UNIT_MOVES, actor, unit, lambda slug: reverse("office:unit_step", args=[code, slug])),
        changes=changes(KIND, code),
        day=day,
        is_today=day == clock.today(),
        is_wrong_day=bool(asked) and day_of(asked) is None,
        is_committee=unit.kind in COMMITTEE_KINDS and unit.area is not None,
        members=_members(actor, unit, day),
        children=queries.units(actor=actor).filter(parent=unit).order_by("code"),
        duties=duties[:MOST_DUTIES],
        has_more_duties=len(duties) > MOST_DUTIES,
        **_problems(actor, unit),
    )  # fmt: skip


def _trail(actor: Actor, unit: Unit) -> list[Crumb]:
    above = unit.parent if unit.parent and queries.units(actor=actor).filter(pk=unit.parent.pk).exists() else None
    steps = [Crumb(above.name, page_of("unit", above.code))] if above else []
    return [Crumb("单位", reverse("office:unit_list")), *steps, Crumb(unit.name)]


def _members(actor: Actor, unit: Unit, day: date) -> list[dict[str, Any]]:
    """Who serves on a day, the main members first, then by code. Two queries."""
    serving = unit.memberships.filter(queries.serving_on(day)).select_related("person")
    seen = set(queries.persons(actor=actor).filter(memberships__unit=unit).values_list("code", flat=True))
    return [
        {
            "name": one.person.name, "code": one.person.code, "title": one.person.title, "is_main": one.is_main,
            "from_on": one.from_on, "to_on": one.to_on, "public_phone": one.person.public_phone,
            "address": page_of("person", one.person.code) if one.person.code in seen else "",
        }
        for one in serving.order_by("-is_main", "person__code")
    ]  # fmt: skip


def _problems(actor: Actor, unit: Unit) -> dict[str, Any]:
    if not actor.may(Problems.VIEW):
        return {"problems": None}
    own = problems(actor=actor).filter(unit=unit)
    return {
        "problems": problem_lines(actor, own.filter(state__in=sorted(OPEN)), SHOWN),
        "open_count": own.filter(state__in=sorted(OPEN)).count(),
        "late_count": overdue_problems(actor=actor, at=clock.now()).filter(unit=unit).count(),
    }


# --- What is done with a unit -------------------------------------------------------------------------------------------


def _new_where() -> Where:
    return Where(
        command=reverse("office:unit_create"),
        back=reverse("office:unit_list"),
        title=NEW_UNIT.title,
        trail=[Crumb("单位", reverse("office:unit_list")), Crumb(NEW_UNIT.title)],
    )


@page
def unit_new(request: OfficeRequest) -> HttpResponse:
    move = moving.chosen([NEW_UNIT], request.actor, None, NEW_UNIT.slug)
    return moving.ask(request, move, None, _new_where())


@command
def unit_create(request: OfficeRequest) -> HttpResponse:
    move = moving.chosen([NEW_UNIT], request.actor, None, NEW_UNIT.slug)
    return moving.make(request, move, None, _new_where(), back=lambda unit: page_of("unit", unit.code))


def _where(unit: Unit, move: moving.Move) -> Where:
    back = page_of("unit", unit.code)
    return Where(
        command=reverse("office:unit_move", args=[unit.code, move.slug]),
        back=back,
        title=f"{move.title}：{unit.name}",
        trail=[Crumb("单位", reverse("office:unit_list")), Crumb(unit.name, back), Crumb(move.title)],
    )


@page
def unit_step(request: OfficeRequest, code: str, move: str) -> HttpResponse:
    unit: Unit = get_or_404(queries.units(actor=request.actor), code=code)
    which = moving.chosen(UNIT_MOVES, request.actor, unit, move)
    return moving.ask(request, which, unit, _where(unit, which))


@command
def unit_move(request: OfficeRequest, code: str, move: str) -> HttpResponse:
    unit: Unit = get_or_404(queries.units(actor=request.actor), code=code)
    which = moving.chosen(UNIT_MOVES, request.actor, unit, move)
    return moving.make(request, which, unit, _where(unit, which))
