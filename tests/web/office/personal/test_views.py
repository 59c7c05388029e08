import json
import re

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory

from chuangwei.core.models import AuditEvent
from chuangwei.domain.organisation.models import Person
from chuangwei.domain.organisation.permissions import Permission
from chuangwei.web.office.personal.forms import ReasonForm
from tests.factories import organisation, places
from tests.web.office.audit.test_views import text

pytestmark = pytest.mark.django_db
REVEAL, FIND = "/personal/reveal/P1/", "/personal/look-up/find/"


@pytest.fixture(autouse=True)
def person() -> Person:
    return organisation.person("P1", name="张三", phone="13800001234")


@pytest.mark.parametrize(
    ("because", "words", "reason"),
    [
        ("duty", "", "核对责任人"),
        ("contact", "解放路井盖", "联系整改或核查：解放路井盖"),
        ("other", "本人来电核实", "本人来电核实"),
        ("other", "看看", None),
        ("other", "", None),
        ("", "本人来电核实", None),
        ("curiosity", "本人来电核实", None),
    ],
)
def test_a_reason_is_one_line(because, words, reason):
    form = ReasonForm({"because": because, "words": words})
    assert (form.reason if form.is_valid() else None) == reason
    assert bool(form.fault) is (reason is None)


def test_a_number_is_shown_for_this_view_only(office):
    response = office.post(REVEAL, {"because": "duty"}, REMOTE_ADDR="10.0.0.7")
    assert "13800001234" in text(response)
    assert "no-store" in response["Cache-Control"]
    entry = AuditEvent.objects.get()
    assert (entry.verb, entry.subject_code, entry.note) == ("查阅手机号", "P1", "核对责任人")
    assert json.loads(entry.details) == {"address": "10.0.0.7"}
    assert "13800001234" not in str(entry.__dict__)


def test_htmx_gets_the_number_alone(office):
    response = office.post(REVEAL, {"because": "duty"}, headers={"HX-Request": "true"})
    body = response.content.decode().strip()
    assert body.startswith('<div id="phone"')
    assert "13800001234" in body
    assert "<html" not in body


def test_without_a_reason_it_stays_masked_and_says_why(office):
    response = office.post(REVEAL, {"because": "other", "words": "看看"}, headers={"HX-Request": "true"})
    assert response.status_code == 422
    body = response.content.decode()
    assert "请写明理由，至少 4 个字。" in body
    assert "138****1234" in body
    assert 'value="看看"' in body
    assert "13800001234" not in body
    assert not AuditEvent.objects.exists()


def test_who_may_not_read_finds_nothing_there(signed_in, stranger, office, person):
    for client in (stranger, signed_in("community"), signed_in("audit-administrator"), signed_in()):
        for page in (REVEAL, FIND):
            assert client.post(page, {"because": "duty", "phone": "13800001234"}).status_code == 404
        assert client.get("/personal/look-up/").status_code == 404
    own, other = places.area("6201"), places.area("6202")
    person.memberships.create(unit=organisation.unit(area=other))
    assert signed_in("office", area=own).post(REVEAL, {"because": "duty"}).status_code == 404
    assert office.post("/personal/reveal/P9/", {"because": "duty"}).status_code == 404
    assert office.get(REVEAL).status_code == 405
    assert not AuditEvent.objects.filter(verb="查阅手机号").exists()


def test_a_number_whose_key_is_missing_is_told_not_broken(office):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organisation_person SET phone = '9:AAAA'")
    response = office.post(REVEAL, {"because": "duty"})
    assert response.status_code == 422
    assert "张三的手机号无法解密：缺少密钥 9。请联系系统管理员。" in response.content.decode()


# --- By number --------------------------------------------------------------------------------------------------------


def test_a_caller_is_found_by_number(office):
    assert "还没有查询" in text(office.get("/personal/look-up/"))
    told = text(office.post(FIND, {"phone": "+86 138-0000-1234", "because": "report"}))
    assert re.search(r"张三 P1 — 138\*\*\*\*1234", told)
    assert AuditEvent.objects.get().note == "核实举报或来电"
    assert "底册里没有这个号码" in text(office.post(FIND, {"phone": "13900001234", "because": "report"}))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"phone": "138", "because": "report"}, "请填写完整的号码"),
        ({"phone": "", "because": "report"}, "请填写号码"),
        ({"phone": "13800001234", "because": ""}, "请选择理由"),
    ],
)
def test_what_cannot_be_looked_for_is_told(office, given, told):
    response = office.post(FIND, given)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not AuditEvent.objects.exists()


# --- What other pages use ---------------------------------------------------------------------------------------------


def drawn(source: str, actor, **values) -> str:
    request = RequestFactory().get("/")
    request.actor = actor
    return Template("{% load personal %}" + source).render(Context({"request": request, **values}))


def test_a_page_shows_the_masked_number_and_asks_who_may_read_why(person):
    may = organisation.clerk(Permission.VIEW, Permission.REVEAL)
    body = drawn("{% private_phone person %}", may, person=person)
    assert "138****1234" in body
    assert 'action="/personal/reveal/P1/"' in body
    assert "13800001234" not in body
    assert "form" not in drawn("{% private_phone person %}", organisation.clerk(Permission.VIEW), person=person)
    assert "form" not in drawn("{% private_phone person %}", may, person=organisation.person("P2"))


@pytest.mark.parametrize(("phone", "shown"), [("13800001234", "138****1234"), ("", "—"), (None, "—")])
def test_masked(phone, shown):
    assert drawn("{{ phone|masked }}", organisation.stranger(), phone=phone) == shown
