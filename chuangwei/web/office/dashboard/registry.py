"""Tiles of the desk 工作台: what waits for me, what is late, what changed since yesterday, how the ranking stands.

A tile is one file of `tiles/`: a question asked as somebody at an instant, in a ready shape; nothing where it does not
concern her. No tile knows who she is beyond her permissions and scope, and none ranks people (减负, domain §11).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chuangwei.core.actor import Actor
from chuangwei.core.registry import Registry


class Section(StrEnum):
    """The parts of the desk, from the most urgent down; the value is its heading."""

    LATE = "逾期和临期"
    WAITING = "等我办的"
    CHANGED = "昨天以来"
    STANDING = "评比"


@dataclass(frozen=True)
class Line:
    """One thing of a tile, and where it is."""

    title: str
    words: str = ""
    address: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Tile:
    """A figure with its words, or some lines, or both; `address` is the list the figure counts."""

    title: str
    figure: str = ""
    words: str = ""
    address: str = ""
    lines: Sequence[Line] = ()
    is_late: bool = False


Question = Callable[[Actor, datetime], Tile | None]


@dataclass(frozen=True)
class TileRule:
    section: Section
    order: int
    ask: Question


TILES: Registry[TileRule] = Registry("chuangwei.web.office.dashboard.tiles", label="工作台卡片")


def tile(slug: str, section: Section, *, order: int) -> Callable[[Question], Question]:
    """Register the question of a file of `tiles/`."""

    def add(function: Question) -> Question:
        TILES.register(slug, module=function.__module__)(TileRule(section, order, function))
        return function

    return add


def desk_of(actor: Actor, at: datetime) -> list[tuple[Section, list[Tile]]]:
    """What stands on somebody's desk, section by section; sections with nothing in them are left out."""
    rules = sorted(TILES.all().values(), key=lambda rule: rule.order)
    asked = [(rule.section, rule.ask(actor, at)) for rule in rules]
    found = [(section, [one for where, one in asked if where == section and one]) for section in Section]
    return [(section, tiles) for section, tiles in found if tiles]
