"""A photo, as a copy made from its pixels alone: upright, without EXIF, of one of two sizes."""

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase

from chuangwei.core import attachments
from chuangwei.core.errors import DomainError
from chuangwei.core.models import Attachment
from chuangwei.web.office.attachments.registry import is_visible
from chuangwei.web.shared.surfaces import OfficeRequest, page

SIZES = {"small": 320, "large": 1600}
"""The longest side in pixels: in a list, and opened."""
KEPT_SECONDS = 3600


@page
def photo(request: OfficeRequest, digest: str, size: str) -> HttpResponseBase:
    """404 for whoever may see none of the things the photo was handed in for, as for one that is not there."""
    rows = Attachment.objects.filter(digest=digest, content_type__startswith="image/").order_by("pk")
    found = next((row for row in rows if is_visible(row, request.actor)), None)
    if found is None or size not in SIZES:
        raise Http404
    try:
        copy = attachments.public_copy(found, longest=SIZES[size])
    except DomainError:
        raise Http404 from None
    response = FileResponse(copy.open("rb"), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response["Content-Disposition"] = "inline"
    return response
