"""Pages of areas: the tree, level by level; the list where somebody searches; one area with all that hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.inspections.enums import Permission as Inspections
from chuangwei.domain.inspections.queries import visits
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.organisation.enums import COMMITTEE_KINDS
from chuangwei.domain.organisation.enums import Permission as Organisation
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.organisation.permissions import may_export
from chuangwei.domain.places.enums import Permission
from chuangwei.domain.places.models import Area
from chuangwei.domain.places.queries import areas, existing_on, sites
from chuangwei.domain.problems.enums import OPEN
from chuangwei.domain.problems.enums import Permission as Problems
from chuangwei.domain.problems.queries import problems
from chuangwei.web.office.organisation.chains import chain_rows, duty_lines, holder_addresses
from chuangwei.web.office.places import moving, shapes, tree
from chuangwei.web.office.places.area_moves import AREA_MOVES
from chuangwei.web.office.places.histories import area_spells, changes
from chuangwei.web.office.places.listing import areas_listing
from chuangwei.web.office.places.moving import Where
from chuangwei.web.office.places.scores import last_scores
from chuangwei.web.office.places.told import problem_lines, visit_lines
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import OfficeRequest, command, page

KIND = "places.area"
SHOWN = 10


@page
def area_list(request: OfficeRequest) -> HttpResponse:
    """The tree; where the address searches or filters, a flat list of what fits."""
    require_or_404(request.actor.may(Permission.VIEW) or request.actor.may(Organisation.VIEW))
    found = areas(actor=request.actor).select_related("parent")
    shown = areas_listing(request.actor).shown(found, request)
    return render_page(
        request, "office/places/area_list.html",
        part="list",
        list=shown,
        nodes=None if shown.is_narrowed else tree.opened(request.actor, clock.today()),
        export_address=reverse("office:area_export") if may_export(request.actor) else "",
    )  # fmt: skip


@page
def area_below(request: OfficeRequest, code: str) -> HttpResponse:
    """What lies right below an area: one more level of the tree."""
    area: Area = get_or_404(areas(actor=request.actor), code=code)
    nodes = tree.level(request.actor, area, clock.today())
    return render_page(request, "office/places/area_below.html", part="level", area=area, nodes=nodes)


@command
def area_export(request: OfficeRequest) -> HttpResponseBase:
    require_or_404(request.actor.may(Permission.VIEW) and may_export(request.actor))
    found = areas(actor=request.actor).select_related("parent")
    return export_listing(areas_listing(request.actor), found, request, title="区划", by=request.actor)


@dataclass(frozen=True)
class Committee:
    """The committee of an area: none or more than one is a gap (domain §3)."""

    units: Sequence[tuple[str, str]]
    is_expected: bool

    @property
    def fault(self) -> str:
        if len(self.units) > 1:
            return f"有 {len(self.units)} 个所属单位，须只有一个。"
        return "" if self.units or not self.is_expected else "没有所属单位（社区、村、街道或乡镇），评比结果没有人领。"


@page
def area_detail(request: OfficeRequest, code: str) -> HttpResponse:
    actor, day = request.actor, clock.today()
    area: Area = get_or_404(areas(actor=actor).select_related("parent", "heir"), code=code)
    answer = organisation.area_answers(area=code, at=clock.now()) if actor.may(Organisation.VIEW) else None
    inside = sites(actor=actor).filter(existing_on(day), area__path__startswith=area.path)
    return render_page(
        request, "office/places/area_detail.html",
        area=area,
        trail=area_trail(actor, area),
        ways=moving.ways(AREA_MOVES, actor, area, lambda slug: reverse("office:area_step", args=[code, slug])),
        map=shapes.map_of_area(area),
        committee=_committee(actor, area),
        kinds=list(inside.order_by().values_list("kind__code", "kind__name").annotate(count=Count("pk")).order_by("-count")),
        site_count=inside.count(),
        gap_count=len(tree.gap_sites(actor, [area.path], day)) if actor.may(Organisation.VIEW) else None,
        nodes=tree.level(actor, area, day),
        chain=chain_rows(answer, actor, day) if answer else [],
        duties=duty_lines(actor, organisation.duties(actor=actor).filter(area=area).order_by("-starts_on", "-pk")),
        scores=last_scores(actor, code),
        **_work(actor, area),
        spells=area_spells(area),
        changes=changes(KIND, code),
    )  # fmt: skip


def _work(actor: Actor, area: Area) -> dict[str, Any]:
    """Open problems and last visits below an area, where the actor may see such."""
    found: dict[str, Any] = {"problems": None, "visits": None}
    if actor.may(Problems.VIEW):
        still_open = problems(actor=actor).filter(area__path__startswith=area.path, state__in=sorted(OPEN))
        found |= {"problem_count": still_open.count(), "problems": problem_lines(actor, still_open, SHOWN)}
    if actor.may(Inspections.VIEW):
        below = areas(actor=actor).filter(path__startswith=area.path).values("pk")
        held = visits(actor=actor)
        found["visits"] = visit_lines(actor, held.filter(site__area__in=below) | held.filter(area__in=below), SHOWN)
    return found


def _committee(actor: Actor, area: Area) -> Committee | None:
    if not actor.may(Organisation.VIEW):
        return None
    codes = organisation.committees(areas=[area.code]).get(area.code, [])
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    addresses = holder_addresses(actor, codes)
    is_expected = area.kind in COMMITTEE_KINDS or bool(codes)
    return Committee([(names[code], addresses.get(code, "")) for code in codes], is_expected)


def area_trail(actor: Actor, area: Area, *more: Crumb) -> list[Crumb]:
    """From the top of what the actor may see down to the area. One query."""
    names = dict(areas(actor=actor).filter(code__in=area.path_codes).order_by("depth").values_list("code", "name"))
    steps = [Crumb(name, page_of("area", code)) for code, name in names.items() if code != area.code]
    last = Crumb(area.name, page_of("area", area.code)) if more else Crumb(area.name)
    return [Crumb("区划", reverse("office:area_list")), *steps, last, *more]


def _where(request: OfficeRequest, area: Area, move: moving.Move) -> Where:
    return Where(
        command=reverse("office:area_move", args=[area.code, move.slug]),
        back=page_of("area", area.code),
        title=f"{move.title}：{area.name}",
        trail=area_trail(request.actor, area, Crumb(move.title)),
    )


@page
def area_step(request: OfficeRequest, code: str, move: str) -> HttpResponse:
    """Say what a move does, and ask for what it needs."""
    area: Area = get_or_404(areas(actor=request.actor).select_related("parent"), code=code)
    which = moving.chosen(AREA_MOVES, request.actor, area, move)
    return moving.ask(request, which, area, _where(request, area, which))


@command
def area_move(request: OfficeRequest, code: str, move: str) -> HttpResponse:
    area: Area = get_or_404(areas(actor=request.actor).select_related("parent"), code=code)
    which = moving.chosen(AREA_MOVES, request.actor, area, move)
    return moving.make(request, which, area, _where(request, area, which))
