"""Builders of problems."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems.enums import ProblemState, Source
from chuangwei.domain.problems.models import Problem
from tests.factories import standards

_numbers = count(1)
MONDAY = datetime(2023, 9, 4, 1, tzinfo=UTC)
"""Monday 2023-09-04, nine o'clock in Shanghai."""


def problem(*, in_area: Area | None = None, site: Site | None = None, **values: Any) -> Problem:
    area = site.area if site else in_area
    defaults = {
        "code": f"WT-{next(_numbers):04}", "source": Source.INSPECTION, "category": standards.category(),
        "description": "占道经营", "state": ProblemState.FILED, "found_at": MONDAY, **values,
    }  # fmt: skip
    return Problem.objects.create(site=site, area=area, **defaults)
