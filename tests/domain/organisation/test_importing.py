"""Units, persons and duties from a register: added once, changed as moves, refused with line and field."""

from datetime import date, timedelta
from typing import Any

import pytest

from chuangwei.core import clock
from chuangwei.core.errors import NotAllowed
from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import Codes, Rows, Tally
from chuangwei.domain.organisation import actions
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Duty, Membership, Person, Unit
from tests.factories import organisation, places
from tests.factories.imported import rows, said

pytestmark = pytest.mark.django_db
CHIEF = organisation.chief()
DAY = date(2023, 9, 4)
AT = clock.instant(DAY)
NEXT = {"at": AT + timedelta(days=1)}
UNIT = "code name kind parent area"
PERSON = "code name title unit phone"
DUTY = "holder role place starts_on ends_on hours"


def unit(code: str, parent: str | None = None, area: str | None = None, **values: Any) -> tuple[Any, ...]:
    return (code, values.get("name", f"{code}办"), values.get("kind", "部门"), parent, area)


def person(code: str, unit: str | None = None, **values: Any) -> tuple[Any, ...]:
    return (code, values.get("name", f"张{code}"), values.get("title", ""), unit, values.get("phone", ""))


def duty(holder: str, place: str, ends_on: date | None = None, **values: Any) -> tuple[Any, ...]:
    return (holder, values.get("role", "网格员"), place, values.get("starts_on", DAY), ends_on, values.get("hours", ""))


def take(units: Rows | None = None, persons: Rows | None = None, duties: Rows | None = None, **options: Any) -> Any:
    return actions.import_organisation(
        units=units or Rows(), persons=persons or Rows(), duties=duties or Rows(), **{"by": CHIEF, "at": AT, **options}
    )


@pytest.fixture(autouse=True)
def _places() -> None:
    community = places.area("1")
    places.site("BL-1", in_area=community)
    places.area("2")


# --- Added ------------------------------------------------------------------------------------------------------------


def test_all_is_added_in_any_order():
    taking = take(
        rows(UNIT, unit("U2", "U1", "1"), unit("U1")),
        rows(PERSON, person("P1", "U2", title="主任", phone="13800001234"), person("P2")),
        rows(DUTY, duty("P1", "BL-1"), duty("U2", "1", DAY, hours="8:00—12:00、14:00-18:00"), duty("P1", "BL-1", hours="全天")),
        save=False,
    )  # fmt: skip
    assert said(taking, "duties") == [
        (4, "holder", "与第 2 行是同一项责任：责任人、角色、对象、开始日期和时段都相同。")
    ]
    taking = take(
        rows(UNIT, unit("U2", "U1", "1"), unit("U1")),
        rows(PERSON, person("P1", "U2", title="主任", phone="13800001234"), person("P2")),
        rows(DUTY, duty("P1", "BL-1"), duty("U2", "1", DAY, hours="8:00—12:00、14:00-18:00")),
    )
    assert taking.tallies == {"units": Tally(2), "persons": Tally(2), "duties": Tally(2)}
    assert list(Unit.objects.values_list("code", "parent__code", "area__code")) == [
        ("U1", None, None),
        ("U2", "U1", "1"),
    ]
    first = Person.objects.get(code="P1")
    assert (first.title, first.phone) == ("主任", "13800001234")
    assert list(Membership.objects.values_list("person__code", "unit__code", "is_main", "from_on", "to_on")) == [
        ("P1", "U2", True, None, None)
    ]
    assert list(Duty.objects.values_list("person__code", "unit__code", "site__code", "area__code", "ends_on", "hours")) == [
        ("P1", None, "BL-1", None, None, ""), (None, "U2", None, "1", DAY, "08:00-12:00、14:00-18:00"),
    ]  # fmt: skip


def test_a_second_import_changes_nothing():
    books = (
        rows(UNIT, unit("U1"), unit("U2", "U1", "1")),
        rows(PERSON, person("P1", "U2", phone="13800001234")),
        rows(DUTY, duty("P1", "BL-1", hours="08:00-12:00")),
    )
    take(*books)
    taking = take(*books, **NEXT)
    assert taking.tallies == {"units": Tally(0, 0, 2), "persons": Tally(0, 0, 1), "duties": Tally(0, 0, 1)}
    assert not TransitionLog.objects.exists()
    assert Membership.objects.count() == 1


