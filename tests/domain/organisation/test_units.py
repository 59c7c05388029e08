"""A unit comes into the register and is corrected; who may not, and what does not hold."""

from datetime import date

import pytest

from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.models import AuditEvent, TransitionLog
from chuangwei.core.rows import Rows
from chuangwei.domain.organisation import actions
from chuangwei.domain.organisation.models import Unit
from tests.factories import organisation, places
from tests.factories.imported import rows
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return places.town(communities=2)


def keeper(area=None):
    """Who keeps the register: everywhere, or in one area."""
    return organisation.clerk("organisation.edit", **({"area_paths": (area.path,)} if area else {}))


def make(by, **values):
    wanted = {"code": "U-1", "name": "环卫所", "kind": "部门", **values}
    return actions.create_unit(by=by, at=MONDAY, **wanted)


def test_a_unit_is_made_below_another_and_of_an_area(town):
    _, (own, _) = town
    above = make(keeper(), code="U-0", name="城管局")
    unit = make(keeper(), parent=above, area=own, name=" 环卫所 ")
    assert (unit.name, unit.kind, unit.parent, unit.area) == ("环卫所", "部门", above, own)
    event = AuditEvent.objects.latest("seq")
    assert (event.verb, event.subject_kind, event.subject_code) == ("登记单位", "organisation.unit", "U-1")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"name": " "}, "请填写名称"),
        ({"code": ""}, "请填写编码"),
        ({"code": "P-1"}, "单位和人员不能同码"),
        ({"code": "U-0"}, "已经用过"),
        ({"kind": "宗族"}, "没有『宗族』这类单位"),
        ({"area": "gone"}, "已于 2023-01-01 撤销"),
    ],
)
def test_a_unit_that_is_not_right_is_not_made(town, values, why):
    organisation.person("P-1")
    organisation.unit("U-0")
    if "area" in values:
        values = {"area": places.area("99", ends_on=date(2023, 1, 1))}
    with pytest.raises(DomainError, match=why):
        make(keeper(), **values)
    assert Unit.objects.count() == 1


def test_who_keeps_one_area_makes_units_there_only(town):
    _, (own, other) = town
    assert make(keeper(own), area=own).area == own
    for values in ({"area": other}, {}):
        with pytest.raises(NotAllowed):
            make(keeper(own), code="U-2", **values)
    with pytest.raises(NotAllowed):
        make(organisation.clerk("organisation.view"), code="U-3", area=own)


def test_a_correction_is_kept_field_by_field(town):
    _, (own, other) = town
    unit, above = organisation.unit("U-1", name="环卫所", area=own), organisation.unit("U-0", name="城管局")
    actions.edit_unit(
        unit=unit, name="环卫中心", kind="企业", parent=above, area=other, by=keeper(), at=MONDAY, note="改制"
    )
    unit.refresh_from_db()
    assert (unit.name, unit.kind, unit.parent, unit.area) == ("环卫中心", "企业", above, other)
    logged = TransitionLog.objects.filter(subject_kind="organisation.unit", subject_code="U-1").order_by("pk")
    assert [(row.move_name, row.source, row.target, row.note) for row in logged] == [
        ("变更名称", "环卫所", "环卫中心", "改制"),
        ("变更类型", "部门", "企业", "改制"),
        ("变更上级", "", "城管局（U-0）", "改制"),
        ("变更区划", f"{own.name}（{own.code}）", f"{other.name}（{other.code}）", "改制"),
    ]
    assert AuditEvent.objects.latest("seq").verb == "改正单位"
    count = AuditEvent.objects.count()
    actions.edit_unit(unit=unit, name="环卫中心", kind="企业", parent=above, area=other, by=keeper(), at=MONDAY)
    assert AuditEvent.objects.count() == count, "nothing changed, nothing said"


def test_a_kind_that_is_none_any_more_may_stay(town):
    unit = organisation.unit("U-1", kind="人民公社")
    assert actions.edit_unit(unit=unit, name="改名", kind="人民公社", by=keeper(), at=MONDAY).name == "改名"


@pytest.mark.parametrize("above", ["U-1", "U-2", "U-3"])
def test_no_unit_is_above_itself(above):
    top = organisation.unit("U-1")
    organisation.unit("U-3", parent=organisation.unit("U-2", parent=top))
    with pytest.raises(DomainError, match="不能作它的上级"):
        actions.edit_unit(
            unit=top, name=top.name, kind=top.kind, parent=Unit.objects.get(code=above), by=keeper(), at=MONDAY
        )


def test_who_keeps_one_area_edits_its_units_and_moves_none_out(town):
    _, (own, other) = town
    unit = organisation.unit("U-1", area=own)
    for theirs, area in ((unit, other), (unit, None), (organisation.unit("U-2", area=other), other)):
        with pytest.raises(NotAllowed):
            actions.edit_unit(unit=theirs, name="新名", kind="部门", area=area, by=keeper(own), at=MONDAY)
    assert actions.edit_unit(unit=unit, name="新名", kind="部门", area=own, by=keeper(own), at=MONDAY).name == "新名"
    with pytest.raises(NotAllowed):
        actions.edit_unit(unit=unit, name="名", kind="部门", area=own, by=organisation.stranger(), at=MONDAY)


def test_the_history_of_a_unit_reads_alike_whichever_way_it_was_changed(town):
    _, (own, other) = town
    above, told = organisation.unit("U-0", name="城管局"), {}
    found = rows("code name kind parent area", ("U-file", "环卫中心", "企业", "U-0", other.code))
    for code in ("U-page", "U-file"):
        organisation.unit(code, name="环卫所", area=own)
    actions.edit_unit(
        unit=Unit.objects.get(code="U-page"), name="环卫中心", kind="企业", parent=above, area=other, by=keeper(),
        at=MONDAY,
    )  # fmt: skip
    actions.import_organisation(units=found, persons=Rows(), duties=Rows(), by=organisation.chief(), at=MONDAY)
    for code in ("U-page", "U-file"):
        rows_of = TransitionLog.objects.filter(subject_kind="organisation.unit", subject_code=code).order_by("pk")
        told[code] = list(rows_of.values_list("move_name", "source", "target"))
    assert len(told["U-page"]) == 4
    assert told["U-file"] == told["U-page"]
