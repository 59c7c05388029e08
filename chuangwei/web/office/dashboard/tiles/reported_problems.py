"""待核实: reports that somebody has to confirm or decline."""

from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.domain.problems.enums import Permission, ProblemState
from chuangwei.web.office.dashboard.registry import Section, Tile, tile
from chuangwei.web.office.dashboard.tiles._ledger import part_of_ledger


@tile("reported-problems", Section.WAITING, order=10)
def reported_problems(actor: Actor, _at: datetime) -> Tile | None:
    if not actor.may(Permission.FILE):
        return None
    return part_of_ledger("待核实", actor, {"state": ProblemState.REPORTED}, words="个上报等着核实立案")