def test_columns_that_are_not_there_say_nothing():
    take(rows(UNIT, unit("U1"), unit("U2", "U1", "1")), rows(PERSON, person("P1", "U2", phone="138")))
    taking = take(
        rows("code name kind", ("U2", "U2办", "部门"), ("U3", "新", "部门")),
        rows("code name", ("P1", "张P1"), ("P3", "新")),
    )
    assert taking.tallies == {"units": Tally(1, 0, 1), "persons": Tally(1, 0, 1), "duties": Tally()}
    assert Unit.objects.get(code="U3").area is None


# --- Changed ----------------------------------------------------------------------------------------------------------


def test_a_changed_unit_is_logged():
    take(rows(UNIT, unit("U1"), unit("U2", "U1", "1")))
    taking = take(rows(UNIT, unit("U1", area="2"), unit("U2", None, "2", name="新", kind="企业")), **NEXT)
    assert taking.tallies["units"] == Tally(changed=2)
    assert [(move.code, move.what, move.old, move.new) for move in taking.moves] == [
        ("U1", "变更区划", "", "2社区（2）"), ("U2", "变更名称", "U2办", "新"), ("U2", "变更类型", "部门", "企业"),
        ("U2", "变更上级", "U1办（U1）", ""), ("U2", "变更区划", "1社区（1）", "2社区（2）"),
    ]  # fmt: skip
    assert Unit.objects.get(code="U2").parent is None
    take(rows(UNIT, unit("U2", "U1")))
    second = Unit.objects.select_related("parent").get(code="U2")
    assert (second.parent.code if second.parent else "", second.area) == ("U1", None)


def test_a_changed_person_is_logged_and_a_phone_only_masked():
    take(rows(UNIT, unit("U1"), unit("U2")), rows(PERSON, person("P1", "U1", phone="13800001234")))
    taking = take(persons=rows(PERSON, person("P1", "U2", name="李", title="主任", phone="13900005678")), **NEXT)
    assert taking.tallies["persons"] == Tally(changed=1)
    assert Person.objects.get().phone == "13900005678"
    assert [(move.what, move.old, move.new) for move in taking.moves] == [
        ("变更姓名", "张P1", "李"), ("变更职务", "", "主任"), ("变更单位", "U1", "U2"),
        ("变更手机", "138****1234", "139****5678"),
    ]  # fmt: skip
    assert list(Membership.objects.order_by("pk").values_list("unit__code", "from_on", "to_on")) == [
        ("U1", None, DAY), ("U2", DAY + timedelta(days=1), None),
    ]  # fmt: skip


def test_transfers_on_one_day_leave_one_unit_for_that_day():
    take(rows(UNIT, unit("U1"), unit("U2"), unit("U3")), rows(PERSON, person("P1", "U1"), person("P2", "U1")))
    for units in (("U2", "U2"), ("U3", None)):
        take(persons=rows(PERSON, person("P1", units[0]), person("P2", units[1])))
    spans = Membership.objects.order_by("person__code", "pk").values_list(
        "person__code", "unit__code", "from_on", "to_on"
    )
    before = DAY - timedelta(days=1)
    assert list(spans) == [
        ("P1", "U1", None, before), ("P1", "U3", DAY, None), ("P2", "U1", None, before), ("P2", "U2", DAY, DAY),
    ]  # fmt: skip
    take(persons=rows(PERSON, person("P2", "U1")), **NEXT)
    assert Membership.objects.get(person__code="P2", to_on=None).unit.code == "U1"


def test_a_masked_phone_is_the_one_there_is():
    take(persons=rows(PERSON, person("P1", phone="13800001234")))
    assert take(persons=rows(PERSON, person("P1", phone="138****1234"))).tallies["persons"] == Tally(unchanged=1)
    taking = take(persons=rows(PERSON, person("P1", phone="139****1234"), person("P2", phone="1**")))
    message = "手机号打了码，无法还原。请填完整号码；不改就留原样。"
    assert said(taking, "persons") == [(2, "phone", message), (3, "phone", message)]


