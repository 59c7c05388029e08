import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest

from chuangwei.core import attachments, notices, presets
from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.models import AuditEvent, TransitionLog
from chuangwei.domain.inspections import queries
from chuangwei.domain.inspections.actions import Finding, record_visit, save_sheet
from chuangwei.domain.inspections.enums import Permission, Result
from chuangwei.domain.inspections.models import NO_SCORE, Answer, SheetDraft, Visit
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.standards.models import Check, Checklist
from tests.domain.inspections.conftest import CATEGORIES, check_code
from tests.factories import inspections, organisation, photos, places
from tests.factories.problems import MONDAY

LATER = MONDAY + timedelta(hours=2)
FAIL, PASS, NA = Result.FAIL, Result.PASS, Result.NOT_APPLICABLE


def record(ground, *findings, by=None, each=None, site=None, visited_at=MONDAY, inspectors=None, at=LATER):
    return record_visit(
        each=each or ground.each, site=site or ground.lanes[0], visited_at=visited_at,
        inspectors=[ground.person] if inspectors is None else inspectors, findings=findings,
        by=by or ground.inspector, at=at,
    )  # fmt: skip


def finding(number, result=FAIL, **values):
    return Finding(check_code(number), result, **values)


# --- The score --------------------------------------------------------------------------------------------------------

SCORES = [
    ([], 10000, "100/100"),
    ([finding(1, occurrences=3)], 9700, "97/100"),
    ([finding(1)], 9900, "99/100"),
    ([finding(1, occurrences=99)], 4000, "40/100"),
    ([finding(1, deduction=Decimal("12.5"))], 8750, "87.5/100"),
    ([finding(1, NA)], 10000, "40/40"),
    ([finding(1, NA), finding(3)], 7500, "30/40"),
    ([finding(2)], 0, "99/100"),
    ([finding(3)], 9000, "90/100"),
    ([finding(4, deduction=Decimal("3.5"))], 9650, "96.5/100"),
    ([finding(n, NA) for n in (1, 2, 3, 4)], NO_SCORE, "0/0"),
    ([finding(1, NA), finding(2, NA), finding(3, NA), finding(4, deduction=Decimal("3.3333"))], 6667, "6.6667/10"),
]


@pytest.mark.parametrize(("findings", "score", "points"), SCORES)
def test_the_score_of_a_recorded_visit(ground, findings, score, points):
    visit = Visit.objects.get(pk=record(ground, *findings).pk)
    assert visit.score_hundredths == score
    assert f"{visit.got.normalize():f}/{visit.possible.normalize():f}" == points
    total = queries.total_of(ground.sheet.pk, [(one.check, one.found) for one in findings])
    assert queries.score_hundredths(total) == score


def test_a_visit_keeps_who_when_and_with_which_sheet(ground):
    visit = record(ground, finding(1, occurrences=2, note=" 墙角垃圾 "))
    assert (visit.code, visit.round, visit.site, visit.at) == ("JC20230904-0001", ground.each, ground.lanes[0], MONDAY)
    assert (visit.checklist, visit.recorded_by, visit.recorded_at) == (ground.sheet, "ducha", LATER)
    assert [one.person for one in visit.inspectors.all()] == [ground.person]
    answer = Answer.objects.get(visit=visit)
    assert (answer.result, answer.occurrences, answer.lost, answer.note) == (FAIL, 2, 2, "墙角垃圾")
    assert record(ground, visited_at=MONDAY + timedelta(minutes=1)).code == "JC20230904-0002"
    assert AuditEvent.objects.filter(verb="录入检查", subject_code=visit.code).exists()


def test_a_check_that_passed_with_a_word_keeps_its_word(ground):
    assert record(ground, finding(1, PASS, note="很干净"), finding(2, PASS)).answers.get().note == "很干净"


def test_the_round_may_fix_an_older_version_of_the_sheet(ground):
    Checklist.objects.filter(pk=ground.sheet.pk).update(is_current=False)
    newer = Checklist.objects.create(
        code=ground.sheet.code, version=2, site_kind=ground.sheet.site_kind, title="新表", full_points=100,
        loaded_at=MONDAY,
    )  # fmt: skip
    Check.objects.create(checklist=newer, code="CK-NEW", order=1, text="新", points=Decimal(100), deduct_per=Decimal(1))
    assert record(ground).checklist == newer
    ground.each.checklists = {"back_lane": 1}
    assert record(ground, visited_at=MONDAY + timedelta(hours=1)).checklist == ground.sheet
    with pytest.raises(DomainError, match="检查表已换了版本"):
        record(ground, Finding("CK-NEW", FAIL), visited_at=MONDAY + timedelta(minutes=5))


