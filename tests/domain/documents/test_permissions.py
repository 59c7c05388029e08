"""Who sees which papers."""

import pytest

from chuangwei.core.actor import Actor
from chuangwei.core.errors import NotFound
from chuangwei.domain.documents import actions, queries
from chuangwei.domain.documents.enums import Permission
from tests.domain.documents.office import NOW, Office, drafter, receiver, signer
from tests.factories import organisation

pytestmark = pytest.mark.usefixtures("with_fonts")


def seen(actor: Actor) -> list[str]:
    return [paper.state for paper in queries.papers(actor=actor).order_by("pk")]


def test_drafts_show_only_to_who_makes_papers(office: Office) -> None:
    office.draft()
    office.issued("A")
    reader = organisation.clerk(Permission.VIEW)
    assert seen(drafter()) == seen(signer()) == ["draft", "issued"]
    assert seen(reader) == ["issued"]
    assert seen(organisation.stranger()) == []


def test_a_unit_sees_what_was_sent_to_it_and_nothing_else(office: Office) -> None:
    paper = office.issued("A")
    assert seen(receiver("UA")) == ["issued"]
    assert seen(receiver("UB")) == []
    assert [one.paper for one in queries.waiting_deliveries(actor=receiver("UA"))] == [paper]
    with pytest.raises(NotFound):
        queries.paper_by_code(actor=receiver("UB"), code=paper.code)


def test_a_neighbour_sees_nothing_of_another_area(office: Office) -> None:
    office.draft(kind="rectification-notice", problem="WT-7")
    assert seen(drafter(area_paths=(office.town.areas["A"].path,))) == []
    assert seen(drafter(area_paths=(office.town.areas["D"].path,))) == ["draft"]


def test_papers_about_a_thing(office: Office) -> None:
    paper = office.draft()
    about = {"subject_kind": "appraisal.period", "subject_code": office.period.code}
    assert list(queries.papers_about(actor=drafter(), **about)) == [paper]
    actions.withdraw_paper(paper=paper, by=drafter(), at=NOW, note="不用")
    assert list(queries.papers_about(actor=drafter(), **about)) == []
