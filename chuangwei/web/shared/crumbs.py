"""Where one is: the trail above the title of a page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Crumb:
    """One step of the trail; the last has no address."""

    title: str
    address: str = ""
