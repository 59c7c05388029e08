from datetime import date, timedelta

import pytest

from chuangwei.core.errors import DomainError, NotAllowed, NotFound
from chuangwei.core.models import AuditEvent, TransitionLog
from chuangwei.domain.places import actions, queries
from chuangwei.domain.places.enums import Permission
from chuangwei.domain.places.models import Area, AreaSpell, Site, SiteKind, SiteSpell
from tests.factories import organisation, places
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 4)
BEFORE = DAY - timedelta(days=1)
CHIEF = organisation.chief()


def kind(code: str, **values: object) -> actions.KindDraft:
    return actions.KindDraft(code=code, name=code, **values)


def test_put_site_kinds_adds_changes_and_retires_but_never_deletes():
    actions.put_site_kinds(kinds=[kind("a"), kind("b")], by=CHIEF, at=MONDAY)
    actions.put_site_kinds(kinds=[kind("b", aliases=["乙"]), kind("c")], by=CHIEF, at=MONDAY)
    rows = {row.code: (row.aliases, row.retired_on) for row in SiteKind.objects.all()}
    assert rows == {"a": ([], DAY), "b": (["乙"], None), "c": ([], None)}


def test_change_area_renames_from_a_day_on_and_keeps_the_old_name():
    _, (community, *_) = places.town()
    old = community.name
    actions.change_area(area=community, name="新名社区", from_on=DAY, by=CHIEF, at=MONDAY)
    community.refresh_from_db()
    assert community.name == "新名社区"
    assert [(s.name, s.from_on, s.to_on) for s in AreaSpell.objects.filter(area=community)] == [
        (old, None, BEFORE), ("新名社区", DAY, None),
    ]  # fmt: skip
    assert TransitionLog.objects.get().move_name == "变更名称"
    assert AuditEvent.objects.get().verb == "变更区划"


def test_change_area_twice_on_a_day_corrects_the_spell_of_that_day():
    _, (community, *_) = places.town()
    for name in ("甲社区", "乙社区"):
        actions.change_area(area=community, name=name, from_on=DAY, by=CHIEF, at=MONDAY)
    assert [s.name for s in AreaSpell.objects.filter(area=community)][1:] == ["乙社区"]


def test_change_area_to_what_it_is_changes_nothing():
    _, (community, *_) = places.town()
    actions.change_area(area=community, name=community.name, from_on=DAY, by=CHIEF, at=MONDAY)
    assert (TransitionLog.objects.count(), AreaSpell.objects.filter(area=community).count()) == (0, 1)


def test_change_area_moves_everything_below_it():
    _, (first, second, _) = places.town()
    grid = places.area("G1", parent=first, kind="网格")
    group = places.area("G1-1", parent=grid, kind="村民小组")
    actions.change_area(area=grid, parent=second, from_on=DAY, by=CHIEF, at=MONDAY)
    group.refresh_from_db()
    assert (group.path, group.depth) == (f"{second.path}G1/G1-1/", 5)
    history = queries.history()
    assert history.area_chain("G1-1", BEFORE)[2] == first.code
    assert history.area_chain("G1-1", DAY)[2] == second.code


def test_change_area_under_itself_is_refused():
    town, (first, *_) = places.town()
    with pytest.raises(DomainError, match="自己的下级"):
        actions.change_area(area=town, parent=first, from_on=DAY, by=CHIEF, at=MONDAY)


def test_merge_area_ends_it_and_names_its_heir():
    _, (first, second, third) = places.town()
    actions.merge_area(area=first, into=second, on=DAY, by=CHIEF, at=MONDAY)
    first.refresh_from_db()
    assert (first.ends_on, first.heir) == (BEFORE, second)
    with pytest.raises(DomainError, match="已于"):
        actions.merge_area(area=first, into=third, on=DAY, by=CHIEF, at=MONDAY)
    for into in (first, third):
        with pytest.raises(DomainError, match="仍然存在"):
            actions.merge_area(area=third, into=into, on=DAY, by=CHIEF, at=MONDAY)
    assert first not in Area.objects.filter(queries.existing_on(DAY))
    assert first in Area.objects.filter(queries.existing_on(BEFORE))


