"""What we install is named, hashed, reasoned, and the same wherever it comes from."""

import ast
import importlib.metadata
import json
import re
import sys
import tomllib

import pytest

from tests.architecture.house import ROOT, imports, modules

LOCKS = sorted(ROOT.glob("requirements/*.lock"))
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_hashes_and_no_address(lock) -> None:
    text = lock.read_text(encoding="utf-8")
    named = re.findall(r"^[a-z0-9][\w.-]*==\S+", text, re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9][\w.-]*==)", text, flags=re.MULTILINE)[1:]
    assert named
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"https?:|--index|--extra-index|--find-links|@ file", text)


def test_the_page_lock_holds_hashes_and_no_registry() -> None:
    packages = json.loads((ROOT / "frontend/package-lock.json").read_text(encoding="utf-8"))["packages"]
    bought = {name: package for name, package in packages.items() if name}
    assert bought
    assert [name for name, package in bought.items() if "resolved" in package] == []
    assert [name for name, package in bought.items() if not package.get("integrity")] == []


def test_page_packages_are_pinned_exactly() -> None:
    package = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))
    versions = package["dependencies"] | package["devDependencies"]
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_every_dependency_is_in_its_lock() -> None:
    project = tomllib.loads(PROJECT)
    for wanted, lock in (
        (project["project"]["dependencies"], "runtime.lock"),
        (project["project"]["dependencies"] + project["dependency-groups"]["dev"], "dev.lock"),
    ):
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        locked = set(re.findall(r"^([a-z0-9][\w.-]*)==", text, re.MULTILINE))
        names = {re.split(r"[\[<>=;~ ]", line, maxsplit=1)[0].lower() for line in wanted}
        assert names - locked == set(), lock


def test_every_dependency_of_the_product_says_why() -> None:
    block = PROJECT.split("dependencies = [", 1)[1].split("\n]", 1)[0].strip().splitlines()
    unexplained = [
        line.strip()
        for before, line in zip(["", *block], block, strict=False)
        if line.strip().startswith('"') and "#" not in line and not before.strip().startswith("#")
    ]
    assert unexplained == []


@pytest.mark.parametrize("name", ["pyproject.toml", "frontend/.npmrc", "Makefile", ".ci/run", "tools/bootstrap.py"])
def test_no_file_names_a_registry(name: str) -> None:
    assert not re.search(r"https?://\S*(?:pypi|npm|simple|registry)", (ROOT / name).read_text(encoding="utf-8"))


def test_the_product_imports_only_what_it_depends_on() -> None:
    """Third-party imports of the product and its declared dependencies are one list."""
    distributions = {
        module: name.lower().replace("_", "-")
        for module, names in importlib.metadata.packages_distributions().items()
        for name in names
    }
    wanted = {
        distributions[top]
        for file in modules(ROOT)
        for _, name in imports(ast.parse(file.read_text(encoding="utf-8")))
        if (top := name.split(".")[0]) in distributions and top not in sys.stdlib_module_names
    }
    lines = tomllib.loads(PROJECT)["project"]["dependencies"]
    declared = {re.split(r"[\[<>=;~ ]", line, maxsplit=1)[0].lower() for line in lines}
    # Named in settings, on a command line or by the engine itself, never in an import statement.
    named = {"argon2-cffi", "django-template-partials", "granian", "psycopg", "tzdata", "whitenoise"}
    # pydantic's own other half, released with it.
    assert wanted - declared - {"pydantic-core"} == set()
    assert declared - wanted - named == set()
