"""Draws: the list, the record of one with what is needed to redo it, and its steps."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.inspections import actions, permissions, queries
from chuangwei.domain.inspections.enums import Permission
from chuangwei.domain.inspections.models import Draw, Round
from chuangwei.domain.places import queries as places
from chuangwei.web.office.inspections import wording
from chuangwei.web.office.inspections.forms import DrawForm, ReleaseForm, VoidForm, WordForm
from chuangwei.web.office.inspections.listing import DRAWS
from chuangwei.web.office.inspections.trails import with_from
from chuangwei.web.office.places import households
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.forms import ActionForm
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command, page

SHOWN_CANDIDATES = 200
UNTOLD = "不在您的范围内，理由不显示"


@page
def draw_list(request: OfficeRequest) -> HttpResponse:
    require_or_404(request.actor.may(Permission.VIEW))
    shown = DRAWS.shown(queries.draws(actor=request.actor), request)
    codes = [draw.round_code for draw in shown.page.rows]
    names = dict(queries.rounds(actor=request.actor).filter(code__in=codes).values_list("code", "name"))
    return render_page(
        request, "office/inspections/draw_list.html", part="list",
        list=shown, rows=[_row(draw, names) for draw in shown.page.rows], may_plan=permissions.may_plan(request.actor),
        may_export=permissions.may_export(request.actor),
    )  # fmt: skip


@command
def draw_export(request: OfficeRequest) -> HttpResponseBase:
    require_or_404(permissions.may_export(request.actor))
    return export_listing(DRAWS, queries.draws(actor=request.actor), request, title="抽取", by=request.actor)


def _row(draw: Draw, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "draw": draw, "round": names.get(draw.round_code, ""), "step": wording.step_of(draw),
        "address": reverse("office:draw_detail", args=[draw.pk]),
        "candidates": draw.candidates.count("\n"), "drawn": sum(map(len, draw.drawn.values())),
    }  # fmt: skip


# --- One draw ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stratum:
    """One kind of site: how many were asked for, how many candidates there were, what was drawn, in the draw's order."""

    name: str
    wanted: int
    candidates: int
    sites: list[tuple[str, str, str]]
    is_short: bool


@dataclass(frozen=True)
class Step:
    title: str
    words: str
    at: datetime | None
    by: str


@page
def draw_detail(request: OfficeRequest, key: int) -> HttpResponse:
    draw: Draw = get_or_404(queries.draws(actor=request.actor), pk=key)
    return _detail(request, draw, None)


def _detail(request: OfficeRequest, draw: Draw, form: ActionForm | None, *, status: int = 200) -> HttpResponse:
    each = queries.rounds(actor=request.actor).filter(code=draw.round_code).first()
    may_step = permissions.may_step(request.actor, draw)
    next_step = _next(draw) if may_step else None
    title = f"{each.name if each else draw.round_code} 抽取"
    return render_page(
        request, "office/inspections/draw_detail.html", status=status,
        draw=draw, title=title, step=wording.step_of(draw), steps=_steps(draw), strata=_strata(draw, request.actor),
        seed=draw.seed if draw.drawn_at else "",
        exclusions=_excluded(draw, request.actor), candidates=draw.candidates.count("\n"), one_hand=_by_one_hand(draw),
        each=each, round_address=with_from(page_of("round", draw.round_code), request) if each else "",
        others=_others(request, each, draw) if next_step in (COMMIT, DRAW) else "",
        next=next_step, form=form or (next_step.form(actor=request.actor) if next_step else None),
        may_void=may_step and draw.voided_at is None,
        void_form=VoidForm(actor=request.actor),
        trail=[Crumb("抽取", reverse("office:draw_list")), Crumb(title)],
    )  # fmt: skip


def _others(request: OfficeRequest, each: Round | None, draw: Draw) -> str:
    """Said while whoever looks may still choose: later it is the other's turn."""
    if draw.word_source or (draw.committed_by and draw.committed_by != permissions.hand(request.actor)):
        return ""
    return wording.other_hands(queries.other_hands(each, by=request.actor))


