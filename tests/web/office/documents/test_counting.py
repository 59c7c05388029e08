"""Every number of a bulletin that can be opened shows, where it leads, that number and as many rows."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from chuangwei.domain.documents import queries
from chuangwei.domain.documents.enums import Edition
from chuangwei.domain.documents.models import Paper
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem
from chuangwei.web.shared.paging import PAGE_SIZE
from tests.domain.appraisal import world
from tests.domain.documents.kinds.test_weekly_bulletin import october
from tests.domain.documents.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_fonts")]

LINK = re.compile(r'<a class="cw-paper-figure" href="([^"]+)" title="[^"]*">(?:<strong>)?([^<]+)<')
TAG = re.compile(r"<[^>]*>")
ROWS = re.compile(r"<tr>\s*<t[hd]")


def links(client: Client, paper: Paper, edition: str) -> list[tuple[str, str]]:
    """Where each printed number leads, and the number."""
    text = client.get(f"/documents/{paper.code}/?edition={edition}").content.decode()
    return [(unescape(address), number) for address, number in LINK.findall(text)]


@pytest.mark.parametrize("edition", Edition.values)
def test_every_number_leads_to_itself(papers: Office, office: Client, edition: str) -> None:
    """A count to as many rows; a score, a rank or a flag to the page that gives its reasons."""
    paper = papers.draft(**october(papers))
    found = links(office, paper, edition)
    counts = [(address, number) for address, number in found if "/figures/" in address]
    assert len(found) > len(counts) > (9 if edition == Edition.INNER else 4)
    for address, number in found:
        answer = office.get(address)
        assert answer.status_code == 200, address
        text = TAG.sub("", answer.content.decode())
        if "/problems/" not in address:
            assert number in text, (address, number)
        if "/figures/" in address and number.isdigit():
            counted = answer.context["counted"]
            assert f"{counted.list.count if counted.list else len(counted.rows)}" == number, (address, number)
            assert len(ROWS.findall(answer.content.decode().partition("<tbody>")[2])) == int(number), address


SUBJECTS_OWN = {"appraisal.flag", "appraisal.part.regular", "appraisal.rank", "appraisal.total"}
"""What a bulletin prints of one subject: it has no rows, and is told on the subject's page."""


def test_every_figure_of_the_bulletin_is_a_link_for_the_office(papers: Office, office: Client) -> None:
    paper = papers.draft(**october(papers))
    printed = queries.figures_in(queries.sheet_in(queries.latest_version(paper), Edition.INNER))
    assert {one.indicator for one in printed if not queries.counts_rows(one)} == SUBJECTS_OWN
    counting = {place for place, one in enumerate(printed, 1) if queries.counts_rows(one)}
    found = {address for address, _ in links(office, paper, Edition.INNER)}
    assert {address for address in found if "/figures/" in address} == {
        f"/documents/{paper.code}/figures/1/inner/{place}/" for place in counting
    }
    own = {(one.indicator, one.subject) for one in printed if one.indicator in SUBJECTS_OWN}
    # The rank and the total of a subject are told on one page.
    pages = {(subject, what) for what, subject in own if what != "appraisal.rank"}
    assert len([address for address in found if "/of/" in address]) == len(pages)


def test_a_scoped_reader_gets_the_rows_of_her_own_place_and_the_number_of_the_rest(
    papers: Office, secretary: Client
) -> None:
    paper = papers.issued("A")
    told = {}
    for address, number in links(secretary, paper, Edition.INNER):
        if "/figures/" in address and number.isdigit():
            answer = secretary.get(address)
            counted = answer.context["counted"]
            assert len(counted.rows) + counted.missing == int(number), address
            told[answer.context["figure"].indicator] = (len(counted.rows), counted.missing)
            if counted.missing:
                assert f"另有 {counted.missing} 条不在您的范围内，或以后有变动。" in answer.content.decode()
    assert (told["appraisal.visits"], told["problems.due"], told["appraisal.ranked"]) == ((1, 3), (0, 1), (4, 0))


def of_indicator(paper: Paper, start: str, edition: str = Edition.INNER) -> str:
    """The address of the first number whose indicator begins so."""
    holds = queries.latest_version(paper)
    printed = queries.figures_in(queries.sheet_in(holds, edition))
    place = next(place for place, one in enumerate(printed, 1) if one.indicator.startswith(start))
    return f"/documents/{paper.code}/figures/{holds.version}/{edition}/{place}/"


