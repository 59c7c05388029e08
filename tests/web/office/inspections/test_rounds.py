import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.core.models import AuditEvent
from chuangwei.domain.inspections.models import Round
from tests.factories import inspections, organisation, places
from tests.factories.problems import MONDAY
from tests.web.office.appraisal.test_views import text
from tests.web.office.inspections.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

FILTERS = [
    ("state=running", {"R-36", "R-SECRET", "R-DAILY"}),
    ("state=over", {"R-OLD"}),
    ("state=ahead", {"R-NEXT"}),
    ("kind=daily", {"R-DAILY"}),
    ("kind=nonsense", set()),
    ("sealed=hidden", {"R-SECRET"}),
    ("sealed=released", set()),
    ("sealed=no", {"R-36", "R-DAILY", "R-OLD", "R-NEXT"}),
    ("team=DC1", {"R-36", "R-SECRET"}),
    ("day=2023-08-01", {"R-OLD"}),
    ("q=日巡", {"R-DAILY"}),
    ("q=R-NE", {"R-NEXT"}),
    ("q=无此轮次", set()),
]


@pytest.fixture
def rounds(ground):
    sealed = {"kind": "undercover", "is_sealed": True, "team": ground.squad, "name": "第36周暗访"}
    inspections.round_("R-SECRET", **sealed)
    inspections.round_("R-DAILY", kind="daily", name="今天日巡查")
    inspections.round_("R-OLD", starts_on=date(2023, 8, 1), ends_on=date(2023, 8, 2))
    return inspections.round_("R-NEXT", starts_on=date(2023, 9, 11), ends_on=date(2023, 9, 12))


def listed(client, query=""):
    return {row.each.code for row in client.get(f"/rounds/?{query}").context["rows"]}


@pytest.mark.usefixtures("rounds")
@pytest.mark.parametrize(("query", "codes"), FILTERS)
def test_the_filters_of_rounds(inspector, query, codes):
    assert listed(inspector, query) == codes


@pytest.mark.usefixtures("rounds")
def test_a_sealed_round_is_in_no_list_count_search_export_or_page_of_those_outside(office, inspector):
    assert "R-SECRET" not in listed(office)
    assert not listed(office, "q=R-SECRET")
    assert not listed(office, "sealed=hidden")
    assert office.get("/rounds/").context["list"].count.number == 4
    assert office.get("/rounds/R-SECRET/").status_code == 404
    assert office.get("/rounds/R-SECRET/edit/").status_code == 404
    assert office.get("/api/rounds?q=R-SECRET").json() == []
    b"".join(office.post("/rounds/export/").streaming_content)
    assert '"rows":4' in AuditEvent.objects.get(verb="导出列表").details
    assert inspector.get("/rounds/R-SECRET/").status_code == 200


