"""待核查: said to be put right; whoever may verify looks."""

from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.domain.problems.enums import Permission, ProblemState
from chuangwei.web.office.dashboard.registry import Section, Tile, tile
from chuangwei.web.office.dashboard.tiles._ledger import part_of_ledger


@tile("problems-to-verify", Section.WAITING, order=30)
def problems_to_verify(actor: Actor, _at: datetime) -> Tile | None:
    if not actor.may(Permission.VERIFY):
        return None
    return part_of_ledger("待核查", actor, {"state": ProblemState.FIXED}, words="个问题报了整改，等着核查")
