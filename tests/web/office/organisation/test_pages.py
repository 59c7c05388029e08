"""Units, persons and duties: their lists, their pages, and what is done with them."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from chuangwei.domain.organisation.models import Duty, Membership, Person
from tests.factories import organisation, places, problems
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 4)


@pytest.fixture(autouse=True)
def _today(frozen_clock):
    frozen_clock(MONDAY)


def told(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def exported(client, address):
    rows = load_workbook(BytesIO(b"".join(client.post(address).streaming_content))).active.values
    return [list(row) for row in rows][1:]


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def some(make_town):
    """An office; the committee of 甲社区 below it with a secretary and a helper; duties for an area and a lane."""
    town = make_town(weeks=0)
    head = organisation.unit("CW-1", kind="办公室", name="创卫办")
    committee = organisation.unit("SQ-1", kind="社区", name="甲居委会", parent=head, area=town.communities[0])
    other = organisation.unit("SQ-2", kind="社区", name="乙居委会", area=town.communities[1])
    chief = organisation.person("P1", of=committee, name="王五", title="书记", phone="13800001111")
    organisation.person("P2", of=other, name="赵六")
    helper = organisation.person("P3", of=head, name="孙七")
    Membership.objects.create(person=helper, unit=committee, is_main=False, from_on=DAY)
    organisation.duty(chief, "支部书记", town.communities[0])
    organisation.duty(chief, "网格员", town.lanes[0], hours="06:00-10:00")
    organisation.duty(committee, "包抓单位", town.lanes[0], starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31))
    organisation.duty(
        organisation.person("P4", name="周八"), "保洁员", town.lanes[1], starts_on=DAY + timedelta(days=30)
    )
    organisation.account("shuji", person=chief)
    return town


# --- Units -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["CW-1", "SQ-1", "SQ-2"]),
        ("?kind=社区", ["SQ-1", "SQ-2"]),
        ("?area=620101", ["SQ-1"]),
        ("?parent=CW-1", ["SQ-1"]),
        ("?q=居委", ["SQ-1", "SQ-2"]),
        ("?q=CW", ["CW-1"]),
    ],
)
def test_units_are_listed_and_exported(office, some, query, codes):
    assert [row[0] for row in exported(office, f"/units/export/{query}")] == codes
    assert f"{len(codes)} 条" in told(office.get(f"/units/{query}"))


def test_a_unit_shows_its_people_of_the_day_its_duties_and_what_it_must_put_right(office, some):
    unit_problem = {"unit": Duty.objects.get(role="包抓单位").unit, "state": "dispatched"}
    problems.problem(
        site=some.lanes[0], due_at=MONDAY - timedelta(hours=1), found_at=MONDAY - timedelta(days=2), **unit_problem
    )
    problems.problem(site=some.lanes[0], due_at=MONDAY + timedelta(days=9), **unit_problem)
    page = told(office.get("/units/SQ-1/"))
    for words in (
        "1 个问题超期",
        "甲社区 的所属单位",
        "2 人",
        "王五 书记",
        "孙七 兼任",
        "未销号 2 个，其中超期 1 个",
        "创卫办",
    ):
        assert words in page
    assert "没有以单位名义登记的责任" in page
    before = told(office.get("/units/SQ-1/?day=2022-06-01"))
    assert "1 人" in before
    assert "包抓单位" in before
    assert "看不懂这个日期" in told(office.get("/units/SQ-1/?day=x"))
    assert "甲居委会 社区" in told(office.get("/units/CW-1/"))


def test_a_community_opens_its_own_unit_and_not_the_neighbour(signed_in, stranger, some):
    community = signed_in("community", area=some.communities[0])
    assert community.get("/units/SQ-1/").status_code == 200
    assert community.get("/units/SQ-2/").status_code == 404
    assert "乙居委会" not in told(community.get("/units/"))
    assert community.post("/units/export/").status_code == 404
    for address in ("/units/", "/persons/", "/duties/"):
        assert stranger.get(address).status_code == 404
        assert signed_in("security-administrator").get(address).status_code == 404


# --- Persons -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["P1", "P2", "P3", "P4"]),
        ("?unit=SQ-1", ["P1", "P3"]),
        ("?role=网格员", ["P1"]),
        ("?role=保洁员", []),
        ("?account=yes", ["P1"]),
        ("?account=no", ["P2", "P3", "P4"]),
        ("?q=赵", ["P2"]),
        ("?q=P4", ["P4"]),
    ],
)
def test_persons_are_listed_and_exported_with_masked_phones(office, some, query, codes):
    rows = exported(office, f"/persons/export/{query}")
    assert [row[0] for row in rows] == codes
    page = told(office.get(f"/persons/{query}"))
    assert f"{len(codes)} 条" in page
    assert "13800001111" not in page
    assert not any("13800001111" in str(cell) for row in rows for cell in row)


def test_a_person_shows_units_duties_and_how_to_be_reached(office, signed_in, some):
    page = told(office.get("/persons/P1/"))
    for words in ("王五 书记", "支部书记 甲社区 社区", "138****1111", "账号 有", "甲居委会 主要"):
        assert words in page
    assert "13800001111" not in page
    community = signed_in("community", area=some.communities[0])
    assert "138****1111" in told(community.get("/persons/P1/"))
    assert community.get("/persons/P2/").status_code == 404


def test_a_person_is_made_corrected_and_moved(office, some):
    assert office.get("/persons/new/").status_code == 200
    form = {
        "code": "P9",
        "name": "李四",
        "title": "干事",
        "phone": "13900002222",
        "unit": "CW-1",
        "from_on": "2023-09-01",
    }
    assert office.post("/persons/new/do/", form)["Location"] == "/persons/P9/"
    address = "/persons/P9/step/"
    for move in ("edit", "join", "leave"):
        assert office.get(f"{address}{move}/").status_code == 200
    edit = {"name": "李四光", "title": "", "phone": "", "public_phone": "0939-1", "public_phone_consent_on": ""}
    assert "同意的日期" in told(office.post(f"{address}edit/do/", edit))
    office.post(f"{address}edit/do/", {**edit, "public_phone_consent_on": "2023-09-02"})
    office.post(f"{address}join/do/", {"unit": "SQ-1", "from_on": "2023-09-03", "is_main": "on"})
    person = Person.objects.get(code="P9")
    assert (person.name, person.phone, person.public_phone) == ("李四光", "13900002222", "0939-1")
    held = person.memberships.get(to_on__isnull=True)
    assert (held.unit.code, held.is_main) == ("SQ-1", True)
    office.post(f"{address}leave/do/", {"membership": held.pk, "to_on": "2023-09-04"})
    assert not person.memberships.filter(to_on__isnull=True).exists()
    assert "没有单位" in told(office.get("/persons/P9/"))
    assert office.get(f"{address}leave/").status_code == 404


def test_nobody_ends_the_membership_of_somebody_else(office, some):
    foreign = Membership.objects.get(person__code="P2")
    answer = office.post("/persons/P1/step/leave/do/", {"membership": foreign.pk, "to_on": "2023-09-04"})
    assert answer.status_code == 422
    foreign.refresh_from_db()
    assert foreign.to_on is None


@pytest.mark.parametrize("role", ["inspector", "community", "leader"])
def test_who_may_not_edit_persons_has_no_page_for_it(signed_in, some, role):
    client = signed_in(role)
    assert client.get("/persons/new/").status_code == 404
    assert client.post("/persons/new/do/", {"code": "P9", "name": "李四"}).status_code == 404
    for move in ("edit", "join", "leave"):
        assert client.get(f"/persons/P1/step/{move}/").status_code == 404
        assert client.post(f"/persons/P1/step/{move}/do/").status_code == 404


# --- Duties ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "roles"),
    [
        ("?sort=role", ["保洁员", "包抓单位", "支部书记", "网格员"]),
        ("?sort=role&state=now", ["支部书记", "网格员"]),
        ("?state=ended", ["包抓单位"]),
        ("?state=coming", ["保洁员"]),
        ("?role=网格员", ["网格员"]),
        ("?sort=role&person=P1", ["支部书记", "网格员"]),
        ("?unit=SQ-1", ["包抓单位"]),
        ("?area=620102", ["保洁员"]),
        ("?site=620101-1&sort=role", ["包抓单位", "网格员"]),
        ("?held=2022-06-01", ["包抓单位"]),
        ("?q=王五&sort=role", ["支部书记", "网格员"]),
        ("?q=620102-1巷", ["保洁员"]),
        ("?q=居委", ["包抓单位"]),
    ],
)
def test_duties_are_listed_and_exported(office, some, query, roles):
    assert [row[2] for row in exported(office, f"/duties/export/{query}")] == roles
    assert f"{len(roles)} 条" in told(office.get(f"/duties/{query}"))


def test_a_community_lists_its_own_duties(signed_in, some):
    community = signed_in("community", area=some.communities[1])
    page = told(community.get("/duties/"))
    assert "保洁员 未开始 周八" in page
    assert "王五" not in page
    assert "交接" not in page
    assert community.post("/duties/export/").status_code == 404


def test_a_duty_begins_is_handed_over_and_ends(office, some):
    page = office.get("/duties/new/?site=620102-1&role=网格员").content.decode()
    assert 'value="620102-1"' in page
    assert '<option value="网格员" selected>' in page
    form = {
        "role": "网格员",
        "person": "P2",
        "unit": "",
        "area": "",
        "site": "620102-1",
        "starts_on": "2023-09-01",
        "hours": "6:00-10:00",
    }
    assert office.post("/duties/new/do/", form)["Location"] == "/sites/620102-1/"
    duty = Duty.objects.get(person__code="P2")
    assert (duty.site.code, duty.hours) == ("620102-1", "06:00-10:00")
    address = f"/duties/{duty.pk}/step/"
    assert "交接：赵六，620102-1巷网格员" in told(office.get(f"{address}hand-over/"))
    office.post(f"{address}hand-over/do/", {"person": "P1", "unit": "", "from_on": "2023-09-04"})
    heir = Duty.objects.get(person__code="P1", site__code="620102-1")
    assert (heir.starts_on, heir.role) == (DAY, "网格员")
    assert office.get(f"{address}end/").status_code == 404
    office.post(f"/duties/{heir.pk}/step/end/do/", {"ends_on": "2023-09-30", "note": "到期"})
    heir.refresh_from_db()
    assert heir.ends_on == date(2023, 9, 30)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"unit": "SQ-1"}, "责任人和责任单位填一个"),
        ({"person": ""}, "责任人和责任单位填一个"),
        ({"area": "620101"}, "区划和点位填一个"),
        ({"site": ""}, "区划和点位填一个"),
        ({"person": "none"}, "没有编码为 none 的人员"),
        ({"role": "站长"}, "请从列表里选"),
        ({"hours": "早上"}, "看不懂"),
        ({"ends_on": "2022-01-01"}, "结束日期不能早于开始日期"),
    ],
)
def test_a_duty_is_refused_with_a_sentence(office, some, values, sentence):
    form = {
        "role": "网格员",
        "person": "P2",
        "unit": "",
        "area": "",
        "site": "620102-1",
        "starts_on": "2023-09-01",
        **values,
    }
    answer = office.post("/duties/new/do/", form)
    assert answer.status_code == 422
    assert sentence in told(answer)
    assert not Duty.objects.filter(person__code="P2").exists()


def test_who_may_not_edit_duties_has_no_page_for_it(signed_in, some):
    duty = Duty.objects.get(role="网格员")
    for client in (signed_in("inspector"), signed_in("office", area=some.communities[1])):
        for move in ("end", "hand-over"):
            assert client.get(f"/duties/{duty.pk}/step/{move}/").status_code == 404
            assert client.post(f"/duties/{duty.pk}/step/{move}/do/").status_code == 404
    assert signed_in("inspector").get("/duties/new/").status_code == 404
    assert signed_in("inspector").post("/duties/new/do/").status_code == 404


# --- All lists ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/units/", "/persons/", "/duties/", "/units/CW-1/", "/persons/P1/"])
def test_a_page_asks_as_often_for_three_rows_as_for_one(office, some, address):
    head, chief, counts = (
        Membership.objects.get(person__code="P3", is_main=True).unit,
        Person.objects.get(code="P1"),
        [],
    )
    for number in range(3):
        unit = organisation.unit(parent=head, area=some.communities[0])
        organisation.duty(organisation.person(of=unit), f"角色{number}", some.lanes[2])
        organisation.duty(chief, f"角色{number}", some.lanes[2])
        organisation.duty(head, f"角色{number}", places.site(in_area=some.communities[2]))
        organisation.person(of=head)
        counts.append(queries_of(office, address))
    assert len(set(counts)) == 1


@pytest.mark.parametrize(
    ("address", "empty", "narrow"),
    [
        ("/units/", "还没有单位", "没有这样的单位"),
        ("/persons/", "还没有人员", "没有这样的人员"),
        ("/duties/", "还没有登记责任", "没有这样的责任"),
    ],
)
def test_empty_lists_say_which_way_on(office, address, empty, narrow):
    assert empty in told(office.get(address))
    assert narrow in told(office.get(f"{address}?q=没有"))
