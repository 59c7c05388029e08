"""Whoever takes in a workbook of visits changes nothing beyond their own, and learns nothing of what is sealed."""

import pytest

from chuangwei.core.rows import Tally
from chuangwei.domain.inspections.enums import Permission, RoundKind
from chuangwei.domain.inspections.models import Answer, Round, Visit
from chuangwei.domain.inspections.permissions import visible_visits
from chuangwei.domain.places.actions import change_site
from chuangwei.domain.places.models import Area, Site
from tests.domain.inspections.test_importing import AT, DAY, NA, answer, make_town, round_, take, visit
from tests.factories import organisation

pytestmark = pytest.mark.django_db
MINE, BEYOND = "0/1/", "这个轮次不在您的管辖范围内，不能添加或更改。"
PLACE = "这个点位不在您的管辖范围内，不能添加或更改它的检查。"


@pytest.fixture(autouse=True)
def _town() -> None:
    """BL-1 and BL-2 lie in the clerk's community, M-1 elsewhere; a team here, one there, and one of no area."""
    make_town()
    for code, area in (("T-here", "1"), ("T-there", "2"), ("T-none", None)):
        organisation.unit(code, kind="督查组", area=Area.objects.get(code=area) if area else None)


def clerk(*more: str, **values):
    return organisation.clerk(Permission.RECORD, *more, **{"area_paths": (MINE,), **values})


def said(taking, name):
    return [(fault.line, fault.field, fault.message) for fault in taking.faults.get(name, ())]


# --- Rounds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("team", "is_mine"), [(None, True), ("T-here", True), ("T-there", False), ("T-none", True)])
def test_a_new_round_is_for_ones_own_team_or_one_of_no_area(team, is_mine):
    taking = take([round_("NEW", team)], by=clerk())
    assert said(taking, "rounds") == ([] if is_mine else [(2, "code", BEYOND)])
    assert Round.objects.exists() is is_mine


@pytest.mark.parametrize(("team", "is_mine"), [(None, False), ("T-here", True), ("T-there", False), ("T-none", False)])
def test_a_round_there_is_may_be_changed_where_its_team_is(team, is_mine):
    take([round_("OLD", team)])
    taking = take([round_("OLD", team, name="改了名")], by=clerk())
    assert said(taking, "rounds") == ([] if is_mine else [(2, "code", BEYOND)])
    assert Round.objects.get().name == ("改了名" if is_mine else "第一轮")


def test_a_round_is_not_handed_to_a_team_elsewhere():
    take([round_("OLD", "T-here")])
    assert said(take([round_("OLD", "T-there")], by=clerk()), "rounds") == [(2, "code", BEYOND)]


def test_rounds_that_stay_the_same_pass():
    take([round_("OLD", "T-there"), round_("NONE")])
    taking = take([round_("OLD", "T-there"), round_("NONE")], by=clerk())
    assert taking.tallies["rounds"] == Tally(unchanged=2)


# --- Sealed ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sealed() -> None:
    take([round_("R1", kind=RoundKind.UNDERCOVER.value)], [visit()], [answer()])
    Round.objects.update(is_sealed=True)


def test_a_sealed_round_is_neither_changed_nor_told_of(sealed):
    for rows in ([round_("R1")], [round_("R1", name="改了名")], [round_("R1", kind=RoundKind.UNDERCOVER.value)]):
        taking = take(rows, by=clerk(area_paths=("",)))
        assert said(taking, "rounds") == [(2, "code", "编码 R1 不能用，请换一个。")]
        assert not taking.moves
    assert Round.objects.get().name == "第一轮"


def test_nothing_is_recorded_in_a_sealed_round_one_may_not_see(sealed):
    taking = take((), [visit("V9", "BL-2")], by=clerk(area_paths=("",)))
    assert said(taking, "visits")[0][:2] == (2, "round")
    assert "没有编码为 R1 的轮次" in said(taking, "visits")[0][2]


def test_a_sealed_visit_is_neither_corrected_nor_told_of(sealed):
    by = clerk(area_paths=("",))
    assert (2, "code", "编号 V1 不能用，请换一个。") in said(take([round_("R2")], [visit(round="R2")], by=by), "visits")
    taking = take((), (), [answer(result=NA)], by=by)
    assert "没有编号为 V1 的检查" in said(taking, "answers")[0][2]
    assert Answer.objects.get().result != NA


def test_who_may_see_it_may_take_it_in(sealed):
    by = clerk(Permission.SEALED, area_paths=("",))
    assert not take(
        [round_("R1", name="改了名", kind=RoundKind.UNDERCOVER.value)], [visit(inspectors=("P2",))], by=by
    ).is_faulty


def test_once_released_it_is_a_round_like_others(sealed):
    Round.objects.update(released_at=AT)
    assert take((), [visit(inspectors=("P2",))], by=clerk()).tallies["visits"] == Tally(changed=1)


# --- Visits ------------------------------------------------------------------------------------------------------------


def test_answers_alone_correct_no_visit_beyond_ones_own():
    take([round_()], [visit(), visit("V2", "M-1")], [answer(), answer("CK-MARKET-01", visit="V2")])
    taking = take((), (), [answer(result=NA), answer("CK-MARKET-01", NA, visit="V2")], by=clerk())
    assert said(taking, "answers") == [(3, "visit", PLACE)]
    assert not Answer.objects.filter(result=NA).exists()


def test_who_holds_one_site_takes_in_its_visits_and_none_beside():
    keeper = clerk(area_paths=(), site_codes=frozenset({"BL-1"}))
    assert not take([round_()], [visit()], by=keeper).is_faulty
    assert said(take((), [visit("V2", "BL-2")], by=keeper), "visits") == [(2, "site", PLACE)]


# --- Where a visit lies ------------------------------------------------------------------------------------------------


def test_a_visit_lies_where_its_site_lay_when_it_was_made():
    take([round_()], [visit(), visit("V-after", at=AT)])
    here, there = Area.objects.get(code="1"), Area.objects.get(code="2")
    half_way = DAY.replace(day=15)
    change_site(site=Site.objects.get(code="BL-1"), area=there, by=organisation.chief(), at=AT, from_on=half_way)
    seen = {
        area.code: sorted(visible_visits(viewer(area_paths=(area.path,))).values_list("code", flat=True))
        for area in (here, there)
    }
    assert seen == {"1": ["V1"], "2": ["V-after"]}
    assert visible_visits(viewer()).count() == 2
    keeper = viewer(area_paths=(), site_codes=frozenset({"BL-1"}))
    assert visible_visits(keeper).count() == 2, "who answers for the site itself sees all that was found there"
    both = viewer(area_paths=(here.path, there.path))
    assert visible_visits(both).count() == 2


def viewer(**values):
    return organisation.clerk(Permission.VIEW, **values)


def test_the_day_a_site_moves_belongs_to_the_new_area(frozen_clock):
    take([round_()], [visit()])
    assert Visit.objects.get().at.date() == DAY
    change_site(
        site=Site.objects.get(code="BL-1"), area=Area.objects.get(code="2"), by=organisation.chief(), at=AT, from_on=DAY
    )
    assert not visible_visits(viewer(area_paths=(MINE,))).exists()
    assert visible_visits(viewer(area_paths=("2/",))).count() == 1
