"""The bytes of a draw 随机抽取, pure (domain §7). `verifier.py` says the same a second time and shares no code with it.

Every hashed text is UTF-8 without a mark in front; every hash is written as 64 lower-case hexadecimal digits.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SEED = re.compile("[0-9a-f]{64}")
SEPARATOR = "|"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def is_seed(text: str) -> bool:
    """A seed is 64 lower-case hexadecimal digits, and is used as that text ever after."""
    return SEED.fullmatch(text) is not None


def seed_used(seed: str, word: str = "") -> str:
    """The seed the order is made with: where a public word was named beforehand, it decides too."""
    return digest(f"{seed}{SEPARATOR}{word}") if word else seed


def candidate_list(candidates: Iterable[tuple[str, str]]) -> str:
    """The list as it is published and hashed: a line `kind code` TAB `site code` LF for each, lines in byte order."""
    lines = {f"{kind}\t{code}\n" for kind, code in candidates}
    return "".join(sorted(lines, key=str.encode))


def listed(candidates: str) -> dict[str, list[str]]:
    """The codes of each kind, read back from the list."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in candidates.split("\n")[:-1]:
        kind, _, code = line.partition("\t")
        found[kind].append(code)
    return found


def order_key(seed: str, round_code: str, code: str) -> tuple[str, str]:
    """Where a candidate stands in the draw: by its hash, ties by code."""
    return digest(SEPARATOR.join([seed, round_code, code])), code


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn, in the order of the draw, by stratum; and where a stratum had fewer than asked for, how many."""

    sites: dict[str, list[str]]
    shortfalls: dict[str, int]


def drawn(*, seed: str, round_code: str, candidates: str, strata: Mapping[str, int]) -> Drawn:
    """The first n of each stratum; all of it where it has fewer."""
    of_kind = listed(candidates)
    sites = {}
    for kind, wanted in strata.items():
        in_order = sorted(of_kind.get(kind, []), key=lambda code: order_key(seed, round_code, code))
        sites[kind] = in_order[:wanted]
    short = {kind: len(sites[kind]) for kind, wanted in strata.items() if len(sites[kind]) < wanted}
    return Drawn(sites, short)
