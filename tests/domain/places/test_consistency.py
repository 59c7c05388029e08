import pytest

from chuangwei.domain.places import consistency
from chuangwei.domain.places.models import Area, Site
from tests.factories import places

pytestmark = pytest.mark.django_db


def test_places_whose_rows_and_spells_disagree_are_told():
    _, (first, second, _) = places.town()
    lane = places.site("BL-1", in_area=first)
    assert list(consistency.checks()) == []
    Area.objects.filter(pk=first.pk).update(name="改了")
    Area.objects.filter(pk=second.pk).update(path="wrong/")
    Site.objects.filter(pk=lane.pk).update(area=second)
    assert sorted(consistency.checks()) == [
        f"区划 {first.code} 改了 的现状与沿革不符。",
        f"区划 {second.code} {second.name} 的路径与上级不符。",
        "点位 BL-1 的现状与沿革不符。",
    ]
