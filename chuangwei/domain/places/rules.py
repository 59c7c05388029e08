"""Pure rules of places: who was where on which day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Spell:
    """A value that held from one day to another, both included; None is open."""

    from_on: date | None
    to_on: date | None
    kind: str
    above: str | None
    """The code of the area above (for a site: the area it lies in)."""
    name: str = ""

    def holds(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)


def spell_on(spells: Sequence[Spell], day: date) -> Spell | None:
    """The spell that held on a day; where none did (before the first was known), none."""
    for spell in spells:
        if spell.holds(day):
            return spell
    return None


def chain_above(code: str, spells: Mapping[str, Sequence[Spell]], day: date) -> list[str]:
    """The codes from an area itself up to the top as the tree stood on a day."""
    chain: list[str] = []
    step: str | None = code
    while step is not None and step not in chain:
        chain.append(step)
        spell = spell_on(spells.get(step, ()), day)
        step = spell.above if spell else None
    return chain
