"""Pages of papers: the list, the paper as a page, its steps, its files, signing for it."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from chuangwei.core.models import Notice
from chuangwei.domain.documents import actions
from chuangwei.domain.documents.enums import PaperState
from chuangwei.domain.documents.models import Delivery, Paper
from tests.domain.documents.office import NOW, Office, drafter, signer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_fonts")]

LIST = "/documents/"


def detail(paper: Paper) -> str:
    return f"/documents/{paper.code}/"


def unread() -> int:
    """How many are still asked to sign for a paper."""
    return Notice.objects.filter(kind="paper-issued", read_at=None).count()


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_list_counts_by_state_and_finds_by_two_characters(papers: Office, office: Client) -> None:
    papers.draft()
    papers.draft(kind="rectification-notice", problem="WT-7")
    text = html(office, LIST)
    assert "关于2023年第39周社区周评比情况的通报" in text
    assert "环境卫生问题整改通知单" in text
    assert "整改通知单</a>" in html(office, f"{LIST}?q=整改")
    assert "通报</a>" not in html(office, f"{LIST}?q=整改")
    assert "通报</a>" not in html(office, f"{LIST}?kind=rectification-notice")
    assert "这样筛没有" in html(office, f"{LIST}?state=issued")


def test_the_list_asks_the_same_however_many_there_are(papers: Office, office: Client) -> None:
    counts = []
    for _ in range(2):
        papers.draft()
        html(office, LIST)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            html(office, LIST)
        counts.append(len(asked))
        papers.draft()
    assert counts[0] == counts[1]


def test_the_export_holds_what_the_list_shows(papers: Office, office: Client) -> None:
    papers.draft()
    papers.draft(kind="rectification-notice", problem="WT-7")
    answer = office.post(f"{LIST}export/?kind=rectification-notice")
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["标题", "环境卫生问题整改通知单"]


def test_a_bulletin_is_drafted_from_the_page_of_its_period(papers: Office, office: Client) -> None:
    period = "/appraisal/weekly/2023-W39/"
    assert "起草通报" in html(office, period)
    form = html(office, f"{LIST}new/?kind=weekly-bulletin&series=weekly&period=2023-W39")
    assert 'value="weekly/2023-W39"' in form
    answer = office.post(f"{LIST}new/do/", {"kind": "weekly-bulletin", "which": "weekly/2023-W39"})
    paper = Paper.objects.get()
    assert answer.url == detail(paper)
    assert "通报（草稿）" in html(office, period)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "weekly-bulletin", "which": ""}, "请填写评比周期。"),
        ({"kind": "weekly-bulletin", "which": "第39周"}, "没有这一项，请从列表里选。"),
        ({"kind": "weekly-bulletin", "which": "weekly/2023-W01"}, "没有 weekly 的 2023-W01 这个周期。"),
        (
            {"kind": "flag-certificate", "which": "weekly/2023-W39/B"},
            "没有得旗，不能出证书",
        ),
    ],
)
def test_what_cannot_be_written_is_said_beside_what_was_typed(
    papers: Office, office: Client, given: dict[str, str], said: str
) -> None:
    answer = office.post(f"{LIST}new/do/", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Paper.objects.exists()


def test_figures_open_their_rows_for_who_may_see_them(papers: Office, office: Client) -> None:
    text = html(office, detail(papers.draft()))
    assert 'href="/appraisal/weekly/2023-W39/of/A/"' in text
    assert 'href="/appraisal/weekly/2023-W39/of/A/flag/"' in text
    assert 'href="/appraisal/weekly/2023-W39/of/A/part/regular/"' in text
    assert 'href="/problems/WT-7/"' in text


def test_one_button_leads_on(papers: Office, office: Client, leader: Client) -> None:
    paper = papers.draft()
    assert html(office, detail(paper)).count("btn btn-primary") == 1
    assert html(leader, detail(paper)).count("btn btn-primary") == 0
    actions.send_paper(paper=paper, by=drafter(), at=NOW)
    assert "签发</a>" in html(leader, detail(paper))
    assert "签发</a>" not in html(office, detail(paper))


def receipts(text: str) -> list[str]:
    """The units a paper's page tells the receipts of, in its order."""
    return re.findall(r"<li>(\S+?居委会) <span", text)


def test_the_life_of_a_paper_by_its_pages(papers: Office, office: Client, leader: Client, secretary: Client) -> None:
    paper = papers.draft()
    office.post(f"{detail(paper)}edit/do/", {"title": "关于评比的通报", "closing": "抓好落实。"})
    assert "将要发生什么" in html(office, f"{detail(paper)}step/send/")
    office.post(f"{detail(paper)}step/send/do/")
    refused = leader.post(f"{detail(paper)}step/return/do/", {"note": ""})
    assert (refused.status_code, "须写明理由" in refused.content.decode()) == (422, True)
    leader.post(f"{detail(paper)}step/return/do/", {"note": "再核"})
    office.post(f"{detail(paper)}step/send/do/")
    leader.post(f"{detail(paper)}step/sign/do/")
    assert 'value="UA"' in html(office, f"{detail(paper)}issue/")
    assert office.post(f"{detail(paper)}issue/do/", {"units": []}).status_code == 422
    office.post(f"{detail(paper)}issue/do/", {"units": ["UA", "UB"]})
    assert "等您签收" in html(secretary, LIST)
    delivery = Delivery.objects.get(unit__code="UA")
    assert unread() == 1
    secretary.post(f"{LIST}receipts/{delivery.pk}/do/")
    assert unread() == 0
    text = html(office, detail(paper))
    assert text.count("未签收") == 1
    assert receipts(text) == ["B社区居委会", "A社区居委会"]
    assert receipts(html(secretary, detail(paper))) == ["A社区居委会"]
    leader.post(f"{detail(paper)}step/withdraw/do/", {"note": "有误"})
    paper.refresh_from_db()
    assert (paper.state, paper.title, paper.number) == (PaperState.WITHDRAWN, "关于评比的通报", 1)
    assert "已撤回" in html(secretary, detail(paper))


