from datetime import date, timedelta

import pytest

from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.models import AuditEvent, TransitionLog
from chuangwei.domain.places import actions
from chuangwei.domain.places.actions import GivenPosition
from chuangwei.domain.places.consistency import checks
from chuangwei.domain.places.enums import Datum, Permission
from chuangwei.domain.places.models import Designation, Site, SiteKind, SiteSpell
from tests.factories import organisation, places
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 4)
KEEPER = organisation.clerk(Permission.EDIT)


@pytest.fixture
def grid():
    return places.area("g1", kind="网格")


@pytest.fixture
def lane(grid):
    return places.site("BL-1", in_area=grid)


def create(grid, **values):
    given = {
        "code": "BL-9",
        "name": "新巷",
        "kind": places.site_kind(),
        "area": grid,
        "by": KEEPER,
        "at": MONDAY,
        **values,
    }
    return actions.create_site(**given)


def edit(lane, **values):
    given = {"site": lane, "name": lane.name, "position": None, "note": "", "by": KEEPER, "at": MONDAY, **values}
    return actions.edit_site(**given)


def last_entry():
    entry = AuditEvent.objects.latest("seq")
    return entry.verb, entry.subject_kind, entry.subject_code


# --- A site comes ------------------------------------------------------------------------------------------------------


def test_create_site_begins_its_spell_and_keeps_what_was_given(grid):
    site = create(
        grid, code=" BL 9 ", starts_on=DAY, position=GivenPosition(105.6715, 35.2208, Datum.GCJ02), note=" 备注 "
    )
    site.refresh_from_db()
    spell = SiteSpell.objects.get(site=site)
    assert (site.code, site.starts_on, site.note) == ("BL9", DAY, "备注")
    assert (spell.kind, spell.area, spell.from_on, spell.to_on) == (site.kind, grid, DAY, None)
    assert (site.given_longitude, site.given_latitude, site.datum) == (105.6715, 35.2208, Datum.GCJ02)
    assert 0.001 < abs(site.longitude - 105.6715) < 0.02
    assert last_entry() == ("设立点位", "places.site", "BL9")
    assert list(checks()) == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"code": " "}, "请填写编码"),
        ({"code": "a/b"}, "不能有 /"),
        ({"code": "g1"}, "编码 g1 已经用过"),
        ({"code": "BL-1"}, "编码 BL-1 已经用过"),
        ({"name": " "}, "请填写名称"),
        ({"position": GivenPosition(35.2, 105.6)}, "写反了"),
        ({"position": GivenPosition(10.0, 35.2)}, "经度"),
    ],
)
def test_create_site_is_refused(grid, lane, values, sentence):
    with pytest.raises(DomainError, match=sentence):
        create(grid, **values)
    assert Site.objects.count() == 1


def test_create_site_is_refused_of_a_retired_kind_and_in_an_area_that_is_gone(grid):
    SiteKind.objects.filter(pk=places.site_kind().pk).update(retired_on=DAY)
    with pytest.raises(DomainError, match="已停用"):
        create(grid, kind=SiteKind.objects.get(code="back_lane"))
    gone = places.area("g2", kind="网格", ends_on=DAY)
    with pytest.raises(DomainError, match="撤销"):
        create(gone, kind=places.site_kind("market"), starts_on=DAY + timedelta(days=1))
    assert create(gone, kind=places.site_kind("market"), starts_on=DAY).area == gone


@pytest.mark.parametrize("by", [organisation.clerk(), organisation.clerk(Permission.EDIT, area_paths=("other/",))])
def test_who_may_not_changes_no_site(grid, lane, by):
    doings = [
        lambda: create(grid, by=by),
        lambda: edit(lane, name="别名", by=by),
        lambda: actions.designate_site(site=lane, from_on=DAY, by=by, at=MONDAY),
        lambda: actions.end_designation(site=lane, to_on=DAY, by=by, at=MONDAY),
        lambda: actions.close_site(site=lane, ends_on=DAY, note="拆除", by=by, at=MONDAY),
    ]
    for doing in doings:
        with pytest.raises(NotAllowed):
            doing()
    assert (Site.objects.count(), AuditEvent.objects.count()) == (1, 0)


