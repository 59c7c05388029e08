"""A household 农户 has no name on the pages of inspections for who sees no persons."""

from datetime import timedelta

import pytest

from chuangwei.domain.inspections.models import RoundTarget
from chuangwei.domain.places.models import Site
from chuangwei.web.office.inspections.listing import visits_listing
from tests.factories import inspections, organisation, places
from tests.factories.problems import MONDAY
from tests.web.office.appraisal.test_views import text
from tests.web.office.inspections.conftest import sheet_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
NAME = "王家院"


@pytest.fixture
def homes(ground):
    """BL-1 is a household that was seen, BL-2 one that was not."""
    kind = ground.lanes[0].kind
    kind.is_household = True
    kind.save()
    Site.objects.update(name=NAME)
    RoundTarget.objects.create(round=ground.each, site=ground.lanes[1])
    inspections.visit(
        site=ground.lanes[0], sheet=ground.sheet, in_round=ground.each, code="V-1", at=MONDAY - timedelta(hours=1)
    )
    ground.each.team = None
    ground.each.save()
    return ground


PAGES = ["/visits/", "/visits/V-1/", "/visits/V-1/correct/", "/rounds/R-36/", "/sheets/R-36/", sheet_address]


@pytest.mark.parametrize("address", PAGES)
def test_pages_name_it_only_to_who_sees_persons(homes, office, looker, address):
    there = address(homes.each, "BL-2") if callable(address) else address
    assert NAME in text(office.get(there))
    told = looker.get(there)
    assert told.status_code == 200
    assert NAME not in told.content.decode()
    assert "户名不显示" in text(told)


def test_a_draft_is_listed_without_the_name(homes, looker):
    looker.post(sheet_address(homes.each, "BL-2", "save/"), {"visited_at": "2023-09-04T09:00"}, follow=True)
    told = text(looker.get("/sheets/"))
    assert "没交的草稿" in told
    assert "户名不显示" in told
    assert NAME not in told


@pytest.mark.parametrize("address", ["/visits/?q=王家", "/sheets/R-36/?q=王家"])
def test_a_search_does_not_find_what_it_does_not_show(homes, office, looker, address):
    assert NAME in text(office.get(address))
    assert "户名不显示" not in text(looker.get(address))
    RoundTarget.objects.all().delete()
    assert "户名不显示" not in text(looker.get(address))
    assert "户名不显示" in text(looker.get(address.replace("王家", "BL-1")))


def test_the_export_does_not_name_it(homes):
    visit = homes.each.visits.get()
    for actor, name in ((organisation.chief(), NAME), (organisation.stranger(), "户名不显示")):
        columns = {column.title: column.value for column in visits_listing(actor).columns}
        assert columns["点位"](visit) == name
    assert places.site_kind().is_household
