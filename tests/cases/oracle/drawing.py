"""A draw, redone from its seed (domain §7)."""

from hashlib import sha256
from typing import Any

from tests.cases.oracle.town import Draw, Town


def digest(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()


def candidates(town: Town, draw: Draw) -> str:
    lines = [
        f"{site.kind}\t{site.code}\n"
        for site in town.sites
        if site.kind in draw.strata and site.code not in draw.excluded
    ]
    return "".join(sorted(lines, key=lambda line: line.encode("utf-8")))


def draws_json(town: Town, draw: Draw) -> dict[str, Any]:
    drawn = {}
    for kind, wanted in draw.strata.items():
        codes = [site.code for site in town.sites if site.kind == kind and site.code not in draw.excluded]
        codes.sort(key=lambda code: (digest(f"{draw.seed}|{draw.round}|{code}"), code))
        drawn[kind] = codes[:wanted]
    return {
        "round": draw.round,
        "seed": draw.seed,
        "seed_hash": digest(draw.seed),
        "candidates_hash": digest(candidates(town, draw)),
        "strata": draw.strata,
        "drawn": drawn,
    }
