from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.core.models import AuditEvent
from chuangwei.domain.inspections.enums import Result
from chuangwei.domain.inspections.models import Visit
from chuangwei.domain.inspections.sheet import Found
from tests.domain.inspections.conftest import check_code
from tests.factories import inspections, places, standards
from tests.factories.problems import MONDAY
from tests.web.office.appraisal.test_views import text

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def visits(ground):
    """Four visits: full points, some lost, a veto, and one to which nothing applied."""
    market = places.site("M-1", in_area=ground.communities[0], kind="market", name="城关市场")
    other, daily = standards.checklist("market"), inspections.round_("R-D", kind="daily")
    fail, na = {check_code(1): inspections.failed(times=30)}, Found(Result.NOT_APPLICABLE)
    in_round = {"sheet": ground.sheet, "in_round": ground.each}
    inspections.visit(site=ground.lanes[0], code="V-FULL", by=(ground.person,), **in_round)
    inspections.visit(site=ground.lanes[1], code="V-LOST", found=fail, at=MONDAY + DAY, **in_round)
    veto = {check_code(2): inspections.failed(times=1)}
    inspections.visit(site=ground.lanes[1], code="V-VETO", found=veto, at=MONDAY + 2 * DAY, **in_round)
    none = {f"CK-MARKET-{n:02}": na for n in (1, 2)}
    inspections.visit(site=market, sheet=other, in_round=daily, code="V-NONE", found=none, at=MONDAY + 3 * DAY)


FILTERS = [
    ("", ["V-NONE", "V-VETO", "V-LOST", "V-FULL"]),
    ("round=R-36", ["V-VETO", "V-LOST", "V-FULL"]),
    ("kind=daily", ["V-NONE"]),
    ("site_kind=market", ["V-NONE"]),
    ("area=620102", ["V-VETO", "V-LOST"]),
    ("site=M-1", ["V-NONE"]),
    ("site=nowhere", []),
    ("area=6201", ["V-NONE", "V-VETO", "V-LOST", "V-FULL"]),
    ("area=nowhere", []),
    ("inspector=P-MA", ["V-FULL"]),
    ("score=full", ["V-FULL"]),
    ("score=60-80", ["V-LOST"]),
    ("score=below-60", ["V-VETO"]),
    ("score=none", ["V-NONE"]),
    ("veto=yes", ["V-VETO"]),
    ("veto=no", ["V-NONE", "V-LOST", "V-FULL"]),
    ("since=2023-09-06", ["V-NONE", "V-VETO"]),
    ("until=2023-09-05", ["V-LOST", "V-FULL"]),
    ("since=2023-09-05&until=2023-09-05", ["V-LOST"]),
    ("late=yes", []),
    ("q=市场", ["V-NONE"]),
    ("q=BL-2", ["V-VETO", "V-LOST"]),
    ("q=V-FULL", ["V-FULL"]),
    ("sort=lowest", ["V-NONE", "V-VETO", "V-LOST", "V-FULL"]),
    ("sort=highest", ["V-FULL", "V-LOST", "V-VETO", "V-NONE"]),
]


@pytest.mark.usefixtures("visits")
@pytest.mark.parametrize(("query", "codes"), FILTERS)
def test_the_filters_and_orders_of_visits(office, query, codes):
    assert [row.visit.code for row in office.get(f"/visits/?{query}").context["rows"]] == codes


@pytest.mark.usefixtures("visits")
def test_the_export_is_what_is_listed_and_is_recorded(office, signed_in):
    answer = office.post("/visits/export/?round=R-36")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert '"rows":3' in AuditEvent.objects.get(verb="导出列表").details
    assert signed_in("inspector").post("/visits/export/").status_code == 404


