"""What somebody may do with a record: each move has its form and the one action behind it, and says first what it does."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.forms import ActionForm
from chuangwei.web.shared.rendering import render_page
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest

TEMPLATE = "office/places/move.html"


def _nothing(_thing: Any) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Move:
    """`noun` is what the action calls the record, `begins` what the form holds at first, `icon` stands on its button."""

    slug: str
    title: str
    form: type[ActionForm]
    act: Callable[..., Any]
    noun: str
    may: Callable[[Actor, Any], bool]
    effects: Sequence[str] = ()
    begins: Callable[[Any], Mapping[str, Any]] = _nothing
    icon: str = "edit"
    template: str = TEMPLATE


@dataclass(frozen=True)
class Where:
    """The addresses of a move, and how its page is called."""

    command: str
    back: str
    title: str
    trail: Sequence[Crumb]


@dataclass(frozen=True)
class Way:
    """A move as the page of its record offers it."""

    title: str
    icon: str
    address: str


def ways(moves: Iterable[Move], actor: Actor, thing: Any, address: Callable[[str], str]) -> list[Way]:
    """The moves open to somebody now."""
    return [Way(move.title, move.icon, address(move.slug)) for move in moves if move.may(actor, thing)]


def chosen(moves: Iterable[Move], actor: Actor, thing: Any, slug: str) -> Move:
    """The move of this slug; who may not make it has no page for it."""
    for move in moves:
        if move.slug == slug and move.may(actor, thing):
            return move
    raise Http404


def ask(request: OfficeRequest, move: Move, thing: Any, where: Where) -> HttpResponse:
    """The form of a move."""
    form = move.form(actor=request.actor, thing=thing, initial=dict(move.begins(thing)))
    return _page(request, move, thing, where, form)


def make(
    request: OfficeRequest, move: Move, thing: Any, where: Where, *, back: Callable[[Any], str] | None = None
) -> HttpResponse:
    """Make the move, or show its form again with what is wrong. `back` finds where to go from what was made."""
    form = move.form(request.POST, actor=request.actor, thing=thing)
    known = {move.noun: thing} if move.noun else {}
    if not form.accepted_by(move.act, **known, by=request.actor, at=clock.now()):
        return _page(request, move, thing, where, form, status=UNPROCESSABLE)
    messages.success(request, f"{move.title}：已办好。")
    return redirect(back(form.result) if back else where.back)


def _page(
    request: OfficeRequest, move: Move, thing: Any, where: Where, form: ActionForm, *, status: int = 200
) -> HttpResponse:
    return render_page(
        request, move.template, status=status, move=move, thing=thing, form=form, where=where, trail=where.trail
    )
