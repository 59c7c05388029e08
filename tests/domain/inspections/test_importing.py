"""Rounds, visits and answers from a workbook: scored as they come, corrected with both versions kept."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from chuangwei.core import clock
from chuangwei.core.errors import NotAllowed
from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import Codes, Rows, Tally
from chuangwei.domain.inspections import actions, consistency
from chuangwei.domain.inspections.actions import PublishedDays
from chuangwei.domain.inspections.actions.visit_rows import BATCH
from chuangwei.domain.inspections.enums import Permission, Result, RoundKind
from chuangwei.domain.inspections.models import Answer, Round, Visit, VisitInspector, VisitRevision
from chuangwei.domain.places import actions as places_actions
from chuangwei.domain.standards.models import Check, Checklist
from tests.factories import organisation, places, problems, standards
from tests.factories.imported import rows, said

CHIEF = organisation.chief()
DAY = date(2023, 9, 4)
NINE = clock.instant(DAY) + timedelta(hours=9)
AT = NINE + timedelta(days=30)
ROUND = "code name kind starts_on ends_on team"
VISIT = "code round site at inspectors"
ANSWER = "visit check result occurrences deduction note"
FAIL, PASS, NA = Result.FAIL.value, Result.PASS.value, Result.NOT_APPLICABLE.value
ONE, TWO, THREE = (f"CK-BACK_LANE-{number:02}" for number in (1, 2, 3))


def round_(code: str = "R1", team: str | None = None, **values: Any) -> tuple[Any, ...]:
    whole = {"name": "第一轮", "kind": RoundKind.REGULAR.value, "starts_on": DAY, "ends_on": DAY, **values}
    return (code, whole["name"], whole["kind"], whole["starts_on"], whole["ends_on"], team)


def visit(code: str = "V1", site: str = "BL-1", **values: Any) -> tuple[Any, ...]:
    return (code, values.get("round", "R1"), site, values.get("at", NINE), values.get("inspectors", ("P1",)))


def answer(check: str = ONE, result: str = FAIL, occurrences: int | None = None, **values: Any) -> tuple[Any, ...]:
    deduction = values.get("deduction")
    return (
        values.get("visit", "V1"), check, result, occurrences, None if deduction is None else Decimal(deduction),
        values.get("note", ""),
    )  # fmt: skip


def take(rounds: Any = (), visits: Any = (), answers: Any = (), **options: Any) -> Any:
    return actions.import_visits(
        **{
            "rounds": as_rows(ROUND, rounds), "visits": as_rows(VISIT, visits), "answers": as_rows(ANSWER, answers),
            "by": CHIEF, "at": AT, **options,
        }
    )  # fmt: skip


def as_rows(fields: str, values: Any) -> Rows:
    return values if isinstance(values, Rows) else rows(fields, *values)


def make_town() -> None:
    community = places.area("1", parent=places.area("0", kind="乡镇"))
    for code in ("BL-1", "BL-2"):
        places.site(code, in_area=community)
    places.site("M-1", in_area=places.area("2"), kind="market")
    standards.checklist(points=("60", "30", "10"))
    Check.objects.filter(code=ONE).update(veto_below_rate=Decimal("0.7"))
    Check.objects.filter(code=TWO).update(line="道路")
    standards.checklist("market", points=("100",))
    places.site("G-1", in_area=community, kind="garden")
    for code in ("P1", "P2"):
        organisation.person(code)
    organisation.unit("U1")


@pytest.fixture
def town(db: None) -> None:
    make_town()


def sums(code: str = "V1") -> tuple[Any, ...]:
    row = Visit.objects.get(code=code)
    return (
        row.got,
        row.possible,
        row.line_got,
        row.line_possible,
        row.is_vetoed,
        row.is_own_vetoed,
        row.is_line_vetoed,
    )


# --- Added ------------------------------------------------------------------------------------------------------------


def test_visits_are_scored_as_they_are_added(town: None):
    taking = take(
        [round_(team="U1")],
        [visit(inspectors=("P2", "P1")), visit("V2", "M-1"), visit("V3", "BL-2")],
        [
            answer(ONE, occurrences=3), answer(TWO, deduction="0.25", note="路面"), answer(THREE, NA),
            answer("CK-MARKET-01", visit="V2"), answer(ONE, PASS, visit="V3"),
        ],
    )  # fmt: skip
    assert taking.tallies == {"rounds": Tally(1), "visits": Tally(3), "answers": Tally(5)}
    assert sums() == (Decimal("86.75"), 90, Decimal("29.75"), 30, False, False, False)
    assert sums("V2") == (99, 100, 0, 0, False, False, False)
    assert sums("V3") == (100, 100, 30, 30, False, False, False)
    assert list(VisitInspector.objects.filter(visit__code="V1").order_by("order").values_list("person__code", flat=True)) == [
        "P2", "P1",
    ]  # fmt: skip
    kept = Answer.objects.filter(visit__code="V1").order_by("check_item__order")
    assert list(kept.values_list("result", "occurrences", "deduction", "lost", "note")) == [
        (FAIL, 3, None, 3, ""), (FAIL, None, Decimal("0.25"), Decimal("0.25"), "路面"), (NA, None, None, 0, ""),
    ]  # fmt: skip
    assert list(consistency.checks()) == []


@pytest.mark.parametrize(("lost", "is_vetoed"), [("18", False), ("18.0001", True)])
def test_a_check_vetoes_below_its_rate(town: None, lost: str, *, is_vetoed: bool):
    take([round_()], [visit()], [answer(ONE, deduction=lost)])
    assert sums()[4:] == (is_vetoed, is_vetoed, False)


def test_a_second_import_changes_nothing(town: None):
    books: tuple[Any, ...] = (
        [round_(team="U1")], [visit(inspectors=("P2", "P1")), visit("V2", "M-1")],
        [answer(ONE, occurrences=3), answer(TWO, deduction="0.25", note="路面"), answer(THREE, NA)],
    )  # fmt: skip
    take(*books)
    taking = take(*books, at=AT + timedelta(days=1))
    assert taking.tallies == {"rounds": Tally(0, 0, 1), "visits": Tally(0, 0, 2), "answers": Tally(0, 0, 3)}
    assert not TransitionLog.objects.exists()
    assert not VisitRevision.objects.exists()


def test_many_visits_are_found_again(town: None):
    visits = [visit(f"V{number}") for number in range(BATCH + 3)]
    take([round_()], visits, [answer(visit=f"V{number}") for number in range(BATCH + 3)])
    assert take((), visits, [answer(visit="V7", occurrences=1)]).tallies == {
        "rounds": Tally(), "visits": Tally(unchanged=BATCH + 3), "answers": Tally(changed=1),
    }  # fmt: skip
    assert VisitInspector.objects.count() == BATCH + 3


def test_a_visit_is_scored_by_the_kind_of_its_day(town: None):
    lane, market = places.site("X", in_area=places.area("9")), places.site_kind("market")
    places_actions.change_site(site=lane, kind=market, from_on=DAY, by=CHIEF, at=AT)
    take(
        [round_()],
        [visit("V1", "X", at=NINE - timedelta(days=1)), visit("V2", "X")],
        [answer(ONE), answer("CK-MARKET-01", visit="V2")],
    )
    assert list(Visit.objects.order_by("code").values_list("checklist__code", flat=True)) == [
        "CK-BACK_LANE",
        "CK-MARKET",
    ]


def test_a_kept_visit_keeps_the_version_of_its_checklist(town: None):
    take([round_()], [visit()], [answer(ONE)])
    Checklist.objects.filter(code="CK-BACK_LANE").update(is_current=False)
    newer = Checklist.objects.create(
        code="CK-BACK_LANE", version=2, site_kind=places.site_kind(), title="新", full_points=5, loaded_at=AT
    )
    Check.objects.create(checklist=newer, code="NEW-1", order=1, text="新", points=5, deduct_per=1)
    taking = take((), [visit(), visit("V2")], [answer(ONE), answer(TWO), answer("NEW-1", visit="V2")])
    assert taking.tallies["answers"] == Tally(added=2, unchanged=1)
    assert (sums()[1], sums("V2")[1]) == (100, 5)


# --- Corrected --------------------------------------------------------------------------------------------------------


def test_a_correction_keeps_both_versions(town: None):
    take([round_(), round_("R2")], [visit()], [answer(ONE, occurrences=1, note="旧"), answer(THREE, NA)])
    taking = take(
        (), [visit(round="R2", at=NINE + timedelta(hours=1), inspectors=("P2",))],
        [answer(ONE, occurrences=2), answer(TWO), answer(THREE, NA)],
    )  # fmt: skip
    assert taking.tallies == {"rounds": Tally(), "visits": Tally(0, 1), "answers": Tally(1, 1, 1)}
    assert [(move.code, move.what, move.old, move.new) for move in taking.moves] == [
        ("V1", "导入更正", "89/90", "87/90")
    ]
    now = Visit.objects.select_related("round").get()
    assert (now.version, now.round.code, now.at, now.got) == (2, "R2", NINE + timedelta(hours=1), 87)
    assert list(now.inspectors.values_list("person__code", flat=True)) == ["P2"]
    before = VisitRevision.objects.get()
    assert (before.version, before.reason, before.by_code, before.corrected_at) == (1, "导入更正", "chief", AT)
    assert before.content["answers"] == [
        {"check": ONE, "result": "fail", "occurrences": 1, "deduction": None, "note": "旧"},
        {"check": THREE, "result": "na", "occurrences": None, "deduction": None, "note": ""},
    ]
    assert (before.content["round"], before.content["inspectors"], before.content["got"]) == ("R1", ["P1"], "89")
    assert list(consistency.checks()) == []


def test_answers_alone_correct_a_visit_that_is_there(town: None):
    take([round_()], [visit(), visit("V2")], [answer(ONE, deduction="20")])
    assert sums()[4] is True
    taking = take((), (), [answer(ONE, deduction="2.5"), answer(ONE, visit="V2")])
    assert taking.tallies == {"rounds": Tally(), "visits": Tally(), "answers": Tally(1, 1)}
    assert (sums()[0], sums()[4], sums("V2")[0]) == (Decimal("97.5"), False, 99)
    assert VisitRevision.objects.get(visit__code="V1").content["answers"][0]["deduction"] == "20"
    assert TransitionLog.objects.filter(source="80/100，一票否决").exists()


def test_a_visit_alone_is_corrected_without_its_answers(town: None):
    take([round_()], [visit()], [answer(ONE, occurrences=4)])
    take((), [visit(site="BL-2")])
    now = Visit.objects.get()
    assert (now.site.code, now.got, now.answers.count(), now.version) == ("BL-2", 96, 1, 2)  # type: ignore[union-attr]


def test_a_visit_moved_to_another_kind_of_place_has_another_sheet(town: None):
    take([round_()], [visit()], [answer(ONE, occurrences=4)])
    take((), [visit(site="M-1")], [answer("CK-MARKET-01", occurrences=7)])
    assert (sums()[:2], list(Answer.objects.values_list("check_item__code", flat=True))) == (
        (93, 100),
        ["CK-MARKET-01"],
    )
    assert VisitRevision.objects.get().content["answers"][0]["check"] == ONE
    assert list(consistency.checks()) == []


@pytest.mark.parametrize(
    ("area", "first", "last", "is_refused"),
    [("", DAY, DAY, True), ("0", DAY, DAY, True), ("1", DAY, DAY, True), ("2", DAY, DAY, False),
     ("0", DAY + timedelta(days=1), DAY + timedelta(days=9), False), ("0", DAY - timedelta(days=9), DAY - timedelta(days=1), False)],
)  # fmt: skip
def test_nothing_of_a_published_period_is_corrected(
    town: None, area: str, first: date, last: date, *, is_refused: bool
):
    take([round_()], [visit()], [answer(ONE, occurrences=4)])
    taking = take((), [visit(inspectors=("P2",))], [answer(ONE)], published=[PublishedDays(area, first, last)])
    assert taking.is_faulty is is_refused
    if is_refused:
        message = "这次检查所在的周期已经公示，不能用导入更正。请走异议程序。"
        assert (said(taking, "visits"), said(taking, "answers")) == ([(2, "", message)], [(2, "", message)])
        assert sums()[0] == 96


def test_a_visit_is_not_moved_into_a_published_period(town: None):
    later = NINE + timedelta(days=9)
    take([round_()], [visit(at=later)])
    days = [PublishedDays("", DAY, DAY)]
    assert take((), [visit()], published=days).is_faulty
    assert not take((), [visit(at=later)], published=days).is_faulty


def test_a_visit_that_arrives_after_publication_is_taken_in(town: None):
    assert not take([round_()], [visit()], published=[PublishedDays("", DAY, DAY)]).is_faulty


def test_a_visit_to_an_area_is_protected_too(town: None):
    take([round_()], [visit()])
    Visit.objects.update(site=None, area=places.area("77"))
    assert take((), (), [answer(ONE)], published=[PublishedDays("77", DAY, DAY)]).is_faulty


def test_a_changed_round_is_logged(town: None):
    take([round_(), round_("R2", team="U1")])
    taking = take([round_(team="U1", name="新", ends_on=DAY + timedelta(days=1)), round_("R2")])
    assert taking.tallies["rounds"] == Tally(changed=2)
    assert [(move.code, move.what, move.old, move.new) for move in taking.moves] == [
        ("R1", "变更名称", "第一轮", "新"), ("R1", "变更结束日期", "2023-09-04", "2023-09-05"), ("R1", "变更督查组", "", "U1"),
        ("R2", "变更督查组", "U1", ""),
    ]  # fmt: skip
    assert Round.objects.get(code="R1").team.code == "U1"  # type: ignore[union-attr]


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rounds", "visits", "answers", "found"),
    [
        ([round_(team="U9")], (), (), ("rounds", 2, "team", "没有编码为 U9 的单位")),
        (
            [round_(ends_on=DAY - timedelta(days=1))],
            (),
            (),
            ("rounds", 2, "ends_on", "结束日期 2023-09-03 早于开始日期"),
        ),
        ((), [visit()], (), ("visits", 2, "round", "没有编码为 R1 的轮次")),
        ([round_()], [visit(site="X")], (), ("visits", 2, "site", "没有编码为 X 的点位")),
        ([round_()], [visit(inspectors=("P1", "P9"))], (), ("visits", 2, "inspectors", "没有编码为 P9 的人员")),
        ([round_()], [visit(site="G-1")], (), ("visits", 2, "site", "类型 garden 没有检查表")),
        ((), (), [answer()], ("answers", 2, "visit", "没有编号为 V1 的检查")),
        (
            [round_()],
            [visit()],
            [answer("CK-MARKET-01")],
            ("answers", 2, "check", "属于『market检查表』，这个点位用的是『back_lane检查表』"),
        ),
        (
            [round_()],
            [visit()],
            [answer("CK-9")],
            ("answers", 2, "check", "『back_lane检查表』里没有编码为 CK-9 的检查项"),
        ),
        ([round_()], [visit()], [answer(result=PASS, occurrences=1)], ("answers", 2, "occurrences", "合格或不适用")),
        ([round_()], [visit()], [answer(result=NA, deduction="1")], ("answers", 2, "deduction", "合格或不适用")),
        ([round_()], [visit()], [answer(occurrences=0)], ("answers", 2, "occurrences", "处数不能是 0")),
        ([round_()], [visit()], [answer(occurrences=0, deduction="1")], ("answers", 2, "occurrences", "处数不能是 0")),
        (
            [round_()],
            [visit()],
            [answer(THREE, deduction="10.5")],
            ("answers", 2, "deduction", "扣分超过了检查项的分值"),
        ),
    ],
)
def test_a_row_is_refused(town: None, rounds: Any, visits: Any, answers: Any, found: tuple[str, int, str, str]):
    name, line, field, words = found
    taking = take(rounds, visits, answers)
    assert [(at, column) for at, column, _ in said(taking, name)] == [(line, field)]
    assert words in said(taking, name)[0][2]
    assert not Visit.objects.exists()


def test_a_site_that_was_not_there_yet_is_refused(town: None):
    places.site("NEW", in_area=places.area("9"), starts_on=DAY + timedelta(days=1))
    assert said(take([round_()], [visit(site="NEW")]), "visits") == [
        (2, "site", "点位 NEW 在 2023-09-04 还没有设立，或已撤销。")
    ]


def test_what_is_not_saved_yet_counts_as_known(town: None):
    taking = take(
        [round_(team="U9")], [visit(site="X", inspectors=("P9",))], [answer("ANY")], sites=Codes(["X"]),
        persons=Codes(["P9"]), units=Codes(["U9"]), save=False,
    )  # fmt: skip
    assert not taking.is_faulty


def test_what_refers_to_sheets_nobody_could_read_is_not_judged(town: None):
    broken = rows("name", ("甲",), is_whole=False, code=None)
    nothing = Rows(columns={"code": []}, is_whole=False)
    assert not take(broken, nothing, [answer()], save=False).is_faulty
    assert not take(broken, [visit()], save=False).is_faulty


def test_rows_with_unreadable_cells_add_no_faults_of_their_own(town: None):
    taking = take(
        [(None,) * 6, ("R1", None, None, DAY, None, None)], [(None,) * 5, visit(at=None), ("V2", None, None, None, None)],
        [(None,) * 6, ("V1", None, None, None, None, ""), ("V2", ONE, FAIL, None, None, "")], save=False,
    )  # fmt: skip
    assert not taking.is_faulty


def test_nobody_records_visits_beyond_their_own(town: None):
    take([round_()], [visit(), visit("V2", "M-1")])
    clerk = organisation.clerk(Permission.RECORD, area_paths=("0/1/",))
    assert not take((), [visit(), visit("V2", "M-1"), visit("V3")], by=clerk).is_faulty
    moved = take((), [visit(inspectors=("P2",)), visit("V2"), visit("V4", "M-1")], by=clerk)
    assert said(moved, "visits") == [
        (line, "site", "这个点位不在您的管辖范围内，不能添加或更改它的检查。") for line in (3, 4)
    ]  # fmt: skip


def test_a_stranger_may_not(town: None):
    with pytest.raises(NotAllowed):
        take(by=organisation.stranger())


ANSWERS = st.dictionaries(
    st.sampled_from([ONE, TWO, THREE]),
    st.one_of(
        st.tuples(st.just(FAIL), st.none() | st.integers(1, 90), st.none()),
        st.tuples(st.just(FAIL), st.none(), st.decimals(0, 10, places=4)),
        st.tuples(st.sampled_from([PASS, NA]), st.none(), st.none()),
    ),
)


class TestAnyAnswers(TestCase):
    @given(ANSWERS, ANSWERS)
    @settings(max_examples=25, deadline=None)
    def test_what_is_kept_always_agrees_with_the_answers(self, first: dict[str, Any], second: dict[str, Any]) -> None:
        """Added at once or corrected into being, a visit's sums are those of its answers."""
        make_town()
        for answers in (first, second):
            take(
                [round_()], [visit()],
                [answer(check, result, count, deduction=points) for check, (result, count, points) in answers.items()],
            )  # fmt: skip
            assert list(consistency.checks()) == []
        assert Answer.objects.count() == len({*first, *second})


def test_a_correction_withdraws_the_problem_its_check_opened(town: None):
    take([round_()], [visit()], [answer(ONE, occurrences=2)])
    held = Visit.objects.get()
    found = problems.problem(site=held.site, state="filed", origin_kind="inspections.visit", origin_code="V1")
    Answer.objects.update(problem=found)
    take((), (), [answer(ONE, result="pass")])
    found.refresh_from_db()
    assert found.state == "rejected"
    log = TransitionLog.objects.get(subject_code=found.code, move="record-corrected")
    assert log.note == "检查 V1 已更正：此项改为合格"