# --- Refusals ---------------------------------------------------------------------------------------------------------

REFUSED = [
    ({"visited_at": LATER + timedelta(minutes=1)}, "不能晚于现在"),
    ({"visited_at": MONDAY - timedelta(days=3)}, "不在轮次的起止日期"),
    ({"inspectors": []}, "请写明检查人"),
]


@pytest.mark.parametrize(("values", "why"), REFUSED)
def test_a_visit_that_cannot_be_is_refused(ground, values, why):
    with pytest.raises(DomainError, match=why):
        record(ground, **values)
    assert not Visit.objects.exists()


WRONG = [
    (finding(1, occurrences=0), "『第 1 项』不合格的检查项，处数不能是 0"),
    (finding(1, PASS, occurrences=2), "合格或不适用的检查项不能有处数"),
    (finding(1, deduction=Decimal(61)), "扣分超过了检查项的分值"),
    (finding(1, category="99999"), "没有这个问题类别"),
    (finding(1, is_fixed=True), "须有整改前和整改后照片"),
    (finding(1, note="长" * 1001), "说明最多 1000 字"),
]


@pytest.mark.parametrize(("wrong", "why"), WRONG)
def test_a_finding_that_cannot_be_is_refused_whole(ground, wrong, why):
    with pytest.raises(DomainError, match=why):
        record(ground, finding(2), wrong)
    assert not Visit.objects.exists()
    assert not Problem.objects.exists()


def test_a_visit_sent_twice_is_kept_once(ground):
    record(ground)
    with pytest.raises(DomainError, match="已经录入"):
        record(ground)


def test_a_site_that_is_not_there_yet_or_has_no_sheet_is_refused(ground):
    market = places.site("M-1", in_area=ground.communities[0], kind="market")
    with pytest.raises(DomainError, match="没有检查表"):
        record(ground, site=market)
    ground.lanes[0].spells.update(from_on="2023-10-01")
    with pytest.raises(DomainError, match="还没有设立"):
        record(ground)


