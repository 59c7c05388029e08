"""The desk 工作台: the first page of everybody who works here."""

from django.http import HttpResponse

from chuangwei.core import clock
from chuangwei.web.office.dashboard.registry import desk_of
from chuangwei.web.shared.rendering import render_page, require_or_404
from chuangwei.web.shared.surfaces import OfficeRequest, page


@page
def desk(request: OfficeRequest) -> HttpResponse:
    require_or_404(bool(request.actor.permissions))
    at = clock.now()
    return render_page(
        request, "office/dashboard/desk.html", sections=desk_of(request.actor, at), today=clock.local_day(at)
    )  # fmt: skip
