"""The pickers: what they find, what they may not show, and whatever a schema allows thrown at them."""

from contextlib import contextmanager
from datetime import date

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import one_of
from schemathesis import GenerationMode

from chuangwei.config.wsgi import application
from chuangwei.domain.standards.models import Category
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db
NAMES = ["sites", "areas", "units", "persons", "categories"]


@pytest.fixture
def scene():
    town, communities = places.town(communities=2)
    lanes = [
        places.site(f"{area.code}-1", in_area=area, name=f"背街{number}号") for number, area in enumerate(communities)
    ]
    committee = organisation.unit("U-1", kind="社区", name="甲社区居委会", area=communities[0])
    organisation.person("P-1", of=committee, name="张三", title="书记", phone="13800001234")
    return town, communities, lanes


def codes(client: Client, name: str, q: str = "") -> list[str]:
    answer = client.get(f"/api/{name}", {"q": q})
    assert answer.status_code == 200, answer.content
    return [row["code"] for row in answer.json()]


@pytest.mark.parametrize("name", [*NAMES, "openapi.json"])
def test_a_stranger_finds_nothing(stranger, name):
    answer = stranger.get(f"/api/{name}")
    assert (answer.status_code, answer["Content-Type"].startswith("text/html")) == (404, True)


def test_sites_are_found_by_a_part_of_the_name_or_the_beginning_of_the_code(office, scene):
    lanes = scene[2]
    assert codes(office, "sites") == sorted(lane.code for lane in lanes)
    assert codes(office, "sites", "街1") == [lanes[1].code]
    assert codes(office, "sites", lanes[0].code) == [lanes[0].code]
    assert codes(office, "sites", "%") == []
    assert codes(office, "sites", "  背街0号 ") == [lanes[0].code]


def test_an_account_of_one_area_sees_that_area(signed_in, scene):
    _, (first, _), (lane, _) = scene
    client = signed_in("office", area=first)
    assert (codes(client, "areas"), codes(client, "sites")) == ([first.code], [lane.code])


@pytest.mark.parametrize("name", NAMES)
def test_without_a_permission_the_list_is_empty(signed_in, scene, name):
    assert codes(signed_in(), name) == []


def test_what_is_gone_is_not_offered(office, scene):
    lane = scene[2][0]
    type(lane).objects.filter(pk=lane.pk).update(starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))
    Category.objects.create(code="01", name="暴露垃圾")
    Category.objects.create(code="02", name="旧类别", retired_on=date(2021, 1, 1))
    assert lane.code not in codes(office, "sites")
    assert codes(office, "categories") == ["01"]


def test_a_person_is_told_apart_by_unit_and_post_and_shows_no_number(office, scene):
    answer = office.get("/api/persons", {"q": "张三"})
    assert answer.json() == [{"code": "P-1", "name": "张三", "hint": "甲社区居委会 书记"}]
    assert "1380000" not in answer.content.decode()


def test_names_that_begin_so_come_first_and_a_whole_code_before_them(office, db):
    for code, name in (("A1", "大市场"), ("A2", "市场北"), ("市场", "其他")):
        organisation.unit(code, name=name)
    assert codes(office, "units", "市场") == ["市场", "A2", "A1"]


def test_there_are_never_more_than_twenty(office, db):
    for number in range(25):
        organisation.unit(f"U{number:02}")
    assert len(codes(office, "units")) == 20


@pytest.mark.parametrize("name", NAMES)
def test_the_question_costs_the_same_for_one_row_and_for_three(office, scene, name):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            codes(office, name)
        return len(asked)

    Category.objects.create(code="01", name="暴露垃圾")
    codes(office, name)
    before = cost()
    committee = organisation.unit("U-9", kind="社区", name="乙社区居委会", area=scene[1][1])
    for number in range(3):
        organisation.person(f"P-9{number}", of=committee)
        organisation.unit(f"U-9{number}", parent=committee)
        places.site(f"S-9{number}", in_area=scene[1][1])
        Category.objects.create(code=f"01{number}", name="子类", parent=Category.objects.get(code="01"))
    assert cost() == before


def test_too_long_a_word_is_refused_in_chinese(office, db):
    answer = office.get("/api/sites", {"q": "长" * 51})
    assert (answer.status_code, answer.json()) == (422, {"message": "要找的词太长，最多 50 个字。"})


@pytest.mark.parametrize("name", NAMES)
def test_only_questions_are_answered(office, db, name):
    answer = office.post(f"/api/{name}")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_the_description_names_every_operation_and_its_refusal(office, db):
    described = office.get("/api/openapi.json").json()
    assert {f"/api/{name}" for name in NAMES} <= set(described["paths"])
    for operations in described["paths"].values():
        assert set(operations["get"]["responses"]) == {"200", "400", "422"}


@contextmanager
def one_connection():
    """A server closes its connection after every request; this test runs inside one that must stay."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def from_an_address(environ, start_response):
    """A server tells where a request comes from, and the session is kept with it; the inventor of questions does not."""
    return application({"REMOTE_ADDR": "127.0.0.1", **environ}, start_response)


@pytest.mark.slow
@pytest.mark.usefixtures("scene")
def test_whatever_the_schema_allows_is_answered_as_it_says(office):
    """schemathesis invents questions within the schema and just outside of it, and checks every answer against it."""
    schema = schemathesis.openapi.from_dict(office.get("/api/openapi.json").json())
    schema.app = from_an_address
    cookies = {"sessionid": office.session.session_key}
    asked: dict[str, int] = {}

    for found in schema.get_all_operations():
        operation = found.ok()
        modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=one_of(*modes))
        def ask(case):
            asked[case.path] = asked.get(case.path, 0) + 1
            case.validate_response(case.call(cookies=cookies))

        with one_connection():
            ask()
    assert {f"/api/{name}" for name in NAMES} <= set(asked)
    assert min(asked.values()) > 20
