from datetime import timedelta
from decimal import Decimal

import pytest

from chuangwei.core.errors import DomainError, NotAllowed, StaleState
from chuangwei.core.models import AuditEvent, Notice, TransitionLog
from chuangwei.domain.inspections.actions import Finding, PublishedDays, correct_visit, record_visit
from chuangwei.domain.inspections.enums import Permission, Result
from chuangwei.domain.inspections.models import Answer, Round, Visit, VisitRevision
from chuangwei.domain.inspections.sheet import Found
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem
from tests.domain.inspections.conftest import check_code
from tests.factories import inspections, organisation
from tests.factories.problems import MONDAY

LATER = MONDAY + timedelta(hours=3)
FAIL = Result.FAIL


@pytest.fixture
def visit(ground):
    return record_visit(
        each=ground.each, site=ground.lanes[0], visited_at=MONDAY, inspectors=[ground.person],
        findings=[Finding(check_code(1), FAIL, occurrences=5, note="垃圾")], by=ground.inspector,
        at=MONDAY + timedelta(hours=1),
    )  # fmt: skip


def correct(visit, ground, *findings, reason="看错了", version=1, by=None, published=()):
    return correct_visit(
        visit=visit, version=version, findings=findings, reason=reason, by=by or ground.inspector, at=LATER,
        published=published,
    )  # fmt: skip


def test_a_correction_keeps_both_versions(visit, ground):
    correct(visit, ground, Finding(check_code(1), FAIL, occurrences=2, note="垃圾"))
    now = Visit.objects.get()
    assert (now.version, now.got, now.score_hundredths) == (2, Decimal(98), 9800)
    before = VisitRevision.objects.get()
    assert (before.version, before.reason, before.by_code, before.corrected_at) == (1, "看错了", "ducha", LATER)
    assert before.content["got"] == "95"
    assert before.content["answers"] == [
        {"check": check_code(1), "result": "fail", "occurrences": 5, "deduction": None, "note": "垃圾"}
    ]
    log = TransitionLog.objects.get(subject_code=visit.code, move="correct")
    assert (log.source, log.target, log.note) == ("95/100", "98/100", "看错了")
    assert AuditEvent.objects.get(verb="更正检查").note == "看错了"


def test_a_failure_that_stays_keeps_its_problem_and_a_new_one_opens_its_own(visit, ground):
    first = Problem.objects.get()
    correct(visit, ground, Finding(check_code(1), FAIL), Finding(check_code(2), FAIL))
    assert Answer.objects.get(check_item__code=check_code(1)).problem == first
    assert Problem.objects.count() == 2
    assert Answer.objects.get(check_item__code=check_code(2)).problem != first


def told_of(problem) -> list[str]:
    logs = TransitionLog.objects.filter(subject_code=problem.code, move="record-corrected")
    return list(logs.order_by("pk").values_list("note", flat=True))


def test_a_check_that_passes_after_all_withdraws_the_problem_nobody_was_given(visit, ground):
    correct(visit, ground)
    problem = Problem.objects.get()
    assert told_of(problem) == [f"检查 {visit.code} 已更正：此项改为合格"]
    assert problem.state == ProblemState.REJECTED
    last = TransitionLog.objects.filter(subject_code=problem.code).latest("pk")
    assert (last.move, last.note) == ("withdraw", "检查记录已更正")
    answer = Answer.objects.get()
    assert (answer.result, answer.lost, answer.problem) == (Result.PASS, 0, problem)


def test_a_withdrawn_finding_that_fails_again_opens_a_problem_of_its_own(visit, ground):
    correct(visit, ground)
    with pytest.raises(DomainError, match="没有要更正的"):
        correct(visit, ground, version=2)
    correct(visit, ground, Finding(check_code(1), FAIL), version=2)
    assert list(Problem.objects.order_by("pk").values_list("state", flat=True)) == ["rejected", "filed"]
    assert Answer.objects.get().problem.state == ProblemState.FILED


def test_what_a_unit_has_stays_and_who_dispatches_is_told(visit, ground):
    office = organisation.account("office", is_everywhere=True, roles=["office"])
    Problem.objects.update(state="dispatched", unit=ground.squad, due_at=LATER, dispatched_at=MONDAY)
    correct(visit, ground, Finding(check_code(1), Result.NOT_APPLICABLE))
    problem = Problem.objects.get()
    assert problem.state == ProblemState.DISPATCHED
    assert told_of(problem) == [f"检查 {visit.code} 已更正：此项改为不适用"]
    notice = Notice.objects.get(kind="problem-record-corrected")
    assert (notice.recipient_code, notice.subject_code) == (office.code, problem.code)
    assert "仍在办理，请核实" in notice.body


