import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.core import clock, notices
from chuangwei.core.models import Notice
from tests.factories import places, problems

pytestmark = pytest.mark.django_db

LIST = "/messages/"


def tell(code: str = "member0", *, title: str = "问题已派给您", **values: str) -> Notice:
    notices.send(to=[code], kind="problem-dispatched", title=title, at=clock.now(), **values)
    return Notice.objects.latest("pk")


@pytest.fixture
def member(signed_in):
    return signed_in("office")


def test_ones_own_messages_and_no_others(member):
    tell(title="给您的")
    tell("someone", title="给别人的")
    page = member.get(LIST).content.decode()
    assert "给您的" in page
    assert "给别人的" not in page


def test_whoever_is_signed_in_has_messages_and_a_stranger_none(signed_in, stranger):
    assert signed_in().get(LIST).status_code == 200
    one = tell()
    assert stranger.get(LIST).status_code == 404
    assert stranger.post(f"{LIST}{one.pk}/open/").status_code == 404
    assert stranger.post(f"{LIST}read/").status_code == 404


def test_opening_one_marks_it_read_and_leads_to_the_thing(member):
    problem = problems.problem(site=places.site(in_area=places.area("62")))
    one = tell(subject_kind="problems.problem", subject_code=problem.code)
    answer = member.post(f"{LIST}{one.pk}/open/")
    assert answer["Location"] == f"/problems/{problem.code}/"
    one.refresh_from_db()
    assert one.read_at is not None


def test_one_that_leads_nowhere_stays_in_the_list(member):
    one = tell()
    assert member.post(f"{LIST}{one.pk}/open/")["Location"] == LIST
    assert member.get(f"{LIST}?state=unread").content.decode().count("<li") < member.get(LIST).content.decode().count(
        "<li"
    )


def test_anothers_message_cannot_be_opened(member):
    one = tell("someone")
    assert member.post(f"{LIST}{one.pk}/open/").status_code == 404
    one.refresh_from_db()
    assert one.read_at is None


def test_all_are_read_at_once(member):
    tell()
    tell("someone")
    member.post(f"{LIST}read/", {"next": "//evil.example/"})
    assert list(Notice.objects.filter(read_at=None).values_list("recipient_code", flat=True)) == ["someone"]


def test_where_one_goes_back_to_is_ours(member):
    assert member.post(f"{LIST}read/", {"next": "https://evil.example/messages/"})["Location"] == LIST
    assert member.post(f"{LIST}read/", {"next": "/messages/?state=unread"})["Location"] == "/messages/?state=unread"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", 2),
        ("state=unread", 1),
        ("state=read", 1),
        ("q=催办", 1),
        ("q=无", 0),
        ("q=井盖 催办", 1),
        ("q=井盖 派给", 0),
    ],
)
def test_filters(member, query, shown):
    read = tell(title="催办：井盖")
    tell()
    notices.mark_read(recipient="member0", at=clock.now(), ids=[read.pk])
    assert member.get(f"{LIST}?{query}").content.decode().count("/open/") == shown


def test_the_bar_counts_what_is_unread(member):
    tell()
    assert re.search(r"<b>1<span class=\"visually-hidden\"> 条未读", member.get(LIST).content.decode())


def test_one_and_three_ask_the_same(member):
    tell()
    member.get(LIST)
    before = _asked(member)
    tell()
    tell()
    assert _asked(member) == before


def _asked(client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)
    return len(queries)