def test_only_the_last_day_of_a_duty_changes():
    take(persons=rows(PERSON, person("P1")), duties=rows(DUTY, duty("P1", "BL-1", hours="8:00-12:00")))
    later = DAY + timedelta(days=30)
    taking = take(
        duties=rows(DUTY, duty("P1", "BL-1", later, hours="08:00~12:00"), duty("P1", "BL-1", role="巷长")), **NEXT
    )
    assert taking.tallies["duties"] == Tally(added=1, changed=1)
    assert [(move.what, move.old, move.new) for move in taking.moves] == [("变更结束日期", "", str(later))]
    assert list(Duty.objects.order_by("pk").values_list("role", "ends_on")) == [("网格员", later), ("巷长", None)]


def test_a_sheet_without_last_days_changes_none():
    take(persons=rows(PERSON, person("P1")), duties=rows(DUTY, duty("P1", "BL-1", DAY)))
    without = rows("holder role place starts_on hours", ("P1", "网格员", "BL-1", DAY, ""), ends_on=None)
    assert take(duties=without, **NEXT).tallies["duties"] == Tally(unchanged=1)
    assert Duty.objects.get().ends_on == DAY


def test_an_empty_last_day_takes_back_the_one_there_was():
    take(persons=rows(PERSON, person("P1")), duties=rows(DUTY, duty("P1", "BL-1", DAY)))
    assert take(duties=rows(DUTY, duty("P1", "BL-1")), **NEXT).tallies["duties"] == Tally(changed=1)
    assert Duty.objects.get().ends_on is None


def test_hours_kept_in_another_way_are_left_as_they_are():
    holder = organisation.person("P1")
    organisation.duty(holder, "网格员", places.area("3"), starts_on=DAY, hours="随时")
    assert take(duties=rows(DUTY, duty("P1", "3"))).tallies["duties"] == Tally(added=1)


# --- Refused ----------------------------------------------------------------------------------------------------------


def test_references_to_nothing_are_refused():
    taking = take(
        rows(UNIT, unit("U1", "U9", "9")),
        rows(PERSON, person("P1", "U9")),
        rows(DUTY, duty("P9", "BL-9"), duty("P1", "1")),
    )
    assert said(taking, "units") == [
        (2, "parent", "没有编码为 U9 的单位。请先在『单位』表中添加，或改正编码。"),
        (2, "area", "没有编码为 9 的区划。请先在『区划』表中添加，或改正编码。"),
    ]
    assert said(taking, "persons") == [(2, "unit", "没有编码为 U9 的单位。请先在『单位』表中添加，或改正编码。")]
    assert said(taking, "duties") == [
        (2, "holder", "没有编码为 P9 的人员或单位。请先在『人员』或『单位』表中添加，或改正编码。"),
        (2, "place", "没有编码为 BL-9 的区划或点位。请先在『区划』或『点位』表中添加，或改正编码。"),
    ]
    assert not Unit.objects.exists()


def test_places_that_are_not_saved_yet_count_as_known():
    taking = take(
        rows(UNIT, unit("U1", area="9")), duties=rows(DUTY, duty("U1", "BL-9"), duty("U1", "9")), areas=Codes(["9"]),
        sites=Codes(["BL-9"]), save=False,
    )  # fmt: skip
    assert not taking.is_faulty


def test_what_refers_to_a_sheet_nobody_could_read_is_not_judged():
    taking = take(rows("name", ("甲",), is_whole=False, code=None), rows(PERSON, person("P1", "U9")), save=False)
    assert not taking.is_faulty


def test_a_row_with_unreadable_cells_adds_no_faults_of_its_own():
    taking = take(rows(UNIT, (None,) * 5), rows(PERSON, (None,) * 5), rows(DUTY, (None,) * 6), save=False)
    assert not taking.is_faulty


def test_rings_are_refused():
    take(rows(UNIT, unit("U1"), unit("U2", "U1")))
    message = "上级编码绕成了一圈：U1 → U2 → U1。"
    assert said(take(rows(UNIT, unit("U1", "U2"))), "units") == [(2, "parent", message)]


