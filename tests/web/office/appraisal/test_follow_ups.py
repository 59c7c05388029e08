"""后续措施: who sees what follows from a ranking, who holds it and withdraws it."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from chuangwei.core import clock
from chuangwei.domain.appraisal import actions
from chuangwei.domain.appraisal.enums import ConsequenceState
from chuangwei.domain.appraisal.models import Consequence
from tests.factories import organisation
from tests.web.office.appraisal.test_views import text
from tests.web.office.conftest import NEXT_MONDAY, WEEKS

pytestmark = pytest.mark.django_db

LIST = "/follow-ups/"


@pytest.fixture
def published(town):
    for week in WEEKS[:2]:
        town.publish(week)
    return town


@pytest.fixture
def statement(published) -> Consequence:
    return Consequence.objects.get(trigger="statement", period__slug=WEEKS[0])


@pytest.fixture
def due(statement) -> Consequence:
    at = NEXT_MONDAY.replace(year=NEXT_MONDAY.year + 1)
    actions.finalise_period(period=statement.period, by=organisation.chief(), at=at)
    statement.refresh_from_db()
    return statement


def test_the_list_shows_what_was_published(office, published):
    page = office.get(LIST).content.decode()
    assert page.count("丙社区表态发言") == 2
    assert "丙社区约谈" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [("", 3), ("state=proposed", 3), ("state=held", 0), ("kind=interview", 1), ("kind=none", 0), ("q=丙社", 3), ("q=甲社", 0),
     ("since=2023-09-12", 2), ("since=2024-01-01", 0)],
)  # fmt: skip
def test_filters(office, published, query, shown):
    assert office.get(f"{LIST}?{query}").content.decode().count('<th scope="row">') == shown


def test_a_community_sees_only_its_own(signed_in, published):
    own, other = (
        signed_in("community", area=published.communities[2]),
        signed_in("community", area=published.communities[0]),
    )
    one = Consequence.objects.first()
    assert "丙社区约谈" in own.get(LIST).content.decode()
    assert "丙社区" not in other.get(LIST).content.decode()
    assert own.get(f"{LIST}{one.pk}/").status_code == 200
    assert other.get(f"{LIST}{one.pk}/").status_code == 404


def test_a_statement_names_who_speaks(office, signed_in, published, statement):
    there = published.communities[2]
    unit = organisation.unit("U-C", kind="社区", name="丙社区居民委员会", area=there)
    organisation.duty(organisation.person("P-S", name="曹淑芳", of=unit), "社区党支部书记", there)
    Consequence.objects.filter(pk=statement.pk).update(carried_out_by="社区党支部书记")
    address = f"{LIST}{statement.pk}/"

    page = office.get(address).content.decode()

    assert "/units/U-C/" in page
    assert "/persons/P-S/" in page
    told = text(office.get(address))
    assert "对象 丙社区居民委员会" in told
    assert "办理 社区党支部书记 曹淑芳" in told
    assert "角色" not in told


def test_a_statement_of_a_subject_without_a_committee_names_the_subject(office, statement):
    assert "对象 丙社区" in text(office.get(f"{LIST}{statement.pk}/"))


def test_an_interview_of_nobody_says_so(office, published):
    one = Consequence.objects.get(trigger="interview")
    assert "对象 当日无人担任包社区领导" in text(office.get(f"{LIST}{one.pk}/"))


def test_a_certificate_is_offered_beside_praise_alone(office, statement):
    address = f"{LIST}{statement.pk}/"
    assert "制作证书" not in office.get(address).content.decode()
    Consequence.objects.filter(pk=statement.pk).update(trigger="lead")
    assert "制作证书" in office.get(address).content.decode()


def test_nothing_is_shown_before_publication(signed_in, town):
    assert "丙社区表态发言" not in signed_in("community", area=town.communities[2]).get(LIST).content.decode()


def test_a_stranger_and_who_may_not_get_404(stranger, signed_in, statement):
    for client in (stranger, signed_in()):
        for address in (LIST, f"{LIST}{statement.pk}/"):
            assert client.get(address).status_code == 404
        for command in ("hold", "withdraw"):
            assert client.post(f"{LIST}{statement.pk}/{command}/").status_code == 404
        assert client.post(f"{LIST}export/").status_code == 404


def test_held_with_its_day_and_minutes(office, due):
    answer = office.post(f"{LIST}{due.pk}/hold/", {"held_on": f"{clock.today()}", "minutes": "会上表态，两周内整改。"})
    assert answer.status_code == 302
    due.refresh_from_db()
    assert (due.state, due.minutes) == (ConsequenceState.HELD, "会上表态，两周内整改。")
    page = office.get(f"{LIST}{due.pk}/").content.decode()
    assert "会上表态，两周内整改。" in page
    assert "办结" in page


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "请填写办理日期。"),
        ({"held_on": "2023-13-01", "minutes": "a"}, "请填写办理日期。"),
        ({"held_on": "2999-01-01", "minutes": "a"}, "办理日期不能在今天之后。"),
        ({"held_on": "2024-01-02", "minutes": " "}, "请写明纪要。"),
        ({"held_on": "2023-09-11", "minutes": "a"}, "办理日期不能早于公示的日子。"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_saved(office, due, given, says):
    answer = office.post(f"{LIST}{due.pk}/hold/", given)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    due.refresh_from_db()
    assert due.state == ConsequenceState.DUE


def test_withdrawn_only_with_a_reason(office, statement):
    address = f"{LIST}{statement.pk}/withdraw/"
    assert "请写明撤销的理由。" in office.post(address, {"note": " "}).content.decode()
    assert office.post(address, {"note": "分数更正"}).status_code == 302
    statement.refresh_from_db()
    assert statement.state == ConsequenceState.WITHDRAWN
    assert "分数更正" in office.get(f"{LIST}{statement.pk}/").content.decode()
    assert office.post(address, {"note": "再来一次"}).status_code == 422


def test_who_sees_it_but_may_not_carry_it_out(signed_in, due):
    leader = signed_in("leader")
    assert "办结</button>" not in leader.get(f"{LIST}{due.pk}/").content.decode()
    assert leader.post(f"{LIST}{due.pk}/hold/", {"held_on": "2024-01-02", "minutes": "a"}).status_code == 404
    assert leader.post(f"{LIST}{due.pk}/withdraw/", {"note": "a"}).status_code == 404


def test_the_export_is_what_is_shown(office, published):
    answer = office.post(f"{LIST}export/?kind=interview")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet]
    assert [row[:3] for row in rows] == [["周期", "种类", "社区（村、单位）"], ["2023年第37周", "约谈", "丙社区"]]


def test_one_row_and_three_ask_the_same(office, town, django_assert_num_queries):
    town.publish(WEEKS[0])
    office.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as one:
        office.get(LIST)
    town.publish(WEEKS[1])
    with django_assert_num_queries(len(one)):
        office.get(LIST)
