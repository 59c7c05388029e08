from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from chuangwei.domain.places.models import SiteKind
from tests.factories import organisation, places
from tests.web.office.appraisal.test_views import text

pytestmark = pytest.mark.django_db
GAPS = "/duties/gaps/?day=2023-10-15"


def exported(client, query):
    answer = client.post(f"/duties/gaps/export/?{query}")
    return [list(row) for row in load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values][1:]


def test_a_lane_without_its_grid_worker_is_a_gap(office, make_town):
    town = make_town(weeks=0)
    organisation.duty(organisation.person(), "网格员", town.lanes[0])
    told = text(office.get(GAPS))
    assert "3 个点位，2 个盲区，0 处重叠" in told
    assert town.lanes[0].name not in told
    assert f"{town.lanes[1].name} {town.lanes[1].code}" in told
    assert "补上" in told


def test_two_holders_of_a_single_role_overlap(office, make_town):
    town = make_town(weeks=0)
    for name in ("张三", "李四"):
        organisation.duty(organisation.person(name=name), "网格员", town.lanes[0])
    told = text(office.get(f"{GAPS}&show=overlaps"))
    assert "1 处重叠" in told
    assert "网格员：张三、李四" in told
    assert town.lanes[1].name not in told


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["620101-1", "620102-1", "620103-1", "MK-1"]),
        ("show=gaps", ["620102-1", "620103-1", "MK-1"]),
        ("show=overlaps", ["620101-1"]),
        ("area=620102", ["620102-1"]),
        ("kind=market", ["MK-1"]),
        ("role=管理员", ["MK-1"]),
        ("role=网格员", ["620102-1", "620103-1"]),
        ("q=620103", ["620103-1"]),
        ("day=2022-01-01", ["620101-1", "620102-1", "620103-1", "MK-1"]),
        ("day=2022-01-01&show=overlaps", []),
    ],
)
def test_what_is_listed_is_exported(office, make_town, query, codes, frozen_clock):
    from chuangwei.core import presets
    from tests.factories.problems import MONDAY
    from tests.web.office.conftest import PRESET

    frozen_clock(MONDAY)
    places.site_kind("market")
    town = make_town(weeks=0)
    body = PRESET.replace("[series.weekly]", '[chains.market]\nroles = [{name = "管理员"}]\n\n[series.weekly]', 1)
    presets.use_preset(
        document=presets.read_preset(body, "town"), area_code="62", from_on=None, by=organisation.chief(), at=MONDAY
    )
    places.site("MK-1", in_area=town.communities[0], kind="market")
    for _ in range(2):
        organisation.duty(organisation.person(), "网格员", town.lanes[0])
    assert [row[0] for row in exported(office, query)] == codes


@pytest.mark.parametrize(
    ("communities", "query", "told"),
    [(0, "", "没有可以看的点位"), (1, "", "没有盲区，也没有重叠"), (1, "&show=overlaps", "没有盲区，也没有重叠")],
)
def test_nothing_wrong_is_told_too(office, make_town, communities, query, told):
    town = make_town(weeks=0, communities=communities)
    for lane in town.lanes:
        organisation.duty(organisation.person(), "网格员", lane)
    assert told in text(office.get(f"{GAPS}{query}"))


def test_a_filter_that_leaves_nothing_leads_back(office, make_town):
    make_town(weeks=0)
    assert "这样筛没有盲区，也没有重叠" in text(office.get(f"{GAPS}&show=overlaps"))


def test_a_day_that_is_none_is_told_and_today_shown(office):
    assert "看不懂这个日期" in text(office.get("/duties/gaps/?day=2023-13-40"))
    assert "看不懂" not in text(office.get("/duties/gaps/"))


@pytest.mark.parametrize("query", ["day=2023-10-15", "show=overlaps", "day=2023-10-15&show=overlaps"])
def test_the_old_address_leads_here(office, query):
    assert office.get(f"/duties/?{query}")["Location"] == f"/duties/gaps/?{query}"


def test_one_sees_the_gaps_of_ones_own_area(signed_in, stranger, make_town):
    town = make_town(weeks=0)
    community = signed_in("community", area=town.communities[0])
    told = text(community.get(GAPS))
    assert "1 个点位，1 个盲区" in told
    assert "补上" not in told
    assert community.post("/duties/gaps/export/").status_code == 404
    assert stranger.get(GAPS).status_code == 404
    assert signed_in().get(GAPS).status_code == 404


def test_the_list_asks_as_often_for_three_gaps_as_for_one(office, make_town):
    town = make_town(weeks=0, communities=1)
    SiteKind.objects.get(code="back_lane")
    counts = []
    for more in (0, 2):
        for number in range(more):
            places.site(f"BL-{number}", in_area=town.communities[0])
        office.get(GAPS)
        with CaptureQueriesContext(connection) as captured:
            office.get(GAPS)
        counts.append(len(captured))
    assert counts[0] == counts[1]
