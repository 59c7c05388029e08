"""The two shapes of a view: a `@page` shows and cannot write, a `@command` makes one call to an action.

Both let nobody in who has not signed in: a stranger gets 404, and so does a member for what she may not see or do.
"""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, NotAllowed, NotFound, StaleState
from chuangwei.domain.organisation import queries
from chuangwei.web.shared.errors import error_page
from chuangwei.web.shared.readonly import no_writes

P = ParamSpec("P")

READ = frozenset({"GET", "HEAD"})
SEND = frozenset({"POST"})
CONFLICT, UNPROCESSABLE = 409, 422


class OfficeRequest(HttpRequest):
    """A request of somebody signed in."""

    actor: Actor
    htmx: HtmxDetails


View = Callable[Concatenate[OfficeRequest, P], HttpResponseBase]
Surface = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def page(view: View[P]) -> Surface[P]:
    """Show something (GET). The database refuses writes while the view runs."""
    return _surface(view, READ, no_writes)


def command(view: View[P]) -> Surface[P]:
    """Do something (POST)."""
    return _surface(view, SEND, nullcontext)


def _surface(view: View[P], methods: frozenset[str], guard: Callable[[], AbstractContextManager[Any]]) -> Surface[P]:
    @functools.wraps(view)
    def answer(request: HttpRequest, *args: P.args, **parts: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            raise Http404
        if request.method not in methods:
            response = error_page(request, status=405, title="不能这样打开", message="请从页面上的按钮进入这一步。")
            response["Allow"] = ", ".join(sorted(methods))
            return response
        if getattr(request.user, "must_change_password", False):
            return redirect("account_change_password")
        request.actor = queries.actor_of(request.user)  # type: ignore[attr-defined]
        try:
            with guard():
                return view(request, *args, **parts)  # type: ignore[arg-type]
        except (NotFound, NotAllowed) as refusal:
            raise Http404 from refusal
        except StaleState as refusal:
            return error_page(request, status=CONFLICT, title="已被他人处理", message=refusal.message)
        except DomainError as refusal:
            return error_page(request, status=UNPROCESSABLE, title="没有办成", message=refusal.message)

    answer.is_surface = True  # type: ignore[attr-defined]
    answer.methods = methods  # type: ignore[attr-defined]
    return cast("Surface[P]", answer)
