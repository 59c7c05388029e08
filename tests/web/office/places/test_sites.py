from datetime import date, timedelta

import pytest

from chuangwei.domain.inspections.enums import Result
from chuangwei.domain.inspections.sheet import Found
from chuangwei.domain.places.models import Site, SiteKind
from chuangwei.domain.standards.models import Checklist
from tests.factories import inspections, organisation, places, problems
from tests.factories.problems import MONDAY
from tests.web.office.places.reading import queries_of, sheet
from tests.web.office.places.reading import told as text

pytestmark = pytest.mark.django_db
NEW = {
    "code": "BL-9", "name": "新巷", "kind": "back_lane", "area": "620101", "datum": "GCJ02", "longitude": "105.6715",
    "latitude": "35.2208", "starts_on": "2023-09-01", "note": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today(frozen_clock):
    frozen_clock(MONDAY + timedelta(days=40))


@pytest.fixture
def some(make_town):
    """Three lanes, the first with its grid worker; a market with a position, closed; an example."""
    town = make_town(weeks=0)
    organisation.duty(organisation.person(name="王五"), "网格员", town.lanes[0], hours="06:00-10:00")
    places.site(
        "MK-1", in_area=town.communities[0], kind="market", name="东关市场", longitude=105.67, latitude=35.22,
        ends_on=date(2023, 9, 30),
    )  # fmt: skip
    Site.objects.filter(pk=town.lanes[1].pk).update(is_example=True)
    return town


# --- The list ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["620101-1", "620102-1", "620103-1", "MK-1"]),
        ("?state=open", ["620101-1", "620102-1", "620103-1"]),
        ("?state=closed", ["MK-1"]),
        ("?kind=market", ["MK-1"]),
        ("?area=620101", ["620101-1", "MK-1"]),
        ("?area=6201&kind=back_lane", ["620101-1", "620102-1", "620103-1"]),
        ("?area=none", []),
        ("?gap=yes", ["620102-1", "620103-1"]),
        ("?gap=no", ["620101-1"]),
        ("?example=yes", ["620102-1"]),
        ("?example=no", ["620101-1", "620103-1", "MK-1"]),
        ("?position=yes", ["MK-1"]),
        ("?position=no", ["620101-1", "620102-1", "620103-1"]),
        ("?q=市场", ["MK-1"]),
        ("?q=620102", ["620102-1"]),
    ],
)
@pytest.mark.usefixtures("some")
def test_what_is_listed_is_exported(office, query, codes):
    rows = sheet(office.post(f"/sites/export/{query}"))
    assert [row[0] for row in rows[1:]] == codes
    told = text(office.get(f"/sites/{query}"))
    assert f"{len(codes)} 条" in told
    assert all(code in told for code in codes)


def test_a_row_says_who_is_missing_and_what_is_not_asked(office, some):
    told = text(office.get("/sites/"))
    assert "620101-1巷 620101-1 背街小巷 甲社区 齐" in told
    assert "620102-1巷 示范 620102-1 背街小巷 乙社区 盲区 缺网格员" in told
    assert "东关市场 已撤销 MK-1 农(集)贸市场 甲社区 不要求" in told


def test_one_sees_the_sites_of_ones_own_area(signed_in, stranger, some):
    community = signed_in("community", area=some.communities[1])
    told = text(community.get("/sites/"))
    assert "1 条" in told
    assert "620102-1" in told
    assert community.get("/sites/620101-1/").status_code == 404
    assert community.post("/sites/export/").status_code == 404
    assert stranger.get("/sites/").status_code == 404
    assert signed_in("security-administrator").get("/sites/").status_code == 404


def test_the_list_asks_as_often_for_three_sites_as_for_one(office, make_town):
    town = make_town(weeks=0, communities=1)
    counts = []
    for number in range(3):
        counts.append(queries_of(office, "/sites/"))
        places.site(f"BL-{number}", in_area=town.communities[0])
    assert len(set(counts)) == 1