def questions(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_list_asks_as_many_questions_for_three_visits_as_for_one(office, ground):
    inspections.visit(site=ground.lanes[0], sheet=ground.sheet, in_round=ground.each, by=(ground.person,))
    questions(office, "/visits/")
    one = questions(office, "/visits/")
    for lane in ground.lanes:
        inspections.visit(site=lane, sheet=ground.sheet, in_round=ground.each, by=(ground.person,))
    assert questions(office, "/visits/") == one


def test_a_sealed_visit_is_in_no_list_count_search_or_export(office, inspector, ground):
    sealed = inspections.round_("R-S", kind="undercover", is_sealed=True, team=ground.squad)
    inspections.visit(site=ground.lanes[0], sheet=ground.sheet, in_round=sealed, code="V-S")
    for query in ("", "round=R-S", "kind=undercover", "q=BL-1", "q=V-S"):
        page = office.get(f"/visits/?{query}")
        assert page.context["rows"] == []
        assert page.context["list"].count.number == 0
    b"".join(office.post("/visits/export/").streaming_content)
    assert '"rows":0' in AuditEvent.objects.get(verb="导出列表").details
    assert len(inspector.get("/visits/").context["rows"]) == 1


def test_visits_elsewhere_and_strangers(signed_in, stranger, ground):
    inspections.visit(site=ground.lanes[0], sheet=ground.sheet, in_round=ground.each)
    assert stranger.get("/visits/").status_code == 404
    assert signed_in("discipline").get("/visits/").status_code == 404
    assert signed_in("community", area=ground.communities[1]).get("/visits/").context["rows"] == []


@pytest.mark.usefixtures("ground")
def test_nothing_yet_and_nothing_so_filtered_are_told_apart(office):
    assert "还没有检查记录" in text(office.get("/visits/"))
    assert "这样筛没有检查记录" in text(office.get("/visits/?kind=daily"))


def test_a_visit_that_came_after_publication_is_listed_as_late(office, town):
    town.publish()
    code = town.visits["2023-W36", town.codes[0]]
    assert "迟报" not in text(office.get(f"/visits/{code}/"))
    Visit.objects.filter(code=code).update(recorded_at=MONDAY + timedelta(days=90))
    assert "迟报" in text(office.get(f"/visits/{code}/"))
    assert [row.visit.code for row in office.get("/visits/?late=yes").context["rows"]] == [code]


# --- The way back -----------------------------------------------------------------------------------------------------

WAYS = [
    ("", ("检查记录", "/visits/")),
    ("/visits/?round=R-36&sort=lowest", ("检查记录", "/visits/?round=R-36&sort=lowest")),
    ("/rounds/R-36/", ("轮次", "/rounds/R-36/")),
    (
        "/appraisal/weekly/2023-W36/of/620101/part/regular/",
        ("得分", "/appraisal/weekly/2023-W36/of/620101/part/regular/"),
    ),
    ("//evil.example/visits/", ("检查记录", "/visits/")),
    ("https://evil.example/visits/", ("检查记录", "/visits/")),
    ("/\\evil.example/", ("检查记录", "/visits/")),
    ("javascript:alert(1)", ("检查记录", "/visits/")),
    ("/account/logout/", ("检查记录", "/visits/")),
    ("/nowhere/", ("检查记录", "/visits/")),
    ("/visits/\n", ("检查记录", "/visits/")),
    ("/visits/?" + "x" * 600, ("检查记录", "/visits/")),
]


@pytest.mark.parametrize(("came_from", "first"), WAYS)
def test_the_trail_of_a_visit_leads_back_to_where_one_came_from(office, ground, came_from, first):
    inspections.visit(site=ground.lanes[0], sheet=ground.sheet, in_round=ground.each, code="V-1")
    trail = office.get("/visits/V-1/", {"from": came_from}).context["trail"]
    assert (trail[0].title, trail[0].address) == first
    assert trail[1].title == "检查记录 V-1"


def test_the_visits_behind_a_score_lead_back_to_it(office, town):
    score = f"/appraisal/weekly/2023-W36/of/{town.last}/part/regular/"
    code = town.visits["2023-W36", town.last]
    assert f"/visits/{code}/?from={score.replace('/', '%2F')}" in office.get(score).content.decode()
