"""What the town needs of the bundled standards: kinds of site, their checklists, categories with the time they allow."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from chuangwei.core.calendar import TimeAllowed, TimeUnit


class Check(NamedTuple):
    code: str
    text: str
    points: float
    deduct_per: float
    categories: tuple[str, ...]
    line: str
    """The kind of department that answers for it; empty: the community."""
    is_veto: bool


class Category(NamedTuple):
    code: str
    name: str
    allowed: TimeAllowed


class Standards(NamedTuple):
    kinds: dict[str, str]
    """The name of each kind of site, without the bracketed words, by its code."""
    checks: dict[str, tuple[Check, ...]]
    """The checklist of each kind, by the kind's code."""
    categories: dict[str, Category]


@cache
def bundled() -> Standards:
    """Read from the files of presets/standards, once."""
    kinds = {kind["code"]: bare(kind["name"]) for kind in _tables("site-kinds.toml")[0]["kind"]}
    checks = {
        table["checklist"]["kind"]: tuple(_check(check) for check in table["check"]) for table in _tables("checklists")
    }
    categories = {
        category["code"]: _category(category) for table in _tables("categories") for category in table["category"]
    }
    return Standards(kinds, checks, categories)


def _tables(name: str) -> list[dict[str, Any]]:
    """The table of a file, or those of all files of a folder, by name."""
    entry = resources.files("chuangwei.presets") / "standards" / name
    files = sorted(entry.iterdir(), key=lambda file: file.name) if entry.is_dir() else [entry]
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in files if file.name.endswith(".toml")]


def bare(name: str) -> str:
    """农(集)贸市场 → 农贸市场."""
    while "(" in name and ")" in name:
        start, _, rest = name.partition("(")
        name = start + rest.partition(")")[2]
    return name


def _check(table: dict[str, Any]) -> Check:
    return Check(
        code=table["code"],
        text=table["text"],
        points=float(table["points"]),
        deduct_per=float(table["deduct_per"]),
        categories=tuple(table["categories"]),
        line=table.get("line", ""),
        is_veto="veto_below_rate" in table,
    )


def _category(table: dict[str, Any]) -> Category:
    allowed = table["allowed"]
    return Category(table["code"], table["name"], TimeAllowed(allowed["amount"], TimeUnit(allowed["unit"])))