def test_only_who_may_record_there_records(ground):
    outside = organisation.clerk(Permission.VIEW, Permission.RECORD)
    for by in (
        ground.member(permissions=frozenset({Permission.VIEW})), outside, organisation.stranger(),
        ground.member(area_paths=(ground.communities[1].path,)),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            record(ground, by=by)
    planner = organisation.clerk(Permission.VIEW, Permission.RECORD, Permission.PLAN)
    assert record(ground, by=planner).recorded_by == "clerk"


def test_an_inspector_is_of_the_team(ground):
    other = organisation.person("P-X", name="外人")
    with pytest.raises(DomainError, match="外人不在这个轮次的检查组里"):
        record(ground, inspectors=[ground.person, other])
    ground.each.members.create(person=other)
    assert record(ground, inspectors=[other, ground.person]).inspectors.count() == 2


@pytest.mark.parametrize(("kind", "is_refused"), [("mutual", True), ("contest", True), ("regular", False)])
def test_nobody_scores_their_own_where_subjects_score_one_another(ground, kind, is_refused):
    committee = organisation.unit("JWH1", kind="社区", area=ground.communities[0])
    organisation.unit("ZF", kind="乡镇", area=ground.town)
    secretary = organisation.person("P-S", of=committee, name="书记")
    each = inspections.round_("R-M", kind=kind, area=ground.town, starts_on=MONDAY.date(), ends_on=MONDAY.date())
    each.members.create(person=secretary)
    by = organisation.clerk(Permission.VIEW, Permission.RECORD, person_code="P-S")
    if is_refused:
        with pytest.raises(DomainError, match="须回避本单位：书记"):
            record(ground, each=each, by=by, inspectors=[secretary])
    else:
        assert record(ground, each=each, by=by, inspectors=[secretary])
    assert record(ground, each=each, by=by, inspectors=[secretary], site=ground.lanes[1])


# --- Problems ---------------------------------------------------------------------------------------------------------


def test_each_failed_check_opens_a_problem_born_filed(ground):
    visit = record(ground, finding(1, occurrences=2, note="墙角"), finding(2, NA), finding(3), finding(1 + 1 + 2, PASS))
    problem = Problem.objects.get()
    assert (problem.state, problem.source, problem.site) == (ProblemState.FILED, "inspection", ground.lanes[0])
    assert (problem.category.code, problem.description) == (CATEGORIES[0], "第 1 项（2 处）：墙角")
    assert (problem.found_at, problem.origin_kind, problem.origin_code) == (MONDAY, "inspections.visit", visit.code)
    answer = Answer.objects.get(problem=problem)
    assert (answer.occurrences, answer.check_item.code) == (2, check_code(1))


def test_the_category_the_inspector_picks_is_the_problems(ground):
    record(ground, finding(1, category=CATEGORIES[1]))
    assert Problem.objects.get().category.code == CATEGORIES[1]


def test_two_failed_checks_of_one_category_open_two_problems(ground):
    record(ground, finding(1, category=CATEGORIES[1]), finding(2))
    assert Problem.objects.filter(category__code=CATEGORIES[1]).count() == 2


def test_what_stands_open_there_is_tied_and_its_clock_runs_on(ground):
    first = record(ground, finding(1))
    second = record(ground, finding(1, occurrences=4), visited_at=MONDAY + timedelta(hours=1))
    problem = Problem.objects.get()
    assert [answer.visit for answer in problem.answers.order_by("pk")] == [first, second]
    log = TransitionLog.objects.get(subject_code=problem.code, move="found-again")
    assert log.note == f"检查记录 {second.code}，4 处"
    record(ground, finding(1), site=ground.lanes[1])
    assert Problem.objects.count() == 2


def test_a_preset_may_let_a_check_open_none(ground):
    text = f'[preset]\nslug = "t"\ntitle = "t"\n[inspections]\nno_problem = ["{check_code(1)}"]\n'
    presets.use_preset(
        document=presets.read_preset(text, "t"), area_code="", from_on=None, by=organisation.chief(), at=MONDAY
    )
    record(ground, finding(1), finding(2))
    assert [one.category.code for one in Problem.objects.all()] == [CATEGORIES[1]]


def photo(ground, stage, *, bin_at):
    draft = save_sheet(
        each=ground.each, site=ground.lanes[0], content={}, by=ground.inspector, at=LATER,
        photos={(check_code(1), stage): [(photos.saved(photos.street(bin_at=bin_at)), "a.jpg")]},
    )  # fmt: skip
    return queries.draft_photos(draft)[check_code(1), stage]


def test_photos_go_with_the_answer_and_the_problem_and_the_draft_is_gone(ground):
    before = photo(ground, "before", bin_at=10)
    visit = record(ground, finding(1, photos=before))
    assert [one.digest for one in queries.photos_of(visit, [check_code(1)])[check_code(1)]] == [before[0].digest]
    shown = Problem.objects.get().photos.get()
    assert (shown.stage, shown.attachment.digest) == ("before", before[0].digest)
    assert not SheetDraft.objects.exists()
    kinds = attachments.Attachment.objects.values_list("subject_kind", flat=True)
    assert sorted(kinds) == ["inspections.answer", "problems.problem"]


def test_what_is_put_right_on_the_spot_is_closed_with_both_photos(ground):
    before, after = photo(ground, "before", bin_at=10), photo(ground, "after", bin_at=70)
    record(ground, finding(1, is_fixed=True, photos=before, after=after))
    problem = Problem.objects.get()
    assert (problem.state, problem.closed_at, problem.due_at) == (ProblemState.CLOSED, MONDAY, None)
    assert sorted(problem.photos.values_list("stage", flat=True)) == ["after", "before"]


def test_an_inspector_without_the_ledgers_permissions_still_opens_what_was_found(ground):
    rights = ground.inspector.permissions - {"problems.report"}
    record(ground, finding(1), by=dataclasses.replace(ground.inspector, permissions=rights))
    assert Problem.objects.get().state == ProblemState.FILED


def test_a_check_without_a_result_is_refused_and_not_taken_for_passed(ground):
    with pytest.raises(DomainError, match="『第 2 项』还没有填结果"):
        record(ground, Finding(check_code(1), Result.PASS), Finding(check_code(2), ""))
    assert not Visit.objects.exists()


def test_who_recorded_has_dealt_with_the_message_about_the_round(ground):
    for code in (ground.inspector.code, "another"):
        notices.send(
            to=[code], kind="round-planned", title="检查轮次", at=MONDAY, subject_kind="inspections.round",
            subject_code=ground.each.code,
        )  # fmt: skip
    record(ground)
    assert notices.unread_count(ground.inspector.code) == 0
    assert notices.unread_count("another") == 1
