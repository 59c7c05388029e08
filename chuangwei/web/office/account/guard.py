"""allauth's pages of one's own account, guarded like every other: a stranger finds nothing there."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from chuangwei.domain.organisation import queries
from chuangwei.web.office.account import factors
from chuangwei.web.shared.surfaces import UNPROCESSABLE

View = Callable[..., HttpResponseBase]


def own(view: View) -> View:
    """Decorate a view that shows or changes the sign-in of whoever asks. First of all comes a password of one's own."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            raise Http404
        if getattr(request.user, "must_change_password", False):
            return redirect("account_change_password")
        # The menu of the page is drawn for somebody who may open it at once.
        if not factors.is_due(request.user):
            request.actor = queries.actor_of(request.user)  # type: ignore[attr-defined]
        return view(request, *args, **parts)

    guarded: View = never_cache(answer)
    guarded.is_surface = True  # type: ignore[attr-defined]
    return guarded


class Refusing:
    """A form that is not right is answered 422, so that nothing takes it for done. Stand it before the view."""

    def form_invalid(self: Any, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            response.status_code = UNPROCESSABLE
        return response
