"""A lane, a unit with somebody in it, and problems of any state and hour."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.places.models import Site
from chuangwei.domain.problems.models import Problem
from tests.factories import organisation, places, problems
from tests.factories.problems import MONDAY

AT = MONDAY + timedelta(days=2)
"""When the desk is looked at."""


@pytest.fixture(autouse=True)
def _stopped(frozen_clock: Callable[[datetime], datetime]) -> None:
    frozen_clock(AT)


@pytest.fixture
def lane(db: None) -> Site:
    return places.site(in_area=places.area("62"), name="东街一巷")


@pytest.fixture
def unit(db: None) -> Unit:
    return organisation.unit("CGJ")


@pytest.fixture
def problem(lane: Site, unit: Unit) -> Callable[..., Problem]:
    """`problem("dispatched", due=hours from AT, found=hours before AT)`."""

    def make(state: str, *, due: float | None = None, found: float = 40, **values: Any) -> Problem:
        found_at = AT - timedelta(hours=found)
        with_unit = state not in ("reported", "filed", "rejected")
        times: dict[str, datetime | Unit] = {"found_at": found_at}
        if with_unit:
            times |= {"unit": unit, "dispatched_at": found_at, "due_at": AT + timedelta(hours=due or 100)}
        if state in ("fixed", "closed"):
            times["fixed_at"] = found_at
        if state == "closed":
            times |= {"verified_at": found_at, "closed_at": found_at}
        return problems.problem(site=lane, state=state, **times, **values)

    return make
