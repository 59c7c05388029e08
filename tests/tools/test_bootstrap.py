"""From clone to program: what is done again and what is not, and what a person is told to do."""

import importlib
import sys
from types import ModuleType

import pytest

from tests.architecture.house import ROOT


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return importlib.import_module("bootstrap")


@pytest.mark.parametrize(
    ("version", "is_enough"),
    [
        ((0, 0), False),
        ((18, 20), False),
        ((20, 18), False),
        ((20, 19), True),
        ((21, 7), False),
        ((22, 11), False),
        ((22, 12), True),
        ((24, 19), True),
    ],
)
def test_which_node_builds_the_pages(bootstrap: ModuleType, version: tuple[int, int], *, is_enough: bool) -> None:
    assert bootstrap.builds_pages(version) is is_enough


def test_a_program_that_is_not_there_has_no_version(bootstrap: ModuleType) -> None:
    assert bootstrap.node_version("/no/such/node") == (0, 0)


def test_the_fingerprint_knows_names_and_contents(bootstrap: ModuleType, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("1")
    second.write_text("2")
    before = bootstrap.digest([first, second])
    assert bootstrap.digest([second, first]) == before
    second.write_text("3")
    assert bootstrap.digest([first, second]) != before
    second.write_text("2")
    assert bootstrap.digest([first, second.rename(tmp_path / "c")]) != before


def test_a_stamp_holds_until_the_fingerprint_changes(bootstrap: ModuleType, tmp_path) -> None:
    stamp = tmp_path / ".installed"
    assert not bootstrap.is_stamped(stamp, "one")
    stamp.write_text("one")
    assert bootstrap.is_stamped(stamp, "one")
    assert not bootstrap.is_stamped(stamp, "two")


def test_the_pages_are_built_from_sources_without_their_tests(bootstrap: ModuleType) -> None:
    names = {file.name for file in bootstrap.page_sources()}
    assert {"package-lock.json", "main.ts", "app.css"} <= names
    assert not any(name.endswith(".test.ts") for name in names)


def test_without_root_a_person_is_told_the_command(bootstrap: ModuleType, monkeypatch) -> None:
    monkeypatch.setattr(bootstrap, "is_root", lambda: False)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: "/usr/bin/apt-get")
    with pytest.raises(bootstrap.CannotGoOn, match="sudo apt-get install -y --no-install-recommends chromium"):
        bootstrap.install_system_packages(["chromium"], "浏览器测试")


def test_without_apt_the_packages_are_named(bootstrap: ModuleType, monkeypatch) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: None)
    with pytest.raises(bootstrap.CannotGoOn, match="chromium"):
        bootstrap.install_system_packages(["chromium"], "浏览器测试")


def test_what_cannot_be_installed_does_not_stop_the_rest(bootstrap: ModuleType, monkeypatch, capsys) -> None:
    monkeypatch.setattr(bootstrap, "is_root", lambda: False)
    monkeypatch.setattr(bootstrap, "chromium", lambda: None)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: "/usr/bin/apt-get")
    bootstrap.install_for_tests()
    said = capsys.readouterr().out
    assert "sudo apt-get install" in said
    assert "SQLite" in said


def test_the_bootstrap_needs_nothing_but_the_standard_library() -> None:
    source = (ROOT / "tools" / "bootstrap.py").read_text(encoding="utf-8")
    imported = {line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)
