"""A unit is registered and corrected on its pages, by who keeps the register of its place."""

import pytest

from chuangwei.core.models import AuditEvent
from chuangwei.domain.organisation.models import Unit
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db
NEW = {"code": "U-9", "name": "环卫所", "kind": "部门", "parent": "U-1", "area": "620101"}


@pytest.fixture
def own():
    _, (own, other) = places.town(communities=2)
    organisation.unit("U-1", name="城管局", area=own)
    organisation.unit("U-2", area=other)
    return own


def test_a_unit_is_registered_and_its_page_shown(own, office):
    assert "/units/new/" in office.get("/units/").content.decode()
    assert 'name="kind"' in office.get("/units/new/").content.decode()
    assert office.post("/units/new/do/", NEW)["Location"] == "/units/U-9/"
    unit = Unit.objects.get(code="U-9")
    assert (unit.name, unit.kind, unit.parent.code, unit.area.code) == ("环卫所", "部门", "U-1", "620101")
    assert AuditEvent.objects.latest("seq").verb == "登记单位"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"code": "U-1"}, "已经用过"),
        ({"name": ""}, "请填写名称"),
        ({"kind": "宗族"}, "没有这一项，请从列表里选"),
        ({"parent": "U-404"}, "没有编码为 U-404 的单位"),
    ],
)
def test_what_is_not_right_is_said_and_saves_nothing(own, office, given, why):
    answer = office.post("/units/new/do/", {**NEW, **given})
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert not Unit.objects.filter(code="U-9").exists()


def test_a_unit_is_corrected_and_the_page_tells_the_course(own, office):
    form = office.get("/units/U-1/step/edit/").content.decode()
    assert ('value="城管局"' in form, 'value="620101"' in form) == (True, True)
    sent = {"name": "城市管理局", "kind": "部门", "parent": "", "area": "620101", "note": "机构改革"}
    assert office.post("/units/U-1/step/edit/do/", sent)["Location"] == "/units/U-1/"
    told = office.get("/units/U-1/").content.decode()
    assert "变更名称：城管局 → 城市管理局" in told
    assert "机构改革" in told


def test_who_does_not_keep_the_register_finds_neither_button_nor_page(own, office, signed_in, stranger):
    for client in (
        signed_in("leader"),
        signed_in("inspector"),
        stranger,
        signed_in("office", area=places.area("6299")),
    ):
        assert client.get("/units/U-1/step/edit/").status_code == 404
        assert client.post("/units/U-1/step/edit/do/", {"name": "改", "kind": "部门"}).status_code == 404
    leader = signed_in("leader")
    assert leader.get("/units/new/").status_code == 404
    assert "/units/new/" not in leader.get("/units/").content.decode()
    assert "step/edit" not in leader.get("/units/U-1/").content.decode()
    assert "step/edit" in office.get("/units/U-1/").content.decode()
    assert Unit.objects.get(code="U-1").name == "城管局"


def test_who_keeps_one_community_corrects_its_units_only(own, signed_in):
    keeper = signed_in("office", area=own)
    assert keeper.get("/units/U-1/step/edit/").status_code == 200
    assert keeper.get("/units/U-2/step/edit/").status_code == 404
    answer = keeper.post("/units/new/do/", {**NEW, "area": "620102"})
    assert (answer.status_code, "没有编码为 620102 的区划" in answer.content.decode()) == (422, True)
    assert not Unit.objects.filter(code="U-9").exists()


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/units/new/do/", {**NEW, "area": ""}),
        ("/units/U-1/step/edit/do/", {"name": "环卫所", "kind": "部门", "parent": "", "area": "", "note": "改制"}),
    ],
)
def test_who_keeps_one_community_names_it_and_keeps_what_she_typed(own, office, signed_in, address, sent):
    keeper = signed_in("office", area=own)
    answer = keeper.post(address, sent)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择所属区划。不属于某个区划的单位，由管全域的人登记。" in told
    assert 'value="环卫所"' in told
    assert "不填表示全域的单位" not in told
    assert not Unit.objects.filter(name="环卫所").exists()
    assert office.post(address, sent).status_code == 302


def test_a_closed_site_ends_its_duties_from_its_page(own, office):
    lane = places.site("L-1", in_area=own)
    duty = organisation.duty(organisation.person("P-1"), "巷长", lane)
    assert "这个点位上的责任也在最后一天结束" in office.get("/sites/L-1/step/close/").content.decode()
    answer = office.post("/sites/L-1/step/close/do/", {"ends_on": "2023-09-04", "note": "拆迁"})
    assert answer.status_code == 302
    duty.refresh_from_db()
    assert str(duty.ends_on) == "2023-09-04"
