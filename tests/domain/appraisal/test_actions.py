"""The verbs of appraisal: computing, publishing, making final, settling, entering old results; and who may."""

import gc
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, NotAllowed, StaleState
from chuangwei.core.models import AuditEvent, TransitionLog
from chuangwei.domain.appraisal import actions, queries
from chuangwei.domain.appraisal.compute import compute_again
from chuangwei.domain.appraisal.enums import ConsequenceState, PeriodState, SettlementState
from chuangwei.domain.appraisal.models import Computation, Consequence, Period, Settlement, Standing
from tests.domain.appraisal.world import NOW, PRESET, World, compute, noon, settled_week, use
from tests.factories import organisation

WORST = {"A": "90", "B": "80", "C": "70", "D": "60"}
MONDAY_AFTER = noon("2023-09-11")


# --- Computing --------------------------------------------------------------------------------------------------------


def test_compute_keeps_inputs_result_and_standings(town: World) -> None:
    town.week("2023-W36", A="90", B="80", C="70")
    (done,) = compute("2023-W36")

    kept = Computation.objects.get()
    assert (done.version, done.is_new, done.digest, done.period.state) == (1, True, kept.digest, PeriodState.COMPUTED)
    assert compute_again(kept.inputs) == kept.result == done.outcome.to_json()
    rows = Standing.objects.values_list("code", "rank", "total", "flag", "reason", "parts")
    assert list(rows) == [
        ("A", 1, Decimal(90), "red", "", {"regular": 9000, "ledger": None}),
        ("B", 2, Decimal(80), "", "", {"regular": 8000, "ledger": None}),
        ("C", 3, Decimal(70), "yellow", "", {"regular": 7000, "ledger": None}),
        ("D", None, None, "", "本期各项均无得分", {"regular": None, "ledger": None}),
    ]
    assert AuditEvent.objects.filter(verb="计算评比").count() == 1
    assert TransitionLog.objects.filter(subject_code=done.period.code, move="compute").count() == 1


def test_compute_again_adds_a_version_only_where_something_changed(town: World) -> None:
    town.week("2023-W36", **WORST)
    first = compute("2023-W36")[0]
    same = compute("2023-W36")[0]
    assert (same.version, same.is_new, same.digest) == (1, False, first.digest)
    assert AuditEvent.objects.filter(verb="计算评比").count() == 1

    town.visit("A", "100")
    new = compute("2023-W36")[0]
    assert (new.version, new.is_new) == (2, True)
    assert new.outcome.standings[0].total == 9500
    assert Computation.objects.count() == 2


@pytest.mark.parametrize("is_on", [True, False])
def test_compute_leaves_the_collector_as_it_was(town: World, is_on: bool) -> None:
    (gc.enable if is_on else gc.disable)()
    try:
        compute("2023-W36")
        assert gc.isenabled() == is_on
    finally:
        gc.enable()


def test_streak_runs_on_from_one_call_to_the_next(town: World) -> None:
    leader = organisation.person("P1")
    organisation.duty(leader, "包社区领导", town.areas["D"])
    for slug in ("2023-W36", "2023-W37", "2023-W38"):
        town.week(slug, **WORST)
    compute("2023-W36")
    later = compute("2023-W37", "2023-W38")
    assert [[(one.subject, one.person) for one in done.outcome.of("interview")] for done in later] == [
        [("D", "P1")],
        [],
    ]


@pytest.mark.parametrize(("ends_on", "person"), [(None, "P1"), (date(2023, 9, 17), "P1"), (date(2023, 9, 16), None)])
def test_interview_is_of_who_holds_the_role_on_the_last_day(
    town: World, ends_on: date | None, person: str | None
) -> None:
    organisation.duty(organisation.person("P2"), "包社区领导", town.areas["D"], ends_on=ends_on)
    organisation.duty(organisation.person("P1"), "包社区领导", town.areas["D"], ends_on=ends_on)
    town.week("2023-W36", **WORST)
    town.week("2023-W37", **WORST)
    (found,) = compute("2023-W36", "2023-W37")[1].outcome.of("interview")
    assert found.person == person


