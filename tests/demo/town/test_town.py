"""The rows hang together: nothing points at what is not there, and the story is in them."""

from collections import Counter
from datetime import date, timedelta

import pytest

from chuangwei.core.calendar import Calendar
from chuangwei.core.geo import Position, to_wgs84
from chuangwei.demo.town import story
from chuangwei.demo.town.examples import town as found
from chuangwei.demo.town.mesh import holds
from chuangwei.demo.town.standards import bundled
from chuangwei.demo.town.town import TODAY, Town


def test_the_same_seed_gives_the_same_town(town: Town, days: Calendar):
    assert found(days=days) == town


def test_another_seed_gives_another(town: Town, days: Calendar):
    other = found(days=days, seed=8)
    assert other.scene.ground != town.scene.ground
    assert [v.site.code for v in other.visits] != [v.site.code for v in town.visits]


@pytest.mark.parametrize("today", [date(2026, 5, 11), date(2025, 12, 1)])
def test_any_day_may_be_the_day_of_counting(days: Calendar, today: date):
    other = found(days=days, today=today)
    first, last = story.weeks(today)[0], today - timedelta(days=1 + today.weekday())
    assert {first <= visit.at.date() <= last for visit in other.visits} == {True}


def test_there_is_a_whole_town(town: Town):
    kinds = Counter(site.kind for site in town.scene.sites)
    assert kinds["back_lane"] >= 180
    assert len(kinds) >= 20
    assert 580 <= len(town.scene.sites) <= 680
    assert 420 <= len(town.scene.people.persons) <= 480
    assert {unit.kind for unit in town.scene.people.units} == {
        "领导小组", "办公室", "专班", "片区推进组", "部门", "社区", "督查组", "成员单位", "企业",
    }  # fmt: skip
    assert 1500 <= len(town.visits) <= 2500


@pytest.mark.parametrize("rows", ["areas", "sites", "units", "persons", "rounds", "visits", "problems"])
def test_every_code_is_given_once(town: Town, rows: str):
    scene = town.scene
    lists = {
        "areas": scene.ground.areas, "sites": scene.sites, "units": scene.people.units, "persons": scene.people.persons,
        "rounds": town.rounds, "visits": town.visits, "problems": town.problems,
    }  # fmt: skip
    codes = Counter(row.code for row in lists[rows])
    assert [code for code, times in codes.items() if times > 1] == []


def test_persons_and_units_share_no_code_nor_do_areas_and_sites(town: Town):
    scene = town.scene
    assert not {p.code for p in scene.people.persons} & {u.code for u in scene.people.units}
    assert not {s.code for s in scene.sites} & {a.code for a in scene.ground.areas}


def test_nothing_points_at_what_is_not_there(town: Town):
    scene = town.scene
    areas = {area.code for area in scene.ground.areas}
    places = areas | {site.code for site in scene.sites}
    units = {unit.code for unit in scene.people.units}
    persons = {person.code for person in scene.people.persons}
    rounds = {one.code for one in town.rounds}
    assert {site.area for site in scene.sites} <= areas
    assert {person.unit for person in scene.people.persons} <= units
    assert {unit.parent for unit in scene.people.units} - {""} <= units
    assert {duty.holder for duty in town.duties} <= persons | units
    assert {duty.place for duty in town.duties} <= places
    assert {one.team for one in town.rounds} - {""} <= units
    assert {visit.round for visit in town.visits} <= rounds
    assert {code for visit in town.visits for code in visit.inspectors} <= persons
    assert {problem.unit for problem in town.problems} - {""} <= units
    assert {problem.site for problem in town.problems} <= places


def test_a_site_lies_in_the_area_it_names_whatever_its_datum(town: Town):
    rings = {area.code: area.ring for area in town.scene.ground.areas}
    outside = []
    for site in town.scene.sites:
        if site.place:
            place = to_wgs84(Position(*site.place), site.datum or "WGS84")
            outside += [] if holds(rings[site.area], place) else [site.code]
    assert outside == []
    assert {site.datum for site in town.scene.sites} == {"", "GCJ02", "BD09"}


def test_marks_are_of_the_checklist_of_the_site_and_each_once(town: Town):
    kinds = {visit.code: visit.site.kind for visit in town.visits}
    book = bundled()
    checks = {kind: {check.code: check for check in sheet} for kind, sheet in book.checks.items()}
    for mark in town.marks:
        check = checks[kinds[mark.visit]][mark.check]
        assert mark.points is None or 0 < mark.points <= check.points
        assert mark.times is None or mark.times > 0
        assert mark.result == "不合格" or (mark.times, mark.points) == (None, None)
    twice = Counter((mark.visit, mark.check) for mark in town.marks)
    assert max(twice.values()) == 1


def test_a_problem_went_through_its_life_in_order(town: Town):
    for row in town.problems:
        times = [t for t in (row.found, row.dispatched, row.fixed, row.verified, row.closed) if t]
        assert times == sorted(times), row.code
        assert (row.unit != "") == (row.dispatched is not None) == (row.due is not None), row.code
        assert row.due is None or row.due > row.dispatched, row.code
        assert (row.state in {"已销号", "反弹"}) == (row.closed is not None), row.code
    assert {row.state for row in town.problems} == {
        "待核实", "已立案", "已派遣", "待核查", "已销号", "不予立案", "并案", "退回", "挂账", "反弹",
    }  # fmt: skip


def test_nobody_works_on_the_national_day_but_those_on_duty(town: Town):
    kinds = {one.code: one.kind for one in town.rounds}
    holidays = [date(2026, 10, day) for day in range(1, 8)]
    on_holidays = Counter(kinds[visit.round] for visit in town.visits if visit.at.date() in holidays)
    assert set(on_holidays) == {"日巡查"}


def test_no_community_checks_itself_nor_the_one_that_checks_it_and_no_pair_comes_again(town: Town):
    unit_of = {person.code: person.unit for person in town.scene.people.persons}
    home = {unit.code: unit.area for unit in town.scene.people.units}
    kinds = {one.code: one.kind for one in town.rounds}
    pairs: dict[tuple[str, str], set[str]] = {}
    for visit in town.visits:
        if kinds[visit.round] == "互查":
            pairs.setdefault((home[unit_of[visit.inspectors[0]]], visit.site.community), set()).add(visit.round)
    assert all(checker != checked for checker, checked in pairs)
    assert all(len(rounds) == 1 for rounds in pairs.values())
    assert all(not rounds & pairs.get((checked, checker), set()) for (checker, checked), rounds in pairs.items())


def test_the_story_is_in_the_rows(town: Town):
    weeks = story.weeks(TODAY)
    veto = {mark.visit for mark in town.marks if mark.check == "CK-MARKET-03" and mark.points is None}
    seen = {(visit.site.name, (visit.at.date() - weeks[0]).days // 7) for visit in town.visits if visit.code in veto}
    assert seen == {(event.market, event.week) for event in story.POULTRY}
    week, name = story.CUT_OFF
    cut_off = next(c.code for c in town.scene.ground.communities if c.name == name)
    days = {weeks[week] + timedelta(days=step) for step in range(7)}
    assert [v.code for v in town.visits if v.site.community == cut_off and v.at.date() in days] == []


def test_telephones_reach_nobody(town: Town):
    phones = [person.phone for person in town.scene.people.persons]
    assert {phone[:7] for phone in phones} == {"1000000"}
    assert len(set(phones)) == len(phones)


def test_names_hold_the_characters_that_old_programs_stumble_over(town: Town):
    letters = {letter for person in town.scene.people.persons for letter in person.name}
    assert set("喆镕犇堃䶮") <= letters
