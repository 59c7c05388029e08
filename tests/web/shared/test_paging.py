import base64
import json
from datetime import UTC, date, datetime

import pytest
from django.test import RequestFactory

from chuangwei.domain.places.models import Area
from chuangwei.web.shared.paging import keyset_page, listed, paged
from tests.factories import places, problems


def asked(address: str):
    return RequestFactory().get(address)


def followed(found, order, size):
    """Every row, page by page."""
    rows, after = [], ""
    while True:
        page = keyset_page(found, order=order, after=after, size=size)
        rows += page.rows
        after = page.after
        if not after:
            return rows


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize(
    "order", [("code",), ("-code",), ("kind", "-code"), ("-kind", "code"), ("depth", "kind", "pk")]
)
def test_pages_together_are_the_whole_list(order, size):
    for number, kind in enumerate(["社区", "村", "社区", "网格", "村"]):
        places.area(f"A{number}", kind=kind)
    assert followed(Area.objects.all(), order, size) == list(Area.objects.order_by(*order))


@pytest.mark.django_db
def test_instants_are_a_position_too():
    area = places.area()
    found = [
        problems.problem(in_area=area, found_at=datetime(2023, 9, day, tzinfo=UTC)) for day in (4, 4, 5, 6)
    ]  # fmt: skip
    from chuangwei.domain.problems.models import Problem

    assert followed(Problem.objects.all(), ("-found_at", "-pk"), 1) == found[::-1]


@pytest.mark.django_db
def test_days_are_a_position_too():
    from chuangwei.domain.inspections.models import Round
    from tests.factories import inspections

    made = [inspections.round_(starts_on=date(2023, 9, day)) for day in (4, 4, 5)]
    assert followed(Round.objects.all(), ("starts_on", "pk"), 1) == made


@pytest.mark.django_db
@pytest.mark.parametrize(
    "after", ["???", "bm90IGpzb24", "WzEsIDJd", "W251bGxd", "WzEuNV0", "e30", "W3siZGF5IjogIngifV0"]
)
def test_a_broken_position_means_the_first_page(after):
    area = places.area()
    page = paged(Area.objects.all(), asked(f"/a/?after={after}"), order=("code",))
    assert list(page.rows) == [area]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "position",
    [["x", "y"], [5, 5], ["2023-09-04", "y"], [{"instant": "2023-09-04T00:00:00+08:00"}, {"day": "2023-09-04"}]],
)
def test_a_position_of_another_list_means_the_first_page(position):
    from chuangwei.domain.inspections.models import Round
    from tests.factories import inspections

    made = inspections.round_()
    after = base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")
    assert list(paged(Round.objects.all(), asked(f"/a/?after={after}"), order=("-starts_on", "-pk")).rows) == [made]


@pytest.mark.django_db
def test_a_position_no_database_can_hold_means_the_first_page():
    area = places.area()
    after = base64.urlsafe_b64encode(b'["\\u0000"]').decode().rstrip("=")
    assert list(paged(Area.objects.all(), asked(f"/a/?after={after}"), order=("code",)).rows) == [area]


@pytest.mark.django_db
def test_the_next_page_keeps_the_filters():
    for _ in range(3):
        places.area()
    page = paged(Area.objects.all(), asked("/a/?kind=社区&after=x"), order=("pk",), size=2)
    assert page.next_address.startswith("/a/?kind=%E7%A4%BE%E5%8C%BA&after=")
    last = paged(Area.objects.all(), asked(page.next_address), order=("pk",), size=2)
    assert (len(last.rows), last.next_address) == (1, "")


def test_a_list_in_memory_is_paged_by_number():
    first = listed(list("abcde"), asked("/a/"), size=2)
    second = listed(list("abcde"), asked(first.next_address), size=2)
    third = listed(list("abcde"), asked(second.next_address), size=2)
    assert ([*first.rows, *second.rows, *third.rows], third.next_address) == (list("abcde"), "")
    assert list(listed(list("abcde"), asked("/a/?after=bm8"), size=2).rows) == ["a", "b"]
