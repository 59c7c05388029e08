"""Two communities with somebody in each, and those who come to the pages of accounts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chuangwei.domain.organisation.models import Account
from chuangwei.domain.places.models import Area
from tests.factories import organisation, places, problems


@pytest.fixture
def two(db: None) -> list[Area]:
    """甲社区 and 乙社区: each has a department, a person in it, a lane and a problem there."""
    _, areas = places.town(communities=2)
    for area, name in zip(areas, "甲乙", strict=True):
        Area.objects.filter(pk=area.pk).update(name=f"{name}社区")
        area.refresh_from_db()
        unit = organisation.unit(f"U-{area.code}", name=f"{name}社区市政所", area=area)
        organisation.person(f"P-{area.code}", name=f"{name}某", of=unit)
        lane = places.site(f"L-{area.code}", in_area=area, name=f"{name}一巷")
        problems.problem(site=lane, code=f"W-{area.code}", description=f"{name}处占道")
    return areas


@pytest.fixture
def made(db: None) -> Callable[..., Account]:
    """`made("wang", roles=[…])` is an account nowhere unless a scope is given."""
    return lambda username, **values: organisation.account(username, **{"is_everywhere": False, **values})


@pytest.fixture
def security(signed_in: Callable[..., Client], settings: Any) -> Client:
    """The security administrator of the whole installation."""
    return signed_in("security-administrator")
