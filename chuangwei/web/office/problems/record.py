"""One problem: what it waits for, where it is, its photos, its clock, what it is tied to, what happened to it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.errors import DomainError, StaleState
from chuangwei.domain.inspections.queries import visits
from chuangwei.domain.organisation.permissions import visible_units
from chuangwei.domain.problems import permissions, queries
from chuangwei.domain.problems.enums import ExtensionState, PhotoStage
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.places import households, shapes
from chuangwei.web.office.problems import again, papers, steps
from chuangwei.web.office.problems.history import happenings
from chuangwei.web.office.problems.rows import marks_of, place_name
from chuangwei.web.office.problems.steps import Offered, Step
from chuangwei.web.office.problems.ticking import clock_of
from chuangwei.web.office.problems.wording import done, standing
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.forms import ActionForm
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.rendering import get_or_404, render_page
from chuangwei.web.shared.surfaces import CONFLICT, UNPROCESSABLE, OfficeRequest, command, page

VISIT = "inspections.visit"
MOST_TIES = 20


def _problem(request: OfficeRequest, code: str) -> Problem:
    found = queries.problems(actor=request.actor)
    problem: Problem = get_or_404(
        found.select_related(
            "site__kind", "area", "category__parent", "unit", "comes_back_of", "merged_into", "parent"
        ),
        code=code,
    )
    return problem


@page
def problem_detail(request: OfficeRequest, code: str) -> HttpResponse:
    problem = _problem(request, code)
    offered = steps.offered(request.actor, problem)
    wanted = request.GET.get("step", "")
    chosen = next((step for step in offered.steps if step.slug == wanted), None)
    if chosen is None:
        chosen = next((step for step in offered.steps if step.is_next), None)
    form = chosen.form(actor=request.actor, thing=problem) if chosen else None
    return _page(request, problem, offered, chosen, form)


@command
def problem_step(request: OfficeRequest, code: str, step: str) -> HttpResponse:
    """Make a step; its own form comes back where something is wrong, and the page where the step does not fit any more."""
    problem = _problem(request, code)
    chosen = next((one for one in steps.STEPS if one.slug == step), None)
    if chosen is None or not chosen.may(request.actor, problem):
        raise Http404
    form = chosen.form(request.POST, request.FILES, actor=request.actor, thing=problem)
    noted = request.POST.get("seen", "")
    if told := again.why_not(chosen, problem, noted=noted):
        return problem_again(request, code, told, chosen, form)
    try:
        is_done = form.accepted_by(chosen.act, problem=problem, by=request.actor, at=clock.now())
    except StaleState as refusal:
        told = again.why_not(chosen, _problem(request, code), noted=noted) or refusal.message
        return problem_again(request, code, told, chosen, form)
    # What the action had set before it was refused is not so.
    problem = _problem(request, code)
    if not is_done:
        offered = steps.offered(request.actor, problem)
        return _page(request, problem, offered, chosen, form, status=UNPROCESSABLE)
    messages.success(request, done(chosen.done, problem, form.result))
    return redirect(page_of("problem", code))


def problem_again(
    request: OfficeRequest, code: str, told: str, chosen: Step | None = None, form: ActionForm | None = None
) -> HttpResponse:
    """The page of a problem with why nothing was done; what was filled in stays where the step is still open."""
    problem = _problem(request, code)
    offered = steps.offered(request.actor, problem)
    if chosen not in offered.steps:
        chosen = next((step for step in offered.steps if step.is_next), None)
        form = chosen.form(actor=request.actor, thing=problem) if chosen else None
    return _page(request, problem, offered, chosen, form, status=CONFLICT, told=told)


def _page(
    request: OfficeRequest, problem: Problem, offered: Offered, chosen: Step | None, form: ActionForm | None,
    *, status: int = 200, told: str = "",
) -> HttpResponse:  # fmt: skip
    actor, now = request.actor, clock.now()
    address = page_of("problem", problem.code)
    return render_page(
        request, "office/problems/problem_detail.html",
        status=status,
        problem=problem,
        place=place_name(actor, problem),
        standing=standing(problem, now),
        marks=marks_of(problem),
        step=chosen,
        form=form,
        told=told,
        hindrances=[one for one in offered.hindrances if one != told],
        seen=again.seen(problem),
        draft=papers.draft_address(actor, problem),
        step_address=reverse("office:problem_step", args=[problem.code, chosen.slug]) if chosen else "",
        other_steps=[(step, f"{address}?step={step.slug}") for step in offered.steps if step != chosen],
        moments=_moments(problem),
        photos=_photos(problem),
        map=shapes.map_of_site(actor, problem.site) if problem.site else shapes.map_of_area(problem.area),
        position=households.position_of(actor, problem.site) if problem.site else None,
        site_address=page_of("site", problem.site.code) if problem.site else "",
        clock=clock_of(problem, now),
        extension=problem.extensions.filter(state=ExtensionState.ASKED).first(),
        ties=[*_ties(request, problem), *papers.ties(actor, problem)],
        happenings=happenings(problem),
        trail=[Crumb("问题台账", reverse("office:problem_list")), Crumb(problem.code)],
    )  # fmt: skip


def _moments(problem: Problem) -> list[tuple[str, datetime]]:
    """The times of its life, as far as they came."""
    named = [
        ("发现时间", problem.found_at), ("派遣时间", problem.dispatched_at), ("整改期限", problem.due_at),
        ("整改时间", problem.fixed_at), ("核查时间", problem.verified_at), ("销号时间", problem.closed_at),
    ]  # fmt: skip
    return [(title, at) for title, at in named if at is not None]


def _photos(problem: Problem) -> list[dict[str, Any]]:
    """Photos by stage: as found, as put right; stages without any are left out."""
    found = queries.photos_of(problem)
    groups = [{"title": stage.label, "photos": [one for one in found if one.stage == stage]} for stage in PhotoStage]
    return [group for group in groups if group["photos"]]


def _ties(request: OfficeRequest, problem: Problem) -> list[dict[str, str]]:
    """What it is tied to, as far as the actor may see it: one question for all problems, one for the visit."""
    seen = queries.problems(actor=request.actor)
    ways: list[tuple[str, list[int | None]]] = [
        ("前次问题", [problem.comes_back_of_id]), ("并入", [problem.merged_into_id]), ("总问题", [problem.parent_id]),
        ("又见于", list(problem.comebacks.values_list("pk", flat=True)[:MOST_TIES])),
        ("并来", list(problem.merged.values_list("pk", flat=True)[:MOST_TIES])),
        ("分问题", list(problem.children.values_list("pk", flat=True)[:MOST_TIES])),
    ]  # fmt: skip
    known = {one.pk: one for one in seen.filter(pk__in=[key for _, keys in ways for key in keys if key])}
    found = [
        {"how": how, "words": f"{one.code} {one.category.name}", "state": one.get_state_display(),
         "address": page_of("problem", one.code)}
        for how, keys in ways for key in keys if key and (one := known.get(key))
    ]  # fmt: skip
    if problem.origin_kind == VISIT and visits(actor=request.actor).filter(code=problem.origin_code).exists():
        found.append({
            "how": "来自检查", "words": problem.origin_code, "state": "",
            "address": page_of("visit", problem.origin_code),
        })  # fmt: skip
    return found


@page
def problem_deadline(request: OfficeRequest, code: str) -> HttpResponse:
    """What the deadline would be if it were dispatched now to the unit named: shown while the form is filled in."""
    problem = _problem(request, code)
    if not permissions.may_dispatch(request.actor, problem):
        raise Http404
    unit = visible_units(request.actor).filter(code=request.GET.get("to", "").strip()).first()
    due: datetime | None = None
    refusal = ""
    try:
        due = queries.deadline_for(problem, unit, clock.now()) if unit else None
    except DomainError as told:
        refusal = told.message
    keeps = unit is not None and unit.pk == problem.unit_id and problem.due_at is not None
    return render(
        request, "office/problems/deadline.html",
        {"unit": unit, "due": due, "refusal": refusal, "keeps": keeps, "problem": problem},
    )  # fmt: skip
