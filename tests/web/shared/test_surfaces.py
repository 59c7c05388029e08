import pytest
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import path

from chuangwei.core.errors import DomainError, NotAllowed, NotFound, StaleState
from chuangwei.domain.places.models import Area
from chuangwei.web.shared.readonly import WriteOnPage
from chuangwei.web.shared.surfaces import command, page
from tests.factories import organisation

ERRORS = {
    "stale": StaleState("已被他人处理。"), "domain": DomainError("期限已过，不能延期。"), "missing": NotFound("没有。"),
    "forbidden": NotAllowed("不可。"), "404": Http404(),
}  # fmt: skip


@page
def shown(request):
    return HttpResponse(request.actor.name)


@page
def writes(request):
    Area.objects.filter(code="1").update(name="二")
    return HttpResponse()


@command
def done(request):
    Area.objects.filter(code="1").update(name="二")
    return HttpResponse("done")


@command
def fails(request, kind):
    raise ERRORS[kind]


urlpatterns = [
    path("shown/", shown),
    path("writes/", writes),
    path("done/", done),
    path("fails/<str:kind>/", fails),
    path("account/login/", shown, name="account_login"),
    path("account/password/", shown, name="account_change_password"),
]
handler404 = "chuangwei.web.shared.errors.not_found"
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def member():
    client = Client()
    client.force_login(organisation.account("li", name="小李", roles=[]))
    return client


def test_a_page_knows_who_asks(member):
    assert member.get("/shown/").content.decode() == "小李"


@pytest.mark.parametrize(
    ("method", "address"), [("get", "/shown/"), ("post", "/done/"), ("post", "/shown/"), ("get", "/done/")]
)
def test_a_stranger_gets_404_everywhere(client, method, address):
    answer = getattr(client, method)(address)
    assert answer.status_code == 404
    assert ("请先登录" if method == "post" else "没有这一页") in answer.content.decode()


def test_a_page_may_not_write(member):
    with pytest.raises(WriteOnPage):
        member.get("/writes/")


def test_a_command_writes(member):
    assert member.post("/done/").content == b"done"


@pytest.mark.parametrize(
    ("method", "address", "allowed"), [("post", "/shown/", "GET, HEAD"), ("get", "/done/", "POST")]
)
def test_pages_are_read_and_commands_are_sent(member, method, address, allowed):
    answer = getattr(member, method)(address)
    assert (answer.status_code, answer["Allow"]) == (405, allowed)


@pytest.mark.parametrize(
    ("kind", "status", "told"),
    [
        ("stale", 409, "已被他人处理。"), ("domain", 422, "期限已过，不能延期。"), ("missing", 404, "没有这一页"),
        ("forbidden", 404, "没有这一页"), ("404", 404, "没有这一页"),
    ],
)  # fmt: skip
def test_a_refusal_becomes_a_page(member, kind, status, told):
    answer = member.post(f"/fails/{kind}/")
    assert answer.status_code == status
    assert told in answer.content.decode()


def test_where_htmx_asked_a_refusal_loads_the_whole_page_anew(member):
    answer = member.post("/fails/domain/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (422, "true")


def test_a_first_password_must_be_changed_before_anything_else():
    client = Client()
    client.force_login(organisation.account("li", must_change_password=True))
    answer = client.get("/shown/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/password/")
