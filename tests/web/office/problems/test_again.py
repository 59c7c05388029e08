"""A step sent from an old screen: the page gone back to, tapped twice, or overtaken. It moves nothing and is told why."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from chuangwei.core.errors import StaleState
from chuangwei.core.models import TransitionLog
from chuangwei.domain.places.models import Site
from chuangwei.domain.problems import actions
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.problems import steps
from tests.factories import organisation, places, problems, standards
from tests.factories.problems import MONDAY
from tests.web.office.problems.test_record import picture

pytestmark = pytest.mark.django_db
S = ProblemState
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHIEF = organisation.chief()
PAGE = "/problems/WT/1/"
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture(autouse=True)
def _now(frozen_clock):
    frozen_clock(MONDAY + 2 * HOUR)


@pytest.fixture
def lane() -> Site:
    return places.site("BL-1", in_area=places.town()[1][0], name="康宁巷")


@pytest.fixture
def unit():
    return organisation.unit("U1", name="城管局")


def words(answer: HttpResponse) -> str:
    """What a reader sees, whatever the answer."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def seen(person: Client) -> str:
    found = re.search(r'name="seen" value="(\d+)"', person.get(PAGE).content.decode())
    assert found
    return found[1]


def token(person: Client) -> str:
    found = TOKEN.search(person.get("/problems/new/").content.decode())
    assert found
    return found[1]


def moves() -> int:
    return TransitionLog.objects.count()


@pytest.mark.parametrize(
    "case",
    [
        ("file", {"note": "属实"}, S.REPORTED, "立案"),
        ("reject", {"note": "不属实"}, S.REPORTED, "不予立案"),
        ("dispatch", {"to": "U1"}, S.FILED, "派遣"),
        ("spot", {"without": "on"}, S.FILED, "当场整改"),
        ("merge", {"into": "WT/2", "note": "重复"}, S.FILED, "并案"),
    ],
)
def test_the_same_step_again_is_told_by_whom_and_when_it_was_made(office, lane, unit, case):
    step, given, state, title = case
    problems.problem(site=lane, code="WT/1", state=state)
    problems.problem(site=lane, code="WT/2")
    given = {**given, "seen": seen(office)}
    assert office.post(f"{PAGE}do/{step}/", given).status_code == 302
    made = moves()
    response = office.post(f"{PAGE}do/{step}/", given)
    assert (response.status_code, moves()) == (409, made)
    assert re.search(rf"这一步已经办过：member\d+ 2023-09-04 11:00 {title}。", words(response))
    assert response.context["problem"].code == "WT/1"


def test_a_step_that_never_was_and_does_not_fit_is_told_what_was(office, lane, unit):
    one = problems.problem(site=lane, code="WT/1")
    actions.dispatch_problem(problem=one, to=unit, by=CHIEF, at=MONDAY)
    response = office.post(f"{PAGE}do/spot/", {"without": "on"})
    assert (response.status_code, Problem.objects.get().state) == (409, S.DISPATCHED)
    assert "现在不能当场整改：主任 2023-09-04 09:00 派遣，问题现为“已派遣”。" in words(response)


def test_a_step_that_fits_once_more_is_not_made_from_the_old_page(signed_in, lane, unit):
    """Reported fixed, sent back by somebody else, and the old page sent again: it would hide the rework."""
    one = problems.problem(site=lane, code="WT/1")
    actions.dispatch_problem(problem=one, to=unit, by=CHIEF, at=MONDAY)
    community = signed_in("community")
    given = {"note": "已清理", "without": "on", "seen": seen(community)}
    community.post(f"{PAGE}do/fix/", given)
    one.refresh_from_db()
    actions.send_back(problem=one, by=CHIEF, at=MONDAY + HOUR, note="没有清干净")
    response = community.post(f"{PAGE}do/fix/", given)
    assert (response.status_code, Problem.objects.get().state) == (409, S.DISPATCHED)
    told = response.content.decode()
    assert "您打开这一页以后，主任 2023-09-04 10:00 整改不合格。请看过现在的情况再办。" in told
    assert "已清理</textarea>" in told
    assert community.post(f"{PAGE}do/fix/", {**given, "seen": seen(community)}).status_code == 302


def test_who_was_first_while_the_step_was_being_made_is_told(office, lane, monkeypatch):
    problems.problem(site=lane, code="WT/1", state=S.REPORTED)
    first = actions.file_problem

    def overtaken(*, problem, **given):
        first(problem=Problem.objects.get(pk=problem.pk), **{**given, "by": CHIEF})
        return first(problem=problem, **given)

    raced = tuple(replace(one, act=overtaken) if one.slug == "file" else one for one in steps.STEPS)
    monkeypatch.setattr(steps, "STEPS", raced)
    response = office.post(f"{PAGE}do/file/", {})
    assert (response.status_code, moves()) == (409, 1)
    assert "这一步已经办过：主任" in words(response)


