"""What a paper may be about, as a form lets somebody pick it: ranked periods, flags given, dispatched problems.

A choice is one code, made of the parts a kind of paper asks for: weekly/2026-W43, weekly/2026-W43/629931102004.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from chuangwei.core import search
from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import queries as appraisal
from chuangwei.domain.appraisal.enums import Flag
from chuangwei.domain.appraisal.models import Period, Standing
from chuangwei.domain.documents import permissions
from chuangwei.domain.documents.enums import Permission
from chuangwei.domain.places.models import Area
from chuangwei.domain.problems import queries as ledger
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.appraisal.addresses import series_and_area, series_key

PERIODS, FLAGS, PROBLEMS, AREAS = "periods", "flags", "problems", "areas"
SLASH = "/"
MOST_PERIODS, MOST_PROBLEMS = 400, 20
"""Periods are looked through by the words people call them by, which no column holds; more than eight years of weeks."""


@dataclass(frozen=True)
class Pick:
    """One thing to pick: its code, its name, what tells it from others."""

    code: str
    name: str
    hint: str


def code_of(about: Mapping[str, str]) -> str:
    """The code of a period, or of a flag in it, from what a kind is told; "" where that is not complete."""
    series, slug = about.get("series", ""), about.get("period", "")
    if not series or not slug:
        return ""
    subject = about.get("subject", "")
    return SLASH.join([series_key(series, about.get("area", "")), slug, *([subject] if subject else [])])


def about_of(code: str) -> dict[str, str]:
    """The other way of code_of; empty for what is no such code."""
    parts = code.split(SLASH)
    if len(parts) not in (2, 3) or not all(parts):
        return {}
    series, area = series_and_area(parts[0])
    told = dict(zip(("period", "subject"), parts[1:], strict=False))
    return {"series": series, "area": area, **told} if area else {"series": series, **told}


def periods(actor: Actor, words: str = "") -> Iterator[Pick]:
    """The ranked periods somebody may write about, the latest first."""
    for period, title, series in _periods(actor):
        pick = Pick(
            code_of({"series": period.series, "area": period.area_code, "period": period.slug}),
            f"{title}{series}", f"{period.from_on:%m-%d} 至 {period.to_on:%m-%d} {period.get_state_display()}",
        )  # fmt: skip
        if _fits(pick, words):
            yield pick


def flags(actor: Actor, words: str = "") -> Iterator[Pick]:
    """The flags given in those periods, the latest first, in the order of the ranking."""
    known = {period.pk: (period, f"{title}{series}") for period, title, series in _periods(actor)}
    latest = appraisal.latest_computations(known)
    rows = Standing.objects.filter(computation__in=latest, flag__in=Flag.values).select_related("computation")
    for row in rows.order_by("-computation__period__from_on", "rank", "code"):
        period, title = known[row.computation.period_id]
        about = {"series": period.series, "area": period.area_code, "period": period.slug, "subject": row.code}
        pick = Pick(code_of(about), f"{row.name} {Flag(row.flag).label}", title)
        if _fits(pick, words):
            yield pick


def _periods(actor: Actor) -> list[tuple[Period, str, str]]:
    """Each with its title and the name of its series."""
    if not actor.may(Permission.DRAFT):
        return []
    found = list(appraisal.periods(actor=actor).filter(computations__isnull=False).distinct()[:MOST_PERIODS])
    codes = {period.area_code for period in found if period.area_code}
    areas = {area.code: area for area in Area.objects.filter(code__in=codes)} if codes else {}
    open_to = {code: permissions.may_draft(actor, areas.get(code)) for code in {one.area_code for one in found}}
    names: dict[tuple[str, str], str] = {}
    rows = []
    for period in found:
        if not open_to[period.area_code]:
            continue
        key = (period.series, period.area_code)
        if key not in names:
            names[key] = appraisal.series_of(period).series.name
        rows.append((period, appraisal.parse_span(period.slug).title, names[key]))
    return rows


def _fits(pick: Pick, words: str) -> bool:
    return not words or any(words in text for text in (pick.code, pick.name, pick.hint))


def problems(actor: Actor, words: str = "") -> Iterator[Pick]:
    """The problems a unit has to put right, which a notice may be written about, the latest first."""
    for row in to_notify(actor, words).select_related("category", "unit", "area")[:MOST_PROBLEMS]:
        unit = row.unit.name if row.unit else ""
        yield Pick(row.code, f"{row.code} {row.category.name}", f"{row.area.name} {unit}")


def to_notify(actor: Actor, words: str = "") -> QuerySet[Problem]:
    if not actor.may(Permission.DRAFT):
        return Problem.objects.none()
    found = ledger.in_hand(ledger.problems(actor=actor)).order_by("-pk")
    if not words:
        return found
    by_code = found.filter(code=words)
    return by_code if by_code.exists() else search.matching(found, words)
