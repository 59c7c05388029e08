"""Pages of sites: the list, and one site with who answers for it, what was found there and what it was."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.attachments import attachments_of
from chuangwei.core.errors import NotFound
from chuangwei.domain.inspections.enums import Permission as Inspections
from chuangwei.domain.inspections.queries import visits
from chuangwei.domain.organisation import permissions, queries
from chuangwei.domain.organisation.enums import Permission as Organisation
from chuangwei.domain.organisation.queries import Answer
from chuangwei.domain.places.enums import Permission
from chuangwei.domain.places.models import Site
from chuangwei.domain.places.permissions import may_edit
from chuangwei.domain.places.queries import sites
from chuangwei.domain.problems.enums import OPEN
from chuangwei.domain.problems.enums import Permission as Problems
from chuangwei.domain.problems.queries import problems
from chuangwei.web.office.organisation.chains import chain_rows, duty_lines
from chuangwei.web.office.places import households, moving, shapes
from chuangwei.web.office.places.areas import area_trail
from chuangwei.web.office.places.histories import changes, designations, site_spells
from chuangwei.web.office.places.listing import sites_listing
from chuangwei.web.office.places.moving import Where
from chuangwei.web.office.places.site_moves import NEW, SITE_MOVES
from chuangwei.web.office.places.told import problem_lines, visit_lines
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.listing import day_of
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import OfficeRequest, command, page

KIND = "places.site"
SHOWN = 10


@dataclass(frozen=True)
class Row:
    """One site of the list, with the roles nobody holds today."""

    code: str
    name: str
    is_hidden: bool
    kind: str
    area: str
    area_address: str
    is_example: bool
    is_closed: bool
    missing: str
    is_whole: bool
    """Everybody its chain demands is there; of a site without a chain nothing is demanded."""
    address: str


@page
def site_list(request: OfficeRequest) -> HttpResponse:
    actor = request.actor
    require_or_404(actor.may(Permission.VIEW))
    shown = sites_listing(actor).shown(sites(actor=actor), request)
    return render_page(
        request, "office/places/site_list.html",
        part="list",
        list=shown,
        rows=_rows(actor, list(shown.page.rows)),
        knows_gaps=actor.may(Organisation.VIEW),
        may_add=may_edit(actor),
        export_address=reverse("office:site_export") if permissions.may_export(actor) else "",
    )  # fmt: skip


def _rows(actor: Actor, found: list[Site]) -> list[Row]:
    """Asks for the chains of the sites shown, and no others."""
    today = clock.today()
    known = queries.duty_day(today, actor=actor, sites=[site.code for site in found]) if found else None
    missing = {gap.site: "、".join(gap.missing) for gap in known.gaps()} if known else {}
    demanding = {code for code in known.sites if known.roles_of(code)} if known else set()
    return [
        Row(
            site.code, households.name_of(actor, site), households.is_hidden(actor, site), site.kind.name,
            site.area.name, page_of("area", site.area.code), site.is_example,
            site.ends_on is not None and site.ends_on < today, missing.get(site.code, ""),
            site.code in demanding and site.code not in missing, page_of("site", site.code),
        )
        for site in found
    ]  # fmt: skip


@command
def site_export(request: OfficeRequest) -> HttpResponseBase:
    require_or_404(request.actor.may(Permission.VIEW) and permissions.may_export(request.actor))
    found = sites(actor=request.actor)
    return export_listing(sites_listing(request.actor), found, request, title="点位", by=request.actor)


@dataclass(frozen=True)
class Moment:
    """For which instant the chain is asked; `is_wrong` where what was written is no day or hour."""

    at: datetime
    is_now: bool
    is_wrong: bool

    @property
    def day(self) -> date:
        return clock.local_day(self.at)

    @property
    def hour(self) -> str:
        return f"{clock.local(self.at):%H:%M}"


def _moment(day: str, hour: str) -> Moment:
    """Now, unless a day is named; of a named day noon, unless an hour is."""
    now = clock.now()
    if not day:
        return Moment(now, is_now=True, is_wrong=False)
    named = day_of(day)
    try:
        at = time.fromisoformat(hour) if hour else time(12)
    except ValueError:
        named, at = None, time(12)
    if named is None or not 1900 < named.year < 2200:
        return Moment(now, is_now=True, is_wrong=True)
    return Moment(clock.instant(named, at.replace(tzinfo=None)), is_now=False, is_wrong=False)


@page
def site_detail(request: OfficeRequest, code: str) -> HttpResponse:
    actor = request.actor
    site: Site = get_or_404(sites(actor=actor).select_related("area__parent"), code=code)
    hides, name = households.is_hidden(actor, site), households.name_of(actor, site)
    moment = _moment(request.GET.get("day", ""), request.GET.get("hour", ""))
    answer = _answer(actor, site, moment)
    return render_page(
        request, "office/places/site_detail.html",
        part="chain",
        site=site,
        name=name,
        is_hidden=hides,
        is_closed=site.ends_on is not None and site.ends_on < clock.today(),
        trail=area_trail(actor, site.area, Crumb(name)),
        ways=moving.ways(SITE_MOVES, actor, site, lambda slug: reverse("office:site_step", args=[code, slug])),
        moment=moment,
        answer=answer,
        knows_duties=actor.may(Organisation.VIEW),
        chain=chain_rows(answer, actor, moment.day) if answer else [],
        may_assign=permissions.may_edit(actor) and actor.covers_site(site.area.path, site.code),
        map=shapes.map_of_site(actor, site),
        **_work(actor, site),
        photos=[] if hides else attachments_of(subject_kind=KIND, subject_code=code),
        spells=site_spells(site),
        designations=designations(site),
        duties=duty_lines(actor, queries.duties(actor=actor).filter(site=site).order_by("-starts_on", "-pk")),
        changes=changes(KIND, code, hides=hides),
    )  # fmt: skip


def _answer(actor: Actor, site: Site, moment: Moment) -> Answer | None:
    """Nothing where the actor may not know, or the site was not there that day."""
    if not actor.may(Organisation.VIEW):
        return None
    try:
        return queries.who_answers(at=moment.at, site=site.code)
    except NotFound:
        return None


def _work(actor: Actor, site: Site) -> dict[str, Any]:
    found: dict[str, Any] = {"visits": None, "problems": None}
    if actor.may(Inspections.VIEW):
        held = visits(actor=actor).filter(site=site)
        found |= {"visits": visit_lines(actor, held, SHOWN), "visit_count": held.count()}
    if actor.may(Problems.VIEW):
        own = problems(actor=actor).filter(site=site)
        found |= {
            "problems": problem_lines(actor, own, SHOWN),
            "problem_count": own.count(),
            "open_count": own.filter(state__in=sorted(OPEN)).count(),
        }
    return found


# --- What is done with a site ------------------------------------------------------------------------------------------


def _new_where() -> Where:
    return Where(
        command=reverse("office:site_create"),
        back=reverse("office:site_list"),
        title=NEW.title,
        trail=[Crumb("点位", reverse("office:site_list")), Crumb(NEW.title)],
    )


@page
def site_new(request: OfficeRequest) -> HttpResponse:
    move = moving.chosen([NEW], request.actor, None, NEW.slug)
    return moving.ask(request, move, None, _new_where())


@command
def site_create(request: OfficeRequest) -> HttpResponse:
    move = moving.chosen([NEW], request.actor, None, NEW.slug)
    return moving.make(request, move, None, _new_where(), back=lambda site: page_of("site", site.code))


def _where(request: OfficeRequest, site: Site, move: moving.Move) -> Where:
    name = households.name_of(request.actor, site)
    trail = [Crumb("点位", reverse("office:site_list")), Crumb(name, page_of("site", site.code)), Crumb(move.title)]
    return Where(
        command=reverse("office:site_move", args=[site.code, move.slug]),
        back=page_of("site", site.code),
        title=f"{move.title}：{name}",
        trail=trail,
    )


@page
def site_step(request: OfficeRequest, code: str, move: str) -> HttpResponse:
    site: Site = get_or_404(sites(actor=request.actor), code=code)
    which = moving.chosen(SITE_MOVES, request.actor, site, move)
    return moving.ask(request, which, site, _where(request, site, which))


@command
def site_move(request: OfficeRequest, code: str, move: str) -> HttpResponse:
    site: Site = get_or_404(sites(actor=request.actor), code=code)
    which = moving.chosen(SITE_MOVES, request.actor, site, move)
    return moving.make(request, which, site, _where(request, site, which))
