"""Making a paper: drafting, changing, sending, signing, issuing, withdrawing."""

from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString

from chuangwei.core import clock
from chuangwei.core.errors import DomainError, NotFound, StaleState
from chuangwei.domain.documents import actions, permissions, queries
from chuangwei.domain.documents.enums import Edition, PaperState
from chuangwei.domain.documents.models import Paper
from chuangwei.web.office.documents import picking, stepping
from chuangwei.web.office.documents.forms import DraftForm, UnitsForm, WishesForm
from chuangwei.web.office.documents.offers import BULLETIN, CERTIFICATE
from chuangwei.web.office.documents.views import HOME, detail_page, drawn_body, found
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.rendering import render_page, require_or_404
from chuangwei.web.shared.surfaces import CONFLICT, UNPROCESSABLE, OfficeRequest, command, page

RECENT = 8


@page
def paper_new(request: OfficeRequest) -> HttpResponse:
    return _new_page(request, request.GET.get("kind", ""))


def _new_page(request: OfficeRequest, kind: str, form: DraftForm | None = None) -> HttpResponse:
    kinds = queries.kinds_for(request.actor)
    require_or_404(bool(kinds))
    chosen = kinds.get(kind)
    if chosen is not None and form is None:
        given = {ask.key: request.GET.get(ask.key, "") for ask in chosen.asks}
        form = DraftForm(initial=DraftForm.given(given), actor=request.actor, thing=kind)
    return render_page(
        request, "office/documents/paper_new.html",
        status=UNPROCESSABLE if form is not None and form.is_bound else 200,
        kinds=[(slug, one.name, one.about, slug == kind) for slug, one in kinds.items()],
        chosen=chosen,
        form=form,
        recent=_recent(request, kind) if chosen else [],
        trail=[Crumb(HOME, reverse("office:paper_list")), Crumb("起草")],
    )  # fmt: skip


def _recent(request: OfficeRequest, kind: str) -> list[tuple[str, str]]:
    """The latest periods or flags, to be taken with one click: what each is called, and the address that fills it in."""
    offered = {BULLETIN: picking.periods, CERTIFICATE: picking.flags}.get(kind)
    rows = islice(offered(request.actor), RECENT) if offered else ()
    return [
        (f"{row.name}（{row.hint}）", f"?{urlencode({'kind': kind, **picking.about_of(row.code)})}") for row in rows
    ]  # fmt: skip


