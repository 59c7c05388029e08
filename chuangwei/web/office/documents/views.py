"""Pages of papers: the list, one paper as a page with its life and its files, and signing for it."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString

from chuangwei.core import attachments, clock
from chuangwei.core.errors import DomainError
from chuangwei.domain.documents import actions, permissions, queries
from chuangwei.domain.documents.enums import Edition, Form, PaperState, Permission
from chuangwei.domain.documents.models import Delivery, Paper, PaperVersion
from chuangwei.domain.organisation.permissions import may_export
from chuangwei.web.office.documents import stepping
from chuangwei.web.office.documents.figures import Printed, opener
from chuangwei.web.office.documents.listing import LISTING, kind_name
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import CONFLICT, OfficeRequest, command, page
from chuangwei.web.shared.templatetags.words import moment

HOME = "公文"
TYPES = {
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.PDF: "application/pdf",
    Form.HTML: "text/html; charset=utf-8",
}


@page
def paper_list(request: OfficeRequest) -> HttpResponse:
    require_or_404(request.actor.may(Permission.VIEW))
    shown = LISTING.shown(queries.papers(actor=request.actor), request)
    return render_page(
        request, "office/documents/paper_list.html", part="list",
        list=shown,
        rows=[(paper, kind_name(paper.kind)) for paper in shown.page.rows],
        waiting=queries.waiting_deliveries(actor=request.actor)[:20] if request.actor.may(Permission.RECEIVE) else [],
        may_draft=request.actor.may(Permission.DRAFT),
        export_address=reverse("office:paper_export") if may_export(request.actor) else "",
    )  # fmt: skip


@command
def paper_export(request: OfficeRequest) -> HttpResponseBase:
    require_or_404(may_export(request.actor) and request.actor.may(Permission.VIEW))
    return export_listing(LISTING, queries.papers(actor=request.actor), request, title=HOME, by=request.actor)


def found(request: OfficeRequest, code: str) -> Paper:
    paper: Paper = get_or_404(queries.papers(actor=request.actor), code=code)
    return paper


@page
def paper_detail(request: OfficeRequest, code: str) -> HttpResponse:
    return detail_page(request, found(request, code))


def detail_page(request: OfficeRequest, paper: Paper, *, message: str = "", status: int = 200) -> HttpResponse:
    """The paper as a page; `message` says why it is shown in place of a step that cannot be taken."""
    edition = Edition.PUBLIC if request.GET.get("edition") == Edition.PUBLIC else Edition.INNER
    version = _version(request, paper)
    body, notices = drawn_body(request, paper, version, edition)
    steps = stepping.steps(request.actor, paper)
    return render_page(
        request, "office/documents/paper_detail.html",
        status=status,
        message=message,
        paper=paper,
        kind=kind_name(paper.kind),
        body=body,
        notices=notices,
        edition=edition,
        editions=[(one.value, one.label) for one in Edition],
        version=version,
        versions=_versions(request.actor, paper),
        next_step=next((one for one in steps if stepping.leads_on(paper, one)), None),
        other_steps=[one for one in steps if not stepping.leads_on(paper, one)],
        own_delivery=_own_delivery(request, paper),
        deliveries=_deliveries(request, paper),
        history=queries.history(paper, actor=request.actor),
        moved=_moved(request, paper),
        forms=[Form.DOCX, Form.PDF, Form.HTML],
        trail=[Crumb(HOME, reverse("office:paper_list")), Crumb(paper.number_text or paper.code)],
    )  # fmt: skip


def drawn_body(
    request: OfficeRequest, paper: Paper, version: PaperVersion, edition: str
) -> tuple[SafeString, tuple[str, ...]]:
    """The text of a version with its figures to open, and what could not be drawn as it should."""
    sheet = queries.sheet_in(version, edition)
    printed = Printed(paper, version.version, edition)
    open_figure = opener(request.actor, printed, queries.figures_in(sheet))
    return queries.fragment(sheet, mark=queries.mark_of(paper), link=open_figure)


def _version(request: OfficeRequest, paper: Paper) -> PaperVersion:
    """The version asked for, which only those see who write papers; else the one that holds."""
    wanted = request.GET.get("version", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 5 else None
    return queries.version_of(paper, number if permissions.works_on(request.actor) else None)


def _versions(actor: Any, paper: Paper) -> list[PaperVersion]:
    return list(queries.versions(paper)) if permissions.works_on(actor) else []


def _own_delivery(request: OfficeRequest, paper: Paper) -> Any:
    """What waits for one of the reader's units to sign for it."""
    return next((one for one in queries.waiting_deliveries(actor=request.actor).filter(paper=paper)
                 if permissions.may_receive(request.actor, one)), None)  # fmt: skip


def _deliveries(request: OfficeRequest, paper: Paper) -> list[Delivery]:
    """Who has signed for it: all of them to who makes papers here, to others what became of their own units'."""
    if permissions.works_on(request.actor) and permissions.covers(request.actor, paper.area):
        return list(queries.deliveries(paper))
    return list(queries.own_deliveries(actor=request.actor).filter(paper=paper))


def _moved(request: OfficeRequest, paper: Paper) -> dict[str, Any]:
    """核对: which figures are no longer what they were; only where somebody asks."""
    if request.GET.get("check") != "1" or not permissions.works_on(request.actor):
        return {"is_asked": False}
    try:
        return {
            "is_asked": True,
            "rows": queries.moved_since(paper, actor=request.actor, day=clock.today()),
            "refusal": "",
        }
    except DomainError as refusal:
        return {"is_asked": True, "rows": [], "refusal": refusal.message}


@page
def paper_file(request: OfficeRequest, code: str, edition: str, form: str) -> FileResponse:
    """A file of a paper: what was kept at its issue, else drawn now, marked as what it is."""
    paper = found(request, code)
    if edition not in Edition.values or form not in Form.values:
        raise Http404
    name = actions.file_name(paper, edition, form)
    content = (
        _kept(paper, name)
        or queries.drawn(
            queries.sheet_in(queries.latest_version(paper), edition), form, mark=queries.mark_of(paper)
        ).content
    )
    response = FileResponse(
        BytesIO(content), content_type=TYPES[Form(form)], as_attachment=True, filename=name
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _kept(paper: Paper, name: str) -> bytes | None:
    if paper.state != PaperState.ISSUED:
        return None
    file = next((one for one in queries.files_of(paper) if one.name == name), None)
    try:
        return attachments.path_of(file).read_bytes() if file else None
    except OSError:
        return None


@command
def delivery_receive(request: OfficeRequest, pk: int) -> HttpResponse:
    delivery = get_or_404(queries.own_deliveries(actor=request.actor), pk=pk)
    if delivery.received_at is not None:
        message = (
            f"这一步已经办过：{delivery.unit.name}已于{moment(delivery.received_at)}由{delivery.received_by_name}签收。"
        )
        return detail_page(request, found(request, delivery.paper.code), message=message, status=CONFLICT)
    actions.receive_paper(delivery=delivery, by=request.actor, at=clock.now())
    messages.success(request, f"{delivery.unit.name}已签收《{delivery.paper.title}》。")
    return redirect("office:paper_detail", delivery.paper.code)
