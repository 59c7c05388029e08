"""Areas and sites from a register: added once, changed as moves, refused with line and field."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chuangwei.core import clock
from chuangwei.core.errors import NotAllowed
from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import Rows, Tally
from chuangwei.domain.places import actions
from chuangwei.domain.places.enums import Permission
from chuangwei.domain.places.models import Area, AreaSpell, Designation, Site, SiteSpell
from tests.factories import organisation, places
from tests.factories.imported import rows, said

pytestmark = pytest.mark.django_db
CHIEF = organisation.chief()
DAY = date(2023, 9, 4)
AT = clock.instant(DAY)
AREA = "code name kind parent population households boundary"
SITE = "code name kind area longitude latitude datum is_example note"
SQUARE = {"type": "Polygon", "coordinates": [[[104.0, 33.0], [105.0, 33.0], [105.0, 34.0], [104.0, 33.0]]]}
LARGER = {"type": "Polygon", "coordinates": [[[104.0, 33.0], [106.0, 33.0], [106.0, 34.0], [104.0, 33.0]]]}


def area(code: str, parent: str | None = None, **values: Any) -> tuple[Any, ...]:
    row = {"name": f"{code}社区", "kind": "社区", "population": None, "households": None, "boundary": None, **values}
    return (code, row["name"], row["kind"], parent, row["population"], row["households"], row["boundary"])


def site(code: str, in_area: str = "1", **values: Any) -> tuple[Any, ...]:
    row = {"name": f"{code}巷", "kind": "back_lane", "longitude": None, "latitude": None, "datum": "WGS84",
           "is_example": False, "note": "", **values}  # fmt: skip
    return (code, row["name"], row["kind"], in_area, *(row[name] for name in SITE.split()[4:]))


def take(areas: Rows | None = None, sites: Rows | None = None, **options: Any) -> Any:
    return actions.import_places(
        areas=areas or Rows(), sites=sites or Rows(), **{"by": CHIEF, "at": AT, **options}
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _kinds() -> None:
    places.site_kind("back_lane", aliases=["小巷"])
    places.site_kind("market")
    places.site_kind("old_lane", name="背街小巷（旧）", retired_on=DAY)


# --- Added ------------------------------------------------------------------------------------------------------------


def test_areas_are_added_in_any_order_as_if_they_had_always_been_there():
    taking = take(rows(AREA, area("12", "1"), area("1", "0"), area("0", population=9, households=4, boundary=SQUARE)))
    assert taking.tallies["areas"] == Tally(added=3)
    assert list(Area.objects.values_list("code", "path", "depth")) == [
        ("0", "0/", 1), ("1", "0/1/", 2), ("12", "0/1/12/", 3),
    ]  # fmt: skip
    top = Area.objects.get(code="0")
    assert (top.population, top.households, top.boundary, top.west, top.north) == (9, 4, SQUARE, 104.0, 34.0)
    assert list(AreaSpell.objects.values_list("area__code", "name", "parent__code", "from_on", "to_on")) == [
        ("0", "0社区", None, None, None), ("1", "1社区", "0", None, None), ("12", "12社区", "1", None, None),
    ]  # fmt: skip


def test_sites_are_added_with_their_position_in_one_datum():
    position = {"longitude": 104.911031, "latitude": 33.390025}
    take(
        rows(AREA, area("1")),
        rows(
            SITE, site("A", **position), site("B", datum="GCJ02", **position, is_example=True), site("C", kind="小巷")
        ),
    )
    first, second, third = Site.objects.order_by("code")
    assert (first.longitude, first.latitude, first.given_longitude) == (104.911031, 33.390025, 104.911031)
    assert abs(second.longitude - 104.911031) > 0.001
    assert (second.datum, second.given_longitude, second.is_example) == ("GCJ02", 104.911031, True)
    assert (third.longitude, third.kind.code) == (None, "back_lane")
    assert list(Designation.objects.values_list("site__code", "from_on", "to_on")) == [("B", None, None)]
    assert SiteSpell.objects.filter(from_on=None, to_on=None).count() == 3


def test_a_second_import_changes_nothing():
    areas = rows(AREA, area("1", population=3, boundary=SQUARE), area("12", "1"))
    sites = rows(SITE, site("A", longitude=104.9, latitude=33.3, datum="BD09", note="x"))
    take(areas, sites)
    later = AT + timedelta(days=3)
    taking = take(areas, sites, at=later)
    assert taking.tallies == {"areas": Tally(unchanged=2), "sites": Tally(unchanged=1)}
    assert not TransitionLog.objects.exists()
    assert (AreaSpell.objects.count(), SiteSpell.objects.count()) == (2, 1)


def test_what_the_file_does_not_name_stays():
    take(rows(AREA, area("1"), area("2")), rows(SITE, site("A")))
    take(rows(AREA, area("1")))
    assert set(Area.objects.values_list("code", flat=True)) == {"1", "2"}
    assert Site.objects.count() == 1


def test_a_column_that_is_not_there_says_nothing():
    take(rows(AREA, area("0"), area("1", "0", population=7)))
    taking = take(rows("code name kind", ("1", "1社区", "社区")))
    assert taking.tallies["areas"] == Tally(unchanged=1)
    assert Area.objects.get(code="1").path == "0/1/"
    take(sites=rows(SITE, site("A", longitude=104.9, latitude=33.3, note="x")))
    taking = take(sites=rows("code name kind area", ("A", "A巷", "背街小巷", "1")))
    assert taking.tallies["sites"] == Tally(unchanged=1)


def test_looking_only_saves_nothing():
    taking = take(rows(AREA, area("1")), rows(SITE, site("A")), save=False)
    assert (taking.tallies, taking.is_faulty, Area.objects.count()) == ({}, False, 0)
    assert "1" in taking.codes["areas"]
    assert "A" in taking.codes["sites"]


# --- Changed ----------------------------------------------------------------------------------------------------------


def test_a_changed_area_is_a_move_from_the_day_of_the_import():
    take(
        rows(AREA, area("0"), area("9"), area("1", "0"), area("12", "1"), area("3", "0", population=5, boundary=SQUARE))
    )
    taking = take(
        rows(AREA, area("1", "9", name="新名"), area("3", "0", population=6, boundary=LARGER), area("12", "1")),
        at=AT + timedelta(days=1),
    )
    assert taking.tallies["areas"] == Tally(changed=2, unchanged=1)
    assert Area.objects.get(code="12").path == "9/1/12/"
    spells = AreaSpell.objects.filter(area__code="1").order_by("pk")
    assert list(spells.values_list("name", "parent__code", "from_on", "to_on")) == [
        ("1社区", "0", None, DAY), ("新名", "9", DAY + timedelta(days=1), None),
    ]  # fmt: skip
    assert [(move.code, move.what, move.old, move.new) for move in taking.moves] == [
        ("1", "变更名称", "1社区", "新名"), ("1", "变更上级", "0", "9"), ("3", "变更人口", "5", "6"), ("3", "变更边界", "有", "有"),
    ]  # fmt: skip
    assert "105.0, 34.0" in TransitionLog.objects.get(move_name="变更边界").note


def test_an_empty_boundary_keeps_the_one_there_is_and_a_first_one_is_drawn():
    take(rows(AREA, area("1", boundary=SQUARE), area("2")))
    taking = take(rows(AREA, area("1"), area("2", boundary=SQUARE)))
    assert taking.tallies["areas"] == Tally(changed=1, unchanged=1)
    assert set(Area.objects.values_list("west", flat=True)) == {104.0}
    assert TransitionLog.objects.get().note == "导入底册"


def test_two_changes_on_one_day_leave_one_spell_of_that_day():
    take(rows(AREA, area("1"), area("2")), rows(SITE, site("A")))
    for number, into in enumerate(("2", "1", "2")):
        take(rows(AREA, area("1", name=f"名{number}")), rows(SITE, site("A", into)), at=AT + timedelta(hours=number))
    assert list(AreaSpell.objects.filter(area__code="1").order_by("pk").values_list("name", "from_on")) == [
        ("1社区", None), ("名2", DAY),
    ]  # fmt: skip
    assert list(SiteSpell.objects.order_by("pk").values_list("area__code", "from_on")) == [("1", None), ("2", DAY)]


def test_a_top_area_may_come_to_hang_below_a_new_one():
    take(rows(AREA, area("1"), area("12", "1")))
    take(rows(AREA, area("0"), area("1", "0")))
    assert list(Area.objects.values_list("path", flat=True)) == ["0/", "0/1/", "0/1/12/"]
    take(rows(AREA, area("1", None)))
    assert Area.objects.get(code="12").path == "1/12/"


def test_a_changed_site_is_a_move():
    take(rows(AREA, area("1"), area("2")), rows(SITE, site("A"), site("B", is_example=True), site("C")))
    taking = take(
        sites=rows(
            SITE, site("A", "2", kind="market", name="新巷", note="新"), site("B", longitude=104.9, latitude=33.3),
            site("C", is_example=True),
        ),
        at=AT + timedelta(days=1),
    )  # fmt: skip
    assert taking.tallies["sites"] == Tally(changed=3)
    moved = SiteSpell.objects.filter(site__code="A").order_by("pk")
    assert list(moved.values_list("kind__code", "area__code", "from_on", "to_on")) == [
        ("back_lane", "1", None, DAY), ("market", "2", DAY + timedelta(days=1), None),
    ]  # fmt: skip
    assert SiteSpell.objects.exclude(site__code="A").count() == 2
    assert list(Designation.objects.order_by("pk").values_list("site__code", "from_on", "to_on")) == [
        ("B", None, DAY), ("C", DAY + timedelta(days=1), None),
    ]  # fmt: skip
    logged = {(log.subject_code, log.move_name): (log.source, log.target) for log in TransitionLog.objects.all()}
    assert logged == {
        ("A", "变更名称"): ("A巷", "新巷"), ("A", "变更备注"): ("", "新"), ("A", "变更类型"): ("back_lane", "market"),
        ("A", "变更区划"): ("1", "2"), ("B", "变更示范"): ("是", "否"), ("B", "变更坐标"): ("", "104.9,33.3 WGS84"),
        ("C", "变更示范"): ("否", "是"),
    }  # fmt: skip


def test_an_old_remark_stays_whole_in_the_history():
    take(rows(AREA, area("1")), rows(SITE, site("A", note="旧" * 300)))
    take(sites=rows(SITE, site("A", note="新")))
    assert TransitionLog.objects.get().note.endswith("旧" * 300)


def test_a_position_kept_before_its_source_was_is_compared_as_it_stands():
    made = places.site("A", in_area=places.area("1"), longitude=104.9, latitude=33.3)
    taking = take(sites=rows(SITE, site("A", name=made.name, longitude=104.9, latitude=33.3)))
    assert taking.tallies["sites"] == Tally(unchanged=1)


# --- Refused ----------------------------------------------------------------------------------------------------------


def test_a_reference_to_nothing_is_refused():
    taking = take(rows(AREA, area("1", "9")), rows(SITE, site("A", "8"), site("B", kind="花园")))
    assert said(taking, "areas") == [(2, "parent", "没有编码为 9 的区划。请先在『区划』表中添加，或改正编码。")]
    assert said(taking, "sites") == [
        (2, "area", "没有编码为 8 的区划。请先在『区划』表中添加，或改正编码。"),
        (3, "kind", "标准库里没有“花园”这种点位类型。"),
    ]
    assert not Area.objects.exists()


def test_what_refers_to_a_sheet_nobody_could_read_is_not_judged():
    taking = take(rows("name", ("甲",), is_whole=False, code=None), rows(SITE, site("A", "8")), save=False)
    assert not taking.is_faulty


def test_rings_are_refused_at_each_row_of_the_file():
    take(rows(AREA, area("0"), area("1", "0")))
    taking = take(rows(AREA, area("0", "12"), area("12", "1"), area("7", "7")))
    assert said(taking, "areas") == [
        (2, "parent", "上级编码绕成了一圈：0 → 12 → 1 → 0。"), (3, "parent", "上级编码绕成了一圈：0 → 12 → 1 → 0。"),
        (4, "parent", "上级编码绕成了一圈：7 → 7。"),
    ]  # fmt: skip


def test_areas_and_sites_share_one_set_of_codes():
    take(rows(AREA, area("1"), area("2")), rows(SITE, site("A")))
    taking = take(rows(AREA, area("A"), area("X")), rows(SITE, site("2"), site("X")))
    assert said(taking, "areas") == [(2, "code", "系统里已有编码为 A 的点位。区划和点位不能同码。")]
    assert said(taking, "sites") == [
        (3, "code", "编码 X 已用于『区划』第 3 行。区划和点位不能同码。"),
        (2, "code", "系统里已有编码为 2 的区划。区划和点位不能同码。"),
    ]


def test_codes_that_would_break_a_path_are_refused():
    taking = take(rows(AREA, area("1/2"), area("甲" * 64), *[area(f"{n}" * 64, f"{n - 1}" * 64) for n in range(2, 9)]))
    assert said(taking, "areas")[0] == (2, "code", "区划编码里不能有 /：“1/2”。")
    chain = [area("a" * 64), *[area(f"{n}" * 64, "a" * 64 if n == 1 else f"{n - 1}" * 64) for n in range(1, 8)]]
    taking = take(rows(AREA, *chain))
    assert said(taking, "areas") == [(9, "parent", "从最上级到这里的编码连起来超过 512 个字符。请缩短编码。")]


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"longitude": 104.9}, "latitude", "须同时填写"),
        ({"latitude": 33.3}, "longitude", "须同时填写"),
        ({"longitude": 33.3, "latitude": 104.9}, "longitude", "写反了"),
        ({"longitude": 72.9, "latitude": 33.3}, "longitude", "不在 73 至 136 之间"),
        ({"longitude": 104.9, "latitude": 54.1}, "latitude", "不在 3 至 54 之间"),
        ({"kind": "背街小巷（旧）"}, "kind", "没有“背街小巷（旧）”"),
        ({"kind": "two"}, "kind", "可以指 k1（甲）、k2（乙），请写编码"),
    ],
)
def test_a_site_is_refused(values: dict[str, Any], field: str, words: str):
    places.site_kind("k1", name="甲", aliases=["two"])
    places.site_kind("k2", name="乙", aliases=["two"])
    ((line, found, message),) = said(take(rows(AREA, area("1")), rows(SITE, site("A", **values))), "sites")
    assert (line, found) == (2, field)
    assert words in message


def test_a_row_with_unreadable_cells_adds_no_faults_of_its_own():
    taking = take(rows(AREA, (None,) * 7), rows(SITE, (None,) * 9, ("A", *[None] * 8)), save=False)
    assert not taking.is_faulty


def test_nobody_changes_places_beyond_their_own():
    take(rows(AREA, area("0"), area("1", "0"), area("2", "0")), rows(SITE, site("A"), site("B", "2")))
    clerk = organisation.clerk(Permission.EDIT, area_paths=("0/1/",))
    taking = take(rows(AREA, area("0"), area("1", "0", name="新"), area("2", "0", name="新")), by=clerk)
    assert said(taking, "areas") == [(4, "code", "这个区划不在您的管辖范围内，不能添加或更改。")]
    taking = take(sites=rows(SITE, site("A", name="新"), site("B", "1"), site("C", "2")), by=clerk)
    assert [line for line, _, _ in said(taking, "sites")] == [3, 4]
    assert take(rows(AREA, area("1", "0", name="新")), by=clerk).tallies["areas"] == Tally(changed=1)


def test_sites_that_stay_the_same_pass_wherever_they_lie():
    take(rows(AREA, area("0"), area("1", "0"), area("2", "0")), rows(SITE, site("A"), site("B", "2")))
    clerk = organisation.clerk(Permission.EDIT, area_paths=("0/1/",))
    assert take(sites=rows(SITE, site("A"), site("B", "2")), by=clerk).tallies["sites"] == Tally(unchanged=2)
    beyond = [(3, "code", "这个点位不在您的管辖范围内，不能添加或更改。")]
    assert said(take(sites=rows(SITE, site("A"), site("B", "2", name="新")), by=clerk), "sites") == beyond


def test_who_answers_for_one_site_changes_it_and_moves_it_nowhere():
    take(rows(AREA, area("0"), area("1", "0"), area("2", "0")), rows(SITE, site("A"), site("B")))
    keeper = organisation.clerk(Permission.EDIT, area_paths=(), site_codes=frozenset({"A"}))
    assert take(sites=rows(SITE, site("A", name="新")), by=keeper).tallies["sites"] == Tally(changed=1)
    taking = take(sites=rows(SITE, site("A", "2", name="新"), site("B", name="新")), by=keeper)
    assert [line for line, _, _ in said(taking, "sites")] == [2, 3]


def test_a_stranger_may_not():
    with pytest.raises(NotAllowed):
        take(by=organisation.stranger())


def test_the_day_of_an_import_is_that_of_shanghai():
    take(rows(AREA, area("1")))
    take(rows(AREA, area("1", name="新")), at=datetime.fromisoformat("2023-09-09T17:00:00+00:00"))
    assert AreaSpell.objects.latest("pk").from_on == date(2023, 9, 10)
