"""The edge: what no page should ever have to look at is refused before any page is asked.

NUL in an address, a form or a cookie (PostgreSQL takes none anywhere), numbers no database can hold, and more bytes than
any form of ours sends. Every answer says what the page may use of the device.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase

from chuangwei.web.shared.errors import bad_request, error_page, not_found

BAD_REQUEST, TOO_LARGE = 400, 413
UNREADABLE = "要找的词里有不能识别的字符。"
LARGEST_NUMBER = 2**63 - 1
NUL = "\0"
MULTIPART = "multipart/form-data"
PERMISSIONS = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(self), display-capture=(), fullscreen=(self),"
    " geolocation=(self), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(),"
    " publickey-credentials-create=(self), publickey-credentials-get=(self), usb=()"
)
"""Photos and the place they were taken are the phone's; everything else of a device is none of our business."""


class Edge:
    """Middleware: see above."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._refusal(request) or self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: Iterable[Any], parts: dict[str, Any]
    ) -> HttpResponse | None:
        """Behind the check of the form's origin, which has read the form: a stranger's bytes were not parsed for this."""
        if any(isinstance(part, int) and part > LARGEST_NUMBER for part in parts.values()):
            return not_found(request)
        if request.method == "POST" and _holds_nul(request.POST):
            return _unreadable(request)
        return None

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        if _length(request) > _most(request):
            return error_page(
                request,
                status=TOO_LARGE,
                title="传得太多了",
                message="一次上传的文件太大，服务器没有接收。请分几次上传。",
            )
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if NUL in request.path_info or b"\0" in query or any(NUL in value for value in request.COOKIES.values()):
            return _unreadable(request)
        return None


def _unreadable(request: HttpRequest) -> HttpResponse:
    """In the shape of whoever asks: a page for people, JSON for the pickers of forms."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"message": UNREADABLE}, status=BAD_REQUEST)
    return bad_request(request)


def _holds_nul(form: QueryDict) -> bool:
    return any(NUL in name or any(NUL in value for value in values) for name, values in form.lists())


def _length(request: HttpRequest) -> int:
    """What the browser says it sends. The server reads no more than that, and nothing where nothing is said."""
    written = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(written) if written.isascii() and written.isdigit() else 0


def _most(request: HttpRequest) -> int:
    """Files go to the disk piece by piece; anything else would be held in memory."""
    if request.content_type == MULTIPART:
        return int(settings.LARGEST_REQUEST)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