def test_another_count_is_told_and_withdraws_nothing(visit, ground):
    correct(visit, ground, Finding(check_code(1), FAIL, occurrences=2, note="垃圾"))
    problem = Problem.objects.get()
    assert told_of(problem) == [f"检查 {visit.code} 已更正：5 处改为 2 处"]
    assert problem.state == ProblemState.FILED
    assert not Notice.objects.filter(kind="problem-record-corrected").exists()


def test_what_another_visit_still_finds_is_not_withdrawn(visit, ground):
    record_visit(
        each=ground.each, site=ground.lanes[0], visited_at=MONDAY + timedelta(hours=1), inspectors=[ground.person],
        findings=[Finding(check_code(1), FAIL)], by=ground.inspector, at=MONDAY + timedelta(hours=2),
    )  # fmt: skip
    correct(visit, ground)
    assert Problem.objects.get().state == ProblemState.FILED


def test_what_somebody_else_reported_is_not_withdrawn(visit, ground):
    Problem.objects.update(origin_kind="", origin_code="")
    correct(visit, ground)
    problem = Problem.objects.get()
    assert (problem.state, len(told_of(problem))) == (ProblemState.FILED, 1)


def test_a_sealed_correction_tells_nobody_outside(ground):
    Round.objects.update(is_sealed=True)
    organisation.account("office", is_everywhere=True, roles=["office"])
    held = record_visit(
        each=Round.objects.get(), site=ground.lanes[0], visited_at=MONDAY, inspectors=[ground.person],
        findings=[Finding(check_code(1), FAIL)], by=ground.inspector, at=MONDAY + timedelta(hours=1),
    )  # fmt: skip
    correct(held, ground)
    assert Problem.objects.get().state == ProblemState.REJECTED
    assert not Notice.objects.filter(kind="problem-record-corrected").exists()


def test_a_visit_from_a_workbook_opens_no_problem_when_corrected(ground):
    code = check_code(1)
    held = inspections.visit(
        site=ground.lanes[0], sheet=ground.sheet, in_round=ground.each, found={code: Found(FAIL, 1)}
    )  # fmt: skip
    correct(held, ground, Finding(code, FAIL, occurrences=2), Finding(check_code(2), FAIL))
    assert not Problem.objects.exists()


REFUSED = [
    ({"reason": "  "}, "须写明理由"),
    ({"reason": "长" * 201}, "最多 200 字"),
    ({"published": [PublishedDays("", MONDAY.date(), MONDAY.date())]}, "已经公示"),
    ({"published": [PublishedDays("6201", MONDAY.date(), MONDAY.date())]}, "已经公示"),
]


@pytest.mark.parametrize(("values", "why"), REFUSED)
def test_a_correction_that_cannot_be_is_refused(visit, ground, values, why):
    with pytest.raises(DomainError, match=why):
        correct(visit, ground, **values)
    assert Visit.objects.get().version == 1


def test_what_is_published_elsewhere_stops_nothing(visit, ground):
    other = PublishedDays("620102", MONDAY.date(), MONDAY.date())
    before = PublishedDays("", (MONDAY - timedelta(days=9)).date(), (MONDAY - timedelta(days=3)).date())
    assert correct(visit, ground, published=[other, before]).version == 2


def test_nothing_changed_is_no_correction(visit, ground):
    with pytest.raises(DomainError, match="没有要更正的"):
        correct(visit, ground, Finding(check_code(1), FAIL, occurrences=5, note="垃圾"))


def test_a_second_correction_of_an_old_screen_is_refused(visit, ground):
    correct(visit, ground)
    with pytest.raises(StaleState):
        correct(visit, ground, Finding(check_code(3), FAIL))
    assert VisitRevision.objects.count() == 1


def test_only_who_may_record_there_corrects(visit, ground):
    elsewhere = ground.member(area_paths=(ground.communities[1].path,))
    for by in (organisation.stranger(), elsewhere, organisation.clerk("inspections.record")):
        with pytest.raises(NotAllowed):
            correct(visit, ground, by=by)


def test_a_visit_of_a_sealed_round_is_corrected_only_by_who_sees_it(visit, ground):
    planner = organisation.clerk(Permission.VIEW, Permission.RECORD, Permission.PLAN)
    Round.objects.update(is_sealed=True)
    with pytest.raises(NotAllowed):
        correct(visit, ground, by=planner)
    assert Visit.objects.get().version == 1
    Round.objects.update(released_at=LATER)
    assert correct(visit, ground, by=planner).version == 2
