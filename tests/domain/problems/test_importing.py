"""Problems from a ledger: brought to their state by the table, moved on, refused with line and field."""

from datetime import timedelta
from typing import Any

import pytest

from chuangwei.core import presets
from chuangwei.core.errors import NotAllowed
from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import Codes, Rows, Tally
from chuangwei.domain.problems import actions
from chuangwei.domain.problems.enums import Permission, Source
from chuangwei.domain.problems.enums import ProblemState as S
from chuangwei.domain.problems.models import Problem
from tests.factories import organisation, places, standards
from tests.factories.imported import rows, said
from tests.factories.problems import MONDAY, problem

pytestmark = pytest.mark.django_db
CHIEF = organisation.chief()
FIELDS = (
    "code source site area category description found_at unit dispatched_at due_at fixed_at verified_at closed_at state"
)
HOURS = [MONDAY + timedelta(hours=hour) for hour in range(48)]
AT = MONDAY + timedelta(days=30)
SENT = {"unit": "U1", "dispatched_at": HOURS[1], "due_at": HOURS[9]}
DONE = {**SENT, "fixed_at": HOURS[2], "verified_at": HOURS[3], "closed_at": HOURS[4], "state": S.CLOSED}


def row(code: str = "WT-1", **values: Any) -> tuple[Any, ...]:
    whole = {
        "source": Source.RESIDENT.value, "site": "BL-1", "category": "占道经营", "description": "井盖破损",
        "found_at": HOURS[0], "state": S.DISPATCHED, **values,
    }  # fmt: skip
    return (code, *(whole.get(name) for name in FIELDS.split()[1:]))


def take(*values: tuple[Any, ...], **options: Any) -> Any:
    return actions.import_problems(problems=rows(FIELDS, *values), **{"by": CHIEF, "at": AT, **options})


@pytest.fixture(autouse=True)
def _town() -> None:
    community = places.area("1")
    places.area("2")
    places.site("BL-1", in_area=community)
    places.site("BL-2", in_area=community)
    organisation.unit("U1")
    organisation.unit("U2")
    standards.category()


def moves() -> list[tuple[str, str, str]]:
    return list(TransitionLog.objects.values_list("move", "source", "target"))


# --- Added ------------------------------------------------------------------------------------------------------------


def test_a_problem_comes_to_its_state_by_the_moves_of_the_table():
    taking = take(row(**DONE))
    made = Problem.objects.get()
    assert taking.tallies["problems"] == Tally(added=1)
    assert (made.state, made.site.code, made.area.code, made.unit.code) == (S.CLOSED, "BL-1", "1", "U1")  # type: ignore[union-attr]
    assert (made.due_at, made.fixed_at, made.closed_at, made.category.code) == (HOURS[9], HOURS[2], HOURS[4], "09006")
    logged = TransitionLog.objects.values_list("move", "source", "target", "at")
    assert list(logged) == [
        ("file", S.REPORTED, S.FILED, HOURS[0]), ("dispatch", S.FILED, S.DISPATCHED, HOURS[1]),
        ("report_fixed", S.DISPATCHED, S.FIXED, HOURS[2]), ("close", S.FIXED, S.CLOSED, HOURS[4]),
    ]  # fmt: skip
    assert taking.moves == []


def test_a_move_without_a_time_of_its_own_is_dated_by_the_import():
    take(row(**SENT, state=S.PENDING))
    assert [log.at for log in TransitionLog.objects.all()] == [HOURS[0], HOURS[1], AT]
    assert Problem.objects.get().pending_since is None


def test_what_was_put_right_on_the_spot_was_closed_at_once():
    take(row(state=S.CLOSED, closed_at=HOURS[1]))
    made = Problem.objects.get()
    assert (made.fixed_at, made.closed_at, made.unit) == (HOURS[1], HOURS[1], None)


def test_work_sent_back_is_counted():
    take(row(**SENT, fixed_at=HOURS[2], verified_at=HOURS[3]))
    made = Problem.objects.get()
    assert (made.state, made.rework_count, made.fixed_at, made.verified_at) == (S.DISPATCHED, 1, HOURS[2], HOURS[3])


