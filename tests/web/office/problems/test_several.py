"""Several problems at once: offered wherever a row fits, made for all that were ticked or for none, each refusal told."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from chuangwei.domain.places.models import Site
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem
from tests.factories import organisation, places, problems
from tests.factories.problems import MONDAY
from tests.web.office.problems.test_again import words

pytestmark = pytest.mark.django_db
S = ProblemState
HOUR = timedelta(hours=1)
DISPATCH, CLOSE = "/problems/dispatch/", "/problems/close/"


@pytest.fixture(autouse=True)
def _now(frozen_clock):
    frozen_clock(MONDAY + 2 * HOUR)


@pytest.fixture
def lane() -> Site:
    return places.site("BL-1", in_area=places.town()[1][0], name="康宁巷")


@pytest.fixture
def unit():
    return organisation.unit("U1", name="城管局")


@pytest.fixture
def ledger(lane, unit):
    """One problem in each state a list may show."""
    had = {"unit": unit, "dispatched_at": MONDAY, "due_at": MONDAY + 4 * HOUR}
    for state, values in {
        S.REPORTED: {}, S.FILED: {}, S.DISPATCHED: had, S.RETURNED: had, S.REOPENED: had,
        S.FIXED: had | {"fixed_at": MONDAY}, S.CLOSED: had | {"fixed_at": MONDAY, "closed_at": MONDAY},
    }.items():  # fmt: skip
        problems.problem(site=lane, code=state.upper(), state=state, **values)


def ticks(answer: HttpResponse) -> set[str]:
    return set(re.findall(r'name="codes"\s+value="(\w+)"', answer.content.decode()))


def asked(answer: HttpResponse) -> list[str]:
    """The problems the page asks a tick for."""
    return re.findall(r'name="asked" value="(\w+)"', answer.content.decode())


def offered(answer: HttpResponse) -> list[tuple[str, int]]:
    return [(one.bulk.slug, one.count) for one in answer.context["offers"]]


def states(*codes: str) -> list[str]:
    return list(Problem.objects.filter(code__in=codes).order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("query", "steps", "boxes"),
    [
        ("", [("dispatch", 3), ("close", 1)], {"FILED", "RETURNED", "REOPENED", "FIXED"}),
        ("?standing=undispatched", [("dispatch", 3)], {"FILED", "RETURNED", "REOPENED"}),
        ("?state=returned", [("dispatch", 1)], {"RETURNED"}),
        ("?state=reopened", [("dispatch", 1)], {"REOPENED"}),
        ("?state=fixed", [("close", 1)], {"FIXED"}),
        ("?state=closed", [], set()),
    ],
)
def test_a_step_is_offered_wherever_a_row_shown_fits(office, ledger, query, steps, boxes):
    page = office.get(f"/problems/{query}")
    assert (offered(page), ticks(page)) == (steps, boxes)


@pytest.mark.parametrize(
    ("role", "steps"), [("leader", []), ("community", []), ("inspector", [("close", 1)]), ("discipline", [])]
)
def test_a_step_is_offered_to_nobody_else(signed_in, ledger, role, steps):
    assert offered(signed_in(role).get("/problems/")) == steps


def test_a_row_elsewhere_or_sealed_gets_no_box(signed_in, lane, unit):
    elsewhere = places.area("99", kind="县")
    problems.problem(site=lane, code="HELD", held_by_round="AF-1")
    problems.problem(in_area=elsewhere, code="OURS", state=S.RETURNED, unit=unit, due_at=MONDAY)
    person = signed_in("office", "inspector", area=lane.area, unit=unit)
    page = person.get("/problems/")
    assert {row.code for row in page.context["rows"]} == {"HELD", "OURS"}
    assert (offered(page), ticks(page)) == ([], set())


def test_the_returned_and_the_reopened_go_out_again_with_the_filed(office, ledger):
    codes = ["FILED", "RETURNED", "REOPENED"]
    response = office.post(f"{DISPATCH}?standing=undispatched&sort=oldest", {"codes": codes, "to": "U1"}, follow=True)
    assert "已派遣 3 件给城管局。" in words(response)
    assert response.request["QUERY_STRING"] == "standing=undispatched&sort=oldest"
    assert states(*codes) == [S.DISPATCHED] * 3


def test_each_that_does_not_fit_is_told_and_nothing_is_moved(office, ledger):
    given = {"codes": ["FILED", "FIXED", "CLOSED"], "to": "U1"}
    response = office.post(f"{DISPATCH}?sort=oldest", given)
    assert (response.status_code, states(*given["codes"])) == (422, [S.FILED, S.FIXED, S.CLOSED])
    told = words(response)
    for reason in (
        "没有派遣任何一件。", "FIXED：问题 FIXED现为“待核查”，不能派遣。", "CLOSED：问题 CLOSED现为“已销号”，不能派遣。",
    ):  # fmt: skip
        assert reason in told
    assert len(re.findall(r"<input[^>]*checked", re.sub(r"\s+", " ", response.content.decode()))) == 3
    assert 'value="U1"' in response.content.decode()
    assert response.context["list"].tabs[0].address.startswith("/problems/?")


def test_what_its_own_unit_put_right_is_told_among_several(signed_in, ledger, lane):
    other = organisation.unit("U2")
    problems.problem(site=lane, code="OTHER", state=S.FIXED, unit=other, due_at=MONDAY, fixed_at=MONDAY)
    own = signed_in("inspector", unit=Problem.objects.get(code="FIXED").unit)
    response = own.post(CLOSE, {"codes": ["FIXED", "OTHER"], "without": "on", "asked": ["FIXED", "OTHER"]})
    assert (response.status_code, states("FIXED", "OTHER")) == (422, [S.FIXED, S.FIXED])
    assert "FIXED：核查人不能是整改单位或其下级单位的人员。" in words(response)
    assert "OTHER：" not in words(response)


def test_what_has_no_photo_is_named_before_it_is_closed(office, ledger):
    response = office.post(CLOSE, {"codes": ["FIXED"]})
    assert (response.status_code, states("FIXED")) == (422, [S.FIXED])
    assert "FIXED 没有整改后照片。" in words(response)
    assert '<input type="checkbox" name="without"' in response.content.decode()
    assert asked(response) == ["FIXED"]
    given = {"codes": ["FIXED"], "without": "on", "asked": asked(response)}
    assert "已销号 1 件。" in words(office.post(CLOSE, given, follow=True))
    assert states("FIXED") == [S.CLOSED]


def test_the_tick_given_for_one_does_not_hold_for_another(office, ledger, lane, unit):
    had = {"unit": unit, "dispatched_at": MONDAY, "due_at": MONDAY + 4 * HOUR, "fixed_at": MONDAY}
    problems.problem(site=lane, code="OTHER", state=S.FIXED, **had)
    given = {"codes": ["FIXED", "OTHER"], "without": "on", "asked": asked(office.post(CLOSE, {"codes": ["FIXED"]}))}
    response = office.post(CLOSE, given)
    assert (response.status_code, states("FIXED", "OTHER")) == (422, [S.FIXED, S.FIXED])
    assert (asked(response), "OTHER 没有整改后照片。" in words(response)) == (["FIXED", "OTHER"], True)
    tick = re.search(r'<input[^>]*name="without"[^>]*>', response.content.decode())
    assert tick
    assert "checked" not in tick[0]
    fewer = {"codes": ["OTHER"], "without": "on", "asked": asked(response)}
    assert office.post(CLOSE, fewer).status_code == 302
    assert states("FIXED", "OTHER") == [S.FIXED, S.CLOSED]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"codes": [], "to": "U1"}, "请先勾选问题。"),
        ({"codes": ["FILED"], "to": "U9"}, "没有编码为 U9 的单位"),
        ({"codes": ["FILED"], "to": ""}, "没有派遣任何一件"),
        ({"codes": ["FILED", "GONE"], "to": "U1"}, "勾选的 2 件中有 1 件找不到，请重新勾选。"),
    ],
)
def test_what_was_sent_in_part_moves_nothing(office, ledger, given, told):
    response = office.post(DISPATCH, given)
    assert (response.status_code, states("FILED")) == (422, [S.FILED])
    assert told in words(response)


def test_a_list_that_is_empty_by_now_still_tells_why(office, ledger):
    Problem.objects.filter(code="FILED").update(state=S.REJECTED)
    response = office.post(f"{DISPATCH}?state=filed", {"codes": ["FILED"], "to": "U1"})
    assert response.context["rows"] == []
    assert "FILED：问题 FILED现为“不予立案”，不能派遣。" in words(response)


@pytest.mark.parametrize("path", [DISPATCH, CLOSE])
def test_who_may_not_has_no_such_step(signed_in, stranger, ledger, path):
    for person in (stranger, signed_in("community"), signed_in("leader")):
        assert person.post(path, {"codes": ["FILED", "FIXED"], "to": "U1", "without": "on"}).status_code == 404
    assert states("FILED", "FIXED") == [S.FILED, S.FIXED]


def test_boxes_cost_no_question_for_each_row(office, lane, unit):
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            assert len(ticks(office.get("/problems/"))) == Problem.objects.count()
        return len(questions)

    given: dict[str, Any] = {"state": S.FIXED, "unit": unit, "due_at": MONDAY, "fixed_at": MONDAY}
    problems.problem(site=lane, code="A1")
    problems.problem(site=lane, code="B1", **given)
    office.get("/problems/")
    first = asked()
    for number in (2, 3):
        problems.problem(site=lane, code=f"A{number}")
        problems.problem(site=lane, code=f"B{number}", **given)
    assert asked() == first
