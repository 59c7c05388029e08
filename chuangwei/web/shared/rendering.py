"""`render_page`: the whole page, or for htmx only its named part."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from chuangwei.web.shared.listing import AFTER, Shown


def render_page(
    request: HttpRequest, template: str, *, part: str | None = None, status: int = 200, **context: Any
) -> HttpResponse:
    """Render `template`; where htmx asks and the page names a part, only that part (`list.html#rows`).

    The same address gives both, so caches are told that the header decides. A list that was narrowed in place leaves its
    own short address in the bar instead of every field of its form.
    """
    htmx = getattr(request, "htmx", None)
    wants_part = bool(part and htmx and not htmx.boosted and not htmx.history_restore_request)
    response = render(request, f"{template}#{part}" if wants_part else template, context, status=status)
    response["Vary"] = "Cookie, HX-Request"
    response["Cache-Control"] = "no-store"
    shown = context.get("list")
    if wants_part and isinstance(shown, Shown) and not shown.is_faulty and AFTER not in request.GET:
        response["HX-Push-Url"] = shown.asked.address()
    return response


def get_or_404(found: QuerySet[Any], **keys: Any) -> Any:
    """The one row of what the actor may see; 404 where it is not among it."""
    try:
        return found.get(**keys)
    except ObjectDoesNotExist:
        raise Http404 from None


def require_or_404(allowed: bool) -> None:
    """What somebody may not do has no page for them."""
    if not allowed:
        raise Http404
