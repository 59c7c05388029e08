"""A line of the log for each request: who asked for what, what came of it, how long it took.

What was asked for is told without the values of the query, which may name a person; who asked, by account.
"""

import logging
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from chuangwei.core.errors import new_event_id

log = logging.getLogger("chuangwei.request")

UNWATCHED = ("/static/", "/healthz")
"""Asked for all day long by machines; a failure of theirs is told all the same."""
REFUSED = 500


class RequestLog:
    """The outermost middleware. `request.event_id` is what a person reads on the page for faults."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        event_id = new_event_id()
        request.event_id = event_id  # type: ignore[attr-defined]
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(event_id=event_id):
            response = self.get_response(request)
            if response.status_code >= REFUSED or not request.path.startswith(UNWATCHED):
                log.info("request", extra=told(request, response) | {"ms": round((time.perf_counter() - began) * 1000)})
        response.headers["X-Request-ID"] = event_id
        return response


def told(request: HttpRequest, response: HttpResponseBase) -> dict[str, object]:
    """What of a request may be kept."""
    # Whoever was not looked up for the page is not looked up for the log.
    user = getattr(request, "_cached_user", None)
    return {
        "method": request.method,
        "path": request.path,
        "query": sorted(request.GET),
        "status": response.status_code,
        "account": getattr(user, "code", ""),
    }
