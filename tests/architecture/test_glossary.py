"""One Chinese term, one English identifier: every app, model and move is in docs/glossary.md."""

import importlib
import re
from importlib.util import find_spec

import pytest
from django.apps import apps

from chuangwei.core.transitions import Transition
from tests.architecture.house import ROOT, domain_apps

GLOSSARY = ROOT / "docs" / "glossary.md"


def identifiers(text: str) -> set[str]:
    """What stands between backquotes in the second column of a table row."""
    found = set()
    for line in text.splitlines():
        columns = line.split("|")
        if len(columns) > 3:
            found |= set(re.findall(r"`([^`]+)`", columns[2]))
    return found


def our_terms() -> list[str]:
    labels = {app.label for app in apps.get_app_configs() if app.name.startswith("chuangwei.")}
    models = {model.__name__ for model in apps.get_models() if model._meta.app_label in labels}
    moves = set()
    for app in domain_apps(ROOT):
        if find_spec(f"chuangwei.domain.{app}.states"):
            states = importlib.import_module(f"chuangwei.domain.{app}.states")
            moves |= {thing.slug for thing in vars(states).values() if isinstance(thing, Transition)}
    return sorted(set(domain_apps(ROOT)) | models | moves)


@pytest.mark.parametrize("term", our_terms())
def test_every_term_is_in_the_glossary(term: str) -> None:
    assert term in identifiers(GLOSSARY.read_text(encoding="utf-8"))


def test_a_missing_term_is_noticed() -> None:
    assert identifiers("| 中文 | identifier |\n| 网格 | `grid` | places |\n| 销号 | `close`, `CLOSE` | problems |") == {
        "grid",
        "close",
        "CLOSE",
    }
