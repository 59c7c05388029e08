import pytest
from django.template import loader
from django.test import Client, RequestFactory

from chuangwei.web.shared import errors
from tests.factories import organisation

pytestmark = pytest.mark.django_db


def test_what_is_not_there_says_the_way_in_to_a_stranger(client):
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert "去登录" in answer.content.decode()


def test_what_is_not_there_says_the_way_home_to_a_member():
    client = Client()
    client.force_login(organisation.account())
    assert "回到首页" in client.get("/nothing/here/").content.decode()


def test_an_old_form_is_told_so():
    client = Client(enforce_csrf_checks=True)
    client.force_login(organisation.account())
    answer = client.post("/imports/upload/")
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


@pytest.mark.parametrize(("handler", "status"), [(errors.bad_request, 400), (errors.forbidden, 403)])
def test_the_other_errors_have_pages_too(handler, status):
    answer = handler(RequestFactory().get("/"))
    assert (answer.status_code, "请返回上一页" in answer.content.decode()) == (status, True)


def test_a_fault_of_ours_is_told_without_needing_anything(monkeypatch):
    answer = errors.server_error(RequestFactory().get("/"))
    assert (answer.status_code, "程序出了问题" in answer.content.decode()) == (500, True)

    def broken(_name):
        raise RuntimeError

    monkeypatch.setattr(loader, "get_template", broken)
    assert "程序出了问题" in errors.server_error(RequestFactory().get("/")).content.decode()


@pytest.mark.parametrize(
    ("ask", "address"),
    [
        ("/problems/?area=1&state=filed", "/account/login/?next=%2Fproblems%2F%3Farea%3D1%26state%3Dfiled"),
        ("/account/login/", "/account/login/"),
    ],
)
def test_signing_in_leads_back_to_what_was_asked_for(ask, address):
    assert errors.sign_in_address(RequestFactory().get(ask)) == address


def test_the_page_for_strangers_carries_where_they_were_going(client):
    assert 'href="/account/login/?next=%2Fproblems%2F%3Farea%3D1"' in client.get("/problems/?area=1").content.decode()


def test_a_part_of_a_page_asked_for_by_a_stranger_leads_to_signing_in_and_back_to_the_page(client):
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/problems/?area=1"}
    answer = client.get("/problems/?area=2", headers=here)
    assert (answer.status_code, answer["HX-Redirect"]) == (404, "/account/login/?next=%2Fproblems%2F%3Farea%3D1")
    elsewhere = here | {"HX-Current-URL": "http://elsewhere.example/problems/"}
    assert client.get("/problems/?area=2", headers=elsewhere)["HX-Redirect"] == "/account/login/"


def test_what_a_stranger_sent_is_given_back_to_be_copied_without_any_password(client):
    sent = {"note": "东街<井盖>缺失", "to": "U-1", "password": "密码"}
    answer = client.post("/problems/new/do/", sent)
    said = answer.content.decode()
    assert (answer.status_code, "没有保存" in said, "东街&lt;井盖&gt;缺失" in said) == (404, True, True)
    assert ("密码" in said, 'target="_blank"' in said) == (False, True)