def test_the_site_decides_where_both_places_are_given():
    take(row(area="2", **SENT), row("WT-2", site=None, area="2", **SENT))
    assert list(Problem.objects.order_by("code").values_list("site__code", "area__code")) == [
        ("BL-1", "1"),
        (None, "2"),
    ]


def test_a_problem_found_again_is_tied_to_the_one_closed_before():
    old = problem(site=places.site("BL-3", in_area=places.area("3")), state=S.CLOSED, fixed_at=MONDAY, closed_at=MONDAY)
    later = {"found_at": MONDAY + timedelta(days=20), "state": S.FILED}
    take(
        row("A", **DONE), row("B", **later), row("C", site="BL-2", **later), row("D", site="BL-3", **later),
        row("E", **{**later, "found_at": MONDAY + timedelta(days=60)}),
    )  # fmt: skip
    ties = dict(Problem.objects.values_list("code", "comes_back_of__code"))
    assert ties == {old.code: None, "A": None, "B": "A", "C": None, "D": old.code, "E": None}


def test_a_problem_put_right_on_the_spot_is_tied_to_the_one_before_it():
    spot = {"found_at": MONDAY + timedelta(days=3), "closed_at": MONDAY + timedelta(days=3), "state": S.CLOSED}
    take(row("A", **DONE), row("B", **spot), row("C", **spot))
    ties = dict(Problem.objects.values_list("code", "comes_back_of__code"))
    assert ties == {"A": None, "B": "A", "C": "B"}


def test_the_window_of_recurrence_is_that_of_the_preset_of_the_place():
    text = '[preset]\nslug = "a"\ntitle = "甲"\n[areas]\nlevels = ["社区"]\n[ledger]\nrecurrence_days = 5\n'
    document = presets.read_preset(text, "a.toml")
    presets.use_preset(document=document, area_code="1", from_on=None, by=CHIEF, at=MONDAY)
    later = {"found_at": MONDAY + timedelta(days=6), "state": S.FILED}
    take(
        row("A", **DONE), row("B", **later), row("C", **DONE, site=None, area="2"),
        row("D", **later, site=None, area="2"),
    )  # fmt: skip
    ties = dict(Problem.objects.values_list("code", "comes_back_of__code"))
    assert ties == {"A": None, "B": None, "C": None, "D": "C"}


def test_a_second_import_changes_nothing():
    table = [
        row("A", **DONE), row("B", **SENT, state=S.PENDING), row("C", site=None, area="2", state=S.REJECTED),
        row("D", state=S.CLOSED, closed_at=HOURS[1]), row("E", **SENT, fixed_at=HOURS[2], verified_at=HOURS[3]),
        row("F", **SENT, fixed_at=HOURS[2], verified_at=HOURS[3], state=S.REOPENED),
    ]  # fmt: skip
    take(*table)
    logged = TransitionLog.objects.count()
    assert take(*table).tallies["problems"] == Tally(unchanged=6)
    assert TransitionLog.objects.count() == logged


# --- Changed ----------------------------------------------------------------------------------------------------------


def test_a_problem_moves_on_from_where_it_is_held():
    take(row(**SENT))
    taking = take(row(**DONE))
    assert taking.tallies["problems"] == Tally(changed=1)
    assert moves()[2:] == [
        ("change", "", str(HOURS[2])), ("change", "", str(HOURS[3])), ("change", "", str(HOURS[4])),
        ("report_fixed", S.DISPATCHED, S.FIXED), ("close", S.FIXED, S.CLOSED),
    ]  # fmt: skip
    assert Problem.objects.get().closed_at == HOURS[4]


def test_empty_cells_say_nothing():
    take(row(**DONE))
    assert take(row(state=S.CLOSED)).tallies["problems"] == Tally(unchanged=1)


def test_a_problem_that_came_back_is_no_longer_closed():
    take(row(**DONE))
    take(row(**{**DONE, "closed_at": None, "state": S.REOPENED}))
    assert (Problem.objects.get().state, Problem.objects.get().closed_at) == (S.REOPENED, None)


