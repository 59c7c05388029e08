"""Of several presets that hold in one place one after another, the last that has begun is the current one."""

from datetime import timedelta

import pytest

from chuangwei.core import clock, presets
from chuangwei.web.office.presets.views import _held
from tests.factories import organisation, places
from tests.factories.problems import MONDAY
from tests.web.office.conftest import PRESET

pytestmark = pytest.mark.django_db


def test_what_holds_from_the_beginning_gives_way_to_what_came_after(frozen_clock):
    frozen_clock(MONDAY)
    places.site_kind()
    today = clock.local_day(MONDAY)
    days = [None, today - timedelta(days=1), today + timedelta(days=1)]
    for number, day in enumerate(days):
        document = presets.read_preset(PRESET.replace("min_score = 60", f"min_score = {60 + number}"), "town")
        presets.use_preset(document=document, area_code="", from_on=day, by=organisation.chief(), at=MONDAY)
    assert [(held.use.from_on, held.is_current) for held in _held()] == list(
        zip(days, [False, True, False], strict=True)
    )
