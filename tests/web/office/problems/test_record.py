"""One problem: every step and every refusal through its page, by one who may and one who may not."""

import re
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.core import presets
from chuangwei.domain.places.models import Site
from chuangwei.domain.problems import actions
from chuangwei.domain.problems.enums import ExtensionState, PhotoStage, ProblemState
from chuangwei.domain.problems.models import Extension, Problem
from tests.factories import inspections, organisation, places, problems, standards
from tests.factories.photos import saved, street
from tests.factories.problems import MONDAY
from tests.web.office.appraisal.test_views import text

pytestmark = pytest.mark.django_db
S = ProblemState
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 2 * HOUR
CHIEF = organisation.chief()


@pytest.fixture(autouse=True)
def _now(frozen_clock):
    frozen_clock(NOW)


@pytest.fixture
def lane() -> Site:
    _, communities = places.town()
    return places.site("BL-1", in_area=communities[0], name="康宁巷", longitude=103.5, latitude=36.1)


@pytest.fixture
def unit():
    return organisation.unit("U1", name="城管局")


def in_state(state: str, site: Site, unit: Any, **values: Any) -> Problem:
    given: dict[str, Any] = {"code": "WT/1", "state": state, **values}
    if state not in {S.REPORTED, S.FILED, S.REJECTED}:
        given |= {"unit": unit, "dispatched_at": MONDAY, "due_at": MONDAY + 4 * HOUR}
    if state in {S.FIXED, S.CLOSED}:
        given |= {"fixed_at": MONDAY + HOUR}
    if state == S.CLOSED:
        given |= {"closed_at": MONDAY + HOUR}
    if state == S.PENDING:
        given |= {"pending_since": MONDAY, "pending_until": MONDAY.date() + DAY}
    return problems.problem(site=site, **given)


class Case(NamedTuple):
    """A step from one state to another: by whom, not by whom, and what is filled in."""

    step: str
    source: str
    target: str
    role: str
    other: str
    given: dict[str, str]


STEPS = [
    Case(*row) for row in (
        ("file", S.REPORTED, S.FILED, "office", "inspector", {}),
        ("reject", S.REPORTED, S.REJECTED, "office", "inspector", {"note": "不属实"}),
        ("dispatch", S.FILED, S.DISPATCHED, "office", "inspector", {"to": "U1"}),
        ("dispatch", S.RETURNED, S.DISPATCHED, "office", "community", {"to": "U1"}),
        ("dispatch", S.REOPENED, S.DISPATCHED, "office", "leader", {"to": "U1"}),
        ("spot", S.FILED, S.CLOSED, "office", "inspector", {"without": "on"}),
        ("fix", S.DISPATCHED, S.FIXED, "community", "office", {"note": "已清理", "without": "on"}),
        ("return", S.DISPATCHED, S.RETURNED, "community", "office", {"note": "不归我们管"}),
        ("suspend", S.DISPATCHED, S.PENDING, "leader", "office", {"until": "2023-12-31", "note": "列入管网改造"}),
        ("close", S.FIXED, S.CLOSED, "inspector", "community", {"without": "on"}),
        ("send-back", S.FIXED, S.DISPATCHED, "inspector", "community", {"note": "没有清干净"}),
        ("resume", S.PENDING, S.DISPATCHED, "leader", "office", {}),
        ("reopen", S.CLOSED, S.REOPENED, "inspector", "leader", {"note": "复查又有"}),
        ("merge", S.FILED, S.MERGED, "office", "inspector", {"into": "WT/2", "note": "重复登记"}),
    )
]  # fmt: skip
DONE = {
    "file": "已立案 WT/1。", "reject": "WT/1 不予立案。", "dispatch": "已派遣 WT/1 给城管局，2023-09-0", "spot": "WT/1 已当场整改并销号。",
    "fix": "已报整改 WT/1，等待核查。", "return": "已退回 WT/1，等待重新派遣。", "suspend": "已挂账 WT/1，到 2023-12-31 为止。",
    "close": "已销号 WT/1。", "send-back": "已把 WT/1 退回城管局返工，期限仍是 2023-09-04 13:00。",
    "resume": "已恢复派遣 WT/1，2023-09-04 15:00 前整改。", "reopen": "WT/1 已记为反弹，等待重新派遣。",
    "merge": "已把 WT/1 并入 WT/2。",
}  # fmt: skip
"""What the page says when the step is done."""
NAMES = [f"{case.step}-{case.source}" for case in STEPS]