def _by_one_hand(draw: Draw) -> bool:
    return draw.drawn_at is not None and queries.is_by_one_hand(draw)


def _steps(draw: Draw) -> list[Step]:
    return [
        Step("冻结名单", f"名单摘要 {draw.candidates_hash}", draw.frozen_at, draw.frozen_by),
        Step("承诺种子", f"种子摘要 {draw.seed_hash}" if draw.seed_hash else "", draw.committed_at, draw.committed_by),
        Step("抽取", f"公开词 {draw.word}" if draw.word else "", draw.drawn_at, draw.drawn_by),
    ]


def _strata(draw: Draw, actor: Actor) -> list[Stratum]:
    drawn = [code for codes in draw.drawn.values() for code in codes]
    names, kinds = _names(drawn, actor), dict(places.site_kinds().values_list("code", "name"))
    listed: dict[str, int] = {}
    for line in draw.candidates.split("\n")[:-1]:
        kind = line.partition("\t")[0]
        listed[kind] = listed.get(kind, 0) + 1
    return [
        Stratum(
            kinds.get(kind, kind), wanted, listed.get(kind, 0),
            [(code, names.get(code, code), page_of("site", code) if code in names else "") for code in draw.drawn.get(kind, ())],
            kind in draw.shortfalls,
        )
        for kind, wanted in sorted(draw.strata.items())
    ]  # fmt: skip


def _excluded(draw: Draw, actor: Actor) -> list[tuple[str, str, str]]:
    names = _names(draw.exclusions, actor)
    reasons = _reasons(draw.exclusions, names)
    return [(code, names.get(code, code), reason) for code, reason in sorted(reasons.items())]


def _names(codes: Iterable[str], actor: Actor) -> dict[str, str]:
    """The names of the actor's own places among these; of anybody else's there is only the code."""
    own = places.sites(actor=actor).filter(code__in=list(codes))
    return {site.code: households.name_of(actor, site) for site in own}


def _reasons(exclusions: Mapping[str, str], own: Collection[str]) -> dict[str, str]:
    """Why places were left out: it may name whoever lives there, so only of the actor's own."""
    return {code: reason if code in own else UNTOLD for code, reason in exclusions.items()}


# --- What anybody needs to redo it ------------------------------------------------------------------------------------


@page
def draw_result(request: OfficeRequest, key: int) -> HttpResponse:
    """The published result, in the shape the verifier reads."""
    draw = _drawn(request, key)
    return _json(queries.draw_result(draw), f"draw-{draw.pk}.json")


@page
def draw_record(request: OfficeRequest, key: int) -> HttpResponse:
    """The record of the steps, which the verifier reads beside the result."""
    draw = _drawn(request, key)
    told = queries.draw_record(draw)
    told["exclusions"] = _reasons(told["exclusions"], _names(told["exclusions"], request.actor))
    return _json(told, f"draw-{draw.pk}-record.json")


@page
def draw_candidates(request: OfficeRequest, key: int) -> HttpResponse:
    """The list of candidates, byte for byte as it was hashed."""
    draw: Draw = get_or_404(queries.draws(actor=request.actor), pk=key)
    return _file(draw.candidates, f"draw-{draw.pk}-candidates.txt", "text/plain; charset=utf-8")


@page
def draw_verifier(request: OfficeRequest) -> HttpResponse:
    """The stand-alone verifier: one file that needs Python and nothing of ours."""
    require_or_404(request.actor.may(Permission.VIEW))
    text = Path(queries.VERIFIER_FILE).read_text(encoding="utf-8")
    return _file(text, "verify_draw.py", "text/x-python; charset=utf-8")


def _drawn(request: OfficeRequest, key: int) -> Draw:
    draw: Draw = get_or_404(queries.draws(actor=request.actor), pk=key)
    if draw.drawn_at is None:
        raise Http404
    return draw