def test_an_empty_list_says_which_way_on(office, db):
    assert "还没有点位" in text(office.get("/sites/"))
    assert "没有这样的点位" in text(office.get("/sites/?q=竹篮"))


# --- One site ----------------------------------------------------------------------------------------------------------


def test_a_site_shows_its_chain_at_this_hour_and_at_another(office, some):
    now = text(office.get("/sites/620101-1/"))
    assert "网格员 王五 在岗 本处 06:00-10:00 2023年1月1日" in now
    later = text(office.get("/sites/620101-1/?day=2023-10-01&hour=15:00"))
    assert "2023年10月1日 15:00" in later
    assert "王五 不在岗" in later
    before = text(office.get("/sites/620101-1/?day=2022-01-01"))
    assert "2022年1月1日 12:00" in before
    assert "网格员 盲区 没有人负责" in before


@pytest.mark.parametrize("query", ["?day=2023-13-01", "?day=2023-10-01&hour=25:00", "?day=0001-01-01", "?day=x"])
def test_a_moment_that_is_none_is_told(office, some, query):
    assert "看不懂这个日期或钟点" in text(office.get(f"/sites/620101-1/{query}"))


def test_a_gap_leads_to_the_duty_that_is_missing(office, signed_in, some):
    answer = office.get("/sites/620102-1/")
    assert "盲区" in text(answer)
    assert "/duties/new/?site=620102-1&amp;role=%E7%BD%91%E6%A0%BC%E5%91%98" in answer.content.decode()
    assert "补上" not in text(signed_in("inspector").get("/sites/620102-1/"))


def test_two_holders_overlap(office, some):
    organisation.duty(organisation.person(name="赵六"), "网格员", some.lanes[0])
    assert "620101-1巷 背街小巷 重叠" in text(office.get("/sites/620101-1/"))


def test_a_day_before_the_site_has_no_chain(office, some):
    Site.objects.filter(pk=some.lanes[0].pk).update(starts_on=date(2023, 1, 1))
    assert "这一天没有这个点位" in text(office.get("/sites/620101-1/?day=2022-01-01"))


def test_visits_come_with_their_scores_and_problems_open_first(office, some):
    lane, checklist = some.lanes[0], Checklist.objects.get()
    in_round = inspections.round_()
    inspections.visit(
        site=lane,
        sheet=checklist,
        in_round=in_round,
        code="JC-1",
        found={f"{checklist.code}-01": Found(Result.FAIL, 2, 100000)},
    )
    problems.problem(
        site=lane, code="WT-9", state="closed", fixed_at=MONDAY, closed_at=MONDAY, found_at=MONDAY - timedelta(days=1)
    )
    problems.problem(
        site=lane, code="WT-8", unit=organisation.unit(), state="dispatched", due_at=MONDAY + timedelta(hours=1)
    )
    answer = office.get("/sites/620101-1/")
    told = text(answer)
    assert "1 个问题未销号" in told
    assert "已派遣 超期" in told
    assert told.index("已派遣") < told.index("已销号")
    assert "共 1 次" in told
    assert "/visits/JC-1/" in answer.content.decode()


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("3", "/problems/?site=620101-1"), ("2 个问题未销号", "/problems/?site=620101-1&standing=open"),
        ("1", "/visits/?site=620101-1"),
    ],
)  # fmt: skip
def test_every_number_of_a_site_opens_into_as_many_rows(office, some, number, address):
    lane = some.lanes[0]
    inspections.visit(site=lane, sheet=Checklist.objects.get(), in_round=inspections.round_(), code="JC-1")
    problems.problem(site=lane, state="closed", fixed_at=MONDAY, closed_at=MONDAY)
    for site in (lane, lane, some.lanes[1]):
        problems.problem(site=site)
    shown = office.get("/sites/620101-1/").content.decode()
    assert f'href="{address.replace("&", "&amp;")}">{number}</a>' in shown
    assert office.get(address).context["list"].count.number == int(number.split()[0])


