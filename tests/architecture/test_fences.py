"""Each fence of `make lint` breaks when it is violated: a copy of the house, one planted fault, the linter itself."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

BIN = Path(sys.executable).parent
Plant = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product without its built pages and data, to plant faults in."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "chuangwei", copy / "chuangwei", ignore=shutil.ignore_patterns("__pycache__", "built"))
    for name in ("pyproject.toml", "manage.py"):
        shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture
def plant(house: Path) -> Plant:
    """Adds lines to a file of the copy (or makes it) and takes them away afterwards."""
    planted: list[tuple[Path, str | None]] = []

    def add(name: str, lines: str) -> Path:
        file = house / name
        before = file.read_text(encoding="utf-8") if file.exists() else None
        planted.append((file, before))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text((before or "") + "\n" + lines + "\n", encoding="utf-8")
        return file

    yield add
    for file, before in reversed(planted):
        if before is None:
            file.unlink()
            if not any(file.parent.iterdir()):
                file.parent.rmdir()
        else:
            file.write_text(before, encoding="utf-8")


def run(house: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    env = {"PATH": f"{BIN}:/usr/bin:/bin", "CHUANGWEI_HOME": str(house / "var"), "HOME": str(house), "LANG": "C.UTF-8"}
    return subprocess.run(command, cwd=house, env=env, capture_output=True, text=True, check=False)


def broken_contracts(house: Path) -> set[str]:
    answer = run(house, BIN / "lint-imports", "--no-cache")
    lines = (answer.stdout + answer.stderr).splitlines()
    broken = {line.removesuffix(" BROKEN") for line in lines if line.endswith(" BROKEN")}
    assert bool(broken) is bool(answer.returncode), answer.stdout + answer.stderr
    return broken


def test_the_house_as_it_is_keeps_every_contract(house: Path) -> None:
    assert broken_contracts(house) == set()


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        (
            "chuangwei/core/clock.py",
            "import chuangwei.domain.places.models",
            "Three rings: web over domain over core",
        ),
        (
            "chuangwei/domain/places/queries.py",
            "import chuangwei.web.shared",
            "Three rings: web over domain over core",
        ),
        (
            "chuangwei/web/shared/paging.py",
            "import chuangwei.web.office.apps",
            "Audiences share only web.shared",
        ),
        ("chuangwei/web/kiosk/__init__.py", "", "Audiences share only web.shared"),
        (
            "chuangwei/domain/places/actions.py",
            "import chuangwei.domain.organisation.models",
            "Domain apps point one way",
        ),
        (
            "chuangwei/domain/problems/actions.py",
            "def late():\n    import chuangwei.domain.inspections.models",
            "Domain apps point one way",
        ),
        ("chuangwei/domain/weather/__init__.py", "", "Domain apps point one way"),
        (
            "chuangwei/domain/problems/models.py",
            "import chuangwei.domain.problems.actions",
            "Rooms inside a domain app",
        ),
        (
            "chuangwei/domain/problems/rules.py",
            "import chuangwei.domain.problems.models",
            "Rules are pure",
        ),
        (
            "chuangwei/domain/problems/rules.py",
            "import chuangwei.core.clock",
            "Rules ask neither the clock nor the database nor a request",
        ),
        (
            "chuangwei/domain/problems/rules.py",
            "from django.http import HttpRequest",
            "Rules ask neither the clock nor the database nor a request",
        ),
        ("chuangwei/web/office/apps.py", "def late():\n    import ortools", "Pages never load solvers"),
    ],
)
def test_an_import_against_the_house_breaks_its_contract(
    house: Path, plant: Plant, file: str, line: str, contract: str
) -> None:
    plant(file, line)
    assert contract in broken_contracts(house)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("def late():\n    import json\n    return json", "PLC0415"),
        ("import os", "F401"),
        ("from datetime import datetime\nNOON = datetime.now()", "DTZ005"),
        ("def f(list):\n    return list", "A002"),
        ("try:\n    x = 1\nexcept Exception:\n    pass", "BLE001"),
    ],
)
def test_ruff_breaks_on_bad_style(house: Path, plant: Plant, line: str, rule: str) -> None:
    file = plant("chuangwei/core/planted.py", line)
    answer = run(house, BIN / "ruff", "check", "--no-cache", file)
    assert answer.returncode == 1
    assert rule in answer.stdout


def test_ruff_breaks_on_bad_format(house: Path, plant: Plant) -> None:
    file = plant("chuangwei/core/planted.py", "x = {  'a':1 }")
    assert run(house, BIN / "ruff", "format", "--check", "--no-cache", file).returncode == 1


@pytest.mark.slow
def test_mypy_breaks_on_untyped_core_and_domain_but_not_on_pages(house: Path, plant: Plant) -> None:
    untyped = "def half(x):\n    return x / 2"
    planted = ["chuangwei/core/planted.py", "chuangwei/domain/places/planted.py", "chuangwei/web/shared/planted.py"]
    for name in planted:
        plant(name, untyped)
    answer = run(house, BIN / "mypy", "--follow-imports=silent", *planted)
    assert answer.returncode == 1, answer.stdout
    found = {line.split(":")[0] for line in answer.stdout.splitlines() if "[no-untyped-def]" in line}
    assert found == set(planted[:2])


def test_a_model_changed_without_a_migration_is_noticed(house: Path, plant: Plant) -> None:
    model = (
        "class Planted(models.Model):\n    name = models.CharField(max_length=8)\n\n"
        "    class Meta:\n        app_label = 'places'"
    )
    plant("chuangwei/domain/places/models.py", model)
    answer = run(house, sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")
    assert answer.returncode == 1
    assert "Planted" in answer.stdout + answer.stderr


def test_the_template_formatter_breaks_on_a_crooked_template(house: Path, plant: Plant) -> None:
    file = plant("chuangwei/web/shared/templates/shared/planted.html", "<div><p>\n一\n      </p></div>")
    assert run(house, BIN / "djlint", "--check", "--quiet", file).returncode == 1


def test_biome_breaks_on_bad_typescript(tmp_path: Path) -> None:
    biome = ROOT / "frontend" / "node_modules" / ".bin" / "biome"
    assert biome.exists(), "make setup installs it"
    shutil.copy(ROOT / "frontend" / "biome.json", tmp_path / "biome.json")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "planted.ts").write_text("export const f = (x: any) => console.log(x)\n", encoding="utf-8")
    answer = subprocess.run([biome, "ci", "src"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert "noExplicitAny" in answer.stdout + answer.stderr