def test_progress_is_told_after_each_period(town: World, chief: Actor) -> None:
    told: list[tuple[int, int]] = []
    actions.compute_periods(
        series="weekly",
        first="2023-W36",
        last="2023-W38",
        by=chief,
        at=NOW,
        progress=lambda *counts: told.append(counts),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("series", "first", "last", "sentence"),
    [
        ("daily", "2023-W36", "2023-W36", "启用的预设中没有名为『daily』的评比。现有：monthly、weekly。"),
        ("weekly", "2023-09", "2023-09", "2023-09 不是按周的周期"),
        ("weekly", "2023-W37", "2023-W36", "在截止周期 2023-W36 之后"),
    ],
)
def test_compute_refuses_what_is_no_period_of_the_series(
    town: World, series: str, first: str, last: str, sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        compute(first, last, series=series)


def test_a_period_still_to_come_is_computed_from_what_its_rows_say(town: World) -> None:
    town.week("2023-W36", **WORST)
    compute("2023-W36", "2024-W01")
    last = Period.objects.get(slug="2024-W01")
    assert {standing.total for standing in last.computations.get().standings.all()} == {None}


def test_compute_means_the_whole_installation_where_two_presets_have_the_series(town: World) -> None:
    use(PRESET.replace('slug = "town"', 'slug = "other"'), area="6201", from_on=date(2023, 9, 11))
    town.week("2023-W36", **WORST)
    (done,) = compute("2023-W36")
    assert done.period.area_code == ""


def test_compute_is_refused_to_others(town: World, stranger: Actor, neighbour: Actor, reader: Actor) -> None:
    for actor in (stranger, neighbour, reader):
        with pytest.raises(NotAllowed):
            compute("2023-W36", by=actor)


# --- Publishing and making final --------------------------------------------------------------------------------------


def computed_week(town: World, slug: str = "2023-W36", **scores: str) -> Period:
    town.week(slug, **(scores or WORST))
    return compute(slug)[0].period


def test_publish_proposes_what_follows_and_waits_for_objections(town: World, chief: Actor) -> None:
    period = actions.publish_period(period=computed_week(town), by=chief, at=MONDAY_AFTER)

    assert (period.state, period.objections_until) == (PeriodState.PUBLISHED, date(2023, 9, 13))
    (found,) = Consequence.objects.all()
    assert (found.trigger, found.subject_code, found.meeting, found.state) == ("statement", "D", "干部大会", ConsequenceState.PROPOSED)  # fmt: skip


def test_objections_are_counted_in_working_days(town: World, chief: Actor) -> None:
    period = actions.publish_period(period=computed_week(town, "2023-W39"), by=chief, at=noon("2023-10-02"))
    assert period.objections_until == date(2023, 10, 8)  # holidays until the 6th; the 7th and 8th are made up


def test_interview_is_proposed_with_role_person_and_who_carries_it_out(town: World, chief: Actor) -> None:
    organisation.duty(organisation.person("P1", name="张三"), "包社区领导", town.areas["D"])
    actions.publish_period(period=computed_week(town), by=chief, at=MONDAY_AFTER)
    actions.publish_period(period=computed_week(town, "2023-W37"), by=chief, at=noon("2023-09-18"))
    found = Consequence.objects.get(trigger="interview")
    assert (found.role, found.person_code, found.person_name, found.carried_out_by) == (
        "包社区领导",
        "P1",
        "张三",
        "镇纪委",
    )
    assert found.reason == "连续 2 次黄旗：2023-W36、2023-W37"


def test_interview_of_nobody_says_so(town: World, chief: Actor) -> None:
    actions.publish_period(period=computed_week(town), by=chief, at=MONDAY_AFTER)
    actions.publish_period(period=computed_week(town, "2023-W37"), by=chief, at=noon("2023-09-18"))
    found = Consequence.objects.get(trigger="interview")
    assert found.person_code == ""
    assert found.reason.endswith("；2023-09-17 无人担任包社区领导")


def test_publish_is_refused_while_the_period_runs(town: World, chief: Actor) -> None:
    with pytest.raises(DomainError, match="2023年第36周还没有结束，不能公示。"):
        actions.publish_period(period=computed_week(town), by=chief, at=noon("2023-09-10"))


def test_publish_is_refused_where_the_facts_have_changed(town: World, chief: Actor) -> None:
    period = computed_week(town)
    town.visit("A", "10")
    with pytest.raises(DomainError, match="2023-W36 计算之后，检查、问题或前期结果有变化，请重新计算后再公示。"):
        actions.publish_period(period=period, by=chief, at=MONDAY_AFTER)
    assert not Consequence.objects.exists()


def test_publish_is_refused_before_a_sealed_round_is_released(town: World, chief: Actor) -> None:
    period = computed_week(town)
    town.visit("A", "10", kind="mutual")
    town.rounds["mutual"].is_sealed = True
    town.rounds["mutual"].save()
    with pytest.raises(DomainError, match="暗访轮次还没有解封"):
        actions.publish_period(period=period, by=chief, at=MONDAY_AFTER)


def test_publish_twice_is_refused(town: World, chief: Actor) -> None:
    period = computed_week(town)
    stale = Period.objects.get(pk=period.pk)
    actions.publish_period(period=period, by=chief, at=MONDAY_AFTER)
    with pytest.raises(StaleState):
        actions.publish_period(period=stale, by=chief, at=MONDAY_AFTER)
    assert Consequence.objects.count() == 1


def test_published_period_is_left_as_it_is_and_runs_on(town: World, chief: Actor) -> None:
    period = actions.publish_period(period=computed_week(town), by=chief, at=MONDAY_AFTER)
    town.visit("D", "100")
    town.week("2023-W37", **WORST)
    found = compute("2023-W36", "2023-W37")
    assert (found[0].is_new, found[0].version, Period.objects.get(pk=period.pk).state) == (
        False,
        1,
        PeriodState.PUBLISHED,
    )
    assert [one.subject for one in found[1].outcome.of("interview")] == ["D"]
    assert [code for code, _ in queries.late_visits(period)] == []  # recorded on its own day, so not late


def test_visit_recorded_after_the_computation_is_late(town: World, chief: Actor) -> None:
    period = actions.publish_period(period=computed_week(town), by=chief, at=MONDAY_AFTER)
    town.visit("D", "100", code="late", recorded_at=NOW + timedelta(days=1))
    assert queries.late_visits(period) == [("late", "2023-09-05T08:00:00+08:00")]


def test_finalise_freezes_and_lets_what_follows_fall_due(town: World) -> None:
    town.week("2023-W36", **WORST)
    period = settled_week("2023-W36")
    assert (period.state, period.consequences.get().state) == (PeriodState.FINAL, ConsequenceState.DUE)
    assert AuditEvent.objects.filter(verb="评比定案").count() == 1


def test_finalise_is_refused_before_objections_are_over(town: World, chief: Actor) -> None:
    period = actions.publish_period(period=computed_week(town), by=chief, at=MONDAY_AFTER)
    with pytest.raises(DomainError, match="2023-W36 公示至 2023-09-13，期满后方可定案。"):
        actions.finalise_period(period=period, by=chief, at=noon("2023-09-13"))
    assert actions.finalise_period(period=period, by=chief, at=noon("2023-09-14")).state == PeriodState.FINAL


def test_finalise_is_refused_before_the_period_before_it(town: World, chief: Actor) -> None:
    actions.publish_period(period=computed_week(town), by=chief, at=MONDAY_AFTER)
    later = actions.publish_period(period=computed_week(town, "2023-W37"), by=chief, at=noon("2023-09-18"))
    with pytest.raises(DomainError, match="前一个周期 2023-W36 还没有定案，2023-W37 不能定案。"):
        actions.finalise_period(period=later, by=chief, at=noon("2023-10-18"))


def test_publish_is_refused_before_the_period_before_it(town: World, chief: Actor) -> None:
    """Else a streak could count a yellow flag that the earlier period, once corrected, never gave."""
    computed_week(town)
    later = computed_week(town, "2023-W37")
    with pytest.raises(DomainError, match="前一个周期 2023-W36 还没有公示，2023-W37 不能公示。"):
        actions.publish_period(period=later, by=chief, at=noon("2023-09-18"))


def test_publish_is_refused_behind_a_period_nobody_has_computed(town: World, chief: Actor) -> None:
    actions.publish_period(period=computed_week(town), by=chief, at=MONDAY_AFTER)
    later = computed_week(town, "2023-W38")
    with pytest.raises(DomainError, match="前一个周期 2023-W37 还没有计算，2023-W38 不能公示。"):
        actions.publish_period(period=later, by=chief, at=noon("2023-09-25"))


def test_finalise_is_refused_where_kept_inputs_give_something_else(town: World, chief: Actor) -> None:
    period = actions.publish_period(period=computed_week(town), by=chief, at=MONDAY_AFTER)
    kept = Computation.objects.get()
    Computation.objects.filter(pk=kept.pk).update(result=kept.result.replace('"total":9000', '"total":9900'))
    with pytest.raises(DomainError, match="按留存的数据重算，结果与公示的不一致"):
        actions.finalise_period(period=period, by=chief, at=noon("2023-10-18"))


def test_month_of_weeks_is_final_only_after_them(town: World, chief: Actor) -> None:
    town.week("2023-W36", **WORST)
    compute("2023-W36")
    (month,) = compute("2023-09", series="monthly")
    assert month.outcome.standings[0].parts == {"weeks": 9000}
    period = actions.publish_period(period=month.period, by=chief, at=noon("2023-10-09"))
    with pytest.raises(DomainError, match="本期用到的周期还没有定案：weekly 2023-W36。"):
        actions.finalise_period(period=period, by=chief, at=noon("2023-11-09"))


def test_publishing_and_finality_are_refused_to_others(town: World, chief: Actor, stranger: Actor, neighbour: Actor, reader: Actor) -> None:  # fmt: skip
    period = computed_week(town)
    for actor in (stranger, neighbour, reader):
        with pytest.raises(NotAllowed):
            actions.publish_period(period=period, by=actor, at=MONDAY_AFTER)
    actions.publish_period(period=period, by=chief, at=MONDAY_AFTER)
    for actor in (stranger, neighbour, reader):
        with pytest.raises(NotAllowed):
            actions.finalise_period(period=period, by=actor, at=noon("2023-10-18"))


# --- Carrying out -----------------------------------------------------------------------------------------------------


def due_statement(town: World) -> Consequence:
    town.week("2023-W36", **WORST)
    return settled_week("2023-W36").consequences.get()


def test_hold_keeps_day_and_minutes(town: World, chief: Actor) -> None:
    held = actions.hold_consequence(
        consequence=due_statement(town), held_on=date(2023, 10, 8), minutes=" 已表态 ", by=chief, at=noon("2023-10-08")
    )
    assert (held.state, held.held_on, held.minutes) == (ConsequenceState.HELD, date(2023, 10, 8), "已表态")


@pytest.mark.parametrize(
    ("held_on", "minutes", "sentence"),
    [(date(2023, 10, 9), "已表态", "办理日期不能在今天之后。"), (date(2023, 10, 8), " ", "请写明纪要。")],
)
def test_hold_is_refused_without_day_or_minutes(
    town: World, chief: Actor, held_on: date, minutes: str, sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        actions.hold_consequence(
            consequence=due_statement(town), held_on=held_on, minutes=minutes, by=chief, at=noon("2023-10-08")
        )


def test_withdraw_needs_a_reason(town: World, chief: Actor) -> None:
    consequence = due_statement(town)
    with pytest.raises(DomainError, match="撤销须写明理由。"):
        actions.withdraw_consequence(consequence=consequence, by=chief, at=NOW, note="")
    assert actions.withdraw_consequence(consequence=consequence, by=chief, at=NOW, note="异议成立").state == ConsequenceState.WITHDRAWN  # fmt: skip


def test_carrying_out_is_refused_to_others(town: World, stranger: Actor, neighbour: Actor) -> None:
    consequence = due_statement(town)
    for actor in (stranger, neighbour):
        with pytest.raises(NotAllowed):
            actions.hold_consequence(consequence=consequence, held_on=date(2023, 10, 8), minutes="x", by=actor, at=NOW)
        with pytest.raises(NotAllowed):
            actions.withdraw_consequence(consequence=consequence, by=actor, at=NOW, note="x")


# --- Money ------------------------------------------------------------------------------------------------------------


def final_september(town: World) -> None:
    for slug in ("2023-W36", "2023-W37", "2023-W38"):
        town.week(slug, **WORST)
        settled_week(slug)


def test_settle_month_counts_the_flags_of_its_periods(town: World, chief: Actor) -> None:
    final_september(town)
    settlement = actions.settle_month(series="weekly", month="2023-09", by=chief, at=NOW)
    assert (settlement.month_red, settlement.month_yellow, settlement.paper) == (100000, -100000, "青发〔2023〕1号")
    rows = settlement.entries.values_list("subject_code", "subject_name", "red_count", "yellow_count", "amount")
    assert list(rows) == [
        ("A", "A社区", 3, 0, 300000), ("B", "B社区", 0, 0, 0), ("C", "C社区", 0, 0, 0), ("D", "D社区", 0, 3, -300000),
    ]  # fmt: skip
    with pytest.raises(DomainError, match="2023年9月已经核算过。"):
        actions.settle_month(series="weekly", month="2023-09", by=chief, at=NOW)


def test_month_is_settled_only_when_all_its_periods_are_final(town: World, chief: Actor) -> None:
    town.week("2023-W36", **WORST)
    settled_week("2023-W36")
    computed_week(town, "2023-W38")
    with pytest.raises(DomainError, match="这些周期还没有定案，2023年9月不能核算：2023-W38。"):
        actions.settle_month(series="weekly", month="2023-09", by=chief, at=NOW)
    with pytest.raises(DomainError, match="2023年8月没有结束的周期。"):
        actions.settle_month(series="weekly", month="2023-08", by=chief, at=NOW)


def test_month_is_not_settled_before_all_its_weeks_are_there(town: World, chief: Actor) -> None:
    town.week("2023-W36", **WORST)
    settled_week("2023-W36")
    with pytest.raises(DomainError, match="这些周期还没有计算，2023年9月不能核算：2023-W37、2023-W38。"):
        actions.settle_month(series="weekly", month="2023-09", by=chief, at=NOW)


def test_month_after_the_first_needs_all_its_weeks_too(town: World, chief: Actor) -> None:
    final_september(town)
    town.week("2023-W39", **WORST)
    settled_week("2023-W39")
    with pytest.raises(DomainError, match="2023年10月不能核算：2023-W40、2023-W41、2023-W42、2023-W43。"):
        actions.settle_month(series="weekly", month="2023-10", by=chief, at=NOW)


def test_series_without_money_is_not_settled(town: World, chief: Actor) -> None:
    use(
        PRESET[: PRESET.index("[series.weekly.money]")] + PRESET[PRESET.index("[series.monthly]") :],
        from_on=date(2023, 9, 1),
    )
    final_september(town)
    with pytest.raises(DomainError, match="预设没有规定『weekly』的奖惩金额。"):
        actions.settle_month(series="weekly", month="2023-09", by=chief, at=NOW)


def test_settlement_is_approved_on_its_paper(town: World, chief: Actor) -> None:
    final_september(town)
    settlement = actions.settle_month(series="weekly", month="2023-09", by=chief, at=NOW)
    assert actions.approve_settlement(settlement=settlement, by=chief, at=NOW).state == SettlementState.APPROVED


def test_settlement_without_a_paper_is_not_approved(town: World, chief: Actor) -> None:
    use(PRESET.replace('paper = "青发〔2023〕1号"', ""), from_on=date(2023, 9, 1))
    final_september(town)
    settlement = actions.settle_month(series="weekly", month="2023-09", by=chief, at=NOW)
    with pytest.raises(DomainError, match="预设没有写明奖惩的依据文件，核算结果不能批准。"):
        actions.approve_settlement(settlement=settlement, by=chief, at=NOW)
    assert Settlement.objects.get().state == SettlementState.COMPUTED


def test_money_is_refused_to_others(
    town: World, chief: Actor, stranger: Actor, neighbour: Actor, reader: Actor
) -> None:
    final_september(town)
    for actor in (stranger, neighbour, reader):
        with pytest.raises(NotAllowed):
            actions.settle_month(series="weekly", month="2023-09", by=actor, at=NOW)
    settlement = actions.settle_month(series="weekly", month="2023-09", by=chief, at=NOW)
    for actor in (stranger, neighbour, reader):
        with pytest.raises(NotAllowed):
            actions.approve_settlement(settlement=settlement, by=actor, at=NOW)
