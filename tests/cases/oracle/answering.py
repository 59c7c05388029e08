"""Who answers for which site on a day: gaps, overlaps and chains (domain §3, workbooks.md duties.json)."""

from datetime import date
from typing import Any

from tests.cases.oracle.town import Site, Town


def duties_json(town: Town) -> dict[str, Any]:
    """Chains of every site; the caller compares those it asks for."""
    gaps, overlaps, chains = [], [], {}
    for site in sorted(town.sites, key=lambda site: site.code):
        missing, chain = [], []
        for role in chain_of(town, site):
            via, holders = nearest(town, [site.code, *town.upwards(site.area)], role["name"], town.day)
            if not holders:
                missing.append(role["name"])
            if role["single"] and len(holders) > 1:
                overlaps.append({"site": site.code, "role": role["name"], "holders": holders})
            chain += [{"role": role["name"], "holder": holder, "via": via} for holder in holders]
        if missing:
            gaps.append({"site": site.code, "missing": missing})
        chains[site.code] = chain
    return {"at": town.day.isoformat(), "gaps": gaps, "overlaps": overlaps, "chains": chains}


def chain_of(town: Town, site: Site) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = town.preset.get("chains", {}).get(site.kind, {}).get("roles", [])
    return found


def nearest(town: Town, places: list[str], role: str, day: date) -> tuple[str | None, list[str]]:
    """The first of these places where somebody holds the role that day, and who does, by code.

    A duty is held from its first day to its last, both included, whatever its hours; the same holder twice is one.
    """
    for place in places:
        holders = {
            duty.holder
            for duty in town.duties
            if duty.place == place
            and duty.role == role
            and duty.first <= day
            and (duty.last is None or day <= duty.last)
        }
        if holders:
            return place, sorted(holders)
    return None, []
