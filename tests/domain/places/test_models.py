"""Every constraint of places, by trying to break it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from chuangwei.domain.places.models import AreaSpell, SiteSpell
from tests.factories import places

pytestmark = pytest.mark.django_db
EARLY, LATE = date(2023, 1, 1), date(2023, 2, 1)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("area_days_in_order", {"starts_on": LATE, "ends_on": EARLY}),
        ("area_bbox_with_boundary", {"boundary": {"type": "Polygon"}}),
    ],
)
def test_constraint_of_an_area_holds(name: str, values: dict):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        places.area(**values)


def test_heir_is_only_for_an_area_that_ended():
    _, (first, second, _) = places.town()
    first.heir = second
    with pytest.raises(IntegrityError, match="area_heir_only_when_ended"), transaction.atomic():
        first.save()


def test_spell_days_are_in_order_and_only_one_is_open():
    town, _ = places.town()
    lane = places.site(in_area=town)
    broken = [
        AreaSpell(area=town, name="x", kind="乡镇", from_on=LATE, to_on=EARLY),
        AreaSpell(area=town, name="x", kind="乡镇"),
        SiteSpell(site=lane, kind=lane.kind, area=town, from_on=LATE, to_on=EARLY),
        SiteSpell(site=lane, kind=lane.kind, area=town),
    ]
    for spell in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            spell.save()


@pytest.mark.parametrize("values", [{"longitude": 104.9}, {"longitude": 33.4, "latitude": 104.9}])
def test_position_of_a_site_is_whole_and_in_the_country(values: dict):
    town, _ = places.town()
    with pytest.raises(IntegrityError), transaction.atomic():
        places.site(in_area=town, **values)