def test_corrected_words_and_places_are_logged():
    take(row(**SENT))
    taking = take(row(**{**SENT, "unit": "U2"}, site="BL-2", description="盖板破损", source=Source.PATROL.value))
    assert [(move.what, move.old, move.new) for move in taking.moves] == [
        ("变更来源", "resident", "patrol"), ("变更点位", "BL-1", "BL-2"), ("变更描述", "见说明", "见说明"),
        ("变更责任单位", "U1", "U2"),
    ]  # fmt: skip
    assert TransitionLog.objects.get(move_name="变更描述").note == "导入台账；原描述：井盖破损"
    take(row(**SENT, site=None, area="2"))
    assert (Problem.objects.get().site, Problem.objects.get().area.code) == (None, "2")


def test_a_site_that_moved_leaves_its_old_problems_where_they_were():
    take(row(**SENT))
    other = places.area("9")
    held = Problem.objects.get()
    held.site.area = other  # type: ignore[union-attr]
    held.site.save()  # type: ignore[union-attr]
    assert take(row(**SENT)).tallies["problems"] == Tally(unchanged=1)


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"site": None}, "site", "点位编码和区划编码至少填一个"),
        ({"site": "BL-9"}, "site", "没有编码为 BL-9 的点位"),
        ({"area": "9"}, "area", "没有编码为 9 的区划"),
        ({"unit": "U9"}, "unit", "没有编码为 U9 的单位"),
        ({"category": "外星人"}, "category", "没有“外星人”这个问题类别"),
        ({"category": "积水"}, "category", "“积水”可以指 08001、08002，请写编码"),
        ({"unit": None}, "unit", "“已派遣”的问题须有责任单位"),
        ({"due_at": None}, "due_at", "“已派遣”的问题须有整改期限"),
        ({"state": S.CLOSED}, "fixed_at", "已销号的问题须有整改时间"),
        ({"state": S.MERGED, "closed_at": HOURS[3]}, "fixed_at", "有销号时间，却没有整改时间"),
        ({"fixed_at": HOURS[0]}, "fixed_at", "整改时间早于派遣时间"),
        ({"state": S.FIXED}, "state", "到不了“待核查”"),
    ],
)
def test_a_row_is_refused(values: dict[str, Any], field: str, words: str):
    standards.category("08001", name="积水(道路)")
    standards.category("08002", name="积水(小区)")
    taking = take(row(**{**SENT, **values}))
    found = [message for line, name, message in said(taking, "problems") if (line, name) == (2, field)]
    assert any(words in message for message in found)
    assert not Problem.objects.exists()


def test_a_state_out_of_reach_refuses_the_whole_file():
    take(row(**DONE))
    taking = take(row(**SENT), row("WT-2", **SENT))
    assert said(taking, "problems") == [(2, "state", "现为“已销号”，到不了“已派遣”，或缺少这一步的时间。")]
    assert Problem.objects.count() == 1


def test_what_is_not_saved_yet_counts_as_known():
    taking = take(
        row(**{**SENT, "unit": "U9"}, site="BL-9", area="9"), areas=Codes(["9"]), sites=Codes(["BL-9"]),
        units=Codes(["U9"]), save=False,
    )  # fmt: skip
    assert not taking.is_faulty


def test_a_row_with_unreadable_cells_adds_no_faults_of_its_own():
    taking = take((None,) * 14, row(category=None, state=None), row(found_at=None), save=False)
    assert not taking.is_faulty
    assert actions.import_problems(problems=Rows(), by=CHIEF, at=AT).tallies["problems"] == Tally()


def test_nobody_changes_problems_beyond_their_own():
    take(row(**SENT), row("WT-2", site=None, area="2", **SENT))
    clerk = organisation.clerk(Permission.FILE, area_paths=("1/",))
    assert take(row(**SENT), row("WT-2", site=None, area="2", **SENT), by=clerk).tallies["problems"] == Tally(
        unchanged=2
    )
    changed = [row(**SENT, description="新"), row("WT-2", **SENT), row("WT-3", site=None, area="2", **SENT)]
    assert [line for line, _, _ in said(take(*changed, by=clerk), "problems")] == [3, 4]


def test_a_stranger_may_not():
    with pytest.raises(NotAllowed):
        take(by=organisation.stranger())
