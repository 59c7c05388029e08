"""What may be asked of periods, and by whom."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, NotFound
from chuangwei.domain.appraisal import actions, permissions, queries
from chuangwei.domain.appraisal.enums import PeriodKind, Permission
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.appraisal.steps import Step
from tests.domain.appraisal.test_actions import WORST, final_september
from tests.domain.appraisal.test_history import PAST, enter
from tests.domain.appraisal.world import NOW, PRESET, World, compute, noon, use
from tests.factories import organisation, places


def published(town: World, slug: str = "2023-W36") -> Period:
    town.week(slug, **WORST)
    (done,) = compute(slug)
    after = str(done.period.to_on.fromordinal(done.period.to_on.toordinal() + 1))
    return actions.publish_period(period=done.period, by=organisation.chief(), at=noon(after))


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_subject_of_a_series_sees_its_periods_once_published(town: World, neighbour: Actor, reader: Actor, stranger: Actor) -> None:  # fmt: skip
    town.week("2023-W37", **WORST)
    first = published(town)
    compute("2023-W37")
    seen = {
        actor.code: [period.slug for period in queries.periods(actor=actor)] for actor in (neighbour, reader, stranger)
    }
    assert seen == {"neighbour": [first.slug], "reader": ["2023-W37", "2023-W36"], "stranger": []}


def test_periods_are_found_by_series_and_area(town: World, reader: Actor) -> None:
    published(town)
    compute("2023-09", series="monthly")
    assert [period.slug for period in queries.periods(actor=reader, series="monthly", area="")] == ["2023-09"]
    assert not queries.periods(actor=reader, area="6201")
    assert queries.period_of(actor=reader, series="weekly", slug="2023-W36").slug == "2023-W36"


def test_period_a_stranger_may_not_see_is_not_found(town: World, stranger: Actor, neighbour: Actor) -> None:
    town.week("2023-W36", **WORST)
    compute("2023-W36")
    for actor in (stranger, neighbour):
        with pytest.raises(NotFound, match="没有 weekly 的 2023-W36 这个周期。"):
            queries.period_of(actor=actor, series="weekly", slug="2023-W36")


def test_series_of_a_part_of_the_county_is_seen_there(town: World) -> None:
    other = places.area("6202", parent=town.town.parent, kind="乡镇")
    places.area("X", parent=other)
    use(PRESET.replace('slug = "town"', 'slug = "other"'), area="6202", from_on=date(2023, 9, 4))
    actions.compute_periods(
        series="weekly", first="2023-W36", last="2023-W36", area="6202", by=organisation.chief(), at=NOW
    )
    inside = organisation.clerk(Permission.VIEW, area_paths=(other.path,))
    beside = organisation.clerk(Permission.VIEW, area_paths=(town.town.path,))
    assert [(period.area_code, period.slug) for period in queries.periods(actor=inside)] == [("6202", "2023-W36")]
    assert not queries.periods(actor=beside)


def test_all_series_are_those_that_hold_and_may_be_seen(
    town: World, chief: Actor, neighbour: Actor, stranger: Actor
) -> None:
    day = date(2023, 9, 10)
    assert [(one.slug, one.title, one.period) for one in queries.all_series(day=day)] == [
        ("weekly", "社区周评比", "week"), ("monthly", "monthly", "month"),
    ]  # fmt: skip
    assert len(queries.all_series(day=day, actor=chief)) == 2
    assert queries.all_series(day=day, actor=stranger) == queries.all_series(day=day, actor=neighbour) == []
    published(town)
    assert [one.slug for one in queries.all_series(day=day, actor=neighbour)] == ["weekly"]


def test_series_of_a_preset_that_does_not_hold_yet_is_not_there(town: World) -> None:
    use(PRESET.replace('slug = "town"', 'slug = "later"'), area="6201", from_on=date(2023, 9, 11))
    assert {one.area_code for one in queries.all_series(day=date(2023, 9, 10))} == {""}
    assert {one.area_code for one in queries.all_series(day=date(2023, 9, 11))} == {"", "6201"}


def test_consequences_and_settlements_are_seen_with_their_series(town: World, chief: Actor, stranger: Actor) -> None:
    final_september(town)
    actions.settle_month(series="weekly", month="2023-09", by=chief, at=NOW)
    assert [one.subject_code for one in queries.consequences(actor=chief)] == ["D"] * 4
    assert [one.month for one in queries.settlements(actor=chief)] == ["2023-09"]
    assert not queries.consequences(actor=stranger)
    assert not queries.settlements(actor=stranger)


# --- Explanations -----------------------------------------------------------------------------------------------------


def kinds(step: Step) -> set[str]:
    return {step.kind}.union(*(kinds(below) for below in step.steps))


def test_explanation_hides_the_rows_of_others(town: World, neighbour: Actor, chief: Actor) -> None:
    town.problem("A")
    town.problem("B")
    period = published(town)
    own = queries.explanation(actor=neighbour, period=period, subject="A")
    other = queries.explanation(actor=neighbour, period=period, subject="B")
    assert {"visit", "problem"} <= kinds(own)
    assert not {"visit", "problem"} & kinds(other)
    assert other.value == queries.explanation(actor=chief, period=period, subject="B").value
    assert "site_kind" in kinds(other)


@pytest.mark.parametrize(
    ("values", "sees"),
    [({}, False), ({"unit_codes": ("U1",)}, True), ({"area_paths": ("62/",)}, False), ({"area_paths": ("",)}, True)],
)
def test_unit_sees_the_rows_behind_its_own_figures(db: None, values: dict[str, Any], sees: bool) -> None:
    actor = organisation.clerk(Permission.VIEW, **{"area_paths": (), **values})
    assert permissions.sees_rows_of(actor, "U1") == sees
    assert not permissions.sees_rows_of(organisation.clerk(**{"area_paths": (), **values}), "U1")


def test_explanation_of_an_earlier_version(town: World, chief: Actor) -> None:
    town.week("2023-W36", **WORST)
    period = compute("2023-W36")[0].period
    town.visit("A", "80")
    compute("2023-W36")
    values = [
        queries.explanation(actor=chief, period=period, subject="A", version=version).value for version in (1, 2, None)
    ]
    assert values == ["90.00", "85.00", "85.00"]
    with pytest.raises(NotFound, match="2023-W36 没有第 3 版。"):
        queries.explanation(actor=chief, period=period, subject="A", version=3)


def test_history_has_no_explanation_and_no_late_visits(town: World, chief: Actor) -> None:
    period = enter("2023-W35", PAST, chief)
    with pytest.raises(NotFound, match="2023-W35 是按『第35周通报』录入的历史评比，没有明细。"):
        queries.explanation(actor=chief, period=period, subject="A")
    assert queries.late_visits(period) == []


def test_period_not_computed_is_told(town: World) -> None:
    period = Period.objects.create(
        code="x", series="weekly", slug="2023-W36", from_on=date(2023, 9, 4), to_on=date(2023, 9, 10)
    )
    with pytest.raises(NotFound, match="2023-W36 还没有计算。"):
        queries.latest_computation(period)


# --- Figures ----------------------------------------------------------------------------------------------------------


def test_trends_have_a_point_for_each_period(town: World) -> None:
    town.week("2023-W36", A="90", B="80")
    town.week("2023-W38", A="70", B="80")
    found = [done.period for done in compute("2023-W36", "2023-W38")]
    trends = {trend.code: trend for trend in queries.trends(periods=found)}
    assert (trends["A"].name, trends["A"].totals) == ("A社区", [Decimal(90), None, Decimal(70)])
    assert (trends["A"].ranks, trends["A"].flags) == ([1, None, 2], ["red", "", "yellow"])
    assert list(trends) == list("ABCD")


def test_trends_ask_two_questions_at_most(town: World) -> None:
    found = [done.period for done in compute("2023-W36", "2023-W38")]
    with CaptureQueriesContext(connection) as seen:
        queries.trends(periods=found)
    assert len(seen) <= 2


def test_appraisal_json_is_that_of_the_latest_versions(town: World, chief: Actor) -> None:
    town.week("2023-W36", **WORST)
    town.week("2023-W39", **WORST)
    compute("2023-W36", "2023-W39")
    town.visit("D", "100")
    compute("2023-W36")
    found: dict[str, Any] = queries.appraisal_json(series="weekly", first="2023-W36", last="2023-W39")
    assert (found["series"], [one["period"] for one in found["periods"]]) == ("weekly", ["2023-W36", "2023-W37", "2023-W38", "2023-W39"])  # fmt: skip
    assert [(one["code"], one["total"]) for one in found["periods"][0]["subjects"]][1] == ("B", "80.00")
    assert [(due["month"], due["subject"], due["amount"]) for due in found["settlements"] if due["amount"]] == [
        ("2023-09", "A", 100000), ("2023-09", "C", -100000), ("2023-10", "A", 100000), ("2023-10", "D", -100000),
    ]  # fmt: skip


def test_appraisal_json_names_what_is_not_computed(town: World) -> None:
    compute("2023-W36")
    with pytest.raises(NotFound, match="这些周期还没有计算：2023-W37、2023-W38。"):
        queries.appraisal_json(series="weekly", first="2023-W36", last="2023-W38")


def test_span_of_is_of_the_kind_the_series_has(town: World) -> None:
    assert queries.span_of(series="weekly", text="2023-W36").slug == "2023-W36"
    with pytest.raises(DomainError, match="不是按周的周期"):
        queries.span_of(series="weekly", text="2023-09")


def test_span_holding_a_day() -> None:
    assert queries.span_holding(kind=PeriodKind.FORTNIGHT, day=date(2023, 9, 4)).slug == "2023-F18"


def test_series_that_changed_its_period_reads_each_by_its_time(town: World) -> None:
    use(PRESET.replace('period = "week"', 'period = "fortnight"'), from_on=date(2023, 9, 11))
    assert queries.span_of(series="weekly", text="2023-W36").slug == "2023-W36"
    assert queries.span_of(series="weekly", text="2023-F19").slug == "2023-F19"
    for text in ("2023-W37", "2023-F18", "2023-09"):
        with pytest.raises(DomainError, match=f"{text} 不是这个评比当时的周期。"):
            queries.span_of(series="weekly", text=text)


def test_series_that_ended_is_told(town: World) -> None:
    only_months = PRESET[: PRESET.index("[series.weekly]")] + '[series.monthly]\nsubject = "社区"\nperiod = "month"\n[[series.monthly.parts]]\nslug = "a"\nrule = "visit-mean"\nrounds = ["自查"]\nweight = 1\n'  # fmt: skip
    use(only_months, from_on=date(2023, 9, 11))
    with pytest.raises(DomainError, match="2023-09-11 起的预设中不再有名为『weekly』的评比。"):
        compute("2023-W37")


def test_preset_that_does_not_hold_yet_is_told(town: World) -> None:
    use(PRESET.replace("series.weekly", "series.daily").replace('series = "weekly"', 'series = "daily"'), area="6201", from_on=date(2023, 9, 11))  # fmt: skip
    with pytest.raises(DomainError, match="2023-09-04 时还没有启用有『daily』的预设。"):
        compute("2023-W36", series="daily")
    with pytest.raises(DomainError, match="区划 62 的预设中没有名为『daily』的评比。"):
        queries.span_of(series="daily", text="2023-W36", area="62")


def test_area_title_is_its_name_or_nothing(town: World) -> None:
    assert (queries.area_title("A"), queries.area_title("")) == ("A社区", "")


def test_series_of_a_period_is_that_of_its_first_day(town: World) -> None:
    period = compute("2023-W36")[0].period
    held = queries.series_of(period)
    assert (held.series.slug, held.series.name, held.version.slug) == ("weekly", "社区周评比", "town")