def test_a_sealed_visit_neither_shows_nor_counts(office, signed_in, some):
    sealed = inspections.round_("AF-1", name="秋季暗访", is_sealed=True)
    inspections.visit(site=some.lanes[0], sheet=Checklist.objects.get(), in_round=sealed, code="AF-JC")
    problems.problem(site=some.lanes[0], held_by_round="AF-1")
    for address in ("/sites/620101-1/", "/areas/620101/"):
        assert "秋季暗访" not in text(office.get(address))
    seen = text(office.get("/sites/620101-1/"))
    assert "还没有检查过" in seen
    assert "这里还没有发现过问题" in seen
    assert "甲社区 社区 1 0 0 —" in text(office.get("/areas/6201/below/"))
    assert "秋季暗访" in text(signed_in("inspector").get("/sites/620101-1/"))


def test_the_page_asks_as_often_for_three_of_everything_as_for_one(office, some):
    checklist, in_round = Checklist.objects.get(), inspections.round_()
    counts = []
    for _ in range(3):
        organisation.duty(organisation.person(), "网格员", some.lanes[0])
        inspections.visit(site=some.lanes[0], sheet=checklist, in_round=in_round)
        problems.problem(site=some.lanes[0])
        counts.append(queries_of(office, "/sites/620101-1/"))
    assert len(set(counts)) == 1


# --- What is done with it ----------------------------------------------------------------------------------------------


def test_a_new_site_keeps_what_was_given_and_is_stored_in_one_datum(office, some):
    assert "新建点位" in text(office.get("/sites/new/"))
    answer = office.post("/sites/new/do/", NEW)
    assert answer["Location"] == "/sites/BL-9/"
    made = Site.objects.get(code="BL-9")
    assert (made.given_longitude, made.datum, made.starts_on) == (105.6715, "GCJ02", date(2023, 9, 1))
    assert made.longitude != 105.6715
    told = text(office.get("/sites/BL-9/"))
    assert f"东经 {made.longitude:.6f}°" in told
    assert "设立" in told


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"latitude": ""}, "经度和纬度须同时填写"),
        ({"longitude": "35.2", "latitude": "105.6"}, "写反了"),
        ({"code": "MK-1"}, "编码 MK-1 已经用过"),
        ({"area": "none"}, "没有编码为 none 的区划"),
        ({"kind": "none"}, "选择"),
        ({"name": ""}, "请填写名称。"),
    ],
)
def test_a_new_site_is_refused_with_a_sentence(office, some, values, sentence):
    answer = office.post("/sites/new/do/", {**NEW, **values})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Site.objects.filter(code="BL-9").exists()


def test_editing_changing_designating_and_closing_lead_to_the_actions(office, some):
    address = "/sites/620102-1/step/"
    for move in ("edit", "change", "undesignate", "close"):
        assert office.get(f"{address}{move}/").status_code == 200
    assert office.get(f"{address}designate/").status_code == 404
    Site.objects.filter(code="620102-1").update(is_example=False)
    forms = {
        "designate": {"from_on": "2023-09-01", "paper": "云政发1号"},
        "undesignate": {"to_on": "2023-09-20"},
        "edit": {"name": "竹篮巷", "datum": "WGS84", "longitude": "", "latitude": "", "note": "新修"},
        "change": {"kind": "market", "area": "620103", "from_on": "2023-10-01"},
        "close": {"ends_on": "2023-10-09", "note": "拆迁"},
    }
    for move, form in forms.items():
        assert office.post(f"{address}{move}/do/", form).status_code == 302, move
    site = Site.objects.get(code="620102-1")
    assert (site.name, site.kind.code, site.area.code, site.ends_on) == (
        "竹篮巷",
        "market",
        "620103",
        date(2023, 10, 9),
    )
    told = text(office.get("/sites/620102-1/"))
    for words in (
        "2023年10月9日撤销",
        "示范点位（云政发1号） 2023年9月1日 — 2023年9月20日",
        "撤销：竹篮巷",
        "农(集)贸市场，在丙社区 2023年10月1日",
    ):
        assert words in told
    assert office.get(f"{address}edit/").status_code == 404


