"""One town for all tests of the demo: it is the same for everybody."""

from importlib import resources

import pytest

from chuangwei.core import calendar
from chuangwei.core.calendar import Calendar
from chuangwei.demo.town.examples import town as found
from chuangwei.demo.town.town import Town


@pytest.fixture(scope="session")
def days() -> Calendar:
    return calendar.read(resources.files("chuangwei.presets") / "calendars")


@pytest.fixture(scope="session")
def town(days: Calendar) -> Town:
    return found(days=days)
