"""The town as a whole: seed and day in, every row of the three workbooks out."""

from datetime import date
from random import Random
from typing import NamedTuple

from chuangwei.core.calendar import Calendar
from chuangwei.demo.town import duties, ground, ledger, people, rounds, sheets, sites, standards
from chuangwei.demo.town.records import Duty, Mark, Problem, Round, Visit
from chuangwei.demo.town.scene import Scene

SEED = 7
TODAY = date(2026, 10, 26)
"""The Monday on which the demo's office sits down to count: the same day for everybody, so the same town."""
LANES = 186


class Town(NamedTuple):
    """Everything that goes into the workbooks."""

    scene: Scene
    duties: list[Duty]
    rounds: list[Round]
    visits: list[Visit]
    marks: list[Mark]
    problems: list[Problem]


def found(*, seed: int = SEED, today: date = TODAY, calendar: Calendar) -> Town:
    """The town of a seed, as its office knows it on the morning of a day.

    Each part draws from a source of its own, so that a change to one leaves the others as they were.
    """
    parts = ("land", "staff", "sites", "duties", "visits", "marks", "ledger")
    source = {part: Random(f"{seed}:{part}") for part in parts}  # noqa: S311  (a town, not a secret)
    land = ground.lay_out(source["land"])
    staff = people.employ(land, source["staff"])
    scene = Scene(land, staff, tuple(sites.place_sites(land, LANES, source["sites"])), today, calendar)
    chains = duties.assign(land, staff, list(scene.sites), today, source["duties"])
    all_rounds, visits = rounds.inspect(scene, source["visits"])
    book = standards.bundled()
    marks, findings = sheets.score(scene, all_rounds, visits, book, source["marks"])
    return Town(scene, chains, all_rounds, visits, marks, ledger.keep(scene, findings, book, source["ledger"]))
