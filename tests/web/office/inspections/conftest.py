"""The ground of the domain tests, and the people who sign in to it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from chuangwei.domain.inspections.models import Round
from chuangwei.domain.organisation import preset
from tests.domain.inspections.conftest import Ground, ground
from tests.factories.problems import MONDAY

__all__ = ["ground"]

NOON = MONDAY + timedelta(hours=3)


@pytest.fixture
def now(frozen_clock: Callable[..., Any]) -> Any:
    """Monday noon of the week of the round."""
    return frozen_clock(NOON)


@pytest.fixture
def inspector(signed_in: Callable[..., Client], ground: Ground) -> Client:
    """马俊杰 of the squad."""
    return signed_in("inspector", person=ground.person)


@pytest.fixture
def looker(signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody who records and exports, but sees no persons."""
    known = dict(preset.default_bundles())
    rights = ["places.view", "workbooks.export", "inspections.view", "inspections.record", "inspections.plan"]
    known["looker"] = preset.Bundle(title="看检查", permissions=rights)
    monkeypatch.setattr(preset, "default_bundles", lambda: known)
    return signed_in("looker")


def sheet_address(each: Round, site: str = "BL-1", step: str = "") -> str:
    return f"/sheets/{each.code}/at/{site}/{step}"


def words(answer: Any) -> str:
    """What a reader sees of any answer, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
