import re
from datetime import date, timedelta

import pytest

from chuangwei.core import clock
from chuangwei.domain.places import actions
from chuangwei.domain.places.models import Area
from chuangwei.domain.problems.enums import ProblemState
from tests.factories import organisation, places, problems
from tests.factories.problems import MONDAY
from tests.web.office.places.reading import queries_of, sheet
from tests.web.office.places.reading import told as text

pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[105, 35], [105.1, 35], [105.1, 35.1], [105, 35.1], [105, 35]]]}
BOX = {"west": 105.0, "south": 35.0, "east": 105.1, "north": 35.1}
PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _today(frozen_clock):
    frozen_clock(MONDAY + timedelta(days=100))


# --- The tree ----------------------------------------------------------------------------------------------------------


def test_the_tree_opens_to_where_there_is_something_to_choose(office, town):
    told = text(office.get("/areas/"))
    assert "62县 县 · 1 3 3 0" in told
    assert "甲社区 社区 1 1 0 " in told
    assert "看甲社区的" not in told


def test_a_level_is_fetched_alone_with_the_counts_below_each_area(office, make_town):
    town = make_town(weeks=0)
    grid = places.area("G-1", parent=town.communities[0], kind="网格")
    lane = places.site("BL-9", in_area=grid)
    organisation.duty(organisation.person(), "网格员", lane)
    problems.problem(site=lane)
    problems.problem(site=lane, state=ProblemState.REJECTED)
    answer = office.get(f"/areas/{town.codes[0]}/below/", headers=PART)
    assert b"<html" not in answer.content
    assert "G-1网格 网格 1 0 1 —" in text(answer)
    whole = office.get(f"/areas/{town.communities[0].parent.code}/below/")
    assert b"<html" in whole.content
    assert "甲社区 社区 · 1 2 1 1" in text(whole)


def test_the_latest_score_shows_where_it_may_be_seen(office, signed_in, town):
    assert "99.50 第 1" in text(office.get("/areas/6201/below/"))
    community = signed_in("community", area=town.communities[0])
    assert "99.50" not in text(community.get("/areas/"))
    town.publish()
    assert "99.50" in text(community.get("/areas/"))


def test_one_sees_the_tree_from_ones_own_area_down(signed_in, town):
    community = signed_in("community", area=town.communities[1])
    told = text(community.get("/areas/"))
    assert "乙社区" in told
    assert "甲社区" not in told
    assert community.get(f"/areas/{town.codes[1]}/").status_code == 200
    for address in (f"/areas/{town.codes[0]}/", f"/areas/{town.codes[0]}/below/", "/areas/6201/"):
        assert community.get(address).status_code == 404


def test_a_level_asks_as_often_for_three_areas_as_for_one(office, make_town):
    town = make_town(weeks=0, communities=1)
    address = f"/areas/{town.codes[0]}/below/"
    counts = []
    for number in (1, 2, 3):
        grid = places.area(f"G-{number}", parent=town.communities[0], kind="网格")
        problems.problem(site=places.site(in_area=grid))
        counts.append(queries_of(office, address, headers=PART))
    assert len(set(counts)) == 1


def test_a_search_gives_a_flat_list(office, town):
    told = text(office.get("/areas/?q=乙社"))
    assert "1 条" in told
    assert "乙社区" in told
    assert "甲社区" not in told
    assert "没有这样的区划" in text(office.get("/areas/?q=丁丁"))


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["62", "6201", "620101", "620102", "620103"]),
        ("?kind=社区", ["620101", "620102", "620103"]),
        ("?area=620102", ["620102"]),
        ("?area=nowhere", []),
        ("?state=closed", ["620103"]),
        ("?state=open&kind=社区", ["620101", "620102"]),
        ("?q=甲社", ["620101"]),
    ],
)
def test_what_is_listed_is_exported(office, make_town, query, codes):
    make_town(weeks=0)
    Area.objects.filter(code="620103").update(ends_on=date(2023, 9, 1))
    rows = sheet(office.post(f"/areas/export/{query}"))
    assert [row[0] for row in rows[1:]] == codes


