"""Chromium 90 is the oldest browser: what came later may not be needed, in our own styles or in the built scripts.

Versions are those of MDN's compatibility tables. Tabler's own sheet mixes colours (111) where ours name them.
"""

import re

import pytest

from tests.architecture.house import ROOT

STYLES = ROOT / "frontend" / "src" / "styles"
BUILT = ROOT / "chuangwei" / "web" / "shared" / "static" / "built"
LATER_STYLES = {
    r":has\(": 105, r"@container\b": 105, r"@layer\b": 99, r"color-mix\(": 111, r"\boklch\(": 111, r"\d[dsl]v[hw]\b": 108,
    r"\bsubgrid\b": 117, r"^\s*&": 112, r"\btranslate:\s": 104,
    r"@starting-style\b": 117, r"\binert\b": 102, r"\bmask:\s": 120, r"\bcontent-visibility: auto": 108,
}  # fmt: skip
LATER_SCRIPTS = {
    r"\bstructuredClone\(": 98, r"\bObject\.hasOwn\(": 93, r"\.findLast\(": 97, r"\.toSorted\(": 110,
    r"\.toReversed\(": 110, r"\bcrypto\.randomUUID\(": 92, r"\bObject\.groupBy\(": 117, r"\bPromise\.withResolvers\(": 119,
    r"\bnavigation\.navigate\(": 102, r"\.showPopover\(": 114,
}  # fmt: skip


def found(text: str, later: dict[str, int]) -> list[str]:
    return [
        f"{pattern} (Chromium {version})"
        for pattern, version in later.items()
        if re.search(pattern, text, re.MULTILINE)
    ]


@pytest.mark.parametrize("file", sorted(STYLES.rglob("*.css")), ids=lambda file: file.name)
def test_our_styles_need_nothing_later(file):
    assert found(file.read_text(encoding="utf-8"), LATER_STYLES) == []


@pytest.mark.parametrize("file", sorted((ROOT / "frontend" / "src").rglob("*.ts")), ids=lambda file: file.name)
def test_our_scripts_need_nothing_later(file):
    assert found(file.read_text(encoding="utf-8"), LATER_SCRIPTS) == []


def test_the_entry_every_page_loads_needs_nothing_later():
    entry = next(BUILT.glob("main-*.js")).read_text(encoding="utf-8")
    assert found(entry, LATER_SCRIPTS) == []


@pytest.mark.parametrize(
    ("text", "count"), [("a:has(b){}", 1), ("  & b {}", 1), ("a{height:100dvh}", 1), ("a{gap:1px}", 0)]
)
def test_the_check_itself_sees_what_is_later(text, count):
    assert len(found(text, LATER_STYLES)) == count
