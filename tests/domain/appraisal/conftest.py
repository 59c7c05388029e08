"""A town of four communities under one preset, and the people who work with its rankings."""

import pytest

from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal.enums import Permission
from tests.domain.appraisal.world import World, found_town
from tests.factories import organisation


@pytest.fixture
def town(db: None) -> World:
    return found_town()


@pytest.fixture
def chief() -> Actor:
    return organisation.chief()


@pytest.fixture
def stranger() -> Actor:
    return organisation.stranger()


@pytest.fixture
def neighbour(town: World) -> Actor:
    """Somebody of community A who may do everything, but only there."""
    return organisation.clerk(*Permission, area_paths=(town.areas["A"].path,), code="neighbour")


@pytest.fixture
def reader() -> Actor:
    """Somebody who may look at everything everywhere, and change nothing."""
    return organisation.clerk(Permission.VIEW, code="reader")
