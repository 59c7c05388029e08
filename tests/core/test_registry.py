"""Registries over folders made for the test, imported as a program would import them."""

import sys
import textwrap
from pathlib import Path

import pytest

from chuangwei.core.registry import BadRegistration, Registry, UnknownSlug


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Write the modules of a package and get its name; everything is forgotten afterwards."""
    name = f"plugins_{tmp_path.name.replace('-', '_')}"
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(**modules: str) -> str:
        package = Path(tmp_path / name)
        package.mkdir()
        (package / "__init__.py").write_text("from chuangwei.core.registry import Registry\n"
                                             f"RULES = Registry('{name}', label='规则')\n")  # fmt: skip
        for module, source in modules.items():
            (package / f"{module}.py").write_text(f"from {name} import RULES\n{textwrap.dedent(source)}")
        return name

    yield write
    for module in [known for known in sys.modules if known.split(".")[0] == name]:
        del sys.modules[module]


def rules_of(name: str) -> Registry:
    return __import__(name).RULES


def test_entries_are_found_by_folder_in_order_of_their_slugs(folder):
    rules = rules_of(
        folder(
            visit_mean="@RULES.register('visit-mean')\ndef mean(): return 7\n",
            absent="@RULES.register('absent')\nclass Absent: pass\n",
            limit="RULES.register('limit', module=__name__)(42)\n",
            _shared="raise RuntimeError('not an entry, never imported')\n",
        )
    )
    assert list(rules.all()) == ["absent", "limit", "visit-mean"]
    assert (rules.get("visit-mean")(), rules.get("limit"), "limit" in rules, "other" in rules) == (7, 42, True, False)


def test_an_unknown_slug_is_answered_with_those_there_are(folder):
    rules = rules_of(
        folder(one="@RULES.register('one')\ndef one(): pass\n", two="@RULES.register('two')\ndef two(): pass\n")
    )
    with pytest.raises(UnknownSlug, match=r"没有名为“three”的规则。现有：one、two。"):
        rules.get("three")


def test_an_empty_folder_says_so(folder):
    with pytest.raises(UnknownSlug, match="现有：无"):
        rules_of(folder()).get("one")


def test_what_was_found_cannot_be_changed_from_outside(folder):
    rules = rules_of(folder(one="@RULES.register('one')\ndef one(): pass\n"))
    with pytest.raises(TypeError):
        rules.all()["two"] = None


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("@RULES.register('other')\ndef one(): pass\n", "belongs into .*other, not into .*one"),
        ("@RULES.register('One')\ndef one(): pass\n", "a slug is lower-case words"),
        ("@RULES.register('one_rule')\ndef one(): pass\n", "a slug is lower-case words"),
        ("@RULES.register('one')\ndef one(): pass\n@RULES.register('one')\ndef two(): pass\n", "two entries are called one"),
        ("RULES.register('one')(42)\n", "needs module=__name__"),
        ("def one(): pass\n", "registers nothing under its own name"),
    ],
)  # fmt: skip
def test_a_file_that_breaks_the_order_stops_the_start(folder, source, says):
    with pytest.raises(BadRegistration, match=says):
        rules_of(folder(one=source)).discover()
