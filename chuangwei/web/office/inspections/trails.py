"""The trail above a page that several pages lead to: back to the one somebody came from, told by `?from=`."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse

from chuangwei.web.shared.crumbs import Crumb

FROM = "from"
LONGEST = 500
TITLES = {
    "round_list": "轮次", "round_detail": "轮次", "visit_list": "检查记录", "site_detail": "点位",
    "series_list": "评比", "period_detail": "排名", "subject_detail": "得分", "part_detail": "得分", "flag_detail": "旗",
    "problem_detail": "问题", "problem_list": "问题台账", "desk": "工作台", "paper_figure": "公文里的数字",
}  # fmt: skip
"""The pages one may have come from, and what the way back is called."""


def with_from(address: str, request: HttpRequest) -> str:
    """An address that knows the page it was opened from, with that page's filters."""
    return f"{address}?{urlencode({FROM: request.get_full_path()})}"


def came_from(request: HttpRequest) -> Crumb | None:
    """The way back; none where the address names no page of ours. Only what a page is called is taken from a table:
    nothing of the address is shown as text."""
    address = request.GET.get(FROM, "")
    parts = urlsplit(address) if address.startswith("/") and not address.startswith(("//", "/\\")) else None
    if parts is None or parts.scheme or parts.netloc or len(address) > LONGEST or not address.isprintable():
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    title = TITLES.get(match.url_name or "") if match.namespace == "office" else None
    return Crumb(title, address) if title else None


def trail(request: HttpRequest, title: str, *, home: str = "visit_list") -> list[Crumb]:
    """Where one came from, else the list the thing belongs to; then the thing itself."""
    return [came_from(request) or Crumb(TITLES[home], reverse(f"office:{home}")), Crumb(title)]