@command
def paper_draft(request: OfficeRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    require_or_404(kind in queries.kinds_for(request.actor))
    form = DraftForm(request.POST, actor=request.actor, thing=kind)
    try:
        if form.accepted_by(actions.draft_paper, by=request.actor, at=clock.now()):
            messages.success(request, "已起草。看过以后送审。")
            return redirect("office:paper_detail", form.result.code)
    except NotFound as refusal:
        # What somebody typed names nothing: that is said beside what was typed.
        form.add_error(None, refusal.message)
    return _new_page(request, kind, form)


def _out_of_turn(request: OfficeRequest, paper: Paper, move: str) -> HttpResponse:
    """The paper's page with why the step cannot be taken; 404 for whose step it is not."""
    require_or_404(stepping.may_ever(request.actor, paper, move))
    paper.refresh_from_db()
    message = stepping.out_of_turn(request.actor, paper, move)
    return detail_page(request, paper, message=message, status=CONFLICT)


def _may_change(request: OfficeRequest, paper: Paper) -> bool:
    return permissions.may_edit(request.actor, paper) and paper.state == PaperState.DRAFT


@page
def paper_edit(request: OfficeRequest, code: str) -> HttpResponse:
    paper = found(request, code)
    if not _may_change(request, paper):
        return _out_of_turn(request, paper, stepping.EDIT)
    given = {key: paper.about.get(key, "") for key in queries.WISHES}
    return _edit_page(request, paper, WishesForm(initial=given, actor=request.actor, thing=paper))


def _edit_page(request: OfficeRequest, paper: Paper, form: WishesForm) -> HttpResponse:
    return render_page(
        request, "office/documents/paper_edit.html",
        status=UNPROCESSABLE if form.is_bound else 200,
        paper=paper,
        form=form,
        trail=_trail(paper, "修改"),
    )  # fmt: skip


def _trail(paper: Paper, here: str) -> list[Crumb]:
    own = reverse("office:paper_detail", args=[paper.code])
    return [Crumb(HOME, reverse("office:paper_list")), Crumb(paper.number_text or paper.code, own), Crumb(here)]


@command
def paper_redraft(request: OfficeRequest, code: str) -> HttpResponse:
    paper = found(request, code)
    if not _may_change(request, paper):
        return _out_of_turn(request, paper, stepping.EDIT)
    form = WishesForm(request.POST, actor=request.actor, thing=paper)
    if form.accepted_by(actions.redraft_paper, by=request.actor, at=clock.now()):
        messages.success(request, f"已按现在的数据重新生成，第 {form.result.version} 稿。")
        return redirect("office:paper_detail", code)
    return _edit_page(request, paper, form)


@page
def paper_step(request: OfficeRequest, code: str, move: str) -> HttpResponse:
    """Say what a step does before it is taken."""
    paper = found(request, code)
    step = _step(request, paper, move)
    return _step_page(request, paper, step) if step else _out_of_turn(request, paper, move)


def _step_page(
    request: OfficeRequest, paper: Paper, step: stepping.Step, *, message: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    """With the text itself where somebody puts a name to it."""
    body: SafeString = SafeString("")
    notices: tuple[str, ...] = ()
    if step.move in (stepping.SEND, stepping.SIGN):
        body, notices = drawn_body(request, paper, queries.latest_version(paper), Edition.INNER)
    is_signing = step.move == stepping.SIGN
    return render_page(
        request, "office/documents/paper_step.html",
        status=status,
        paper=paper,
        step=step,
        message=message,
        outlook=queries.outlook(paper, actor=request.actor, day=clock.today()) if is_signing and not message else None,
        body=body,
        notices=notices,
        note=request.POST.get("note", ""),
        trail=_trail(paper, step.title),
    )  # fmt: skip


def _step(request: OfficeRequest, paper: Paper, move: str) -> stepping.Step | None:
    return next((one for one in stepping.steps(request.actor, paper) if one.move == move and one.command), None)


@command
def paper_move(request: OfficeRequest, code: str, move: str) -> HttpResponse:
    paper = found(request, code)
    step = _step(request, paper, move)
    if step is None:
        return _out_of_turn(request, paper, move)
    try:
        _take(move, paper, request)
    except StaleState:
        return _out_of_turn(request, paper, move)
    except DomainError as refusal:
        return _step_page(request, paper, step, message=refusal.message, status=UNPROCESSABLE)
    number = f"，发文字号 {paper.number_text}" if move == stepping.SIGN else ""
    messages.success(request, f"{step.title}完成{number}。")
    return redirect("office:paper_detail", code)


def _take(move: str, paper: Paper, request: OfficeRequest) -> None:
    own: dict[str, Any] = {"paper": paper, "by": request.actor, "at": clock.now()}
    note = request.POST.get("note", "")
    if move == stepping.SEND:
        actions.send_paper(**own)
    elif move == stepping.SIGN:
        actions.sign_paper(**own)
    elif move == stepping.RETURN:
        actions.return_paper(**own, note=note)
    else:
        actions.withdraw_paper(**own, note=note)


def _may_issue(request: OfficeRequest, paper: Paper) -> bool:
    is_open = paper.state in (PaperState.SIGNED, PaperState.ISSUED)
    return is_open and permissions.may_issue(request.actor, paper)


@page
def paper_units(request: OfficeRequest, code: str) -> HttpResponse:
    paper = found(request, code)
    if not _may_issue(request, paper):
        return _out_of_turn(request, paper, stepping.ISSUE)
    chosen = queries.suggested_units(paper, actor=request.actor, day=clock.today())
    return _units_page(request, paper, UnitsForm(initial={"units": chosen}, actor=request.actor, thing=paper))


def _units_page(request: OfficeRequest, paper: Paper, form: UnitsForm) -> HttpResponse:
    verb = "补发" if paper.state == PaperState.ISSUED else "印发"
    return render_page(
        request, "office/documents/paper_units.html",
        status=UNPROCESSABLE if form.is_bound else 200,
        paper=paper,
        recipients=queries.recipients_of(paper),
        form=form,
        groups=form.groups(),
        verb=verb,
        trail=_trail(paper, verb),
    )  # fmt: skip


@command
def paper_issue(request: OfficeRequest, code: str) -> HttpResponse:
    paper = found(request, code)
    if not _may_issue(request, paper):
        return _out_of_turn(request, paper, stepping.ISSUE)
    is_issued = paper.state == PaperState.ISSUED
    form = UnitsForm(request.POST, actor=request.actor, thing=paper)
    verb = actions.send_to_more if is_issued else actions.issue_paper
    try:
        done = form.accepted_by(verb, by=request.actor, at=clock.now())
    except StaleState:
        return _out_of_turn(request, paper, stepping.ISSUE)
    if not done:
        return _units_page(request, paper, form)
    messages.success(request, "已补发。" if is_issued else "已印发，文件已存档，等待各单位签收。")
    return redirect("office:paper_detail", code)