# --- and is corrected --------------------------------------------------------------------------------------------------


def test_edit_site_keeps_the_old_values_in_the_history(lane):
    edit(lane, name="竹篮巷", position=GivenPosition(105.67, 35.22, Datum.WGS84), note="新修")
    lane.refresh_from_db()
    assert (lane.name, lane.longitude, lane.latitude, lane.note) == ("竹篮巷", 105.67, 35.22, "新修")
    moves = list(TransitionLog.objects.values_list("move_name", "source", "target"))
    assert moves == [
        ("变更名称", "BL-1巷", "竹篮巷"), ("变更坐标", "", "105.67,35.22 WGS84"), ("变更备注", "", "新修"),
    ]  # fmt: skip
    edit(lane, name="竹篮巷", note="新修")
    lane.refresh_from_db()
    assert (lane.longitude, lane.given_latitude, lane.datum) == (None, None, "WGS84")
    assert TransitionLog.objects.latest("pk").source == "105.67,35.22 WGS84"


def test_edit_site_to_what_it_is_records_nothing(grid):
    lane = places.site(in_area=grid, longitude=105.67, latitude=35.22)
    edit(lane, position=GivenPosition(105.67, 35.22))
    assert (TransitionLog.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_edit_site_without_a_name_is_refused(lane):
    with pytest.raises(DomainError, match="请填写名称"):
        edit(lane, name=" ")


# --- is called an example ----------------------------------------------------------------------------------------------


def test_designate_and_end_keep_the_mark_and_the_dates(lane):
    actions.designate_site(site=lane, from_on=DAY, paper="云政发〔2023〕1号", by=KEEPER, at=MONDAY)
    lane.refresh_from_db()
    assert lane.is_example
    assert last_entry()[0] == "认定点位"
    with pytest.raises(DomainError, match="已经是示范点位"):
        actions.designate_site(site=lane, from_on=DAY, by=KEEPER, at=MONDAY)
    with pytest.raises(DomainError, match="不能早于"):
        actions.end_designation(site=lane, to_on=DAY - timedelta(days=1), by=KEEPER, at=MONDAY)
    actions.end_designation(site=lane, to_on=DAY, by=KEEPER, at=MONDAY)
    lane.refresh_from_db()
    held = Designation.objects.get(site=lane)
    assert (lane.is_example, held.from_on, held.to_on, held.paper) == (False, DAY, DAY, "云政发〔2023〕1号")
    with pytest.raises(DomainError, match="现在不是"):
        actions.end_designation(site=lane, to_on=DAY, by=KEEPER, at=MONDAY)


# --- and goes ----------------------------------------------------------------------------------------------------------


def test_close_site_ends_it_and_its_titles(lane):
    actions.designate_site(site=lane, from_on=DAY - timedelta(days=9), by=KEEPER, at=MONDAY)
    actions.close_site(site=lane, ends_on=DAY, note="拆迁", by=KEEPER, at=MONDAY)
    lane.refresh_from_db()
    assert (lane.ends_on, lane.is_example, Designation.objects.get().to_on) == (DAY, False, DAY)
    assert last_entry()[0] == "撤销点位"
    assert list(checks()) == []


@pytest.mark.parametrize(
    ("site", "closing", "sentence"),
    [
        ({"ends_on": DAY}, {}, "已于 2023-09-04 撤销"),
        ({"starts_on": DAY + timedelta(days=1)}, {}, "不能早于设立日期"),
        ({}, {"note": " "}, "须写明理由"),
    ],
)
def test_close_site_is_refused(grid, site, closing, sentence):
    lane = places.site(in_area=grid, **site)
    with pytest.raises(DomainError, match=sentence):
        actions.close_site(**{"site": lane, "ends_on": DAY, "note": "拆迁", "by": KEEPER, "at": MONDAY, **closing})


def test_close_site_is_refused_before_its_last_change(grid, lane):
    other = places.site_kind("market")
    actions.change_site(site=lane, kind=other, from_on=DAY, by=KEEPER, at=MONDAY)
    with pytest.raises(DomainError, match="已有一次变更"):
        actions.close_site(site=lane, ends_on=DAY - timedelta(days=1), note="拆迁", by=KEEPER, at=MONDAY)
