"""Nothing grows past what a person can hold in the head."""

from pathlib import Path

import pytest

from tests.architecture.house import ROOT, too_large


def test_nothing_is_too_large() -> None:
    assert too_large(ROOT) == []


@pytest.mark.parametrize(
    ("name", "text", "is_found"),
    [
        ("chuangwei/core/long.py", "x = 1\n" * 501, True),
        ("chuangwei/core/long.py", "x = 1\n" * 500, False),
        ("chuangwei/core/deep.py", "def f():\n" + "    x = 1\n" * 60, True),
        ("chuangwei/core/deep.py", "def f():\n" + "    x = 1\n" * 59, False),
        ("chuangwei/core/wide.py", f"x = '{'字' * 134}'\n", False),
        ("chuangwei/core/wide.py", f"x = '{'字' * 135}'\n", True),
        ("chuangwei/web/office/templates/office/a.html", "<p></p>\n" * 161, True),
        ("frontend/src/islands/map/index.ts", "x;\n" * 201, True),
        ("frontend/src/islands/map/index.ts", "x;\n" * 200, False),
        ("chuangwei/core/migrations/0001_initial.py", "x = 1\n" * 900, False),
    ],
)
def test_what_is_too_large_is_found(tmp_path: Path, name: str, text: str, *, is_found: bool) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    assert bool(too_large(tmp_path)) is is_found
