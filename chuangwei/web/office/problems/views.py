"""The ledger 问题台账: its list, what is done to several problems at once, and reporting a new one."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.domain.organisation.permissions import may_export
from chuangwei.domain.problems import actions, queries
from chuangwei.domain.problems.enums import Permission, ProblemState
from chuangwei.web.office.problems import several
from chuangwei.web.office.problems.forms import ReportForm
from chuangwei.web.office.problems.listing import problems_listing, shown_problems
from chuangwei.web.office.problems.record import problem_again
from chuangwei.web.office.problems.rows import told
from chuangwei.web.office.problems.several import Bulk, Tried
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.forms import ActionForm
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.rendering import render_page, require_or_404
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command, page

S = ProblemState


@page
def problem_list(request: OfficeRequest) -> HttpResponse:
    require_or_404(request.actor.may(Permission.VIEW))
    return _list_page(request)


def _list_page(request: OfficeRequest, tried: Tried | None = None) -> HttpResponse:
    """The list the address asks for; after a step for several that was not made, with what stood in its way."""
    actor = request.actor
    shown = shown_problems(actor, request)
    problems = list(shown.page.rows)
    return render_page(
        request, "office/problems/problem_list.html",
        part="list",
        status=UNPROCESSABLE if tried else 200,
        list=shown,
        rows=told(actor, problems, clock.now()),
        offers=several.offers(actor, problems, tried),
        tickable=several.tickable(actor, problems, tried),
        tried=tried,
        here=request.GET.urlencode(),
        may_report=actor.may(Permission.REPORT),
        export_address=reverse("office:problem_export") if may_export(actor) else "",
    )  # fmt: skip


@page
def problem_mine(request: OfficeRequest) -> HttpResponse:
    """What waits to be put right by the unit of whoever asks, the next deadline first: a view of the list."""
    require_or_404(request.actor.may(Permission.FIX))
    view = {"state": S.DISPATCHED.value, "sort": "deadline"}
    if len(request.actor.unit_codes) == 1:
        view["unit"] = request.actor.unit_codes[0]
    return redirect(f"{reverse('office:problem_list')}?{urlencode(view)}")


@command
def problem_export(request: OfficeRequest) -> HttpResponseBase:
    require_or_404(request.actor.may(Permission.VIEW) and may_export(request.actor))
    found = queries.listed_problems(actor=request.actor)
    return export_listing(problems_listing(request.actor), found, request, title="问题台账", by=request.actor)


@command
def problem_dispatch_many(request: OfficeRequest) -> HttpResponse:
    """Everything ticked goes to one unit, or nothing does."""
    return _several(request, several.DISPATCH, lambda form: f"给{form.cleaned_data['to'].name}")


@command
def problem_close_many(request: OfficeRequest) -> HttpResponse:
    """Everything ticked is closed, or nothing is."""
    return _several(request, several.CLOSE)


def _several(request: OfficeRequest, bulk: Bulk, more: Callable[[ActionForm], str] = lambda _: "") -> HttpResponse:
    """The address carries the list the boxes were ticked in: it is shown again, whatever came of the step."""
    require_or_404(request.actor.may(bulk.permission))
    codes = list(dict.fromkeys(request.POST.getlist("codes")))[: actions.MOST + 1]
    ticked = list(queries.problems(actor=request.actor).filter(code__in=codes).order_by("pk"))
    form = bulk.form(request.POST, actor=request.actor, thing=ticked)
    if len(ticked) < len(codes):
        gone = f"勾选的 {len(codes)} 件中有 {len(codes) - len(ticked)} 件找不到，请重新勾选。"
        return _list_page(request, Tried(bulk, form, frozenset(one.code for one in ticked), message=gone))
    tried = several.attempt(bulk, form, by=request.actor, at=clock.now())
    if tried:
        return _list_page(request, tried)
    messages.success(request, f"已{bulk.title} {form.result} 件{more(form)}。")
    return redirect(f"{reverse('office:problem_list')}?{request.GET.urlencode()}".rstrip("?"))


@page
def problem_new(request: OfficeRequest) -> HttpResponse:
    require_or_404(request.actor.may(Permission.REPORT))
    begins = {name: request.GET.get(name, "")[:64] for name in ("site", "area", "category")}
    return _new_page(request, ReportForm(actor=request.actor, initial=begins))


@command
def problem_report(request: OfficeRequest) -> HttpResponse:
    require_or_404(request.actor.may(Permission.REPORT))
    form = ReportForm(request.POST, request.FILES, actor=request.actor)
    try:
        is_done = form.accepted_by(actions.report_with_photos, by=request.actor, at=clock.now())
    except actions.AlreadyReported as sent:
        return problem_again(request, sent.problem.code, sent.message)
    if not is_done:
        return _new_page(request, form, status=UNPROCESSABLE)
    problem, refusal = form.result.problem, form.result.refusal
    messages.success(request, f"已上报，编号 {problem.code}。")
    if refusal:
        messages.error(request, f"照片没有收下：{refusal}请重新添加。")
    return redirect(page_of("problem", problem.code))


def _new_page(request: OfficeRequest, form: ReportForm, *, status: int = 200) -> HttpResponse:
    return render_page(
        request, "office/problems/problem_new.html",
        status=status,
        form=form,
        trail=[Crumb("问题台账", reverse("office:problem_list")), Crumb("上报问题")],
    )  # fmt: skip
