"""What the standards library says of kinds of site and their checks, read from its data files alone."""

import tomllib
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "chuangwei" / "presets" / "standards"


@dataclass(frozen=True)
class Check:
    code: str
    points: Decimal
    per: Decimal
    line: str
    veto_below: Decimal | None


def read(path: Path) -> dict[str, object]:
    # Decimal keeps 0.1 what it is.
    found: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return found


@cache
def checks() -> dict[str, list[Check]]:
    """The checks of each kind, by the code of the kind."""
    found = {}
    for path in sorted((FOLDER / "checklists").glob("*.toml")):
        sheet: dict = read(path)
        found[sheet["checklist"]["kind"]] = [
            Check(
                one["code"],
                Decimal(one["points"]),
                Decimal(one["deduct_per"]),
                one.get("line", ""),
                one.get("veto_below_rate"),
            )
            for one in sheet["check"]
        ]
    return found


@cache
def spellings() -> dict[str, list[str]]:
    """How each kind may be written; a word that several kinds could mean is left out."""
    written: dict[str, set[str]] = {}
    kinds: dict = read(FOLDER / "site-kinds.toml")
    for kind in kinds["kind"]:
        name = unicodedata.normalize("NFKC", kind["name"])
        plain = without_brackets(name)
        words = plain.replace("、", "/").split("/")
        for word in {kind["code"], name, plain, *words, *kind.get("aliases", ())}:
            written.setdefault(unicodedata.normalize("NFKC", word), set()).add(kind["code"])
    found: dict[str, list[str]] = {}
    for word, meant in sorted(written.items()):
        if len(meant) == 1:
            found.setdefault(next(iter(meant)), []).append(word)
    return found


def without_brackets(text: str) -> str:
    kept, depth = "", 0
    for letter in text:
        depth += letter == "("
        kept += letter if depth == 0 else ""
        depth -= letter == ")"
    return kept


@cache
def categories() -> list[tuple[str, str]]:
    """Code and name of every category whose name is its own."""
    found: list[tuple[str, str]] = []
    for path in sorted((FOLDER / "categories").glob("*.toml")):
        sheet: dict = read(path)
        found += [(one["code"], one["name"]) for one in sheet["category"]]
    names = [name for _, name in found]
    return [(code, name) for code, name in found if names.count(name) == 1]
