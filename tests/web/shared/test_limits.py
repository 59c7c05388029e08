"""How often one person may ask for what is dear to answer."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from chuangwei.web.shared import limits
from chuangwei.web.shared.surfaces import page
from tests.factories import organisation

pytestmark = pytest.mark.django_db
RATES = {"dear": "2/m/user", "open": "1/m/ip"}


@pytest.fixture(autouse=True)
def _rates(settings):
    settings.CHUANGWEI_RATE_LIMITS = RATES


def request_of(who, **more):
    request = RequestFactory().get("/", **more)
    request.user = who
    request.session = {}
    return request


@limits.limited("dear")
@page
def dear(request):
    return HttpResponse("done")


def test_beyond_the_rate_a_page_says_when_to_come_back():
    li, wang = organisation.account("li"), organisation.account("wang")
    assert [dear(request_of(li)).status_code for _ in range(3)] == [200, 200, 429]
    answer = dear(request_of(li))
    assert "请过" in answer.content.decode()
    assert 0 < int(answer["Retry-After"]) <= 60
    assert dear(request_of(wang)).status_code == 200


def test_a_stranger_is_told_that_there_is_nothing():
    for _ in range(4):
        with pytest.raises(Http404):
            dear(request_of(AnonymousUser()))


def test_an_address_is_counted_without_an_account():
    asked = [
        limits.is_within(request_of(AnonymousUser(), REMOTE_ADDR=place), "open")
        for place in ("10.0.0.1",) * 2 + ("10.0.0.2",)
    ]
    assert asked == [True, False, True]


def test_what_is_limited_is_still_known_as_a_page():
    assert dear.is_surface


def test_nobody_waits_who_did_not_ask():
    assert limits.wait(request_of(organisation.account("li")), "dear") == 0


def test_the_imports_of_one_person_are_bounded(settings):
    settings.CHUANGWEI_RATE_LIMITS = RATES | {"imports": "1/m/user"}
    client = Client()
    client.force_login(organisation.account("li", roles=["office"]))
    answers = [client.post("/imports/upload/").status_code for _ in range(2)]
    assert answers == [422, 429]


@pytest.mark.parametrize("seconds", [0, 90])
def test_the_page_of_429_speaks_chinese(seconds):
    answer = limits.too_many(request_of(AnonymousUser()), seconds=seconds)
    assert (answer.status_code, "操作太频繁" in answer.content.decode()) == (429, True)
    assert ("Retry-After" in answer) is bool(seconds)
