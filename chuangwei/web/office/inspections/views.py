"""Visits: the list, and the page of one: what was looked at, what was lost and why, and what became of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from chuangwei.core.models import Attachment
from chuangwei.domain.inspections import permissions, queries
from chuangwei.domain.inspections.enums import Permission, Result
from chuangwei.domain.inspections.models import Answer, Visit
from chuangwei.domain.places.queries import sites
from chuangwei.domain.problems import queries as problems
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.inspections import revisions, scores, wording
from chuangwei.web.office.inspections.late import is_late
from chuangwei.web.office.inspections.listing import shown_visits, visits_listing
from chuangwei.web.office.inspections.trails import trail, with_from
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import OfficeRequest, command, page

# --- The list ---------------------------------------------------------------------------------------------------------

SHOWN_WITH = ("round", "site__area", "site__kind", "area", "checklist__site_kind", "inspectors__person")
"""What a row tells of besides the visit itself, read by its keys: joined, it would cost the list its order."""


@dataclass(frozen=True)
class VisitRow:
    visit: Visit
    place: str
    area: str
    inspectors: str
    score: str
    own: str
    """The score without the departments' checks, where it differs."""
    address: str


@page
def visit_list(request: OfficeRequest) -> HttpResponse:
    require_or_404(request.actor.may(Permission.VIEW))
    shown = shown_visits(request.actor, permissions.visible_visits(request.actor), request)
    return render_page(
        request, "office/inspections/visit_list.html", part="list",
        list=shown, rows=visit_rows(shown.page.rows, request),
        may_export=permissions.may_export(request.actor),
        may_record=request.actor.may(Permission.RECORD),
    )  # fmt: skip


@command
def visit_export(request: OfficeRequest) -> HttpResponseBase:
    require_or_404(permissions.may_export(request.actor))
    found = queries.visits(actor=request.actor).prefetch_related("inspectors__person")
    return export_listing(visits_listing(request.actor), found, request, title="检查记录", by=request.actor)


def visit_rows(visits: Iterable[Visit], request: OfficeRequest) -> list[VisitRow]:
    """Visits as any list of them tells them (inspections/visit_rows.html)."""
    shown = list(visits)
    prefetch_related_objects(shown, *SHOWN_WITH)
    return [
        VisitRow(
            visit, wording.place_of(request.actor, visit), wording.area_of(visit), wording.inspectors_of(visit),
            wording.score_of(visit), scores.own_where_it_differs(visit), with_from(page_of("visit", visit.code), request),
        )
        for visit in shown
    ]  # fmt: skip


# --- The page of a visit ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckLine:
    """One check of the sheet and what was found."""

    text: str
    points: Decimal
    result: str
    lost: Decimal
    occurrences: int | None
    note: str
    is_failed: bool
    applies: bool
    is_veto: bool
    line: str
    rule: str
    """How points are lost: 每处扣 2 分、最多扣 10 分."""
    photos: Sequence[Attachment] = ()
    problem: Problem | None = None
    problem_address: str = ""


@page
def visit_detail(request: OfficeRequest, code: str) -> HttpResponse:
    visit: Visit = get_or_404(queries.visits(actor=request.actor), code=code)
    lines = list(_lines(visit, request))
    area = visit.site.area if visit.site else visit.area
    versions = list(visit.revisions.order_by("version"))
    may_correct = permissions.may_correct(request.actor, visit)
    return render_page(
        request, "office/inspections/visit_detail.html",
        visit=visit,
        place=wording.place_of(request.actor, visit),
        site_address=_site_address(visit, request),
        area=area.name if area else "",
        inspectors=[one.person.name for one in visit.inspectors.select_related("person").order_by("order")],
        score=scores.whole(visit),
        own=scores.own(visit),
        failed=[line for line in lines if line.is_failed],
        kept=[line for line in lines if not line.is_failed],
        lost=sum((line.lost for line in lines), Decimal(0)),
        revisions=revisions.told(visit, versions),
        is_late=is_late(visit),
        may_correct=may_correct,
        round_address=with_from(page_of("round", visit.round.code), request),
        trail=trail(request, f"检查记录 {visit.code}"),
    )  # fmt: skip


def _site_address(visit: Visit, request: OfficeRequest) -> str:
    """The page of the point; "" where whoever looks may not open it."""
    site = visit.site
    seen = site is not None and sites(actor=request.actor).filter(pk=site.pk).exists()
    return with_from(page_of("site", site.code), request) if site and seen else ""


def _lines(visit: Visit, request: OfficeRequest) -> Iterator[CheckLine]:
    """Every check of the version it was scored with; one without an answer kept all its points."""
    answers = {answer.check_item_id: answer for answer in visit.answers.all()}
    checks = list(visit.checklist.checks.order_by("order"))
    photos = queries.photos_of(visit, [check.code for check in checks if check.pk in answers])
    opened = _problems(answers, request)
    for check in checks:
        answer: Any = answers.get(check.pk)
        problem = opened.get(answer.problem_id) if answer else None
        yield CheckLine(
            text=check.text,
            points=check.points,
            result=answer.get_result_display() if answer else "合格",
            lost=answer.lost if answer else Decimal(0),
            occurrences=answer.occurrences if answer else None,
            note=answer.note if answer else "",
            is_failed=bool(answer and answer.result == Result.FAIL),
            applies=not (answer and answer.result == Result.NOT_APPLICABLE),
            is_veto=check.is_veto or check.veto_below_rate is not None,
            line=check.line,
            rule=wording.rule_of(check),
            photos=photos.get(check.code, ()),
            problem=problem,
            problem_address=with_from(page_of("problem", problem.code), request) if problem else "",
        )


def _problems(answers: Mapping[int, Answer], request: OfficeRequest) -> dict[int | None, Problem]:
    """What the visit opened or was tied to, as far as the actor sees it."""
    keys = [answer.problem_id for answer in answers.values() if answer.problem_id]
    found: dict[int | None, Problem] = {}
    if keys:
        found |= {one.pk: one for one in problems.problems(actor=request.actor).filter(pk__in=keys)}
    return found