def test_more_problems_than_a_page_stay_those_counted(papers: Office, office: Client) -> None:
    """Pages, tabs and chips lead through the rows of this number, never into the whole ledger."""
    for number in range(PAGE_SIZE + 2):
        times = {"found_at": "2023-10-03 09:00", "due_at": "2023-10-05 09:00", "fixed_at": "2023-10-04 09:00"}
        papers.town.problem("D", code=f"OCT-{number}", **times, closed_at="2023-10-05 10:00", unit=papers.units["D"])
    papers.town.week("2023-W40", A="90", B="80", C="70", D="60")
    world.settled_week("2023-W40")
    address = of_indicator(papers.draft(series="weekly", period="2023-W40"), "problems.due")
    counted = office.get(address).context["counted"]
    assert (counted.list.count.number, len(counted.rows), counted.missing) == (PAGE_SIZE + 2, PAGE_SIZE, 0)
    behind = office.get(counted.list.page.next_address).context["counted"]
    assert counted.list.page.next_address.startswith(address)
    assert {row.code[:4] for row in behind.rows} == {"OCT-"}
    assert (len(behind.rows), behind.missing) == (2, 0)
    narrowed = office.get(f"{address}?state=closed&q=OCT-1").context["counted"].list
    ways = [narrowed.all_tab, *narrowed.tabs, *narrowed.chips, *narrowed.sorts]
    assert {one.address.partition("?")[0] for one in ways} == {address}


def test_what_the_ledger_no_longer_says_of_a_finding_is_told(papers: Office, office: Client) -> None:
    paper = papers.draft()
    found = of_indicator(paper, "problems.found.", Edition.PUBLIC)
    assert "条不在您的范围内" not in office.get(found).content.decode()
    Problem.objects.filter(code="WT-7").update(state=ProblemState.REJECTED)
    text = office.get(found).content.decode()
    assert "另有 1 条不在您的范围内，或以后有变动。" in text
    assert "来源是督查发现、日常巡查、领导交办；待核实、不予立案、并案的和没有解封的暗访发现的不算" in text
    Problem.objects.filter(code="WT-7").update(state=ProblemState.DISPATCHED)
    undone = {"due_at": None, "fixed_at": None, "closed_at": None, "state": ProblemState.FILED}
    papers.town.problem("D", code="WT-8", found_at="2023-09-27 09:00", **undone)
    assert "数字印出以后又多了 1 条，也列在下面。" in office.get(found).content.decode()


def test_what_fell_due_names_the_states_left_out_as_the_ledger_does(papers: Office, office: Client) -> None:
    due = of_indicator(papers.draft(), "problems.due")
    assert "不予立案、并案的和到期前已挂账的不算" in office.get(due).content.decode()


def of_noun(client: Client, paper: Paper, noun: str) -> str:
    """The address of the first number that counts such rows."""
    counts = (address for address, _ in links(client, paper, Edition.INNER) if "/figures/" in address)
    return next(address for address in counts if client.get(address).context["behind"].noun == noun)


def test_the_rows_can_be_narrowed_and_stay_those_counted(papers: Office, office: Client) -> None:
    papers.town.visit("A", "50", "2023-10-04 08:00")
    visits = of_noun(office, papers.draft(), "visit")
    assert "<strong>4</strong> 条" in office.get(visits).content.decode()
    assert "<strong>1</strong> 条" in office.get(f"{visits}?q=SA").content.decode()


def test_what_the_reader_may_not_open_is_only_counted(papers: Office, office: Client, leader: Client) -> None:
    paper = papers.draft()
    due = of_noun(office, paper, "problem")
    Problem.objects.filter(code="WT-7").update(held_by_round="AF-1")
    text = leader.get(due).content.decode()
    assert "另有 1 条不在您的范围内，或以后有变动。" in text
    assert "WT-7" not in text


def test_a_number_has_no_page_for_who_may_not_read_the_paper(
    papers: Office, office: Client, signed_in: Callable[..., Client], secretary: Client, stranger: Client
) -> None:
    paper = papers.draft()
    address = f"/documents/{paper.code}/figures/1/inner/1/"
    answers = [who.get(address).status_code for who in (office, signed_in("inspector"), secretary, stranger)]
    assert answers == [200, 404, 404, 404]


@pytest.mark.parametrize("part", ["9/inner/1", "1/secret/1", "1/inner/0", "1/inner/999"])
def test_what_was_never_printed_has_no_page(papers: Office, office: Client, part: str) -> None:
    assert office.get(f"/documents/{papers.draft().code}/figures/{part}/").status_code == 404


def test_a_subjects_number_is_told_on_the_subjects_page(papers: Office, office: Client) -> None:
    paper = papers.draft()
    printed = queries.figures_in(queries.sheet_in(queries.latest_version(paper), "inner"))
    place = next(place for place, one in enumerate(printed, 1) if one.indicator == "appraisal.total")
    assert office.get(f"/documents/{paper.code}/figures/1/inner/{place}/").status_code == 404