@pytest.mark.parametrize("move", ["edit", "change", "designate", "close"])
def test_who_may_not_has_no_page_for_it(signed_in, some, move):
    for client in (signed_in("inspector"), signed_in("office", area=some.communities[1])):
        assert client.get(f"/sites/620101-1/step/{move}/").status_code == 404
        assert client.post(f"/sites/620101-1/step/{move}/do/").status_code == 404
    assert signed_in("inspector").get("/sites/new/").status_code == 404
    assert signed_in("inspector").post("/sites/new/do/", NEW).status_code == 404


def test_nobody_makes_a_site_outside_their_area(signed_in, some):
    keeper = signed_in("office", area=some.communities[1])
    assert "没有编码为 620101 的区划" in text(keeper.post("/sites/new/do/", NEW))


# --- Households --------------------------------------------------------------------------------------------------------


@pytest.fixture
def household(some):
    SiteKind.objects.create(code="household", name="农户庭院", is_household=True)
    return places.site(
        "NH-1",
        in_area=some.communities[0],
        kind="household",
        name="王家院",
        longitude=105.6,
        latitude=35.2,
        note="五保户",
    )


@pytest.fixture
def looker(signed_in, monkeypatch):
    """Somebody who sees places and may export, but no persons."""
    from chuangwei.domain.organisation import preset

    known = dict(preset.default_bundles())
    known["looker"] = preset.Bundle(
        title="看点位", permissions=["places.view", "places.edit", "workbooks.export", "inspections.view"]
    )
    monkeypatch.setattr(preset, "default_bundles", lambda: known)
    return signed_in("looker")


def test_who_sees_persons_sees_households(office, household):
    assert "王家院" in text(office.get("/sites/"))
    told = text(office.get("/sites/NH-1/"))
    assert "王家院" in told
    assert "东经 105.600000°" in told


def test_a_household_is_nameless_to_who_sees_no_persons(looker, household):
    listed = text(looker.get("/sites/"))
    assert "户名不显示 NH-1 农户庭院" in listed
    assert "王家院" not in listed
    told = looker.get("/sites/NH-1/").content.decode()
    for hidden in ("王家院", "105.6", "35.2", "五保户"):
        assert hidden not in told
    assert "户名、位置和照片属个人信息" in told
    assert "没有这样的点位" in text(looker.get("/sites/?q=王家"))
    assert "NH-1" in text(looker.get("/sites/?q=NH"))
    assert "NH-1" not in text(looker.get("/sites/?position=yes"))
    assert looker.get("/sites/NH-1/step/edit/").status_code == 404
    row = next(row for row in sheet(looker.post("/sites/export/")) if row[0] == "NH-1")
    assert (row[1], row[6], row[7]) == ("户名不显示", None, None)


def test_the_history_and_the_lists_of_an_area_do_not_name_a_household(looker, office, household):
    office.post("/sites/NH-1/step/edit/do/", {"name": "李家院", "datum": "WGS84", "note": ""})
    inspections.visit(site=household, sheet=Checklist.objects.get(), in_round=inspections.round_())
    assert "变更名称：王家院 → 李家院" in text(office.get("/sites/NH-1/"))
    told = text(looker.get("/sites/NH-1/"))
    assert "变更名称" in told
    assert "家院" not in told
    assert "家院" not in text(looker.get("/areas/620101/"))


def test_the_picker_offers_no_household_to_who_sees_no_persons(looker, office, household):
    assert office.get("/api/sites?q=NH").json()[0]["name"] == "王家院"
    assert looker.get("/api/sites?q=NH").json() == []