def _json(body: Any, name: str) -> HttpResponse:
    return _file(json.dumps(body, ensure_ascii=False, indent=2) + "\n", name, "application/json")


def _file(text: str, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text.encode(), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


# --- Steps ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """The next step of a draw: its form and the action behind it."""

    slug: str
    title: str
    words: str
    done: str
    """What is said afterwards; `drawn` is how many sites."""
    form: type[ActionForm]
    act: Callable[..., Draw]


COMMIT = Move(
    "commit", "承诺种子", "程序产生一个秘密种子，只公布它的摘要。抽取之前任何人都读不到种子。",
    "已承诺种子，它的摘要已经公布。", ReleaseForm, actions.commit_seed,
)  # fmt: skip
DRAWN = "已抽取 {drawn} 处点位，种子已经公布。"
DRAW = Move(
    "draw", "抽取", "公布种子并抽取。须由承诺种子的人以外的另一个账号来做。", DRAWN, ReleaseForm, actions.draw_sites
)
DRAW_BY_WORD = Move("draw", "抽取", "公布种子，与约定的公开词一起抽取。", DRAWN, WordForm, actions.draw_sites)
VOID = Move(
    "void", "作废", "作废的抽取连同理由一直保留；作废后这个轮次才能再抽。", "已作废这次抽取，记录和理由保留。",
    VoidForm, actions.void_draw,
)  # fmt: skip


def _next(draw: Draw) -> Move | None:
    if draw.voided_at or draw.drawn_at or draw.is_trial:
        return None
    if draw.committed_at is None:
        return COMMIT
    return DRAW_BY_WORD if draw.word_source else DRAW


@command
def draw_step(request: OfficeRequest, key: int, step: str) -> HttpResponse:
    draw: Draw = get_or_404(queries.draws(actor=request.actor), pk=key)
    require_or_404(permissions.may_step(request.actor, draw))
    move = VOID if step == VOID.slug and draw.voided_at is None else _next(draw)
    if move is None or move.slug != step:
        raise Http404
    form = move.form(request.POST, actor=request.actor)
    if form.accepted_by(move.act, draw=draw, by=request.actor, at=clock.now()):
        messages.success(request, move.done.format(drawn=sum(map(len, form.result.drawn.values()))))
        return redirect("office:draw_detail", draw.pk)
    return _detail(request, draw, form if move is not VOID else None, status=UNPROCESSABLE)


@page
def draw_new(request: OfficeRequest) -> HttpResponse:
    require_or_404(permissions.may_plan(request.actor))
    form = DrawForm(actor=request.actor, initial={"round_code": request.GET.get("round", "")[:64]})
    return _form_page(request, form)


@command
def draw_freeze(request: OfficeRequest) -> HttpResponse:
    require_or_404(permissions.may_plan(request.actor))
    form = DrawForm(request.POST, actor=request.actor)
    if form.accepted_by(actions.freeze_candidates, by=request.actor, at=clock.now()):
        count = form.result.candidates.count("\n")
        messages.success(request, f"已冻结候选名单，共 {count} 处。")
        for words in wording.shortfalls_of(form.result, dict(form.kinds)):
            messages.warning(request, words)
        return redirect("office:draw_detail", form.result.pk)
    return _form_page(request, form, status=UNPROCESSABLE)


def _form_page(request: OfficeRequest, form: DrawForm, *, status: int = 200) -> HttpResponse:
    asked = form["round_code"].value() or ""
    each = queries.rounds(actor=request.actor).filter(code=asked).first()
    return render_page(
        request, "office/inspections/draw_form.html", status=status, form=form, back=reverse("office:draw_list"),
        others=wording.other_hands(queries.other_hands(each, by=request.actor)),
        trail=[Crumb("抽取", reverse("office:draw_list")), Crumb("冻结名单")],
    )  # fmt: skip
