import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from chuangwei.core import clock
from chuangwei.core.errors import DomainError, NotAllowed, StaleState
from chuangwei.core.models import AuditEvent, Notice, TransitionLog
from chuangwei.domain.inspections import permissions, queries
from chuangwei.domain.inspections.actions import (
    Finding,
    RoundPlan,
    change_round,
    plan_round,
    record_visit,
    release_round,
)
from chuangwei.domain.inspections.actions.drawing import draw_at_once, void_draw
from chuangwei.domain.inspections.enums import Permission, Result, RoundState
from chuangwei.domain.inspections.models import Round, RoundMember, RoundTarget
from chuangwei.domain.problems import queries as problems
from chuangwei.domain.problems.enums import Permission as Problems
from chuangwei.domain.problems.models import Problem
from tests.domain.inspections.conftest import check_code
from tests.factories import inspections, organisation, places
from tests.factories.problems import MONDAY

PLANNER = (Permission.VIEW, Permission.PLAN, Permission.RECORD, Problems.VIEW, Problems.REPORT)
MONDAY_ON, FRIDAY_ON = date(2023, 9, 4), date(2023, 9, 8)
LATER = MONDAY + timedelta(hours=2)


def plan(**values):
    return RoundPlan(
        **{"name": "第36周", "kind": "regular", "starts_on": MONDAY_ON, "ends_on": FRIDAY_ON, **values}
    )  # fmt: skip


def begin(by=None, at=MONDAY, **values):
    return plan_round(plan=plan(**values), by=by or organisation.clerk(*PLANNER), at=at)


def undercover(ground, by=None, **values):
    inside = by or organisation.clerk(*PLANNER, Permission.SEALED)
    return begin(by=inside, kind="undercover", is_sealed=True, team=ground.squad, **values)


# --- Planning ---------------------------------------------------------------------------------------------------------


def test_a_round_takes_all_sites_of_the_kinds_in_its_area(ground):
    places.site("M-1", in_area=ground.communities[0], kind="market")
    gone = places.site("BL-9", in_area=ground.communities[0])
    gone.spells.update(to_on=date(2023, 9, 1))
    whole = begin(choosing="kinds", kinds=["back_lane"])
    assert [one.site.code for one in whole.targets.all()] == ["BL-1", "BL-2"]
    assert [one.site.code for one in begin(choosing="kinds", kinds=["market", "back_lane"]).targets.all()] == [
        "BL-1", "BL-2", "M-1",
    ]  # fmt: skip
    here = begin(choosing="kinds", kinds=["back_lane"], area=ground.communities[1])
    assert [one.site.code for one in here.targets.all()] == ["BL-2"]
    assert (whole.code, whole.hours, whole.state_on(MONDAY_ON)) == ("LC20230904-01", "", RoundState.RUNNING)


def test_a_round_of_listed_sites_with_its_team_and_sheets(ground):
    other = organisation.unit("U-9", kind="部门")
    account = organisation.account("ma", roles=["inspector"], person=ground.person)
    made = begin(
        sites=[ground.lanes[1]], persons=[ground.person], units=[other, ground.squad], team=ground.squad,
        hours="07:00-09:00", checklists={"back_lane": 1},
    )  # fmt: skip
    assert [one.site for one in made.targets.all()] == [ground.lanes[1]]
    assert sorted((one.person_id, one.unit_id) for one in made.members.all() if one.person_id) == [
        (ground.person.pk, None)
    ]
    assert [one.unit for one in made.members.filter(unit__isnull=False)] == [other]
    assert (made.hours, made.checklists) == ("07:00-09:00", {"back_lane": 1})
    told = Notice.objects.get(recipient_code=account.code)
    assert told.subject_code == made.code
    assert told.body.startswith(f"{made.name}：{made.starts_on}")
    assert told.body.endswith(f"应查 {made.targets.count()} 处" if made.targets.exists() else "点位待定")
    assert AuditEvent.objects.get(verb="安排轮次").subject_code == made.code


REFUSED = [
    ({"name": " "}, "请填写轮次名称"),
    ({"kind": "none"}, "请选择轮次类型"),
    ({"ends_on": date(2023, 9, 3)}, "结束日期不能早于开始日期"),
    ({"choosing": "kinds"}, "至少选一类点位"),
]


@pytest.mark.parametrize(("values", "why"), REFUSED)
def test_a_plan_that_cannot_be_is_refused(ground, values, why):
    with pytest.raises(DomainError, match=why):
        begin(**values)


