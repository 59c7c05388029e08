"""The calculus of duty a second time, by plain loops over plain lists, to hold the product's against.

It shares no code with the product and looks everything up by walking through everything.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass
class World:
    """Areas as {code: parent}, sites as {code: (kind, area)}, chains as {kind: [(role, single)]}.

    Duties are (holder, role, place, first day, last day or None, hours).
    """

    areas: dict[str, str | None]
    sites: dict[str, tuple[str, str]]
    chains: dict[str, list[tuple[str, bool]]]
    duties: list[tuple[str, str, str, date, date | None, str]]
    heirs: dict[str, str] = field(default_factory=dict)

    def steps(self, site: str) -> list[str]:
        """The places that may answer for a site, nearest first."""
        steps = [site]
        here: str | None = self.sites[site][1]
        while here is not None:
            while here in self.heirs:
                here = self.heirs[here]
            steps.append(here)
            here = self.areas[here]
        return steps

    def holders_at(self, place: str, role: str, day: date) -> list[str]:
        found = []
        for holder, what, where, first, last, _ in self.duties:
            if what != role or where != place:
                continue
            if day < first:
                continue
            if last is not None and day > last:
                continue
            if holder not in found:
                found.append(holder)
        found.sort()
        return found

    def chain(self, site: str, day: date) -> list[tuple[str, str, str]]:
        """(role, holder, via) in the order of the chain, holders by code."""
        found = []
        for role, _ in self.chains.get(self.sites[site][0], []):
            for place in self.steps(site):
                holders = self.holders_at(place, role, day)
                if holders:
                    found += [(role, holder, place) for holder in holders]
                    break
        return found

    def gaps(self, day: date) -> list[dict[str, Any]]:
        found = []
        for site in sorted(self.sites):
            held = [role for role, _, _ in self.chain(site, day)]
            missing = [role for role, _ in self.chains.get(self.sites[site][0], []) if role not in held]
            if missing:
                found.append({"site": site, "missing": missing})
        return found

    def overlaps(self, day: date) -> list[dict[str, Any]]:
        found = []
        for site in sorted(self.sites):
            for role, single in self.chains.get(self.sites[site][0], []):
                holders = [holder for held, holder, _ in self.chain(site, day) if held == role]
                if single and len(holders) > 1:
                    found.append({"site": site, "role": role, "holders": holders})
        return found