def questions(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_list_asks_as_many_questions_for_three_rounds_as_for_one(office, ground):
    questions(office, "/rounds/")
    one = questions(office, "/rounds/")
    for number in range(2):
        inspections.round_(f"R-{number}", team=ground.squad).targets.create(site=ground.lanes[0])
    assert questions(office, "/rounds/") == one


def test_a_round_shows_what_is_left_and_what_was_found(office, ground):
    for lane in ground.lanes:
        ground.each.targets.create(site=lane)
    inspections.visit(site=ground.lanes[0], sheet=ground.sheet, in_round=ground.each, at=MONDAY, by=(ground.person,))
    inspections.visit(
        site=ground.lanes[1], sheet=ground.sheet, in_round=inspections.round_("R-1"), at=MONDAY - timedelta(days=9)
    )  # fmt: skip
    told = text(office.get("/rounds/R-36/"))
    assert "2 应查点位 1 已查点位（50%） 1 未查点位 1 检查记录" in told
    assert "BL-2巷 背街小巷 620102社区 9 天" in told
    assert "BL-1巷" in told
    assert "马俊杰" in told


def test_a_round_says_why_it_counts_nothing(office, signed_in, ground):
    assert "没有列明应查点位" in text(office.get("/rounds/R-36/"))
    inspections.round_("R-DRAW", choosing="draw")
    assert "应查点位由抽取产生，还没有抽取。" in text(office.get("/rounds/R-DRAW/"))
    ground.each.targets.create(site=ground.lanes[0])
    assert "没有列明应查点位" not in text(office.get("/rounds/R-36/"))
    other = signed_in("community", area=ground.communities[1])
    assert "应查点位都不在您的范围内" in text(other.get("/rounds/R-36/"))


def test_a_daily_round_names_the_communities_not_seen_today(office, ground):
    daily = inspections.round_("R-D", kind="daily")
    assert "今天还没查到的社区、村 2 个" in text(office.get("/rounds/R-D/"))
    inspections.visit(site=ground.lanes[0], sheet=ground.sheet, in_round=daily, at=MONDAY)
    assert "今天还没查到的社区、村 1 个" in text(office.get("/rounds/R-D/"))


FORM = {
    "name": "第37周", "kind": "regular", "starts_on": "2023-09-11", "ends_on": "2023-09-15", "choosing": "kinds",
    "kinds": ["back_lane"],
}  # fmt: skip


def test_the_office_plans_and_changes_a_round(office, ground):
    organisation.person("P-2", name="李四")
    made = office.post("/rounds/make/", {**FORM, "team": "DC1", "persons": "李四", "hours": "07:00-09:00"}, follow=True)
    told = text(made)
    assert "已安排轮次“第37周”。" in told
    assert "2 应查点位" in told
    assert "李四" in told
    each = Round.objects.get(name="第37周")
    page = office.get(f"/rounds/{each.code}/edit/")
    assert "P-2</textarea>" in page.content.decode()
    changed = {**FORM, "name": "第37周督导", "choosing": "list", "sites": "BL-1、\nBL-2 BL-1", "team": "DC1"}
    assert "已更改轮次“第37周督导”。" in text(office.post(f"/rounds/{each.code}/change/", changed, follow=True))
    assert (Round.objects.get(pk=each.pk).name, each.targets.count()) == ("第37周督导", 2)


WRONG = [
    ({"kinds": []}, "至少选一类点位"),
    ({"ends_on": "2023-09-01"}, "结束日期不能早于开始日期"),
    ({"name": ""}, "请填写名称。"),
    ({"choosing": "list", "sites": "BL-1 X-9"}, "没有名称或编码是“X-9”的点位"),
    ({"persons": "李四"}, "没有名称或编码是“李四”的人员"),
    ({"is_sealed": "on"}, "您不在检查组里"),
]


@pytest.mark.usefixtures("ground")
@pytest.mark.parametrize(("wrong", "why"), WRONG)
def test_a_plan_that_cannot_be_comes_back_with_a_sentence(office, wrong, why):
    response = office.post("/rounds/make/", {**FORM, **wrong})
    assert response.status_code == 422
    assert why in words(response)


def test_the_form_gives_the_names_of_what_is_picked_but_of_no_household(office, looker, ground):
    home = places.site_kind("household", name="农户庭院", is_household=True)
    yard = places.site("NH-1", in_area=ground.communities[0], kind=home.code, name="王家院")
    for site in (yard, ground.lanes[0]):
        ground.each.targets.create(site=site)
    shown = office.get("/rounds/R-36/edit/").context["form"]
    assert json.loads(shown["sites"].names) == {"NH-1": "王家院", "BL-1": "BL-1巷"}
    answer = looker.get("/rounds/R-36/edit/")
    assert json.loads(answer.context["form"]["sites"].names)["NH-1"] == "户名不显示"
    assert "王家院" not in answer.content.decode()
    sent = {**FORM, "choosing": "list", "sites": "王家院"}
    assert "没有名称或编码是“王家院”的点位" in words(looker.post("/rounds/make/", sent))


def test_who_may_not_plan_has_no_form(signed_in, stranger, ground):
    for client in (stranger, signed_in("inspector"), signed_in("leader")):
        assert client.get("/rounds/new/").status_code == 404
        assert client.post("/rounds/make/", FORM).status_code == 404
        assert client.get("/rounds/R-36/edit/").status_code == 404
        assert client.post("/rounds/R-36/change/", FORM).status_code == 404
    assert stranger.get("/rounds/").status_code == 404
    assert signed_in("discipline").get("/rounds/").status_code == 404
    assert Round.objects.count() == 1
    assert ground.each.name == Round.objects.get().name


@pytest.mark.usefixtures("rounds")
def test_the_team_releases_a_sealed_round_and_then_everybody_sees_it(inspector, office):
    assert "解封不能撤回" in text(inspector.get("/rounds/R-SECRET/release/"))
    assert office.post("/rounds/R-SECRET/release/do/").status_code == 404
    assert "已解封轮次“第36周暗访”。" in text(inspector.post("/rounds/R-SECRET/release/do/", follow=True))
    assert "R-SECRET" in listed(office)
    assert inspector.get("/rounds/R-SECRET/release/").status_code == 404


def test_a_round_elsewhere_is_not_there(signed_in, ground):
    here = inspections.round_("R-HERE", area=ground.communities[0])
    assert signed_in("community", area=ground.communities[0]).get(f"/rounds/{here.code}/").status_code == 200
    for area in (ground.communities[1], places.area("99", kind="县")):
        assert signed_in("community", area=area).get(f"/rounds/{here.code}/").status_code == 404


def test_nothing_yet_and_nothing_so_filtered_are_told_apart(office):
    assert "还没有轮次" in text(office.get("/rounds/"))
    assert "这样筛没有轮次" in text(office.get("/rounds/?kind=daily"))
