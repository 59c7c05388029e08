from datetime import date, timedelta

import pytest

from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.models import AuditEvent, TransitionLog
from chuangwei.domain.places import actions, queries
from chuangwei.domain.places.actions import NewArea
from chuangwei.domain.places.consistency import checks
from chuangwei.domain.places.enums import Permission
from chuangwei.domain.places.models import Area, AreaSpell, SiteSpell
from tests.factories import organisation, places
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 4)
BEFORE = DAY - timedelta(days=1)
KEEPER = organisation.clerk(Permission.EDIT)


@pytest.fixture
def old():
    """A community with two grids, a lane in the first and a market of its own."""
    _, (community, *_) = places.town(communities=2)
    first, _ = [places.area(f"g{n}", parent=community, kind="网格") for n in (1, 2)]
    places.site("BL-1", in_area=first)
    places.site("MK-1", in_area=community, kind="market")
    return community


def split(area, *parts, **values):
    return actions.split_area(**{"area": area, "parts": parts, "from_on": DAY, "by": KEEPER, "at": MONDAY, **values})


def test_split_area_gives_what_is_named_and_keeps_the_rest(old):
    (new,) = split(old, NewArea("620109", "新社区", ("g2", "MK-1")), note="区划调整")
    assert (new.kind, new.parent, new.depth, new.starts_on) == (old.kind, old.parent, old.depth, DAY)
    paths = dict(Area.objects.values_list("code", "path"))
    assert paths["g2"] == "62/6201/620109/g2/"
    assert paths["g1"] == "62/6201/620101/g1/"
    known = queries.history()
    assert [known.area_chain("g2", day)[1] for day in (BEFORE, DAY)] == ["620101", "620109"]
    assert [known.site_on("MK-1", day).above for day in (BEFORE, DAY)] == ["620101", "620109"]
    assert [known.site_chain("BL-1", day)[1] for day in (BEFORE, DAY)] == ["620101", "620101"]
    old.refresh_from_db()
    assert old.ends_on is None
    told = {
        row.subject_code: (row.move_name, row.source, row.target)
        for row in TransitionLog.objects.exclude(move="change")
    }
    assert told == {"620101": ("拆分", old.name, "新社区"), "620109": ("拆分设立", old.name, "新社区")}
    assert AuditEvent.objects.latest("seq").verb == "拆分区划"
    assert list(checks()) == []


def test_split_area_may_end_the_old_one_when_nothing_is_left(old):
    parts = [NewArea("620108", "东社区", ("g1",)), NewArea("620109", "西社区", ("g2", "MK-1"))]
    split(old, *parts, ends=True)
    old.refresh_from_db()
    assert (old.ends_on, old.heir) == (BEFORE, None)
    assert AreaSpell.objects.get(area=old).to_on is None
    assert SiteSpell.objects.filter(site__code="MK-1").count() == 2


@pytest.mark.parametrize(
    ("parts", "values", "sentence"),
    [
        ([], {}, "请写明拆分出哪些"),
        ([NewArea("620109", "新"), NewArea(" 620109", "又新")], {}, "编码重复"),
        ([NewArea("620109", " ")], {}, "请填写每个新区划的名称"),
        ([NewArea(" ", "新")], {}, "请填写编码"),
        ([NewArea("g1", "新")], {}, "编码 g1 已经用过"),
        ([NewArea("620109", "新", ("g2", "BL-1"))], {}, "没有编码为 BL-1"),
        ([NewArea("620108", "东", ("g2",)), NewArea("620109", "西", ("g2",))], {}, "分给了不止一个"),
        ([NewArea("620109", "新", ("g2",))], {"ends": True}, "还有 2 个没有分出去"),
    ],
)
def test_split_area_is_refused_whole(old, parts, values, sentence):
    count = Area.objects.count()
    with pytest.raises(DomainError, match=sentence):
        split(old, *parts, **values)
    assert (Area.objects.count(), TransitionLog.objects.count()) == (count, 0)


def test_split_area_is_refused_of_one_that_is_gone(old):
    Area.objects.filter(pk=old.pk).update(ends_on=BEFORE)
    old.refresh_from_db()
    with pytest.raises(DomainError, match="撤销"):
        split(old, NewArea("620109", "新"))


@pytest.mark.parametrize(
    "by", [organisation.clerk(), organisation.clerk(Permission.EDIT, area_paths=("62/6201/620101/",))]
)
def test_who_does_not_keep_the_area_above_splits_nothing(old, by):
    with pytest.raises(NotAllowed):
        split(old, NewArea("620109", "新"), by=by)


def test_edit_area_changes_counts_and_tells_what(old):
    actions.edit_area(area=old, population=1200, households=None, by=KEEPER, at=MONDAY)
    old.refresh_from_db()
    assert (old.population, old.households) == (1200, None)
    assert TransitionLog.objects.get().move_name == "变更人口"
    actions.edit_area(area=old, population=1200, households=None, by=KEEPER, at=MONDAY)
    assert AuditEvent.objects.count() == 1


def test_edit_area_is_refused_below_nought_and_to_a_stranger(old):
    with pytest.raises(DomainError, match="不能为负"):
        actions.edit_area(area=old, population=-1, households=None, by=KEEPER, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.edit_area(area=old, population=1, households=1, by=organisation.stranger(), at=MONDAY)
