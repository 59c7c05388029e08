"""The 整改通知单 about a problem stands on its page, for who may read it; who may draft one is led to it."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from chuangwei.domain.documents.enums import PaperState
from chuangwei.domain.documents.models import Paper
from chuangwei.domain.places.models import Site
from chuangwei.domain.problems.enums import ProblemState
from tests.factories import organisation, places
from tests.factories.problems import MONDAY
from tests.web.office.problems.test_again import words
from tests.web.office.problems.test_record import in_state

pytestmark = pytest.mark.django_db
S = ProblemState
DRAFT = "/documents/new/?kind=rectification-notice&problem=WT%2F1"


@pytest.fixture(autouse=True)
def _now(frozen_clock):
    frozen_clock(MONDAY + timedelta(hours=2))


@pytest.fixture
def lane() -> Site:
    return places.site("BL-1", in_area=places.town()[1][0], name="康宁巷")


@pytest.fixture
def unit():
    return organisation.unit("U1", name="城管局")


def drafted(lane: Site, **values: Any) -> Paper:
    return Paper.objects.create(
        code="GW-1", kind="rectification-notice", title="环境卫生问题整改通知单", area=lane.area,
        subject_kind="problems.problem", subject_code="WT/1", drafted_at=MONDAY, drafted_by_code="x", drafted_by_name="x",
        **values,
    )  # fmt: skip


def test_a_notice_about_it_leads_on_for_who_may_read_it(signed_in, lane, unit):
    in_state(S.DISPATCHED, lane, unit)
    paper = drafted(lane)
    page = signed_in("office").get("/problems/WT/1/")
    assert f"/documents/{paper.code}/" in page.content.decode()
    assert "整改通知单 未编号 环境卫生问题整改通知单 草稿" in words(page)
    for role in ("community", "grid-worker"):
        assert paper.code not in signed_in(role).get("/problems/WT/1/").content.decode()


def test_what_was_withdrawn_is_not_there(office, lane, unit):
    in_state(S.DISPATCHED, lane, unit)
    paper = drafted(lane, state=PaperState.WITHDRAWN, withdrawn_at=MONDAY)
    assert paper.code not in office.get("/problems/WT/1/").content.decode()


@pytest.mark.parametrize(
    "case",
    [
        (S.DISPATCHED, "office", True), (S.FIXED, "office", True), (S.RETURNED, "office", True),
        (S.FILED, "office", False), (S.CLOSED, "office", False), (S.DISPATCHED, "community", False),
        (S.DISPATCHED, "inspector", False),
    ],
)  # fmt: skip
def test_who_may_draft_one_is_led_to_it(signed_in, lane, unit, case):
    state, role, is_offered = case
    in_state(state, lane, unit)
    person = signed_in(role)
    page = unescape(person.get("/problems/WT/1/").content.decode())
    assert (DRAFT in page) is is_offered
    if is_offered:
        assert 'value="WT/1"' in person.get(DRAFT).content.decode()


def test_who_drafts_elsewhere_is_not_led_to_it(signed_in, lane, unit):
    in_state(S.DISPATCHED, lane, unit)
    person = signed_in("office", area=places.area("99", kind="县"), unit=unit)
    page = person.get("/problems/WT/1/")
    assert (page.status_code, DRAFT in unescape(page.content.decode())) == (200, False)
