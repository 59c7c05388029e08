"""What sealed rounds find: held with the round, opened with its release."""

import pytest

from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.models import AuditEvent, TransitionLog
from chuangwei.domain.places.models import Site
from chuangwei.domain.problems import actions, queries
from chuangwei.domain.problems.enums import SEALED, Permission, ProblemState
from chuangwei.domain.problems.models import Problem
from tests.factories import organisation, places, standards
from tests.factories.problems import MONDAY, problem

pytestmark = pytest.mark.django_db
CHIEF = organisation.chief()
CLERK = organisation.clerk(*(name for name in Permission))
INSPECTOR = organisation.clerk(Permission.VIEW, Permission.REPORT, SEALED)


@pytest.fixture
def lane() -> Site:
    return places.site("BL-1", in_area=places.town()[1][0])


def finding(lane: Site, *, by=INSPECTOR, **values) -> Problem:
    given = {"origin_kind": "inspections.visit", "origin_code": "JC-1", "held_by_round": "AF-1", **values}
    return actions.open_finding(
        category=standards.category(), description="井盖破损", found_at=MONDAY, site=lane, by=by, at=MONDAY, **given
    )


def test_a_finding_is_born_filed_with_a_number_and_its_origin(lane: Site):
    made = finding(lane, held_by_round="")
    assert (made.state, made.code, made.area) == (ProblemState.FILED, "WT2023-000001", lane.area)
    assert list(queries.problem_of_origin(kind="inspections.visit", code="JC-1", actor=CLERK)) == [made]
    assert TransitionLog.objects.get().move == "file"


def test_held_findings_have_a_series_of_numbers_of_their_own(lane: Site):
    codes = [finding(lane).code, finding(lane, held_by_round="").code, finding(lane).code]
    assert codes == ["WF2023-000001", "WT2023-000001", "WF2023-000002"]


@pytest.mark.parametrize(("actor", "is_seen"), [(CLERK, False), (INSPECTOR, True), (CHIEF, True)])
def test_only_who_may_see_sealed_rounds_sees_it(lane: Site, actor, is_seen):
    finding(lane)
    assert queries.problems(actor=actor).exists() is is_seen
    assert bool(queries.counts_by_state(actor=actor)) is is_seen


@pytest.mark.parametrize("by", [CLERK, organisation.clerk(SEALED), organisation.stranger()])
def test_a_held_finding_takes_both_permissions(lane: Site, by):
    with pytest.raises(NotAllowed):
        finding(lane, by=by)


def test_a_finding_takes_a_place(lane: Site):
    with pytest.raises(DomainError, match="须有点位或区划"):
        finding(None)  # type: ignore[arg-type]


def test_nothing_is_done_with_it_before_the_release(lane: Site):
    with pytest.raises(DomainError, match="解封后才能处理"):
        actions.dispatch_problem(problem=finding(lane), to=organisation.unit(), by=CHIEF, at=MONDAY)
    assert Problem.objects.get().state == ProblemState.FILED


def test_release_opens_what_the_round_found_and_no_other(lane: Site):
    ours, other = finding(lane), finding(lane, held_by_round="AF-2")
    assert actions.release_held(round_code="AF-1", by=INSPECTOR, at=MONDAY) == 1
    assert list(queries.problems(actor=CLERK)) == [ours]
    assert Problem.objects.get(pk=other.pk).held_by_round == "AF-2"
    log = TransitionLog.objects.filter(subject_code=ours.code).latest("pk")
    assert (log.move_name, log.target, log.at) == ("变更密封", "解封", MONDAY)
    assert AuditEvent.objects.filter(verb="解封问题", subject_code="AF-1").count() == 1
    assert actions.release_held(round_code="AF-1", by=CLERK, at=MONDAY) == 0


def test_release_takes_a_permission_and_a_round(lane: Site):
    finding(lane)
    with pytest.raises(NotAllowed):
        actions.release_held(round_code="AF-1", by=organisation.clerk(Permission.VIEW), at=MONDAY)
    with pytest.raises(DomainError, match="哪一轮"):
        actions.release_held(round_code="", by=CHIEF, at=MONDAY)


def test_open_at_finds_what_stands_open_at_the_place(lane: Site):
    one = problem(site=lane)
    problem(site=lane, state=ProblemState.CLOSED, fixed_at=MONDAY, closed_at=MONDAY)
    problem(in_area=lane.area)
    found = queries.open_at(site_id=lane.pk, area_id=lane.area_id, category_id=one.category_id)
    assert list(found) == [one]
    area = queries.open_at(site_id=None, area_id=lane.area_id, category_id=one.category_id)
    assert area.count() == 1
