"""Other packages reach a domain app only through its doors, and only its actions write its rows."""

from pathlib import Path

import pytest

from tests.architecture.house import ROOT, closed_doors, writes_elsewhere


def test_nobody_reaches_past_a_door() -> None:
    assert closed_doors(ROOT) == []


def test_only_actions_write() -> None:
    assert writes_elsewhere(ROOT) == []


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("from chuangwei.domain.places import rules", True),
        ("from chuangwei.domain.places.states import OPEN", True),
        ("import chuangwei.domain.places.jobs", True),
        ("def late():\n    from chuangwei.domain.places.rules import path_of", True),
        ("import chuangwei.domain.places", True),
        ("from chuangwei.domain.places import queries", False),
        ("from chuangwei.domain.places.models import Area", False),
    ],
)
def test_a_reach_past_a_door_is_found(tmp_path: Path, line: str, *, is_found: bool) -> None:
    plant(tmp_path, "chuangwei/web/office/places/views.py", line)
    assert bool(closed_doors(tmp_path)) is is_found


def test_an_app_may_use_its_own_rooms(tmp_path: Path) -> None:
    plant(tmp_path, "chuangwei/domain/places/actions.py", "from chuangwei.domain.places import rules")
    assert closed_doors(tmp_path) == []


@pytest.mark.parametrize(
    ("call", "is_found"),
    [
        ("Area.objects.create(code='1')", True),
        ("Area.objects.filter(code='1').exclude(kind='组').update(name='二')", True),
        ("Area.objects.all().delete()", True),
        ("Area.objects.filter(code='1').first()", False),
        ("{}.update(code='1')", False),
    ],
)
def test_a_write_outside_actions_is_found(tmp_path: Path, call: str, *, is_found: bool) -> None:
    plant(tmp_path, "chuangwei/web/office/places/views.py", f"from chuangwei.domain.places.models import Area\n{call}")
    assert bool(writes_elsewhere(tmp_path)) is is_found


def test_actions_may_write(tmp_path: Path) -> None:
    source = "from chuangwei.domain.places.models import Area\nArea.objects.create(code='1')"
    plant(tmp_path, "chuangwei/domain/places/actions.py", source)
    assert writes_elsewhere(tmp_path) == []


def plant(root: Path, name: str, source: str) -> None:
    file = root / name
    file.parent.mkdir(parents=True)
    file.write_text(source, encoding="utf-8")