def test_only_who_plans_there_plans(ground):
    here = organisation.clerk(*PLANNER, area_paths=(ground.town.path,))
    assert begin(by=here, team=ground.squad)
    assert begin(by=here, area=ground.communities[0])
    for by, values in (
        (here, {}), (organisation.stranger(), {}), (ground.inspector, {"team": ground.squad}),
        (organisation.clerk(*PLANNER, area_paths=(ground.communities[0].path,)), {"area": ground.communities[1]}),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            begin(by=by, **values)


def test_what_changes_is_logged_value_by_value(ground):
    made = begin(sites=[ground.lanes[0]])
    change_round(each=made, plan=plan(name="改名", sites=ground.lanes), by=organisation.clerk(*PLANNER), at=LATER)
    logs = TransitionLog.objects.filter(subject_code=made.code).values_list("move_name", "source", "target")
    assert sorted(logs) == [("变更名称", "第36周", "改名"), ("变更应查点位数", "1", "2")]
    with pytest.raises(NotAllowed):
        change_round(each=made, plan=plan(), by=ground.inspector, at=LATER)


def test_a_round_with_visits_keeps_its_kind_and_their_days(ground):
    by = organisation.clerk(*PLANNER)
    inspections.visit(site=ground.lanes[0], sheet=ground.sheet, in_round=ground.each)
    for values, why in (
        ({"kind": "daily"}, "不能改类型"), ({"starts_on": date(2023, 9, 5)}, "不在新的起止日期"),
        ({"is_sealed": True}, "是否密封"),
    ):  # fmt: skip
        with pytest.raises(DomainError, match=why):
            change_round(each=ground.each, plan=plan(team=ground.squad, **values), by=by, at=LATER)


@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2023, 9, 3), "ahead"), (MONDAY_ON, "running"), (FRIDAY_ON, "running"), (date(2023, 9, 9), "over")],
)
def test_the_state_of_a_round_by_the_day(day, state):
    assert Round(starts_on=MONDAY_ON, ends_on=FRIDAY_ON).state_on(day) == state


