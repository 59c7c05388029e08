"""Whose row is it, and which rows count: the facts as they are gathered from the database (domain §8, Subjects)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core import clock
from chuangwei.core.errors import DomainError
from chuangwei.domain.appraisal.compute import Inputs
from chuangwei.domain.appraisal.facts import LINE_VETOED, OWN_SUBJECT, OWN_VETOED, VETOED
from chuangwei.domain.appraisal.periods import parse_span
from chuangwei.domain.appraisal.queries.gathering import Gatherer, shanghai_text
from chuangwei.domain.inspections.models import Visit
from chuangwei.domain.organisation.models import Membership
from chuangwei.domain.places import actions as places_actions
from chuangwei.domain.problems.models import Problem
from tests.domain.appraisal.world import NOW, PRESET, World, compute, use
from tests.factories import organisation, places

WEEK = "2023-W36"


def gathered(slug: str = WEEK, *, series: str = "weekly", area: str = "") -> Inputs:
    span = parse_span(slug)
    gatherer = Gatherer.of_series(series, area)
    held = gatherer.presets.in_force(series, area, span.first)
    return gatherer.inputs(series=held.series, span=span, streaks={})


def subjects_of_visits(slug: str = WEEK) -> dict[str, str]:
    return {visit.code: visit.subject for visit in gathered(slug).visits}


def test_subjects_are_the_areas_of_the_kind_by_code(town: World) -> None:
    assert [(one.code, one.name) for one in gathered().subjects] == [(code, f"{code}社区") for code in "ABCD"]


@pytest.mark.parametrize(
    ("at", "weeks"),
    [
        ("2023-09-03 23:59:59", ["2023-W35"]),
        ("2023-09-04 00:00", ["2023-W36"]),
        ("2023-09-10 23:59:59", ["2023-W36"]),
        ("2023-09-11 00:00", ["2023-W37"]),
        ("2023-09-04 07:59", ["2023-W36"]),  # still Sunday in UTC
    ],
)
def test_visit_lies_in_the_week_of_its_time_in_shanghai(town: World, at: str, weeks: list[str]) -> None:
    town.visit("A", "90", at, code="V1")
    found = [slug for slug in ("2023-W35", "2023-W36", "2023-W37") if gathered(slug).visits]
    assert found == weeks
    assert gathered(weeks[0]).visits[0].at == at.replace(" ", "T") + ("" if at.count(":") == 2 else ":00")


def test_only_rounds_some_part_looks_at_are_kept(town: World) -> None:
    for kind in ("regular", "mutual", "undercover", "leader"):
        town.visit("A", "90", kind=kind, code=f"V-{kind}")
    assert sorted(subjects_of_visits()) == ["V-mutual", "V-regular"]


def test_site_that_moved_counts_where_it_was_at_the_time(town: World, chief: Any) -> None:
    places_actions.change_site(site=town.sites["A"], area=town.areas["B"], by=chief, at=NOW, from_on=date(2023, 9, 7))
    town.visit("A", "90", "2023-09-06 08:00", code="before")
    town.visit("A", "90", "2023-09-07 08:00", code="after")
    assert subjects_of_visits() == {"before": "A", "after": "B"}


def test_kind_is_that_of_the_day(town: World, chief: Any) -> None:
    places_actions.change_site(
        site=town.sites["A"], kind=places.site_kind("market"), by=chief, at=NOW, from_on=date(2023, 9, 7)
    )
    town.visit("A", "90", "2023-09-06 08:00")
    town.visit("A", "90", "2023-09-07 08:00")
    inputs = gathered()
    assert [visit.site_kind for visit in inputs.visits] == ["back_lane", "market"]
    assert inputs.kind_names == {"back_lane": "背街小巷", "market": "农(集)贸市场"}


def test_site_in_a_grid_counts_for_the_community_above_it(town: World) -> None:
    grid = places.area("A-01", parent=town.areas["A"], kind="网格")
    for number in "12":
        town.sites[number] = places.site(f"SG{number}", in_area=grid)
        town.visit(number, "90", code=f"V{number}")
    assert subjects_of_visits() == {"V1": "A", "V2": "A"}


def test_site_of_the_town_itself_counts_nowhere(town: World) -> None:
    town.sites["street"] = places.site("ST", in_area=town.town)
    town.visit("street", "90")
    town.problem("street")
    inputs = gathered()
    assert inputs.visits == ()
    assert [(one.due_subject, one.found_subject) for one in inputs.problems] == [("", "")]


def test_visit_to_an_area_counts_as_the_kind_of_its_sheet(town: World) -> None:
    visit = town.visit("A", "90", area=town.areas["C"])
    Visit.objects.filter(pk=visit.pk).update(site=None)
    (found,) = gathered().visits
    assert (found.subject, found.site, found.site_kind) == ("C", "C", "back_lane")
    Visit.objects.filter(pk=visit.pk).update(area=town.town)
    assert gathered().visits == ()


def test_rows_of_a_merged_area_go_to_its_heir(town: World, chief: Any) -> None:
    town.visit("A", "90", "2023-09-05 08:00", code="V1")
    places_actions.merge_area(area=town.areas["A"], into=town.areas["B"], by=chief, at=NOW, on=date(2023, 9, 7))
    assert [one.code for one in gathered().subjects] == ["B", "C", "D"]
    assert subjects_of_visits() == {"V1": "B"}


def test_merger_in_a_later_week_changes_nothing_before(town: World, chief: Any) -> None:
    town.visit("A", "90", "2023-09-05 08:00", code="V1")
    places_actions.merge_area(area=town.areas["A"], into=town.areas["B"], by=chief, at=NOW, on=date(2023, 9, 11))
    assert [one.code for one in gathered().subjects] == ["A", "B", "C", "D"]
    assert subjects_of_visits() == {"V1": "A"}


def test_merger_begins_the_streak_of_the_heir(town: World, chief: Any) -> None:
    places_actions.merge_area(area=town.areas["A"], into=town.areas["B"], by=chief, at=NOW, on=date(2023, 9, 7))
    assert {one.code: one.since for one in gathered().subjects} == {"B": "2023-09-07", "C": "", "D": ""}


def test_merged_grid_moves_its_rows_and_no_streak(town: World, chief: Any) -> None:
    grid = places.area("A-01", parent=town.areas["A"], kind="网格")
    other = places.area("B-01", parent=town.areas["B"], kind="网格")
    town.sites["grid"] = places.site("SG", in_area=grid)
    town.visit("grid", "90", code="V1")
    places_actions.merge_area(area=grid, into=other, by=chief, at=NOW, on=date(2023, 9, 7))
    assert subjects_of_visits() == {"V1": "B"}
    assert {one.since for one in gathered().subjects} == {""}


def test_rename_keeps_the_subject_with_its_name_of_the_last_day(town: World, chief: Any) -> None:
    places_actions.change_area(area=town.areas["A"], name="东关社区", by=chief, at=NOW, from_on=date(2023, 9, 8))
    assert gathered().subjects[0][:2] == ("A", "东关社区")
    assert gathered("2023-W35").subjects[0][:2] == ("A", "A社区")


def test_area_that_is_not_yet_or_no_longer_there_is_no_subject(town: World) -> None:
    places.area("E", parent=town.town, starts_on=date(2023, 9, 11))
    places.area("F", parent=town.town, ends_on=date(2023, 9, 9))
    assert [one.code for one in gathered().subjects] == ["A", "B", "C", "D"]
    assert [one.code for one in gathered("2023-W37").subjects] == ["A", "B", "C", "D", "E"]


def test_nearest_preset_takes_its_subtree_out(town: World) -> None:
    other = places.area("6202", parent=town.town.parent, kind="乡镇")
    places.area("X", parent=other)
    use(PRESET.replace('slug = "town"', 'slug = "other"'), area="6202", from_on=date(2023, 9, 4))
    assert [one.code for one in gathered(area="").subjects] == ["A", "B", "C", "D"]
    assert [one.code for one in gathered(area="6202").subjects] == ["X"]
    assert [one.code for one in gathered("2023-W35", area="").subjects] == ["A", "B", "C", "D", "X"]


def test_version_of_the_first_day_holds(town: World) -> None:
    use(PRESET.replace("weight = 0.8", "weight = 0.5"), from_on=date(2023, 9, 6))
    assert [str(gathered(slug).series.parts[0].weight) for slug in (WEEK, "2023-W37")] == ["0.8", "0.5"]


def test_classes_come_from_an_attribute(town: World) -> None:
    use(PRESET.replace('period = "week"', 'period = "week"\nclasses = "类别"', 1), from_on=date(2023, 9, 4))
    town.areas["B"].attributes = {"类别": "城中村"}
    town.areas["B"].save()
    assert [one.group for one in gathered().subjects] == ["", "城中村", "", ""]


def test_nobody_to_rank_is_told(town: World) -> None:
    use(PRESET.replace('subject = "社区"', 'subject = "村"'), from_on=date(2023, 9, 4))
    with pytest.raises(DomainError, match="2023年第36周没有可排名的村。"):
        compute(WEEK)


# --- Visits: marks ----------------------------------------------------------------------------------------------------


def test_sealed_visits_are_left_out_until_released(town: World) -> None:
    town.round("regular")
    town.rounds["regular"].is_sealed = True
    town.rounds["regular"].save()
    town.visit("A", "90", code="V1")
    assert subjects_of_visits() == {}
    town.rounds["regular"].released_at = NOW
    town.rounds["regular"].save()
    assert subjects_of_visits() == {"V1": "A"}


LINES = 'weight = 0.8\nchecks = "own"'


def test_what_a_sealed_round_found_counts_nowhere_until_its_release(town: World) -> None:
    town.problem("A", code="open")
    town.problem("A", code="held", held_by_round="AF-1")
    assert [one.code for one in gathered().problems] == ["open"]
    Problem.objects.update(held_by_round="")
    assert [one.code for one in gathered().problems] == ["held", "open"]


def test_points_of_lines_are_read_only_where_a_part_asks(town: World) -> None:
    town.visit("A", "90", line_got=30, line_possible=40, is_vetoed=True, is_line_vetoed=True)
    (plain,) = gathered().visits
    assert (plain.line_got, plain.line_possible, plain.marks) == (0, 0, VETOED)
    use(PRESET.replace("weight = 0.8", LINES), from_on=date(2023, 9, 4))
    (own,) = gathered().visits
    assert (own.line_got, own.line_possible, own.marks) == (300000, 400000, VETOED | LINE_VETOED)


def test_veto_of_the_communitys_own_is_told_apart(town: World) -> None:
    use(PRESET.replace("weight = 0.8", LINES), from_on=date(2023, 9, 4))
    town.visit("A", "90", is_vetoed=True, is_own_vetoed=True)
    assert gathered().visits[0].marks == VETOED | OWN_VETOED


@pytest.mark.parametrize(
    ("kind", "from_on", "to_on", "marks"),
    [
        ("mutual", None, None, OWN_SUBJECT),
        ("mutual", date(2023, 9, 5), None, OWN_SUBJECT),
        ("mutual", date(2023, 9, 6), None, 0),
        ("mutual", None, date(2023, 9, 4), 0),
        ("regular", None, None, 0),  # only where subjects score one another
    ],
)
def test_visit_of_ones_own_people_is_marked(
    town: World, kind: str, from_on: date | None, to_on: date | None, marks: int
) -> None:
    office = organisation.unit("UA", kind="社区", area=town.areas["A"])
    below = organisation.unit("UA1", kind="企业", parent=office)
    person = organisation.person()
    Membership.objects.create(person=person, unit=below, from_on=from_on, to_on=to_on)
    for community in "AB":
        town.visit(community, "90", kind=kind, code=f"V{community}").inspectors.create(person=person, order=0)
    assert {visit.subject: visit.marks for visit in gathered().visits} == {"A": marks, "B": 0}


# --- Problems ---------------------------------------------------------------------------------------------------------


def test_problem_belongs_where_its_place_was_at_each_moment(town: World, chief: Any) -> None:
    places_actions.change_site(site=town.sites["A"], area=town.areas["B"], by=chief, at=NOW, from_on=date(2023, 9, 6))
    town.problem("A", source="hotline")
    (found,) = gathered().problems
    assert (found.found_subject, found.due_subject) == ("A", "B")


def test_problem_of_a_bare_area_belongs_to_it(town: World) -> None:
    town.problem("", in_area=town.areas["C"])
    (found,) = gathered().problems
    assert (found.place, found.due_subject) == ("C", "C")


def test_only_problems_a_rule_asks_for_are_kept(town: World) -> None:
    town.problem("A", code="due")
    town.problem("A", code="found", source="hotline", due_at="2023-09-20 09:00")
    town.problem("A", code="other", source="inspection", due_at="2023-09-20 09:00")
    assert [one.code for one in gathered().problems] == ["due", "found"]


def test_recurrence_looks_further_back(town: World) -> None:
    part = '[[series.weekly.parts]]\nslug = "again"\nrule = "recurrence"\nweight = 0.1\nwindow_days = 30\n'
    use(
        PRESET.replace("[[series.weekly.adjustments]]", part + "[[series.weekly.adjustments]]"),
        from_on=date(2023, 9, 4),
    )
    old = {"due_at": "2023-08-10 09:00", "fixed_at": "2023-08-10 09:00"}
    town.problem("A", code="in", found_at="2023-07-01 09:00", closed_at="2023-08-12 10:00", **old)
    town.problem("A", code="out", found_at="2023-07-01 09:00", closed_at="2023-08-11 10:00", **old)
    assert [one.code for one in gathered().problems] == ["in"]


def test_parent_counts_nowhere(town: World) -> None:
    parent = town.problem("A", code="parent")
    town.problem("A", code="child", parent=parent)
    assert [one.code for one in gathered().problems] == ["child"]


@pytest.mark.parametrize(
    ("unit", "answering"),
    [("committee", "A"), ("below", "A"), ("department", ""), ("town", ""), (None, "")],
)
def test_answering_is_the_committee_or_below_it(town: World, unit: str | None, answering: str) -> None:
    units = {"committee": organisation.unit("UA", kind="社区", area=town.areas["A"])}
    units["below"] = organisation.unit("UA1", kind="企业", parent=units["committee"])
    units["department"] = organisation.unit("UD", kind="部门", area=town.areas["A"])
    units["town"] = organisation.unit("UT", kind="乡镇", area=town.town)
    town.problem("B", unit=units[unit] if unit else None)
    (found,) = gathered().problems
    assert (found.due_subject, found.answering) == ("B", answering)


def test_committee_of_a_merged_area_answers_for_the_heir(town: World, chief: Any) -> None:
    unit = organisation.unit("UA", kind="社区", area=town.areas["A"])
    places_actions.merge_area(area=town.areas["A"], into=town.areas["B"], by=chief, at=NOW, on=date(2023, 9, 7))
    town.problem("C", unit=unit)
    assert gathered().problems[0].answering == "B"


def test_times_and_states_are_kept_as_they_stand(town: World) -> None:
    town.problem("A", state="pending", fixed_at=None, closed_at=None, unit=organisation.unit("U1"))
    (found,) = gathered().problems
    assert found[1:10] == (
        "inspection", "pending", "SA", "09006", "2023-09-04T09:00:00", "2023-09-06T09:00:00", "", "", "",
    )  # fmt: skip


# --- Series of units --------------------------------------------------------------------------------------------------

UNITS = PRESET.replace('subject = "社区"', 'subject = "unit:部门"\nroles = ["包抓单位", "包保领导"]', 1)


@pytest.fixture
def departments(town: World) -> dict[str, Any]:
    use(UNITS, from_on=date(2023, 9, 4))
    return {code: organisation.unit(code, kind="部门") for code in ("U1", "U2", "U3")}


def test_units_of_the_kind_are_ranked(town: World, departments: Any) -> None:
    organisation.unit("U9", kind="企业")
    other = places.area("6202", parent=town.town.parent, kind="乡镇")
    organisation.unit("U8", kind="部门", area=other)
    assert [(one.code, one.name) for one in gathered().subjects] == [
        (code, f"{code}部门") for code in ("U1", "U2", "U3", "U8")
    ]
    use(PRESET.replace('slug = "town"', 'slug = "other"'), area="6202", from_on=date(2023, 9, 4))
    assert [one.code for one in gathered(area="").subjects] == ["U1", "U2", "U3"]


def test_visit_counts_for_the_units_that_hold_a_role_at_the_nearest_tie(town: World, departments: Any) -> None:
    organisation.duty(departments["U1"], "包抓单位", town.areas["A"])
    organisation.duty(departments["U2"], "包抓单位", town.town)
    organisation.duty(organisation.person("P1", of=departments["U3"]), "包保领导", town.town)
    organisation.duty(departments["U2"], "保洁员", town.sites["A"])  # no role of the series
    town.visit("A", "90", code="V1")
    town.visit("B", "90", code="V2")
    found = sorted((visit.code, visit.subject) for visit in gathered().visits)
    assert found == [("V1", "U1"), ("V1", "U3"), ("V2", "U2"), ("V2", "U3")]


def test_visits_of_one_day_and_of_a_site_not_there_yet(town: World, departments: Any) -> None:
    organisation.duty(departments["U1"], "包抓单位", town.areas["A"])
    town.sites["new"] = places.site("SN", in_area=town.areas["A"], starts_on=date(2023, 9, 6))
    town.visit("A", "90", "2023-09-05 08:00", code="V1")
    town.visit("A", "90", "2023-09-05 09:00", code="V2")
    town.visit("new", "90", "2023-09-05 09:00", code="V3")
    assert [visit.code for visit in gathered().visits] == ["V1", "V2"]


def test_visit_counts_for_who_held_the_role_on_its_day(town: World, departments: Any) -> None:
    organisation.duty(departments["U1"], "包抓单位", town.sites["A"], ends_on=date(2023, 9, 5))
    person = organisation.person("P1")
    Membership.objects.create(person=person, unit=departments["U2"], from_on=date(2023, 9, 7))
    organisation.duty(person, "包保领导", town.sites["A"])
    for day in (5, 6, 7):
        town.visit("A", "90", f"2023-09-{day:02} 08:00", code=f"V{day}")
    assert [(visit.code, visit.subject) for visit in gathered().visits] == [("V5", "U1"), ("V7", "U2")]


def test_visit_to_an_area_counts_for_its_units(town: World, departments: Any, chief: Any) -> None:
    organisation.duty(departments["U1"], "包抓单位", town.areas["B"])
    visit = town.visit("A", "90", "2023-09-08 08:00", area=town.areas["A"])
    Visit.objects.filter(pk=visit.pk).update(site=None)
    assert gathered().visits == ()
    places_actions.merge_area(area=town.areas["A"], into=town.areas["B"], by=chief, at=NOW, on=date(2023, 9, 7))
    assert [found.subject for found in gathered().visits] == ["U1"]


def test_problem_counts_for_the_unit_responsible(town: World, departments: Any) -> None:
    town.problem("A", code="1", unit=departments["U1"])
    town.problem("A", code="2", unit=organisation.unit("U9", kind="企业"))
    town.problem("A", code="3", unit=departments["U2"], due_at=None, source="hotline", state="filed", fixed_at=None, closed_at=None)  # fmt: skip
    found = [(one.code, one.found_subject, one.due_subject, one.answering) for one in gathered().problems]
    assert found == [("1", "U1", "U1", "U1"), ("2", "", "", ""), ("3", "U2", "", "")]


def test_unit_scoring_itself_is_marked(town: World, departments: Any) -> None:
    organisation.duty(departments["U1"], "包抓单位", town.areas["A"])
    organisation.duty(departments["U2"], "包抓单位", town.areas["A"])
    town.visit("A", "90", kind="mutual").inspectors.create(person=organisation.person(of=departments["U1"]), order=0)
    assert {visit.subject: visit.marks for visit in gathered().visits} == {"U1": OWN_SUBJECT, "U2": 0}


# --- Other series, cost, time -----------------------------------------------------------------------------------------


def test_totals_of_another_series_come_from_its_latest_computation(town: World) -> None:
    town.week("2023-W36", A="90", B="80")
    town.week("2023-W39", A="70")
    compute("2023-W36", "2023-W40")
    town.week("2023-W36", A="80")
    compute("2023-W36")
    rows = [(one.period, one.subject, one.total) for one in gathered("2023-09", series="monthly").totals]
    assert [row for row in rows if row[0] == "2023-W36"] == [
        ("2023-W36", "A", 8500), ("2023-W36", "B", 8000), ("2023-W36", "C", None), ("2023-W36", "D", None),
    ]  # fmt: skip
    assert {row[0] for row in rows} == {"2023-W36", "2023-W37", "2023-W38"}  # W39 ends on 1 October


def queries_of(slug: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        gathered(slug)
    return len(seen)


def test_number_of_queries_does_not_grow_with_the_rows(town: World) -> None:
    person = organisation.person()
    town.visit("A", "90", kind="mutual").inspectors.create(person=person, order=0)
    town.problem("A", unit=organisation.unit())
    few = queries_of(WEEK)
    for community in "ABCD":
        person = organisation.person(of=organisation.unit(kind="社区", area=town.areas[community]))
        town.visit(community, "90", kind="mutual").inspectors.create(person=person, order=0)
        town.problem(community, unit=organisation.unit())
    assert queries_of(WEEK) == few


@given(st.integers(694_224_000_000_000, 4_070_908_800_000_000))
def test_stored_instants_become_times_of_shanghai(microseconds: int) -> None:
    at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
    for text in (at.replace(tzinfo=None).isoformat(" "), at.isoformat(" ").replace("+00:00", "+00")):
        assert shanghai_text(text) == clock.local(at).replace(tzinfo=None).isoformat()


def test_no_instant_is_no_text() -> None:
    assert shanghai_text(None) == ""