@pytest.mark.parametrize("case", STEPS, ids=NAMES)
def test_step_is_offered_to_who_may_and_made(signed_in, lane, unit, case):
    in_state(case.source, lane, unit)
    problems.problem(site=lane, code="WT/2")
    person = signed_in(case.role)
    page = person.get(f"/problems/WT/1/?step={case.step}")
    assert f"/problems/WT/1/do/{case.step}/" in page.content.decode()
    response = person.post(f"/problems/WT/1/do/{case.step}/", case.given, follow=True)
    assert DONE[case.step] in text(response)
    assert Problem.objects.get(code="WT/1").state == case.target


@pytest.mark.parametrize("case", STEPS, ids=NAMES)
def test_step_is_not_there_for_who_may_not(signed_in, stranger, lane, unit, case):
    in_state(case.source, lane, unit)
    problems.problem(site=lane, code="WT/2")
    elsewhere = signed_in(case.role, area=places.area("99", kind="县"))
    for person in (signed_in(case.other), stranger, elsewhere):
        assert person.post(f"/problems/WT/1/do/{case.step}/", case.given).status_code == 404
    page = signed_in(case.other).get(f"/problems/WT/1/?step={case.step}")
    assert f"/do/{case.step}/" not in page.content.decode()
    assert Problem.objects.get(code="WT/1").state == case.source


REASONED = [case for case in STEPS if "note" in case.given and case.step != "fix"]


@pytest.mark.parametrize("case", REASONED, ids=lambda case: case.step)
def test_step_without_its_reason_comes_back(signed_in, lane, unit, case):
    in_state(case.source, lane, unit)
    problems.problem(site=lane, code="WT/2")
    response = signed_in(case.role).post(f"/problems/WT/1/do/{case.step}/", {"into": "WT/2", "until": "2023-12-31"})
    assert (response.status_code, Problem.objects.get(code="WT/1").state) == (422, case.source)
    assert re.search(r"请填写[^<]*理由。|请填写整改计划。", response.content.decode())


@pytest.mark.parametrize(
    "refusal",
    [
        ("dispatch", S.FILED, "office", {"to": "U9"}, "没有编码为 U9 的单位"),
        ("suspend", S.DISPATCHED, "leader", {"until": "2023-09-01", "note": "x"}, "不能早于今天"),
        ("merge", S.FILED, "office", {"into": "WT/9", "note": "x"}, "没有编号为 WT/9 的问题"),
        ("merge", S.FILED, "office", {"into": "WT/1", "note": "x"}, "只能并入另一个"),
        ("extend", S.DISPATCHED, "community", {"until": "2023-09-01", "reason": "x"}, "须晚于现在的整改期限"),
        ("photos", S.FILED, "office", {"stage": "before"}, "请选择照片。"),
    ],
)
def test_refusal_is_said_above_the_form(signed_in, lane, unit, refusal):
    step, source, role, given, words = refusal
    in_state(source, lane, unit)
    response = signed_in(role).post(f"/problems/WT/1/do/{step}/", given)
    assert (response.status_code, Problem.objects.get().state) == (422, source)
    assert words in response.content.decode()


def test_an_unknown_step_is_not_there(office, lane, unit):
    in_state(S.FILED, lane, unit)
    assert office.post("/problems/WT/1/do/nonsense/").status_code == 404
    assert office.get("/problems/WT/1/?step=nonsense").status_code == 200


