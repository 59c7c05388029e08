from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.core import clock
from chuangwei.web.office.dashboard.registry import TILES, Section, desk_of
from tests.factories import organisation, places, problems

pytestmark = pytest.mark.django_db


def test_the_desk_leaves_out_what_does_not_concern_one():
    assert desk_of(organisation.stranger(), clock.now()) == []


def test_what_is_late_stands_first():
    at = clock.now()
    lane = places.site(in_area=places.area("62"))
    unit = organisation.unit()
    problems.problem(
        site=lane, unit=unit, state="dispatched", found_at=at - timedelta(days=9), dispatched_at=at - timedelta(days=9),
        due_at=at - timedelta(days=1),
    )  # fmt: skip
    problems.problem(site=lane, state="reported", found_at=at - timedelta(hours=1))
    sections = desk_of(organisation.chief(), at)
    assert [section for section, _ in sections][:2] == [Section.LATE, Section.WAITING]
    assert [tile.title for tile in sections[0][1]] == ["逾期未改"]


def test_every_tile_names_a_section_and_an_order_of_its_own():
    orders = [(rule.section, rule.order) for rule in TILES.all().values()]
    assert len(orders) == len(set(orders))


def test_one_problem_and_three_ask_the_same(office):
    at = clock.now()
    lane = places.site(in_area=places.area("62"))
    office.get("/desk/")
    problems.problem(site=lane, state="reported", found_at=at - timedelta(hours=1))
    before = _asked(office)
    for _ in range(2):
        problems.problem(site=lane, state="reported", found_at=at - timedelta(hours=1))
    assert _asked(office) == before


def _asked(client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/desk/").status_code == 200
    return len(queries)