def test_an_export_needs_its_own_permission(signed_in, town):
    assert signed_in("inspector").post("/areas/export/").status_code == 404
    assert "导出所列" not in text(signed_in("inspector").get("/areas/"))


def test_nothing_to_see_is_told(signed_in, stranger, db):
    assert "没有可以看的区划" in text(signed_in("office").get("/areas/"))
    assert stranger.get("/areas/").status_code == 404
    assert signed_in("security-administrator").get("/areas/").status_code == 404


# --- One area ----------------------------------------------------------------------------------------------------------


def test_an_area_tells_what_hangs_on_it(office, town):
    Area.objects.filter(code=town.codes[0]).update(boundary=SQUARE, population=6969, **BOX)
    unit = organisation.unit("SQ-1", kind="社区", name="甲居委会", area=town.communities[0])
    organisation.duty(unit, "支部书记", town.communities[0])
    told = text(office.get(f"/areas/{town.codes[0]}/"))
    for words in (
        "甲社区 社区 盲区 1", "人口 6,969", "甲居委会", "背街小巷 1", "支部书记 甲居委会", "没有未销号的问题",
        "最近的检查", "2023-W38 未公示", "东经 105.0000°—105.1000°", "甲社区（社区，属6201乡镇） 登记以来 — 至今",
    ):  # fmt: skip
        assert words in told
    assert "处理盲区" in told


def test_none_or_two_committees_are_told(office, make_town):
    town = make_town(weeks=0, communities=1)
    address = f"/areas/{town.codes[0]}/"
    assert "没有所属单位" in text(office.get(address))
    for number in (1, 2):
        organisation.unit(f"SQ-{number}", kind="社区", area=town.communities[0])
    assert "有 2 个所属单位，须只有一个" in text(office.get(address))
    grid = places.area("G-1", parent=town.communities[0], kind="网格")
    assert "所属单位" not in text(office.get(f"/areas/{grid.code}/"))


def test_a_chain_of_a_level_is_shown_with_who_is_missing(office, make_town):
    from chuangwei.core import presets
    from tests.web.office.conftest import PRESET

    town = make_town(weeks=0, communities=1)
    body = PRESET.replace(
        '[chains."back_lane"]',
        '[chains."社区"]\nroles = [{name = "支部书记"}, {name = "包社区领导"}]\n\n[chains."back_lane"]',
    )
    presets.use_preset(
        document=presets.read_preset(body, "town"),
        area_code=town.codes[0],
        from_on=None,
        by=organisation.chief(),
        at=MONDAY,
    )
    organisation.duty(organisation.person(name="王五"), "支部书记", town.communities[0])
    told = text(office.get(f"/areas/{town.codes[0]}/"))
    assert "支部书记 王五 在岗" in told
    assert "包社区领导 盲区 没有人负责" in told


def test_the_page_of_an_area_asks_as_often_for_three_children_as_for_one(office, make_town):
    town = make_town(weeks=0, communities=1)
    counts = []
    for number in (1, 2, 3):
        grid = places.area(f"G-{number}", parent=town.communities[0], kind="网格")
        organisation.duty(organisation.person(), "网格员", town.communities[0])
        problems.problem(site=places.site(in_area=grid))
        counts.append(queries_of(office, f"/areas/{town.codes[0]}/"))
    assert len(set(counts)) == 1


# --- What is done with it ----------------------------------------------------------------------------------------------


def test_the_office_renames_from_a_day_on(office, town):
    address = f"/areas/{town.codes[0]}/step/change/"
    assert "变更名称、类型或上级" in text(office.get(address))
    form = {"name": "新名社区", "kind": "社区", "parent": "", "from_on": "2023-10-01", "note": "民政批复"}
    assert office.post(f"{address}do/", form).status_code == 302
    told = text(office.get(f"/areas/{town.codes[0]}/"))
    assert "新名社区" in told
    assert "变更名称：甲社区 → 新名社区" in told
    assert "甲社区（社区，属6201乡镇） 登记以来 — 2023年9月30日" in told


