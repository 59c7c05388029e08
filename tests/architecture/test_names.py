"""Names say something, pages stay at home, every noun introduces itself."""

from pathlib import Path

import pytest

from tests.architecture.house import ROOT, domain_apps, empty_names, foreign_addresses, inline_code


def test_no_name_says_nothing() -> None:
    assert empty_names(ROOT) == []


def test_no_page_fetches_from_another_machine() -> None:
    assert foreign_addresses(ROOT) == []


def test_no_page_needs_inline_code() -> None:
    assert inline_code(ROOT) == []


@pytest.mark.parametrize("app", domain_apps(ROOT))
def test_every_noun_has_its_page(app: str) -> None:
    assert (ROOT / "chuangwei" / "domain" / app / "README.md").is_file()


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("chuangwei/core/utils.py", "x = 1"),
        ("chuangwei/core/scores.py", "class ScoreManager: ..."),
        ("chuangwei/domain/places/helpers.py", ""),
    ],
)
def test_an_empty_name_is_found(tmp_path: Path, name: str, source: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    file.write_text(source, encoding="utf-8")
    assert empty_names(tmp_path)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("chuangwei/web/office/templates/office/a.html", '<script src="https://example.org/a.js"></script>'),
        ("chuangwei/web/office/templates/office/a.html", '<link href="//example.org/a.css">'),
        ("frontend/src/styles/a.css", "@import 'https://example.org/a.css';"),
        ("frontend/src/styles/a.css", "body { background: url(https://example.org/a.png); }"),
        ("frontend/src/islands/a/index.ts", 'await fetch("https://example.org")'),
    ],
)
def test_a_foreign_address_is_found(tmp_path: Path, name: str, source: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    file.write_text(source, encoding="utf-8")
    assert foreign_addresses(tmp_path)


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ('<p style="color: red">', True),
        ('<a onclick="go()">', True),
        ("<script>go()</script>", True),
        ('<script type="application/json">{}</script>', False),
        ('<script type="module" src="a.js"></script>', False),
        ('<p class="style" data-only="1">', False),
    ],
)
def test_inline_code_is_found(tmp_path: Path, source: str, *, is_found: bool) -> None:
    file = tmp_path / "chuangwei/web/office/templates/office/a.html"
    file.parent.mkdir(parents=True)
    file.write_text(source, encoding="utf-8")
    assert bool(inline_code(tmp_path)) is is_found