def test_the_table_refuses_what_cannot_be(ground):
    for broken in (
        lambda: Round.objects.filter(pk=ground.each.pk).update(released_at=MONDAY),
        lambda: RoundMember.objects.create(round=ground.each),
        lambda: [RoundMember.objects.create(round=ground.each, person=ground.person) for _ in range(2)],
        lambda: [RoundMember.objects.create(round=ground.each, unit=ground.squad) for _ in range(2)],
        lambda: [RoundTarget.objects.create(round=ground.each, site=ground.lanes[0]) for _ in range(2)],
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()


# --- Progress ---------------------------------------------------------------------------------------------------------


def test_progress_counts_what_was_seen_of_the_targets_in_ones_places(ground):
    made = begin(sites=ground.lanes)
    inspections.visit(site=ground.lanes[0], sheet=ground.sheet, in_round=made)
    everywhere, second = organisation.clerk(*PLANNER), ground.member(area_paths=(ground.communities[1].path,))
    found = queries.progress([made], actor=everywhere)[made.pk]
    assert (found.targets, found.seen, found.unseen, found.share, found.visits) == (2, 1, 1, 50, 1)
    own = queries.progress([made], actor=second)[made.pk]
    assert (own.targets, own.seen, own.visits) == (1, 0, 0)
    assert [one.site for one in queries.unseen(made, actor=everywhere)] == [ground.lanes[1]]


def test_what_is_left_begins_with_what_nobody_looked_at_longest(ground):
    third = places.site("BL-3", in_area=ground.communities[0])
    made = begin(sites=[*ground.lanes, third])
    for site, days in ((ground.lanes[0], 5), (ground.lanes[1], 9)):
        inspections.visit(site=site, sheet=ground.sheet, in_round=ground.each, at=MONDAY - timedelta(days=days))
    left = queries.unseen(made, actor=organisation.clerk(*PLANNER))
    assert [one.site.code for one in left] == ["BL-3", "BL-2", "BL-1"]


def test_communities_a_round_did_not_see_on_a_day(ground):
    by = organisation.clerk(*PLANNER)
    inspections.visit(site=ground.lanes[0], sheet=ground.sheet, in_round=ground.each)
    assert queries.communities_unseen(ground.each, day=MONDAY_ON, actor=by) == [ground.communities[1]]
    assert queries.communities_unseen(ground.each, day=date(2023, 9, 5), actor=by) == ground.communities


def test_where_to_go_next(ground):
    made = begin(sites=ground.lanes)
    by = ground.inspector
    inspections.visit(site=ground.lanes[0], sheet=ground.sheet, in_round=made)
    assert queries.sites_to_visit(made, actor=by) == [ground.lanes[1]]
    assert queries.sites_to_visit(made, actor=by, words="BL-1") == []
    with clock.frozen(MONDAY):
        inspections.visit(site=ground.lanes[0], sheet=ground.sheet, in_round=ground.each)
        assert [site.code for site in queries.sites_to_visit(ground.each, actor=by)] == ["BL-2", "BL-1"]
        assert [site.code for site in queries.sites_to_visit(ground.each, actor=by, words="BL-1巷")] == ["BL-1"]


def test_the_rounds_one_may_record_in_today(ground):
    free = begin()
    begin(units=[organisation.unit("U-7")])
    assert list(queries.running_rounds(actor=ground.inspector, at=MONDAY)) == [free, ground.each]
    assert queries.running_rounds(actor=organisation.clerk(*PLANNER), at=MONDAY).count() == 3
    assert not queries.running_rounds(actor=ground.inspector, at=MONDAY + timedelta(days=9)).exists()


# --- Sealed -----------------------------------------------------------------------------------------------------------


def test_a_sealed_round_is_planned_by_those_in_on_it(ground):
    with pytest.raises(DomainError, match="您不在检查组里"):
        undercover(ground, by=organisation.clerk(*PLANNER))
    with pytest.raises(DomainError, match="须写明检查组"):
        begin(by=organisation.clerk(*PLANNER, Permission.SEALED), is_sealed=True)
    joining = organisation.clerk(*PLANNER, person_code=ground.person.code)
    made = undercover(ground, by=joining, persons=[ground.person])
    assert made.is_hidden
    assert not made.code.startswith("LC2023")
    assert AuditEvent.objects.get(subject_code=made.code).details == "{}"


def told(code):
    return set(Notice.objects.filter(subject_code=code).values_list("recipient_code", flat=True))


@pytest.fixture
def three(ground):
    """马俊杰 of the squad, somebody of another unit, and somebody by name; each with an account."""
    other = organisation.unit("U-9", kind="部门")
    persons = [ground.person, organisation.person("P-9", of=other), organisation.person("P-8")]
    for code, person in zip(("ma", "nine", "eight"), persons, strict=True):
        organisation.account(code, roles=["inspector"], person=person)
    return other, persons


def test_who_leaves_the_team_of_a_sealed_round_keeps_no_message_that_names_it(ground, three):
    other, (_, _, by_name) = three
    inside = organisation.clerk(*PLANNER, Permission.SEALED)
    made = undercover(ground, units=[other], persons=[by_name])
    assert told(made.code) == {"ma", "nine", "eight"}
    whole = begin(by=inside, team=ground.squad)
    sealed = {"kind": "undercover", "is_sealed": True}
    change_round(each=made, plan=plan(**sealed, team=other), by=inside, at=LATER)
    assert (told(made.code), told(whole.code)) == ({"nine"}, {"ma"})
    entry = AuditEvent.objects.filter(verb="更改轮次").latest("seq")
    assert json.loads(entry.details) == {"taken_back": 2, "taken_from": ["eight", "ma"]}
    change_round(each=made, plan=plan(**sealed, team=ground.squad), by=inside, at=LATER)
    assert told(made.code) == {"ma"}


def test_who_joins_the_team_is_told_and_nobody_twice(ground, three):
    other, (_, _, by_name) = three
    by = organisation.clerk(*PLANNER)
    made = begin(team=ground.squad)
    change_round(each=made, plan=plan(team=ground.squad, units=[other], persons=[by_name]), by=by, at=LATER)
    change_round(each=made, plan=plan(team=ground.squad, units=[other], persons=[by_name]), by=by, at=LATER)
    assert sorted(Notice.objects.values_list("recipient_code", "sent_at")) == [
        ("eight", LATER), ("ma", MONDAY), ("nine", LATER),
    ]  # fmt: skip
    change_round(each=made, plan=plan(team=ground.squad), by=by, at=LATER)
    assert told(made.code) == {"ma", "nine", "eight"}, "what is not sealed may be remembered"


def sealed_finding(ground):
    made = undercover(ground, sites=ground.lanes)
    by = ground.member(Permission.SEALED)
    visit = record_visit(
        each=made, site=ground.lanes[0], visited_at=MONDAY, inspectors=[ground.person],
        findings=[Finding(check_code(1), Result.FAIL)], by=by, at=LATER,
    )  # fmt: skip
    return made, visit


def seen(actor):
    """What somebody sees: rounds, visits, draws, problems."""
    return (
        queries.rounds(actor=actor).filter(kind="undercover").count(), queries.visits(actor=actor).count(),
        problems.problems(actor=actor).count(),
    )  # fmt: skip


def test_a_sealed_round_is_invisible_outside_until_it_is_released(ground):
    made, visit = sealed_finding(ground)
    problem = Problem.objects.get()
    outside = organisation.clerk(*PLANNER)
    inside = organisation.clerk(Permission.VIEW, Permission.SEALED, Problems.VIEW)
    team = ground.member()
    assert problem.held_by_round == made.code
    assert "20230904" not in visit.code
    assert seen(outside) == (0, 0, 0)
    assert seen(inside) == (1, 1, 1)
    assert seen(team)[:2] == (1, 1)
    assert not Notice.objects.filter(recipient_code="clerk").exists()

    release_round(each=made, by=organisation.clerk(*PLANNER, Permission.SEALED), at=LATER)

    assert seen(outside) == (1, 1, 1)
    problem.refresh_from_db()
    assert problem.held_by_round == ""
    assert Round.objects.get(pk=made.pk).released_at == LATER


def test_only_who_is_in_on_it_releases_and_once(ground):
    made, _ = sealed_finding(ground)
    planner_outside, member = organisation.clerk(*PLANNER), ground.member(Permission.SEALED)
    for by in (planner_outside, ground.member(), organisation.stranger(), ground.member(area_paths=())):
        assert not permissions.may_release(by, made)
        with pytest.raises(NotAllowed):
            release_round(each=made, by=by, at=LATER)
    stale = Round.objects.get(pk=made.pk)
    release_round(each=made, by=member, at=LATER)
    for again in (made, stale):
        with pytest.raises(StaleState):
            release_round(each=again, by=member, at=LATER)
    with pytest.raises(DomainError, match="没有密封"):
        release_round(each=ground.each, by=member, at=LATER)


def test_a_sealed_visit_leaves_no_trace_on_an_open_problem_before_its_release(ground):
    record_visit(
        each=ground.each, site=ground.lanes[0], visited_at=MONDAY, inspectors=[ground.person],
        findings=[Finding(check_code(1), Result.FAIL)], by=ground.inspector, at=LATER,
    )  # fmt: skip
    known = Problem.objects.get()
    made, visit = sealed_finding(ground)
    assert known.answers.filter(visit=visit).exists()
    again = TransitionLog.objects.filter(subject_code=known.code, move="found-again")
    assert not again.exists()
    release_round(each=made, by=ground.member(Permission.SEALED), at=LATER)
    assert again.get().note == f"检查记录 {visit.code}"


def test_nothing_sealed_is_put_right_on_the_spot(ground):
    made = undercover(ground)
    with pytest.raises(DomainError, match="暗访不当场整改"):
        record_visit(
            each=made, site=ground.lanes[0], visited_at=MONDAY, inspectors=[ground.person],
            findings=[Finding(check_code(1), Result.FAIL, is_fixed=True)], by=ground.member(Permission.SEALED), at=LATER,
        )  # fmt: skip


# --- Drawn ------------------------------------------------------------------------------------------------------------


def test_a_round_takes_its_sites_from_its_draw_and_gives_them_back(ground):
    made = begin(choosing="draw", area=ground.communities[0])
    by = organisation.clerk(*PLANNER)
    draw = draw_at_once(round_code=made.code, strata={"back_lane": 5}, by=by, at=MONDAY)
    assert [one.site.code for one in made.targets.all()] == ["BL-1"]
    void_draw(draw=draw, reason="名单有误", by=by, at=LATER)
    assert not made.targets.exists()
    draw_at_once(round_code=made.code, strata={"back_lane": 5}, by=by, at=MONDAY, seed="0" * 64)
    assert not made.targets.exists()
    again = draw_at_once(round_code=made.code, strata={"back_lane": 5}, by=by, at=MONDAY)
    inspections.visit(site=ground.lanes[0], sheet=ground.sheet, in_round=made)
    with pytest.raises(DomainError, match="不能再作废"):
        void_draw(draw=again, reason="想换一批", by=by, at=LATER)


def test_a_draw_for_a_sealed_round_is_made_by_those_in_on_it(ground):
    made = undercover(ground, choosing="draw")
    with pytest.raises(DomainError, match="不能由您抽取"):
        draw_at_once(round_code=made.code, strata={"back_lane": 1}, by=organisation.clerk(*PLANNER), at=MONDAY)
    inside = organisation.clerk(*PLANNER, Permission.SEALED)
    draw = draw_at_once(round_code=made.code, strata={"back_lane": 1}, by=inside, at=MONDAY)
    assert not queries.draws(actor=organisation.clerk(*PLANNER)).exists()
    assert list(queries.draws(actor=ground.member())) == [draw]


# --- Where rounds belong ----------------------------------------------------------------------------------------------


def test_rounds_show_where_they_go_and_above(ground):
    first, second = ground.communities
    here = begin(area=first)
    whole = begin()
    secretary = organisation.clerk(Permission.VIEW, area_paths=(second.path,))
    assert set(queries.rounds(actor=secretary)) == {ground.each, whole}
    assert set(queries.rounds(actor=organisation.clerk(Permission.VIEW, area_paths=(first.path,)))) == {
        ground.each, here, whole,
    }  # fmt: skip
    assert not queries.rounds(actor=organisation.stranger()).exists()