def test_change_site_gives_another_kind_and_area_from_a_day_on():
    _, (first, second, _) = places.town()
    lane = places.site("BL-1", in_area=first)
    actions.change_site(
        site=lane, kind=places.site_kind("market"), area=second, from_on=DAY, by=CHIEF, at=MONDAY
    )  # fmt: skip
    history = queries.history()
    assert (history.site_on("BL-1", BEFORE).kind, history.site_chain("BL-1", BEFORE)[0]) == ("back_lane", first.code)
    assert (history.site_on("BL-1", DAY).kind, history.site_chain("BL-1", DAY)[0]) == ("market", second.code)
    assert history.site_chain("unknown", DAY) == []
    assert TransitionLog.objects.filter(subject_code="BL-1").count() == 2


def test_change_site_twice_on_a_day_or_not_at_all_adds_no_spell():
    _, (first, second, third) = places.town()
    lane = places.site("BL-1", in_area=first)
    for area in (first, second, third):
        actions.change_site(site=lane, area=area, from_on=DAY, by=CHIEF, at=MONDAY)
    assert [s.area for s in SiteSpell.objects.filter(site=lane)] == [first, third]


def test_places_are_changed_only_by_who_may_in_the_area():
    _, (first, second, _) = places.town()
    lane = places.site("BL-1", in_area=first)
    for by in (organisation.stranger(), organisation.clerk(Permission.EDIT, area_paths=(second.path,))):
        for attempt in (
            lambda by=by: actions.change_area(area=first, name="x", from_on=DAY, by=by, at=MONDAY),
            lambda by=by: actions.merge_area(area=first, into=second, on=DAY, by=by, at=MONDAY),
            lambda by=by: actions.change_site(site=lane, area=second, from_on=DAY, by=by, at=MONDAY),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    with pytest.raises(NotAllowed):
        actions.put_site_kinds(kinds=[], by=organisation.stranger(), at=MONDAY)


def test_places_are_seen_in_the_actors_subtree_only():
    town, (first, second, _) = places.town()
    lane, other = places.site("BL-1", in_area=first), places.site("BL-2", in_area=second)
    here = organisation.clerk(Permission.VIEW, area_paths=(first.path,))
    everywhere = organisation.clerk(Permission.VIEW)
    assert list(queries.areas(actor=here)) == [first]
    assert list(queries.sites(actor=here)) == [lane]
    assert list(queries.sites(actor=everywhere)) == [lane, other]
    assert town in queries.areas(actor=everywhere)
    assert not queries.areas(actor=organisation.stranger())
    assert not queries.sites(actor=organisation.stranger())


def test_area_by_code_says_what_is_missing():
    town, _ = places.town()
    assert queries.area_by_code(town.code) == town
    with pytest.raises(NotFound, match="没有编码为 nowhere 的区划"):
        queries.area_by_code("nowhere")


def test_history_is_read_in_two_queries(django_assert_num_queries):
    _, communities = places.town()
    for community in communities:
        places.site(in_area=community)
    with django_assert_num_queries(2):
        queries.history()
    with django_assert_num_queries(1):
        queries.history(with_sites=False)


def test_place_reads_as_its_name():
    town, _ = places.town()
    lane = places.site("BL-1", in_area=town)
    assert [str(Site.objects.get()), str(lane.kind), str(town)] == ["BL-1巷", "背街小巷", town.name]
    assert town.path_codes == ["62", "6201"]


def test_nothing_is_moved_to_where_the_actor_has_no_say():
    _, (first, second) = places.town(communities=2)
    lane, grid = places.site(in_area=first), places.area(parent=first)
    by = organisation.clerk(Permission.EDIT, area_paths=(first.path,))
    with pytest.raises(NotAllowed):
        actions.change_site(site=lane, area=second, from_on=DAY, by=by, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.change_area(area=grid, parent=second, from_on=DAY, by=by, at=MONDAY)
    assert actions.change_area(area=grid, name="二网格", from_on=DAY, by=by, at=MONDAY).name == "二网格"


def test_a_change_before_the_last_one_is_refused():
    _, (first, second) = places.town(communities=2)
    lane = places.site(in_area=first)
    actions.change_site(site=lane, area=second, from_on=DAY, by=CHIEF, at=MONDAY)
    actions.change_area(area=first, name="甲社区", from_on=DAY, by=CHIEF, at=MONDAY)
    with pytest.raises(DomainError, match="2023-09-04 已有一次变更"):
        actions.change_site(site=lane, area=first, from_on=BEFORE, by=CHIEF, at=MONDAY)
    with pytest.raises(DomainError, match="2023-09-04 已有一次变更"):
        actions.change_area(area=first, name="乙社区", from_on=BEFORE, by=CHIEF, at=MONDAY)
    assert Site.objects.get().area == second