@pytest.mark.parametrize(
    "case",
    [
        (S.REPORTED, "office", "立案"), (S.FILED, "office", "派遣"), (S.DISPATCHED, "community", "报整改"),
        (S.FIXED, "inspector", "核查销号"), (S.PENDING, "leader", "恢复派遣"), (S.CLOSED, "inspector", None),
        (S.DISPATCHED, "discipline", None), (S.FIXED, "community", None),
    ],
)  # fmt: skip
def test_the_next_step_stands_at_the_top(signed_in, lane, unit, case):
    state, role, next_step = case
    in_state(state, lane, unit)
    step = signed_in(role).get("/problems/WT/1/").context["step"]
    assert (step.title if step else None) == next_step


# --- Dispatch and its deadline ------------------------------------------------------------------------------------------


def test_the_deadline_is_told_before_the_dispatch(office, lane, unit):
    in_state(S.FILED, lane, unit)
    assert "2023-09-04 17:00" in text(office.get("/problems/WT/1/deadline/?to=U1"))
    assert text(office.get("/problems/WT/1/deadline/?to=")).strip() == ""
    standards.category().__class__.objects.update(allowed_amount=None, allowed_unit="")
    assert "整改时限待核" in text(office.get("/problems/WT/1/deadline/?to=U1"))


def test_sent_back_to_the_same_unit_the_deadline_stays(office, lane, unit):
    in_state(S.RETURNED, lane, unit)
    assert "期限不变： 2023-09-04 13:00" in text(office.get("/problems/WT/1/deadline/?to=U1"))


def test_the_deadline_is_told_only_to_who_dispatches(signed_in, lane, unit):
    in_state(S.FILED, lane, unit)
    assert signed_in("community").get("/problems/WT/1/deadline/?to=U1").status_code == 404


def test_the_usual_department_is_suggested(office, lane, unit):
    text_ = (
        '[preset]\nslug = "a"\ntitle = "甲"\n[areas]\nlevels = ["县", "乡镇", "社区"]\n[routes]\n"09006" = "城管局"\n'
    )
    presets.use_preset(document=presets.read_preset(text_, "a.toml"), area_code="", from_on=None, by=CHIEF, at=MONDAY)
    in_state(S.FILED, lane, unit)
    page = office.get("/problems/WT/1/")
    assert page.context["form"]["to"].initial == "U1"
    assert "通常由城管局负责" in text(page)


# --- Extension ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "case",
    [
        ("approve-extension", {}, ExtensionState.APPROVED, "2023-09-08 10:00"),
        ("refuse-extension", {"note": "来得及"}, ExtensionState.REFUSED, "2023-09-04 05:00"),
    ],
)
def test_an_extension_is_asked_for_and_decided(signed_in, lane, unit, case):
    step, given, state, due = case
    in_state(S.DISPATCHED, lane, unit)
    asked = signed_in("community").post(
        "/problems/WT/1/do/extend/", {"until": "2023-09-08", "reason": "等材料"}, follow=True
    )
    assert "申请延期至 2023-09-08 18:00" in text(asked)
    assert signed_in("office").post(f"/problems/WT/1/do/{step}/", given).status_code == 404
    leader = signed_in("leader")
    assert leader.get("/problems/WT/1/").context["step"].slug == "approve-extension"
    leader.post(f"/problems/WT/1/do/{step}/", given)
    again = leader.post(f"/problems/WT/1/do/{step}/", given)
    assert again.status_code == 409
    assert "这一步已经办过：member" in again.content.decode()
    assert (Extension.objects.get().state, f"{Problem.objects.get().due_at:%F %H:%M}") == (state, due)
    assert "申请延期至" not in text(leader.get("/problems/WT/1/"))


def test_nothing_is_decided_where_nothing_was_asked(signed_in, lane, unit):
    in_state(S.DISPATCHED, lane, unit)
    response = signed_in("leader").post("/problems/WT/1/do/approve-extension/")
    assert (response.status_code, Problem.objects.get().state) == (409, S.DISPATCHED)
    assert "现在不能批准延期" in response.content.decode()


