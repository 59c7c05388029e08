"""Broken data is looked for in every app that has a consistency.py."""

import sys
from types import ModuleType

import pytest
from django.apps import AppConfig, apps

from chuangwei.core import checks
from chuangwei.core.checks import Broken


@pytest.fixture
def install(monkeypatch, tmp_path):
    """Put an app with this consistency.py (or none) beside the installed ones."""
    monkeypatch.syspath_prepend(str(tmp_path))
    configs = []

    def add(name: str, source: str | None) -> None:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        if source is not None:
            (folder / "consistency.py").write_text(source, encoding="utf-8")
        module = ModuleType(name)
        module.__path__ = [str(folder)]
        monkeypatch.setitem(sys.modules, name, module)
        config = AppConfig(name, __import__(name))
        config.verbose_name = f"〔{name}〕"
        configs.append(config)

    monkeypatch.setattr(apps, "get_app_configs", lambda: configs)
    yield add
    for config in configs:
        sys.modules.pop(f"{config.name}.consistency", None)


@pytest.fixture(autouse=True)
def _app_configs_need_no_path(monkeypatch):
    monkeypatch.setattr(AppConfig, "_path_from_module", lambda _, module: module.__path__[0])


def test_every_app_is_asked_in_order(install):
    install("first_app", "def checks():\n    return ['甲丢了。', '乙乱了。']\n")
    install("silent_app", None)
    install("second_app", "def checks():\n    yield '丙旧了。'\n")
    assert checks.broken_data() == [
        Broken("〔first_app〕", "甲丢了。"), Broken("〔first_app〕", "乙乱了。"), Broken("〔second_app〕", "丙旧了。"),
    ]  # fmt: skip


def test_a_check_that_fails_is_a_finding_and_hides_nothing(install, caplog):
    install("broken_app", "def checks():\n    yield '甲丢了。'\n    raise KeyError('乙')\n")
    install("sound_app", "def checks():\n    yield '丙旧了。'\n")
    assert [str(found) for found in checks.broken_data()] == [
        "〔broken_app〕：甲丢了。",
        "〔broken_app〕：检查没有做完，KeyError：'乙'",
        "〔sound_app〕：丙旧了。",
    ]
    assert "Traceback" in caplog.text