def test_what_was_typed_stays_where_the_step_is_still_open(office, lane, monkeypatch):
    problems.problem(site=lane, code="WT/1", state=S.REPORTED)

    def overtaken(**_given):
        raise StaleState("问题 WT/1 已被他人处理，请刷新后再看。")

    raced = tuple(replace(one, act=overtaken) if one.slug == "reject" else one for one in steps.STEPS)
    monkeypatch.setattr(steps, "STEPS", raced)
    response = office.post(f"{PAGE}do/reject/", {"note": "不属实"})
    assert (response.status_code, response.context["step"].slug) == (409, "reject")
    assert "已被他人处理" in words(response)
    assert "不属实</textarea>" in response.content.decode()


@pytest.mark.parametrize("is_noted", [True, False])
def test_the_same_step_of_an_earlier_round_is_not_this_one(signed_in, lane, unit, is_noted):
    """Fixed, sent back, and then suspended by somebody else: the second report of the fix was not made."""
    one = problems.problem(site=lane, code="WT/1")
    actions.dispatch_problem(problem=one, to=unit, by=CHIEF, at=MONDAY)
    actions.report_fixed(problem=one, by=CHIEF, at=MONDAY + HOUR, note="已清理")
    actions.send_back(problem=one, by=CHIEF, at=MONDAY + HOUR, note="没有清干净")
    community = signed_in("community")
    given = {"note": "又清理了", "without": "on"} | ({"seen": seen(community)} if is_noted else {})
    actions.suspend_problem(problem=one, until=MONDAY.date() + 7 * DAY, by=CHIEF, at=MONDAY + HOUR, note="缺材料")
    response = community.post(f"{PAGE}do/fix/", given)
    assert (response.status_code, Problem.objects.get().state) == (409, S.PENDING)
    assert "现在不能报整改：主任 2023-09-04 10:00 挂账，问题现为“挂账”。" in words(response)
    assert "这一步已经办过" not in words(response)


def test_the_decision_on_an_earlier_extension_is_not_this_one(signed_in, lane, unit):
    one = problems.problem(site=lane, code="WT/1")
    actions.dispatch_problem(problem=one, to=unit, by=CHIEF, at=MONDAY)
    asked = actions.ask_extension(problem=one, until=one.due_at + DAY, by=CHIEF, at=MONDAY, reason="等材料")
    leader = signed_in("leader")
    old = seen(leader)
    actions.refuse_extension(extension=asked, by=CHIEF, at=MONDAY, note="不必")
    told = words(leader.post(f"{PAGE}do/approve-extension/", {"seen": old}))
    assert "现在不能批准延期：主任 2023-09-04 09:00 不批准延期，" in told
    assert "这一步已经办过：主任 2023-09-04 09:00 不批准延期。" in words(
        leader.post(f"{PAGE}do/refuse-extension/", {"seen": old, "note": "不必"})
    )
    assert "现在不能不批准延期" in words(
        leader.post(f"{PAGE}do/refuse-extension/", {"seen": leader.get(PAGE).context["seen"], "note": "不必"})
    )


def test_a_photo_is_taken_wherever_the_problem_stands_by_now(office, lane, unit):
    one = problems.problem(site=lane, code="WT/1")
    given = {"stage": "before", "seen": seen(office)}
    actions.dispatch_problem(problem=one, to=unit, by=CHIEF, at=MONDAY)
    assert office.post(f"{PAGE}do/photos/", {**given, "photos": [picture()]}).status_code == 302
    assert one.photos.count() == 1


def test_who_may_not_make_the_step_learns_nothing(signed_in, stranger, lane):
    problems.problem(site=lane, code="WT/1")
    for person in (stranger, signed_in("inspector"), signed_in("office", area=places.area("99", kind="县"))):
        assert person.post(f"{PAGE}do/file/", {}).status_code == 404


def test_a_report_sent_again_opens_the_one_there_is(office, lane):
    standards.category()
    given = {"site": "BL-1", "category": "09006", "source": "patrol", "description": "井盖破损"}
    tapped = {**given, "token": token(office)}
    assert office.post("/problems/report/", tapped).status_code == 302
    response = office.post("/problems/report/", tapped)
    assert (response.status_code, Problem.objects.count()) == (409, 1)
    assert "您刚才已经上报过，编号 WT2023-000001" in words(response)
    assert office.post("/problems/report/", {**given, "token": token(office)}).status_code == 302
    assert Problem.objects.count() == 2


def test_a_report_mended_and_sent_again_keeps_its_token(office, lane):
    standards.category()
    given = {"site": "BL-1", "category": "09006", "source": "patrol", "token": "T1"}
    response = office.post("/problems/report/", {**given, "description": ""})
    assert (response.status_code, TOKEN.findall(response.content.decode())) == (422, ["T1"])
    assert office.post("/problems/report/", {**given, "description": "井盖破损"}).status_code == 302


def test_the_same_photos_again_are_not_kept_twice(office, lane):
    problems.problem(site=lane, code="WT/1")
    given = {"stage": "before"}
    told = [
        words(office.post(f"{PAGE}do/photos/", {**given, "photos": [picture()]}, follow=True)) for _ in range(2)
    ]  # fmt: skip
    assert "已给 WT/1 添加 1 张照片。" in told[0]
    assert "这些照片已经在 WT/1 里，没有重复添加。" in told[1]
