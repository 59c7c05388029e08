"""盲区和重叠: sites whose chain lacks a role, and single roles held twice, on any day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.organisation import permissions, queries
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.places.models import Site
from chuangwei.domain.places.queries import sites
from chuangwei.web.office.organisation.listing import gaps_listing
from chuangwei.web.office.places import households
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.listing import day_of
from chuangwei.web.shared.rendering import render_page, require_or_404
from chuangwei.web.shared.surfaces import OfficeRequest, command, page


@dataclass(frozen=True)
class Wrong:
    """What is wrong with the chains of a day, by code of the site."""

    day: date
    site_count: int
    missing: Mapping[str, tuple[str, ...]]
    overlaps: Mapping[str, str]
    overlap_count: int

    def sites(self, actor: Actor) -> QuerySet[Site]:
        return sites(actor=actor).filter(Q(code__in=list({**self.missing, **self.overlaps})))


def _wrong(actor: Actor, day: date) -> Wrong:
    known = queries.duty_day(day, actor=actor)
    overlaps = known.overlaps()
    names = queries.names_of_holders({code for _, one in overlaps for code in one.holders})
    told: dict[str, list[str]] = {}
    for site, one in overlaps:
        told.setdefault(site, []).append(f"{one.role}：{'、'.join(names.get(code, code) for code in one.holders)}")
    missing = {gap.site: gap.missing for gap in known.gaps()}
    return Wrong(day, len(known.sites), missing, {site: "；".join(one) for site, one in told.items()}, len(overlaps))


@page
def duty_gaps(request: OfficeRequest) -> HttpResponse:
    actor, asked = request.actor, request.GET.get("day", "")
    require_or_404(actor.may(Permission.VIEW))
    wrong = _wrong(actor, day_of(asked) or clock.today())
    shown = gaps_listing(actor, wrong.missing, wrong.overlaps).shown(wrong.sites(actor), request)
    return render_page(
        request, "office/organisation/duty_gaps.html",
        part="list",
        list=shown,
        rows=_rows(actor, shown.page.rows, wrong),
        wrong=wrong,
        is_wrong_day=bool(asked) and day_of(asked) is None,
        export_address=reverse("office:gap_export") if permissions.may_export(actor) else "",
    )  # fmt: skip


def _rows(actor: Actor, found: object, wrong: Wrong) -> list[dict[str, object]]:
    may_assign = permissions.may_edit(actor)
    return [
        {
            "site": site, "name": households.name_of(actor, site), "address": page_of("site", site.code),
            "missing": "、".join(wrong.missing.get(site.code, ())), "overlap": wrong.overlaps.get(site.code, ""),
            "fill": _fill(site, wrong) if may_assign and actor.covers_site(site.area.path, site.code) else "",
        }
        for site in found  # type: ignore[attr-defined]
    ]  # fmt: skip


def _fill(site: Site, wrong: Wrong) -> str:
    """Where the first missing role of a site is given to somebody."""
    missing = wrong.missing.get(site.code)
    return f"{reverse('office:duty_new')}?{urlencode({'site': site.code, 'role': missing[0]})}" if missing else ""


@command
def gap_export(request: OfficeRequest) -> HttpResponseBase:
    actor = request.actor
    require_or_404(actor.may(Permission.VIEW) and permissions.may_export(actor))
    wrong = _wrong(actor, day_of(request.GET.get("day", "")) or clock.today())
    listing = gaps_listing(actor, wrong.missing, wrong.overlaps)
    return export_listing(listing, wrong.sites(actor), request, title="盲区和重叠", by=actor)
