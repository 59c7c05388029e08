"""The steps of a paper: what is shown before a name is put to it, and what is said of a step that cannot be taken."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from chuangwei.domain.documents import actions, queries
from chuangwei.domain.documents.models import Delivery, Paper
from chuangwei.domain.problems.models import Problem
from tests.domain.documents.office import NOW, Office, drafter, signer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_fonts")]


def step(paper: Paper, move: str) -> str:
    return f"/documents/{paper.code}/step/{move}/"


def test_before_signing_stand_the_text_the_title_and_the_number(
    papers: Office, leader: Client, frozen_clock: Callable[[datetime], datetime]
) -> None:
    frozen_clock(NOW)
    papers.signed()
    paper = papers.sent()
    text = leader.get(step(paper, "sign")).content.decode()
    assert "签发后编号为 <strong>青创卫办〔2023〕2号</strong>（以签发时为准）" in text
    assert f"<h1>签发：{paper.title}</h1>" in text
    assert "各社区抓好落实，青山镇创卫办公室将跟踪督办。" in text
    assert text.index('href="#text"') < text.index('id="text"') < text.index("cw-paper-title")


def test_the_number_is_the_one_the_paper_takes(papers: Office) -> None:
    paper = papers.sent()
    told = queries.outlook(paper, actor=signer(), day=NOW.date())
    actions.sign_paper(paper=paper, by=signer(), at=NOW)
    assert (told.number, told.hindrances) == (paper.number_text, [])


def test_what_hinders_signing_is_said_before(papers: Office, leader: Client) -> None:
    paper = papers.sent(kind="rectification-notice", problem="WT-7")
    Problem.objects.filter(code="WT-7").update(due_at=NOW)
    assert "现在还不能签发：起草以后数据有变化：" in leader.get(step(paper, "sign")).content.decode()
    refused = leader.post(f"{step(paper, 'sign')}do/")
    assert (refused.status_code, "起草以后数据有变化" in refused.content.decode()) == (422, True)
    Problem.objects.all().delete()
    assert "现在还不能签发：台账里没有编号为 WT-7 的问题。" in leader.get(step(paper, "sign")).content.decode()


@pytest.mark.parametrize("move", ["send", "sign"])
def test_a_step_done_before_is_answered_with_the_paper(
    papers: Office, office: Client, leader: Client, move: str
) -> None:
    paper = papers.sent()
    actions.return_paper(paper=paper, by=signer(), at=NOW, note="再核")
    actions.send_paper(paper=paper, by=drafter(), at=NOW)
    actions.sign_paper(paper=paper, by=signer(), at=NOW)
    who = office if move == "send" else leader
    for answer in (who.get(step(paper, move)), who.post(f"{step(paper, move)}do/", {"note": "再来一次"})):
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "这一步已经办过：2023-10-09 09:00 由" in text
        assert "现为“已签发”" in text
        assert "cw-paper-title" in text


def test_a_step_of_an_earlier_round_is_not_this_one(papers: Office, office: Client, leader: Client) -> None:
    paper = papers.sent()
    actions.return_paper(paper=paper, by=signer(), at=NOW, note="再核")
    again = leader.post(f"{step(paper, 'return')}do/", {"note": "再核"})
    assert "这一步已经办过：2023-10-09 09:00 由" in again.content.decode()
    actions.send_paper(paper=paper, by=drafter(), at=NOW)
    actions.sign_paper(paper=paper, by=signer(), at=NOW)
    late = leader.post(f"{step(paper, 'return')}do/", {"note": "再核"})
    assert (late.status_code, "这一步已经办过" in late.content.decode()) == (409, False)
    assert "这份公文现为“已签发”，不能退回修改。" in late.content.decode()


def test_a_step_that_was_passed_over_is_not_ahead(papers: Office, leader: Client) -> None:
    told = leader.get(step(papers.signed(), "return")).content.decode()
    assert "这份公文现为“已签发”，不能退回修改。" in told
    assert "还没有到这一步" not in told


def test_a_step_whose_turn_has_not_come_says_so(papers: Office, office: Client, leader: Client) -> None:
    paper = papers.draft()
    told = leader.get(step(paper, "sign"))
    assert (told.status_code, "还没有到这一步：这份公文现为“草稿”，不能签发。" in told.content.decode()) == (409, True)
    assert "不能印发" in office.get(f"/documents/{paper.code}/issue/").content.decode()
    actions.send_paper(paper=paper, by=drafter(), at=NOW)
    for answer in (office.get(f"/documents/{paper.code}/edit/"), office.post(f"/documents/{paper.code}/edit/do/")):
        assert (answer.status_code, "只有草稿可以修改" in answer.content.decode()) == (409, True)


def test_whose_step_it_never_is_finds_no_page(papers: Office, office: Client, leader: Client) -> None:
    paper = papers.draft()
    assert office.get(step(paper, "sign")).status_code == 404
    assert leader.get(step(paper, "send")).status_code == 404
    assert office.get(step(paper, "nothing")).status_code == 404
    assert office.post(f"{step(paper, 'nothing')}do/").status_code == 404


def test_signing_for_it_twice_is_answered_with_the_paper(papers: Office, secretary: Client) -> None:
    papers.issued("A")
    address = f"/documents/receipts/{Delivery.objects.get().pk}/do/"
    assert secretary.post(address).status_code == 302
    again = secretary.post(address)
    assert (again.status_code, "这一步已经办过：A社区居委会已于" in again.content.decode()) == (409, True)


def test_the_units_ticked_are_those_it_says_it_goes_to(papers: Office, office: Client) -> None:
    paper = papers.signed()
    answer = office.get(f"/documents/{paper.code}/issue/")
    assert "主送：<strong>各社区</strong>" in answer.content.decode()
    groups = answer.context["groups"]
    assert groups[0].title == "社区"
    ticked = {box.data["value"].value for group in groups for box in group.choices if box.data["selected"]}
    assert ticked == {"UA", "UB", "UC", "UD"}