def test_persons_and_units_share_one_set_of_codes():
    take(rows(UNIT, unit("U1")), rows(PERSON, person("P1")))
    taking = take(rows(UNIT, unit("P1"), unit("X")), rows(PERSON, person("U1"), person("X"), person("system")))
    assert said(taking, "units") == [(2, "code", "系统里已有编码为 P1 的人员。单位和人员不能同码。")]
    assert said(taking, "persons") == [
        (3, "code", "编码 X 已用于『单位』第 3 行。单位和人员不能同码。"),
        (2, "code", "系统里已有编码为 U1 的单位。单位和人员不能同码。"),
        (4, "code", "编码 system 是程序自己用的，请换一个。"),
    ]


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"ends_on": DAY - timedelta(days=1)}, "ends_on", "结束日期 2023-09-03 早于开始日期 2023-09-04"),
        ({"hours": "上午"}, "hours", "时段“上午”看不懂"),
        ({"hours": "、".join(f"{hour}:00-{hour}:30" for hour in range(8, 15))}, "hours", "最长 64 个字符"),
    ],
)
def test_a_duty_is_refused(values: dict[str, Any], field: str, words: str):
    taking = take(rows(UNIT, unit("U1")), duties=rows(DUTY, duty("U1", "1", **values)))
    ((line, found, message),) = said(taking, "duties")
    assert (line, found) == (2, field)
    assert words in message


def test_nobody_changes_the_organisation_beyond_their_own():
    books = (
        rows(UNIT, unit("U1", area="1"), unit("U2", area="2"), unit("U3")),
        rows(PERSON, person("P1", "U1"), person("P2", "U2"), person("P3")),
        rows(DUTY, duty("P1", "BL-1"), duty("P1", "2")),
    )
    take(*books)
    clerk = organisation.clerk(Permission.EDIT, area_paths=("1/",))
    assert not take(*books, by=clerk).is_faulty
    taking = take(
        rows(UNIT, unit("U1", area="1", name="新"), unit("U2", area="1"), unit("U3", name="新"), unit("U4")), by=clerk
    )
    assert [line for line, _, _ in said(taking, "units")] == [3, 4, 5]
    taking = take(persons=rows(PERSON, person("P1", "U1", name="新"), person("P2", "U1"), person("P4")), by=clerk)
    assert [line for line, _, _ in said(taking, "persons")] == [3, 4]
    taking = take(duties=rows(DUTY, duty("P1", "BL-1", DAY), duty("P1", "2", DAY)), by=clerk)
    assert [line for line, _, _ in said(taking, "duties")] == [3]


def test_a_stranger_may_not():
    with pytest.raises(NotAllowed):
        take(by=organisation.stranger())


# --- One's own rights -------------------------------------------------------------------------------------------------

OWN = "自己的任职和责任须由另一人登记。"


def test_nobody_imports_a_membership_or_a_duty_of_her_own():
    units = rows(UNIT, unit("U1"), unit("U2"))
    take(units, rows(PERSON, person("P1", "U1"), person("P2", "U1")), rows(DUTY, duty("P1", "BL-1")))
    own = {"by": organisation.clerk(Permission.EDIT, person_code="P1"), **NEXT}
    moved = rows(PERSON, person("P2", "U2"), person("P1", "U2"))
    more = rows(DUTY, duty("P1", "BL-1", DAY), duty("P1", "1"), duty("P2", "1"))
    assert said(take(persons=moved, **own), "persons") == [(3, "unit", OWN)]
    assert said(take(duties=more, **own), "duties") == [(2, "holder", OWN), (3, "holder", OWN)]
    assert Duty.objects.count() == 1
    assert not TransitionLog.objects.exists()
    other = {"by": organisation.clerk(Permission.EDIT, person_code="P3"), **NEXT}
    assert take(persons=moved, duties=more, **other).tallies == {
        "units": Tally(), "persons": Tally(changed=2), "duties": Tally(2, 1),
    }  # fmt: skip


def test_ones_own_rows_that_change_no_right_pass():
    same = rows(PERSON, person("P1", "U1", title="主任"), person("P2", "U1"))
    duties = rows(DUTY, duty("P1", "BL-1"))
    take(rows(UNIT, unit("U1")), rows(PERSON, person("P1", "U1")), duties)
    own = {"by": organisation.clerk(Permission.EDIT, person_code="P1"), **NEXT}
    taking = take(persons=same, duties=duties, **own)
    assert taking.tallies == {"units": Tally(), "persons": Tally(1, 1), "duties": Tally(0, 0, 1)}
    whoever = organisation.chief(person_code="P1")
    assert take(duties=rows(DUTY, duty("P1", "1")), by=whoever, **NEXT).tallies["duties"] == Tally(1)
