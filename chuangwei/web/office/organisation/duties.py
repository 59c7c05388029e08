"""Pages of duties: the list of all, and how one begins, is handed over and ends."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from chuangwei.domain.organisation import permissions, queries
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Duty
from chuangwei.web.office.organisation.chains import duty_lines
from chuangwei.web.office.organisation.listing import duties_listing, place_name
from chuangwei.web.office.organisation.moves import DUTY_MOVES, NEW_DUTY
from chuangwei.web.office.places import moving
from chuangwei.web.office.places.moving import Where
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import OfficeRequest, command, page

GAPS_ASKED_BY = ("day", "show")
"""Until the list of duties was here, this was the address of gaps and overlaps; links people kept still lead there."""
GIVEN = ("person", "unit", "role", "area", "site")


@page
def duty_list(request: OfficeRequest) -> HttpResponse:
    if any(name in request.GET for name in GAPS_ASKED_BY):
        return redirect(f"{reverse('office:duty_gaps')}?{request.GET.urlencode()}")
    actor = request.actor
    require_or_404(actor.may(Permission.VIEW))
    shown = duties_listing(actor).shown(queries.duties(actor=actor), request)
    return render_page(
        request, "office/organisation/duty_list.html",
        part="list",
        list=shown,
        rows=duty_lines(actor, shown.page.rows),
        may_add=permissions.may_edit(actor),
        export_address=reverse("office:duty_export") if permissions.may_export(actor) else "",
    )  # fmt: skip


@command
def duty_export(request: OfficeRequest) -> HttpResponseBase:
    actor = request.actor
    require_or_404(actor.may(Permission.VIEW) and permissions.may_export(actor))
    return export_listing(duties_listing(actor), queries.duties(actor=actor), request, title="责任", by=actor)


def _new_where() -> Where:
    return Where(
        command=reverse("office:duty_begin"),
        back=reverse("office:duty_list"),
        title=NEW_DUTY.title,
        trail=[Crumb("责任", reverse("office:duty_list")), Crumb(NEW_DUTY.title)],
    )


@page
def duty_new(request: OfficeRequest) -> HttpResponse:
    """The address may say who, as what and for what: a gap leads here with its role and place filled in."""
    move = moving.chosen([NEW_DUTY], request.actor, None, NEW_DUTY.slug)
    return moving.ask(request, move, {name: request.GET.get(name, "") for name in GIVEN}, _new_where())


@command
def duty_begin(request: OfficeRequest) -> HttpResponse:
    move = moving.chosen([NEW_DUTY], request.actor, None, NEW_DUTY.slug)
    return moving.make(request, move, None, _new_where(), back=_page_of_place)


def _page_of_place(duty: Duty) -> str:
    if duty.site is not None:
        return page_of("site", duty.site.code)
    return page_of("area", duty.area.code) if duty.area is not None else reverse("office:duty_list")


def _where(request: OfficeRequest, duty: Duty, move: moving.Move) -> Where:
    holder = duty.person or duty.unit
    title = f"{move.title}：{holder.name if holder else ''}，{place_name(request.actor, duty)}{duty.role}"
    return Where(
        command=reverse("office:duty_move", args=[duty.pk, move.slug]),
        back=_page_of_place(duty),
        title=title,
        trail=[Crumb("责任", reverse("office:duty_list")), Crumb(move.title)],
    )


@page
def duty_step(request: OfficeRequest, key: int, move: str) -> HttpResponse:
    duty: Duty = get_or_404(queries.duties(actor=request.actor), pk=key)
    which = moving.chosen(DUTY_MOVES, request.actor, duty, move)
    return moving.ask(request, which, duty, _where(request, duty, which))


@command
def duty_move(request: OfficeRequest, key: int, move: str) -> HttpResponse:
    duty: Duty = get_or_404(queries.duties(actor=request.actor), pk=key)
    which = moving.chosen(DUTY_MOVES, request.actor, duty, move)
    return moving.make(request, which, duty, _where(request, duty, which))
