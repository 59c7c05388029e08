"""The ledger's list and what is done to several problems at once."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from chuangwei.core import attachments
from chuangwei.core.models import AuditEvent
from chuangwei.domain.places.models import Site
from chuangwei.domain.problems.enums import PhotoStage, ProblemState, Source
from chuangwei.domain.problems.models import Problem, ProblemPhoto
from tests.factories import organisation, places, problems, standards
from tests.factories.photos import saved, street
from tests.factories.problems import MONDAY
from tests.web.office.appraisal.test_views import text

pytestmark = pytest.mark.django_db
S = ProblemState
NOW = MONDAY + timedelta(days=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _now(frozen_clock):
    frozen_clock(NOW)


@pytest.fixture
def lane() -> Site:
    _, communities = places.town()
    return places.site("BL-1", in_area=communities[0], name="康宁巷")


@pytest.fixture
def unit():
    return organisation.unit("U1", name="城管局")


def dispatched(site: Site, unit: Any, **values: Any) -> Problem:
    given = {"state": S.DISPATCHED, "dispatched_at": MONDAY, "due_at": MONDAY + 4 * HOUR, "unit": unit, **values}
    return problems.problem(site=site, **given)


def codes(response) -> list[str]:
    return [row.code for row in response.context["rows"]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_one_as_for_three(office, lane, unit, count):
    for _ in range(count):
        dispatched(lane, unit)
    office.get("/problems/")
    with CaptureQueriesContext(connection) as asked:
        response = office.get("/problems/")
    assert len(codes(response)) == count
    with CaptureQueriesContext(connection) as again:
        problems.problem(site=lane)
        problems.problem(in_area=lane.area)
        begun = len(again)
        office.get("/problems/")
    assert len(again) - begun == len(asked)


def test_a_row_says_what_where_whose_and_how_late(office, lane, unit):
    dispatched(lane, unit, code="WT-1", rework_count=2)
    told = text(office.get("/problems/"))
    for words in ("占道经营", "康宁巷", "城管局", "已派遣", "逾期 1 天", "返工 2 次", "WT-1"):
        assert words in told


def test_a_row_shows_its_first_photo(office, lane):
    one = problems.problem(site=lane)
    kept = attachments.store(
        stream=saved(street()), name="a.jpg", by=organisation.chief(), at=NOW, subject_kind="problems.problem",
        subject_code=one.code,
    )  # fmt: skip
    ProblemPhoto.objects.create(
        problem=one, attachment=kept, stage=PhotoStage.BEFORE, by_code="x", by_name="x", added_at=NOW
    )
    assert f"/photos/{kept.digest}/small/" in office.get("/problems/").content.decode()


def test_tabs_count_each_state_under_the_other_filters(office, lane, unit):
    dispatched(lane, unit)
    dispatched(lane, organisation.unit("U2"))
    problems.problem(site=lane)
    tabs = {tab.value: str(tab.count) for tab in office.get("/problems/").context["list"].tabs}
    assert (tabs["dispatched"], tabs["filed"], tabs["closed"]) == ("2", "1", "0")
    tabs = {tab.value: str(tab.count) for tab in office.get("/problems/?unit=U1&state=filed").context["list"].tabs}
    assert (tabs["dispatched"], tabs["filed"]) == ("1", "0")


@pytest.fixture
def ledger(lane, unit):
    """A problem for each filter, and one that none but its own finds."""
    other = places.site("MK-1", in_area=places.area("6201021", parent=lane.area), kind="market", name="东关市场")
    late = dispatched(lane, unit, code="LATE", found_at=MONDAY - 9 * DAY, dispatched_at=MONDAY - 9 * DAY)
    parent = standards.category("06", name="市容")
    child = standards.category("06010", name="乱张贴", parent=parent)
    dispatched(other, unit, code="SOON", due_at=NOW + 2 * DAY, category=child, source=Source.HOTLINE)
    dispatched(lane, organisation.unit("U2", name="住建局"), code="FAR", due_at=NOW + 30 * DAY)
    problems.problem(site=lane, code="AGAIN", rework_count=1, comes_back_of=late, description="井盖又破了")
    problems.problem(
        in_area=lane.area.parent, code="REST", state=S.PENDING, unit=unit, due_at=MONDAY, pending_since=MONDAY,
        pending_until=NOW.date() - DAY, found_at=MONDAY - 5 * DAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=filed", {"AGAIN"}),
        ("area=620101", {"LATE", "SOON", "FAR", "AGAIN"}),
        ("area=6201021", {"SOON"}),
        ("area=nowhere", set()),
        ("site=nowhere", set()),
        ("standing=open", {"LATE", "SOON", "FAR", "AGAIN", "REST"}),
        ("kind=market", {"SOON"}),
        ("category=06", {"SOON"}),
        ("category=乱张贴", {"SOON"}),
        ("category=没有", set()),
        ("unit=U2", {"FAR"}),
        ("unit=住建局", {"FAR"}),
        ("source=hotline", {"SOON"}),
        ("standing=overdue", {"LATE"}),
        ("standing=soon", {"SOON"}),
        ("standing=rework", {"AGAIN"}),
        ("standing=comeback", {"AGAIN"}),
        ("standing=pending_over", {"REST"}),
        ("found_to=2023-08-30", {"LATE", "REST"}),
        ("found_from=2023-08-30&found_to=2023-08-30", {"REST"}),
        ("due_from=2023-10-01", {"FAR"}),
        ("due_to=2023-09-04", {"LATE", "REST"}),
        ("q=井盖", {"AGAIN"}),
        ("q=康宁巷", {"LATE", "FAR", "AGAIN"}),
        ("q=市场&unit=U1", {"SOON"}),
        ("q=没有的字", set()),
        ("q=%22)%20OR", set()),
        ("q=康宁巷 占道", {"LATE", "FAR", "AGAIN"}),
        ("q=井盖　康宁巷", {"AGAIN"}),
        ("q=井盖 市场", set()),
        ("q=井", set()),
    ],
)
def test_filters(office, ledger, query, found):
    response = office.get(f"/problems/?{query}")
    assert set(codes(response)) == found
    assert response.context["list"].count.number == len(found)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("found_from=2026-13-40", "“发现自”不是有效日期：2026-13-40。"),
        ("due_to=9999-12-31", "“期限至”不是有效日期：9999-12-31。"),
        ("found_from=2023-09-05&found_to=2023-09-04", "“发现自”晚于“发现至”"),
        ("due_from=2023-09-05&due_to=2023-09-04", "“期限自”晚于“期限至”"),
        ("state=nonsense", "“状态”里没有“nonsense”"),
        ("standing=nonsense&q=井盖", "“情形”里没有“nonsense”"),
        ("q=井", "“井”不足两个字，没有用来查找。"),
    ],
)
def test_what_cannot_be_asked_is_told_and_finds_nothing(office, ledger, query, told):
    response = office.get(f"/problems/?{query}")
    assert (codes(response), response.context["list"].count.number) == ([], 0)
    assert told in text(response)
    assert "没有符合条件的问题" in text(response)


def test_a_word_too_short_is_left_out_and_told(office, ledger):
    response = office.get("/problems/?q=井盖 巷")
    assert codes(response) == ["AGAIN"]
    assert "“巷”不足两个字，没有用来查找。请至少输入两个字。" in text(response)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("newest", ["REST", "AGAIN", "FAR", "SOON", "LATE"]),
        ("oldest", ["LATE", "SOON", "FAR", "AGAIN", "REST"]),
        ("deadline", ["REST", "LATE", "SOON", "FAR", "AGAIN"]),
    ],
)
def test_orders(office, ledger, sort, order):
    assert codes(office.get(f"/problems/?sort={sort}")) == order


@pytest.mark.parametrize("sort", ["newest", "oldest", "deadline"])
def test_page_by_page_gives_every_row_once(office, lane, unit, sort):
    for number in range(120):
        due = MONDAY + (number % 7) * HOUR
        dispatched(lane, unit, due_at=due) if number % 3 else problems.problem(site=lane)
    seen, address = [], f"/problems/?sort={sort}"
    while address:
        response = office.get(address)
        seen += codes(response)
        address = response.context["list"].page.next_address
    assert (len(seen), len(set(seen))) == (120, 120)


def test_an_empty_ledger_and_an_empty_search_say_what_to_do(office, lane):
    assert "台账里还没有问题" in text(office.get("/problems/"))
    assert "没有符合条件的问题" in text(office.get("/problems/?q=井盖"))


def test_htmx_gets_the_list_alone(office, lane):
    problems.problem(site=lane)
    told = office.get("/problems/", headers={"HX-Request": "true"}).content.decode()
    assert "占道经营" in told
    assert "<html" not in told


@pytest.mark.parametrize(
    ("role", "at_home", "found"),
    [
        ("office", False, {"IN", "OUT"}),
        ("community", True, {"IN"}),
        ("leader", False, {"IN", "OUT"}),
        ("discipline", True, {"IN"}),
    ],
)
def test_everybody_sees_their_own(signed_in, lane, role, at_home, found):
    elsewhere = places.area("99", kind="县")
    problems.problem(site=lane, code="IN")
    problems.problem(in_area=elsewhere, code="OUT")
    person = signed_in(role, area=lane.area if at_home else None)
    response = person.get("/problems/")
    assert set(codes(response)) == found
    assert response.context["list"].count.number == len(found)


def test_a_department_sees_what_its_unit_has_to_put_right(signed_in, lane, unit):
    dispatched(lane, unit, code="OURS")
    dispatched(lane, organisation.unit("U2"), code="THEIRS")
    person = signed_in("department", area=places.area("99", kind="县"), unit=unit)
    assert codes(person.get("/problems/")) == ["OURS"]
    assert person.get("/problems/mine/").headers["Location"] == "/problems/?state=dispatched&sort=deadline&unit=U1"


@pytest.mark.parametrize("path", ["/problems/", "/problems/new/", "/problems/mine/"])
def test_a_stranger_finds_nothing(stranger, signed_in, path):
    assert stranger.get(path).status_code == 404
    assert signed_in("security-administrator").get(path).status_code == 404


def test_the_export_holds_what_is_shown(office, ledger):
    response = office.post("/problems/export/?unit=U1&sort=deadline")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["编号", "REST", "LATE", "SOON"]
    assert rows[2][rows[0].index("期限情况")] == "逾期 1 天"
    assert AuditEvent.objects.filter(verb="导出列表", subject_code="问题台账").exists()


def test_the_export_takes_its_permission(signed_in, ledger):
    assert signed_in("inspector").post("/problems/export/").status_code == 404


@pytest.mark.parametrize("path", ["/problems/export/", "/problems/report/"])
def test_who_may_not_has_no_such_command(signed_in, stranger, lane, path):
    problems.problem(site=lane, code="A")
    for person in (stranger, signed_in("discipline")):
        assert person.post(path, {"site": "BL-1", "description": "x"}).status_code == 404
    assert Problem.objects.get().state == S.FILED


# --- Reporting --------------------------------------------------------------------------------------------------------


def test_a_problem_is_reported_with_a_photo_and_a_number(signed_in, lane):
    standards.category()
    person = signed_in("community", area=lane.area)
    given = {"site": "BL-1", "category": "09006", "source": "patrol", "description": "井盖破损"}
    response = person.post("/problems/report/", {**given, "photos": [photo_file("a.jpg")]}, follow=True)
    made = Problem.objects.get()
    assert (made.code, made.state, made.site, made.photos.count()) == ("WT2023-000001", S.REPORTED, lane, 1)
    assert "WT2023-000001" in text(response)
    person.post("/problems/report/", {**given, "description": "路灯不亮"})
    assert Problem.objects.latest("pk").code == "WT2023-000002"


def test_a_bad_photo_does_not_undo_the_report(signed_in, lane):
    standards.category()
    given = {
        "site": "BL-1",
        "category": "09006",
        "source": "patrol",
        "description": "井盖破损",
        "photos": [not_a_photo()],
    }
    told = text(signed_in("office").post("/problems/report/", given, follow=True))
    assert "照片没有收下" in told
    assert Problem.objects.get().photos.count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"site": ""}, "点位和区划至少填一个"),
        ({"site": "X9"}, "没有编码为 X9 的点位"),
        ({"category": ""}, "请选择问题类别。"),
        ({"category": "99999"}, "没有编码为 99999 的类别"),
        ({"description": ""}, "请填写描述。"),
    ],
)
def test_a_report_that_lacks_something_comes_back_with_what_was_typed(office, lane, changes, words):
    standards.category()
    given = {"site": "BL-1", "category": "09006", "source": "patrol", "description": "井盖破损", **changes}
    response = office.post("/problems/report/", given)
    assert (response.status_code, Problem.objects.count()) == (422, 0)
    assert words in response.content.decode()


def test_a_report_elsewhere_is_not_there(signed_in, lane):
    standards.category()
    person = signed_in("community", area=places.area("99", kind="县"))
    given = {"site": "BL-1", "category": "09006", "source": "patrol", "description": "x"}
    assert person.post("/problems/report/", given).status_code == 422
    assert Problem.objects.count() == 0


def photo_file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, saved(street()).read(), "image/jpeg")


def not_a_photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("x.jpg", b"<html><script>1</script></html>", "image/jpeg")
