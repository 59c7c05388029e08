"""Our style sheets say each thing once, and say nothing about what no page has."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.architecture.house import ROOT

STYLES = ROOT / "frontend" / "src" / "styles"
OF_PAPERS = ROOT / "chuangwei" / "domain" / "documents" / "writers" / "page.css"
PLACES = (
    ("chuangwei/web", "*.html"), ("chuangwei", "*.py"), ("frontend/src/islands", "*.ts"), ("frontend/src/shared", "*.ts"),
)  # fmt: skip
NAME = re.compile(r"\.((?:cw|is)-[\w-]+)")
WHOLE = re.compile(r"(?<![\w-])(?:cw|is)-[\w-]*\w")
COMPOSED = re.compile(r"(?<![\w-])((?:cw|is)-[\w-]*-?)\{")
"""Classes a page makes of a word: `cw-flag-{{ flag }}`, f"cw-paper-{align}"."""
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def sheets() -> list[str]:
    return [file.read_text(encoding="utf-8") for file in [*sorted(STYLES.rglob("*.css")), OF_PAPERS]]


def selectors(sheet: str, around: str = "") -> Iterator[tuple[str, str]]:
    """What each rule of a sheet is for, with the `@media` it stands in (empty: none)."""
    sheet, begun, depth = COMMENT.sub("", sheet), 0, 0
    opened = 0
    for place, letter in enumerate(sheet):
        if letter == "{":
            depth += 1
            if depth == 1:
                opened = place
        elif letter == "}":
            depth -= 1
            if depth == 0:
                head = " ".join(sheet[begun:opened].partition(";")[2 if ";" in sheet[begun:opened] else 0].split())
                if head.startswith("@media"):
                    yield from selectors(sheet[opened + 1 : place], head)
                elif not head.startswith("@"):
                    yield around, head
                begun = place + 1


def test_a_selector_stands_in_one_rule():
    """A group that shares a rule may name it once more; two rules for just the same are one rule torn apart."""
    told = Counter(one for sheet in sheets() for one in selectors(sheet))
    assert sorted(one for one, times in told.items() if times > 1) == []


def test_every_class_we_style_is_on_a_page():
    used = "\n".join(
        file.read_text(encoding="utf-8") for folder, kind in PLACES for file in (ROOT / folder).rglob(kind)
    )
    whole, begun = set(WHOLE.findall(used)), tuple(COMPOSED.findall(used))
    named = {name for sheet in sheets() for _, one in selectors(sheet) for name in NAME.findall(one)}
    assert sorted(name for name in named if name not in whole and not name.startswith(begun)) == []


def test_the_check_reads_rules_in_and_outside_of_media():
    sheet = '@import "x.css";\n/* {a} */ .cw-a, .cw-b > a { x: y }\n@media print { .cw-a { x: y } }'
    assert list(selectors(sheet)) == [("", ".cw-a, .cw-b > a"), ("@media print", ".cw-a")]