def test_a_unit_sees_only_its_own_and_no_work_behind_it(papers: Office, secretary: Client) -> None:
    paper = papers.issued("B")
    assert secretary.get(detail(paper)).status_code == 404
    own = papers.issued("A")
    text = html(secretary, detail(own))
    assert "各稿" not in text
    assert "收文单位" not in text
    assert secretary.get(f"{detail(own)}file/inner/pdf/").status_code == 200
    delivery = Delivery.objects.get(paper=paper)
    assert secretary.post(f"{LIST}receipts/{delivery.pk}/do/").status_code == 404


@pytest.mark.parametrize("edition", ["inner", "public"])
@pytest.mark.parametrize(("form", "begin"), [("docx", b"PK"), ("pdf", b"%PDF"), ("html", b"<!doctype html>")])
def test_files(papers: Office, office: Client, edition: str, form: str, begin: bytes) -> None:
    answer = office.get(f"{detail(papers.draft())}file/{edition}/{form}/")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content).startswith(begin)


def test_an_issued_paper_gives_the_file_that_was_kept(papers: Office, office: Client) -> None:
    paper = papers.issued("A")
    content = b"".join(office.get(f"{detail(paper)}file/inner/pdf/").streaming_content)
    assert "青创卫办" in "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert office.get(f"{detail(paper)}file/inner/exe/").status_code == 404
    assert office.get(f"{detail(paper)}file/secret/pdf/").status_code == 404


def test_checking_says_which_figure_moved(papers: Office, office: Client) -> None:
    paper = papers.draft(kind="rectification-notice", problem="WT-7")
    assert "与现在的数据一致" in html(office, f"{detail(paper)}?check=1")
    papers.problem.due_at = NOW
    papers.problem.save()
    assert "有变动的数字" in html(office, f"{detail(paper)}?check=1")
    papers.problem.delete()
    assert "所依据的数据现在查不到" in html(office, f"{detail(paper)}?check=1")


def test_older_versions_stay_readable(papers: Office, office: Client) -> None:
    paper = papers.draft()
    actions.redraft_paper(paper=paper, wishes={"title": "另一个标题"}, by=drafter(), at=NOW)
    assert "另一个标题" in html(office, detail(paper))
    assert 'cw-paper-title">关于2023年第39周' in html(office, f"{detail(paper)}?version=1")
    assert office.get(f"{detail(paper)}?version=9").status_code == 404


def test_the_public_edition_has_its_own_tab(papers: Office, office: Client) -> None:
    text = html(office, f"{detail(papers.draft())}?edition=public")
    assert "表态发言和约谈" not in text


def test_nobody_without_the_permission(papers: Office, signed_in: Callable[..., Client], stranger: Client) -> None:
    paper = papers.draft()
    inspector = signed_in("inspector")
    for address in (
        LIST,
        f"{LIST}new/",
        detail(paper),
        f"{detail(paper)}edit/",
        f"{detail(paper)}step/send/",
        f"{detail(paper)}issue/",
    ):
        assert (inspector.get(address).status_code, stranger.get(address).status_code) == (404, 404)
    for address in (
        f"{LIST}new/do/",
        f"{detail(paper)}edit/do/",
        f"{detail(paper)}step/send/do/",
        f"{detail(paper)}issue/do/",
    ):
        assert (inspector.post(address).status_code, stranger.post(address).status_code) == (404, 404)
    assert Paper.objects.get().state == PaperState.DRAFT


def test_a_wide_table_scrolls_in_a_box_of_its_own(papers: Office, office: Client) -> None:
    text = html(office, detail(papers.draft()))
    assert '<div class="cw-paper-wide" role="region" tabindex="0" aria-label="2023年第39周社区周评比排名">' in text


def test_whom_it_is_sent_to_does_not_read_how_it_was_made(papers: Office, office: Client, secretary: Client) -> None:
    paper = papers.sent()
    actions.return_paper(paper=paper, by=signer(), at=NOW, note="措辞太软")
    actions.send_paper(paper=paper, by=drafter(), at=NOW)
    actions.sign_paper(paper=paper, by=signer(), at=NOW)
    actions.issue_paper(paper=paper, units=[papers.units["A"]], by=drafter(), at=NOW)
    assert "措辞太软" in html(office, detail(paper))
    told = secretary.get(detail(paper))
    assert "措辞太软" not in told.content.decode()
    assert [move.move for move in told.context["history"]] == ["issue", "sign"]
    actions.withdraw_paper(paper=paper, by=signer(), at=NOW, note="数字有误")
    assert "数字有误" in html(secretary, detail(paper))