def test_a_refusal_shows_the_form_again(office, town):
    form = {"into": town.codes[0], "on": "2023-10-01"}
    answer = office.post(f"/areas/{town.codes[0]}/step/merge/do/", form)
    assert answer.status_code == 422
    assert "只能并入另一个仍然存在的区划" in text(answer)
    answer = office.post(f"/areas/{town.codes[0]}/step/merge/do/", {"into": "nowhere", "on": "2023-13-01"})
    assert "没有编码为 nowhere 的区划" in text(answer)


def test_merging_and_facts_lead_to_the_actions(office, town):
    office.post(f"/areas/{town.codes[2]}/step/merge/do/", {"into": town.codes[1], "on": "2023-10-01"})
    office.post(f"/areas/{town.codes[1]}/step/facts/do/", {"population": "1200", "households": ""})
    merged, heir = Area.objects.get(code=town.codes[2]), Area.objects.get(code=town.codes[1])
    assert (merged.heir, merged.ends_on, heir.population) == (heir, date(2023, 9, 30), 1200)
    assert "2023年9月30日撤销" in text(office.get(f"/areas/{merged.code}/"))


def test_splitting_says_who_gets_what(office, make_town):
    town = make_town(weeks=0)
    grid = places.area("G-1", parent=town.communities[0], kind="网格")
    address = f"/areas/{town.codes[0]}/step/split/"
    assert "G-1网格（网格）" in text(office.get(address))
    base = {"from_on": "2023-10-01", "code1": "620109", "name1": "新社区"}
    wrong = office.post(f"{address}do/", {**base, "to_0": "2", "code3": "620110"})
    assert wrong.status_code == 422
    assert "请填写它的编码和名称" in text(wrong)
    assert "编码和名称须同时填写" in text(wrong)
    assert office.post(f"{address}do/", {**base, "to_0": "1"}).status_code == 302
    grid.refresh_from_db()
    assert grid.parent.code == "620109"
    assert town.lanes[0].area == town.communities[0]


@pytest.mark.parametrize("move", ["change", "facts", "split", "merge", "nothing"])
def test_who_may_not_has_no_page_for_it(signed_in, town, move):
    for client in (signed_in("inspector"), signed_in("office", area=town.communities[1])):
        address = f"/areas/{town.codes[0]}/step/{move}/"
        assert client.get(address).status_code == 404
        assert client.post(f"{address}do/").status_code == 404


def test_an_area_that_is_gone_is_changed_no_more(office, town):
    actions.merge_area(
        area=town.communities[2], into=town.communities[1], on=clock.today(), by=organisation.chief(), at=clock.now()
    )
    assert office.get(f"/areas/{town.codes[2]}/step/change/").status_code == 404


@pytest.mark.parametrize(
    ("address", "headers", "pushed"),
    [
        ("/areas/?q=甲&parent=&sort=", {"HX-Request": "true"}, "/areas/?q=%E7%94%B2&sort=code"),
        ("/areas/?q=甲", {}, None),
    ],
)
def test_a_list_narrowed_in_place_leaves_its_own_address(office, address, headers, pushed):
    answer = office.get(address, headers=headers)
    assert (answer.status_code, answer.get("HX-Push-Url")) == (200, pushed)


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("1", "/sites/?state=open&area=620102"), ("1", "/duties/gaps/?show=gaps&area=620102"),
        ("2", "/problems/?area=620102&standing=open"),
    ],
)  # fmt: skip
def test_every_number_of_an_area_opens_into_as_many_rows(office, town, number, address):
    for site in (town.lanes[1], town.lanes[1], town.lanes[0]):
        problems.problem(site=site)
    shown = re.sub(r"\s+", " ", office.get("/areas/620102/").content.decode())
    assert f'<a class="cw-figure" href="{address.replace("&", "&amp;")}">{number}</a>' in shown
    assert office.get(address).context["list"].count.number == int(number)
