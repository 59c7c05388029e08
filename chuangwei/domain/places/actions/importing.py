"""Areas and sites taken in from a register workbook 底册 (workbooks.md, 区划 and 点位).

Matched by code. What is new is added as if it had always been there; what differs is a change from the day of the
import on, and the old value stays in the history; what the file does not name stays as it is.
"""

from collections.abc import Iterable
from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.core.errors import require
from chuangwei.core.rows import Faults, Rows, Taking
from chuangwei.core.writes import action
from chuangwei.domain.places.actions.area_rows import AreaRows
from chuangwei.domain.places.actions.site_rows import SiteRows
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.places.permissions import may_edit

AREAS, SITES = "areas", "sites"


@action
def import_places(*, areas: Rows, sites: Rows, by: Actor, at: datetime, save: bool = True) -> Taking:
    """Take in areas (code, name, kind, parent, population, households, boundary as a GeoJSON object) and sites
    (code, name, kind as people write it, area, longitude, latitude, datum, is_example, note).

    With a fault in any row nothing is saved; `save=False` only looks for faults.
    """
    require(may_edit(by))
    taking = Taking()
    area_rows = AreaRows(areas, by=by, at=at)
    site_rows = SiteRows(sites, area_rows.codes, by=by, at=at)
    taking.codes = {AREAS: area_rows.codes, SITES: site_rows.codes}
    _check_shared_codes(areas, sites, taking)
    area_rows.check(taking.of(AREAS))
    site_rows.check(taking.of(SITES))
    if save and not taking.is_faulty:
        site_rows.check_scope(area_rows.path_of, taking.of(SITES))
    if save and not taking.is_faulty:
        taking.tallies = {AREAS: area_rows.save(), SITES: site_rows.save()}
        taking.show(area_rows.logs + site_rows.logs)
    return taking


def _check_shared_codes(areas: Rows, sites: Rows, taking: Taking) -> None:
    """Areas and sites share one set of codes: a duty names either by its code alone."""
    area_lines = {code: line for line, code in areas.each("code")} if areas else {}
    for line, code in sites.each("code") if sites else ():
        if code in area_lines and code is not None:
            taking.of(SITES).add(
                line, "code", f"编码 {code} 已用于『区划』第 {area_lines[code]} 行。区划和点位不能同码。"
            )
    _check_held(areas, Site.objects.values_list("code", flat=True), "点位", taking.of(AREAS))
    _check_held(sites, Area.objects.values_list("code", flat=True), "区划", taking.of(SITES))


def _check_held(rows: Rows, held: Iterable[str], noun: str, faults: Faults) -> None:
    taken = set(held)
    for line, code in rows.each("code") if rows else ():
        if code in taken:
            faults.add(line, "code", f"系统里已有编码为 {code} 的{noun}。区划和点位不能同码。")
