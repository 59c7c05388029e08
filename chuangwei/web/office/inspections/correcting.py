"""A visit corrected on a page: the sheet as it stands, changed, with a reason; both versions stay."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.errors import DomainError, NotAllowed, NotFound, StaleState
from chuangwei.domain.appraisal.enums import PeriodState
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.inspections import actions, permissions, queries
from chuangwei.domain.inspections.enums import Result
from chuangwei.domain.inspections.models import Visit
from chuangwei.web.office.inspections import sheet_lines, wording
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command, page


@page
def visit_correct_form(request: OfficeRequest, code: str) -> HttpResponse:
    visit = _visit(request, code)
    answers = visit.answers.select_related("check_item")
    return _form_page(request, visit, sheet_lines.content_of(visit.checklist, answers), version=visit.version)


@command
def visit_correct(request: OfficeRequest, code: str) -> HttpResponse:
    visit = _visit(request, code)
    content = sheet_lines.sent(request.POST, visit.checklist)
    reason, version = request.POST.get("reason", ""), request.POST.get("version", "")
    try:
        actions.correct_visit(
            visit=visit, version=int(version) if version.isdecimal() else 0, reason=reason,
            findings=sheet_lines.findings(sheet_lines.lines(visit.checklist, content, {})),
            published=_published(), by=request.actor, at=clock.now(),
        )  # fmt: skip
    except (NotAllowed, NotFound, StaleState):
        raise
    except DomainError as refusal:
        return _form_page(
            request, visit, content, version=visit.version, reason=reason, message=refusal.message, status=UNPROCESSABLE
        )
    messages.success(request, f"已更正检查记录 {visit.code}，原来的版本保留在更正记录里。")
    return redirect(page_of("visit", visit.code))


def _visit(request: OfficeRequest, code: str) -> Visit:
    visit: Visit = get_or_404(queries.visits(actor=request.actor), code=code)
    require_or_404(permissions.may_correct(request.actor, visit))
    return visit


def _published() -> list[actions.PublishedDays]:
    """The days on which only an objection corrects, and where."""
    closed = Period.objects.filter(state__in=[PeriodState.PUBLISHED, PeriodState.FINAL], is_history=False)
    return [actions.PublishedDays(*row) for row in closed.values_list("area_code", "from_on", "to_on")]


def _lines(visit: Visit, content: dict[str, Any]) -> list[sheet_lines.SheetLine]:
    """Only a check that did not fail before opens a problem, and only of a visit recorded here: a choice of its category
    anywhere else would be none."""
    failed = set(visit.answers.filter(result=Result.FAIL).values_list("check_item__code", flat=True))
    return [
        line if visit.recorded_by and line.code not in failed else replace(line, categories=())
        for line in sheet_lines.lines(visit.checklist, content, {})
    ]


def _form_page(
    request: OfficeRequest, visit: Visit, content: dict[str, Any], *, version: int, reason: str = "", message: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    back = page_of("visit", visit.code)
    return render_page(
        request, "office/inspections/visit_correct.html", status=status,
        visit=visit, place=wording.place_of(request.actor, visit), lines=_lines(visit, content), opens=bool(visit.recorded_by),
        version=version, reason=reason, message=message, back=back,
        command=reverse("office:visit_correct", args=[visit.code]),
        trail=[
            Crumb("检查记录", reverse("office:visit_list")), Crumb(f"检查记录 {visit.code}", back), Crumb("更正"),
        ],
    )  # fmt: skip
