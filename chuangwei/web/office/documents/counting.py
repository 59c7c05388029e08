"""The page of a figure: the very rows it counts, as the lists of visits and of problems show them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.domain.documents import permissions, queries
from chuangwei.domain.documents.enums import Edition
from chuangwei.domain.documents.models import Paper, PaperVersion
from chuangwei.domain.documents.queries import Behind, Figure
from chuangwei.domain.inspections.queries import visits
from chuangwei.domain.problems.queries import listed_problems
from chuangwei.web.office.appraisal.addresses import PeriodAddress, series_key
from chuangwei.web.office.documents.views import HOME, found
from chuangwei.web.office.inspections.listing import shown_visits
from chuangwei.web.office.inspections.views import visit_rows
from chuangwei.web.office.problems.listing import problems_listing
from chuangwei.web.office.problems.rows import told
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.rendering import render_page
from chuangwei.web.shared.surfaces import OfficeRequest, page


@dataclass(frozen=True)
class Counted:
    """What the page shows. `missing` rows were counted and are not there for whoever looks, `later` ones came after."""

    noun: str
    rows: Sequence[Any]
    list: Any = None
    missing: int = 0
    later: int = 0


@page
def paper_figure(request: OfficeRequest, code: str, version: int, edition: str, place: int) -> HttpResponse:
    paper = found(request, code)
    figure = _figure(request, paper, version, edition, place)
    behind = queries.rows_behind(figure, actor=request.actor)
    own = reverse("office:paper_detail", args=[paper.code])
    return render_page(
        request, "office/documents/paper_figure.html", part="list",
        paper=paper,
        figure=figure,
        behind=behind,
        counted=_counted(request, figure, behind),
        trail=[
            Crumb(HOME, reverse("office:paper_list")), Crumb(paper.number_text or paper.code, own), Crumb(figure.label),
        ],
    )  # fmt: skip


def _figure(request: OfficeRequest, paper: Paper, version: int, edition: str, place: int) -> Figure:
    """The figure that stands at this place; of an older version only for who writes papers."""
    holds = queries.latest_version(paper)
    if edition not in Edition.values or (version != holds.version and not permissions.works_on(request.actor)):
        raise Http404
    kept: PaperVersion = holds if version == holds.version else queries.version_of(paper, version)
    printed = queries.figures_in(queries.sheet_in(kept, edition))
    if not 0 < place <= len(printed) or not queries.counts_rows(printed[place - 1]):
        raise Http404
    return printed[place - 1]


def _counted(request: OfficeRequest, figure: Figure, behind: Behind) -> Counted:
    if behind.noun == "visit":
        return _visits(request, figure, behind)
    if behind.noun == "problem":
        return _problems(request, figure, behind)
    if behind.noun == "standing":
        period = _period(figure, figure.period)
        return Counted("standing", [(row, period.subject(row.code)) for row in behind.standings])
    return Counted("flag", [(one, _period(figure, one.period).flag(one.subject)) for one in behind.flags])


def _period(figure: Figure, slug: str) -> PeriodAddress:
    return PeriodAddress(series_key(figure.series, figure.area), slug)


def _visits(request: OfficeRequest, figure: Figure, behind: Behind) -> Counted:
    seen = visits(actor=request.actor).filter(code__in=behind.codes)
    shown = shown_visits(request.actor, seen, request)
    rows = visit_rows(shown.page.rows, request)
    return _against(figure, behind, seen.order_by().count(), Counted("visit", rows, shown))


def _problems(request: OfficeRequest, figure: Figure, behind: Behind) -> Counted:
    seen = listed_problems(actor=request.actor).filter(code__in=behind.codes)
    shown = problems_listing(request.actor).shown(seen, request)
    rows = told(request.actor, list(shown.page.rows), clock.now())
    return _against(figure, behind, seen.order_by().count(), Counted("problem", rows, shown))


def _against(figure: Figure, behind: Behind, there: int, counted: Counted) -> Counted:
    """How far the rows there are differ from the number that was printed."""
    printed = int(figure.value) if behind.is_count else len(behind.codes)
    return replace(counted, missing=max(0, printed - there), later=max(0, there - printed))