# --- Photos -------------------------------------------------------------------------------------------------------------


def picture(name: str = "a.jpg", **look: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, saved(street(**look)).read(), "image/jpeg")


def test_photos_are_added_and_opened_only_by_who_may_see_the_problem(signed_in, stranger, lane, unit):
    in_state(S.FILED, lane, unit)
    office = signed_in("office")
    office.post("/problems/WT/1/do/photos/", {"stage": "before", "photos": [picture(), picture(bin_at=60)]})
    problem = Problem.objects.get()
    digests = [photo.attachment.digest for photo in problem.photos.all()]
    assert len(set(digests)) == 2
    page = office.get("/problems/WT/1/").content.decode()
    assert all(f"/photos/{digest}/small/" in page for digest in digests)
    opened = office.get(f"/photos/{digests[0]}/large/")
    assert (opened.headers["Content-Type"], opened.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    for person in (stranger, signed_in("community", area=places.area("99", kind="县"))):
        assert person.get(f"/photos/{digests[0]}/large/").status_code == 404


def test_what_is_no_photo_is_refused(office, lane, unit):
    in_state(S.FILED, lane, unit)
    given = {"stage": "before", "photos": [SimpleUploadedFile("a.jpg", b"<script>", "image/jpeg")]}
    response = office.post("/problems/WT/1/do/photos/", given)
    assert (response.status_code, Problem.objects.get().photos.count()) == (422, 0)


def test_put_right_with_a_photo_of_it(signed_in, lane, unit):
    in_state(S.DISPATCHED, lane, unit)
    signed_in("community").post("/problems/WT/1/do/fix/", {"photos": [picture()]})
    problem = Problem.objects.get()
    assert (problem.state, problem.photos.get().stage) == (S.FIXED, PhotoStage.AFTER)


@pytest.mark.parametrize(("with_photo", "state"), [(False, S.FIXED), (True, S.CLOSED)])
def test_closing_takes_a_photo_where_the_preset_says_so(signed_in, lane, unit, with_photo, state):
    text_ = '[preset]\nslug = "a"\ntitle = "甲"\n[areas]\nlevels = ["县"]\n[ledger]\nafter_photo = ["09006"]\n'
    presets.use_preset(document=presets.read_preset(text_, "a.toml"), area_code="", from_on=None, by=CHIEF, at=MONDAY)
    in_state(S.FIXED, lane, unit)
    inspector = signed_in("inspector")
    assert "须有整改后照片" in text(inspector.get("/problems/WT/1/"))
    response = inspector.post("/problems/WT/1/do/close/", {"photos": [picture()]} if with_photo else {})
    assert (response.status_code, Problem.objects.get().state) == (302 if with_photo else 422, state)


# --- What the page tells -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "verdict"), [(4, "按期整改"), (5, "逾期整改")])
def test_a_problem_tells_its_life_and_whether_it_was_in_time(office, lane, unit, hours, verdict):
    problems.problem(
        site=lane, code="WT/1", state=S.CLOSED, dispatched_at=MONDAY, due_at=MONDAY + 4 * HOUR, unit=unit,
        fixed_at=MONDAY + hours * HOUR, closed_at=MONDAY + 9 * HOUR,
    )  # fmt: skip
    told = text(office.get("/problems/WT/1/"))
    for words in (
        verdict,
        "城管局",
        "康宁巷",
        "整改期限 2023-09-04 13:00",
        "销号时间 2023-09-04 18:00",
        "限 4 个工作时",
    ):
        assert words in told


def test_its_history_names_who_when_and_from_what_to_what(office, lane, unit):
    problem = in_state(S.FILED, lane, unit)
    actions.dispatch_problem(problem=problem, to=unit, by=CHIEF, at=MONDAY, note="尽快")
    actions.report_fixed(problem=problem, by=CHIEF, at=MONDAY + HOUR)
    told = text(office.get("/problems/WT/1/"))
    for words in ("派遣 主任 已立案 → 已派遣", "尽快", "报整改 主任 已派遣 → 待核查"):
        assert words in told
    assert "城管局 2023-09-04 09:00 2023-09-04 10:00 1 小时" in told


def test_its_clock_says_which_days_do_not_count(office, lane, unit):
    friday, tuesday = MONDAY - 3 * DAY, MONDAY + DAY
    in_state(S.DISPATCHED, lane, unit)
    Problem.objects.update(found_at=friday, dispatched_at=friday, due_at=tuesday)
    assert "其间 2 天不上班，不计入" in text(office.get("/problems/WT/1/"))


def test_its_ties_lead_on(office, lane, unit):
    first = in_state(S.CLOSED, lane, unit, code="WT/0")
    squad = inspections.round_("R1")
    inspections.visit(site=lane, sheet=standards.checklist(), in_round=squad, at=MONDAY, code="JC-1")
    again = problems.problem(
        site=lane, code="WT/1", comes_back_of=first, origin_kind="inspections.visit", origin_code="JC-1"
    )
    problems.problem(site=lane, code="WT/2", state=S.MERGED, merged_into=again)
    told = text(office.get("/problems/WT/1/"))
    for words in ("前次问题 WT/0", "来自检查 JC-1", "并来 WT/2", "复发"):
        assert words in told
    assert "又见于 WT/1" in text(office.get("/problems/WT/0/"))


def test_the_page_asks_as_often_however_much_there_is(office, lane, unit):
    first = in_state(S.DISPATCHED, lane, unit)
    counts = []
    for many in (1, 3):
        for _ in range(many):
            problems.problem(site=lane, comes_back_of=first)
            actions.send_back(problem=_fixed(first), by=CHIEF, at=NOW, note="不行")
        office.get("/problems/WT/1/")
        with CaptureQueriesContext(connection) as asked:
            office.get("/problems/WT/1/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def _fixed(problem: Problem) -> Problem:
    problem.refresh_from_db()
    return actions.report_fixed(problem=problem, by=CHIEF, at=NOW)


def test_a_problem_elsewhere_is_not_there(signed_in, stranger, lane, unit):
    in_state(S.FILED, lane, unit)
    elsewhere = places.area("99", kind="县")
    for person in (stranger, signed_in(), signed_in("community", area=elsewhere)):
        assert person.get("/problems/WT/1/").status_code == 404
    assert signed_in("community", area=lane.area).get("/problems/WT/1/").status_code == 200


# --- Sealed -------------------------------------------------------------------------------------------------------------


def test_what_a_sealed_round_found_is_nowhere_before_its_release(signed_in, lane):
    found = actions.open_finding(
        category=standards.category(), description="井盖破损", found_at=MONDAY, origin_kind="inspections.visit",
        origin_code="JC-1", site=lane, held_by_round="AF-1", by=CHIEF, at=MONDAY,
    )  # fmt: skip
    path, office, inspector = f"/problems/{found.code}/", signed_in("office"), signed_in("inspector")
    for address in ("/problems/", "/problems/?q=井盖", "/problems/?state=filed"):
        response = office.get(address)
        assert (len(response.context["rows"]), response.context["list"].count.number) == (0, 0)
        assert all(tab.count.number == 0 for tab in response.context["list"].tabs)
    assert [office.get(path).status_code, office.post(f"{path}do/dispatch/", {"to": "U1"}).status_code] == [404, 404]
    assert "暗访，未解封" in text(inspector.get("/problems/"))
    assert "不能处理" in text(inspector.get(path))
    actions.release_held(round_code="AF-1", by=CHIEF, at=NOW)
    assert len(office.get("/problems/?q=井盖").context["rows"]) == 1
    assert "所属轮次解封" in text(office.get(path))
