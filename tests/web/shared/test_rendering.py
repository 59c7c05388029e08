import pytest
from django.http import Http404
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from chuangwei.domain.places.models import Area
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from tests.factories import places

TEMPLATE = "office/imports/import_detail.html"
VALUES = {"body": "office/imports/ended.html", "is_under_way": False, "way": [], "names": "底册.xlsx"}


def asked(**headers):
    request = RequestFactory().get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    return request


@pytest.mark.parametrize(
    ("headers", "is_whole"),
    [
        ({}, True), ({"HX-Request": "true"}, False), ({"HX-Request": "true", "HX-Boosted": "true"}, True),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, True),
    ],
)  # fmt: skip
def test_htmx_gets_the_part_and_others_the_page(db, headers, is_whole):
    answer = render_page(asked(**headers), TEMPLATE, part="work", **VALUES).content.decode()
    assert ("<html" in answer, 'id="work"' in answer) == (is_whole, True)


def test_the_same_address_is_not_mixed_up_by_caches(db):
    answer = render_page(asked(), TEMPLATE, part="work", status=422, **VALUES)
    assert (answer.status_code, answer["Vary"], answer["Cache-Control"]) == (422, "Cookie, HX-Request", "no-store")


@pytest.mark.django_db
def test_what_is_not_among_the_visible_is_404():
    area = places.area("1")
    assert get_or_404(Area.objects.all(), code="1") == area
    with pytest.raises(Http404):
        get_or_404(Area.objects.none(), code="1")


def test_what_one_may_not_do_is_404():
    require_or_404(True)
    with pytest.raises(Http404):
        require_or_404(False)
