import pytest

from chuangwei.web.office.dashboard.tiles.papers_waiting import papers_waiting
from tests.domain.documents.office import NOW, Office, found_office
from tests.factories import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    return found_office()


def words(*permissions: str, **scope) -> list[str]:
    tile = papers_waiting(organisation.clerk("documents.view", *permissions, **scope), NOW)
    return [line.words for line in tile.lines] if tile else []


def test_a_draft_waits_for_nobody(office):
    office.draft()
    assert words("documents.sign", "documents.issue") == []


def test_what_was_sent_waits_for_whoever_signs(office):
    office.sent()
    assert words("documents.sign") == ["送审，待签发"]
    assert words("documents.issue") == []


def test_what_was_signed_waits_for_whoever_issues(office):
    office.signed()
    assert words("documents.issue") == ["已签发，待印发"]
    assert words("documents.sign") == []


def test_what_was_issued_waits_for_the_units_it_went_to(office):
    office.issued("A")
    unit = office.units["A"]
    own = {"area_paths": (), "unit_codes": (unit.code,)}
    assert words("documents.receive", **own) == [f"待{unit.name}签收"]
    assert words("documents.receive", area_paths=(), unit_codes=(office.units["B"].code,)) == []


def test_nothing_for_who_sees_no_papers(office):
    office.sent()
    assert papers_waiting(organisation.clerk("documents.sign"), NOW) is None
