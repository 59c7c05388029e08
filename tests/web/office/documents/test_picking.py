"""What a paper may be about is picked by name; only what one may draft is offered."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chuangwei.domain.documents import queries
from chuangwei.domain.documents.models import Paper
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.documents import picking
from tests.domain.documents.office import NOW, Office, drafter
from tests.factories import organisation

pytestmark = pytest.mark.django_db

NEW = "/documents/new/"


def picked(client: Client, name: str, q: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/api/{name}", {"q": q})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()
    return found


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"series": "weekly", "period": "2023-W39"}, "weekly/2023-W39"),
        ({"series": "weekly", "period": "2023-W39", "area": "62"}, "weekly@62/2023-W39"),
        ({"series": "weekly", "period": "2023-W39", "area": "62", "subject": "A"}, "weekly@62/2023-W39/A"),
    ],
)
def test_a_code_holds_what_a_kind_is_told(about: dict[str, str], code: str) -> None:
    assert (picking.code_of(about), picking.about_of(code)) == (code, about)


@pytest.mark.parametrize("code", ["", "weekly", "weekly/", "/2023-W39", "a/b/c/d"])
def test_what_is_no_code_says_nothing(code: str) -> None:
    assert picking.about_of(code) == {}


def test_periods_are_found_by_what_people_call_them(papers: Office, office: Client) -> None:
    assert [one["code"] for one in picked(office, "periods")] == ["weekly/2023-W39", "weekly/2023-W38"]
    assert [one["name"] for one in picked(office, "periods", "第39周")] == ["2023年第39周社区周评比"]
    assert [one["code"] for one in picked(office, "periods", "weekly/2023-W38")] == ["weekly/2023-W38"]
    assert picked(office, "periods", "第50周") == []


def test_flags_are_found_by_the_name_of_who_has_one(papers: Office, office: Client) -> None:
    assert [(one["code"], one["name"]) for one in picked(office, "flags", "D社区")] == [
        ("weekly/2023-W39/D", "D社区 黄旗"), ("weekly/2023-W38/D", "D社区 黄旗"),
    ]  # fmt: skip
    assert picked(office, "flags", "B社区") == []


def test_problems_are_those_a_notice_can_be_written_about(papers: Office, office: Client) -> None:
    papers.town.problem("A", code="WT-8", state="filed", fixed_at=None, closed_at=None, due_at=None)
    assert [one["code"] for one in picked(office, "problems")] == ["WT-7"]
    assert [one["code"] for one in picked(office, "problems", "WT-7")] == ["WT-7"]
    assert picked(office, "problems", "WT-9") == []


@pytest.mark.parametrize(
    "given", [{"state": "rejected"}, {"state": "merged"}, {"state": "closed", "fixed_at": NOW, "closed_at": NOW}]
)
def test_what_is_over_is_neither_offered_nor_written_about(
    papers: Office, office: Client, given: dict[str, Any]
) -> None:
    Problem.objects.filter(code="WT-7").update(first_closed_at=given.get("closed_at"), **given)
    assert (picked(office, "problems"), picked(office, "problems", "WT-7")) == ([], [])
    refused = office.post(f"{NEW}do/", {"kind": "rectification-notice", "problem": "WT-7"})
    assert (refused.status_code, Paper.objects.count()) == (422, 0)
    assert "，不用再下达整改通知单。" in refused.content.decode()


@pytest.mark.parametrize("name", ["periods", "flags", "problems"])
def test_who_drafts_nothing_is_offered_nothing(papers: Office, leader: Client, name: str) -> None:
    assert picked(leader, name) == []


def test_an_office_of_one_community_writes_of_no_week_of_the_town(
    papers: Office, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("office", area=papers.town.areas["A"])
    assert (picked(client, "periods"), picked(client, "flags"), picked(client, "problems")) == ([], [], [])
    roster = client.get(f"{NEW}?kind=roster")
    assert roster.context["form"].fields["area"].required


def test_a_certificate_is_drafted_from_what_was_picked(papers: Office, office: Client) -> None:
    form = office.get(f"{NEW}?kind=flag-certificate").content.decode()
    assert '<cw-picker kind="flags">' in form
    assert "D社区 黄旗（2023年第39周社区周评比）" in form
    office.post(f"{NEW}do/", {"kind": "flag-certificate", "which": "weekly/2023-W39/D"})
    assert Paper.objects.get().about == {"series": "weekly", "period": "2023-W39", "subject": "D"}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("kind=weekly-bulletin&series=weekly&period=2023-W39", 'value="weekly/2023-W39"'),
        ("kind=flag-certificate&series=weekly&period=2023-W39&subject=D", 'value="weekly/2023-W39/D"'),
        ("kind=rectification-notice&problem=WT-7", 'value="WT-7"'),
        ("kind=roster&area=A", 'value="A"'),
    ],
)
def test_a_form_comes_filled_in_from_where_one_was(papers: Office, office: Client, asked: str, kept: str) -> None:
    text = office.get(f"{NEW}?{asked}").content.decode()
    assert kept in text
    assert "<cw-picker" in text


def test_only_what_one_may_draft_is_offered(papers: Office, office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(queries.kinds_for(drafter())) == list(queries.kinds())
    few = organisation.clerk("documents.view", "documents.draft", "problems.view")
    assert list(queries.kinds_for(few)) == ["rectification-notice"]
    assert queries.kinds_for(organisation.clerk("documents.view", "problems.view")) == {}
    monkeypatch.setattr(queries, "kinds_for", lambda _actor: {"roster": queries.kinds()["roster"]})
    assert [slug for slug, *_ in office.get(NEW).context["kinds"]] == ["roster"]
    assert office.post(f"{NEW}do/", {"kind": "weekly-bulletin", "which": "weekly/2023-W39"}).status_code == 404


def test_a_flag_leads_to_its_certificate(papers: Office, office: Client, leader: Client) -> None:
    flag, week = "/appraisal/weekly/2023-W39/of/D/flag/", "/appraisal/weekly/2023-W39/"
    make = "?kind=flag-certificate&amp;series=weekly&amp;period=2023-W39&amp;subject=D"
    assert make in office.get(flag).content.decode()
    assert make in office.get(week).content.decode()
    assert "制作证书" not in leader.get(flag).content.decode()
    assert "制作证书" not in office.get("/appraisal/weekly/2023-W39/of/B/flag/").content.decode()
    paper = papers.draft(kind="flag-certificate", **papers.about(subject="D"))
    for address in (flag, week):
        text = office.get(address).content.decode()
        assert f'href="/documents/{paper.code}/"' in text
        assert "证书（草稿）" in text
    assert "subject=A" in office.get(week).content.decode()
    follow_up = office.get("/follow-ups/").context["lines"][0]
    # Nobody is handed a certificate beside an interview.
    assert "证书" not in office.get(follow_up.address).content.decode()
