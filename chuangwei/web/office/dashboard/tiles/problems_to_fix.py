"""待整改: dispatched to a unit of whoever looks; the nearest deadline first."""

from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.domain.problems.enums import Permission, ProblemState
from chuangwei.web.office.dashboard.registry import Section, Tile, tile
from chuangwei.web.office.dashboard.tiles._ledger import by_deadline, part_of_ledger


@tile("problems-to-fix", Section.WAITING, order=5)
def problems_to_fix(actor: Actor, _at: datetime) -> Tile | None:
    if not actor.may(Permission.FIX) or not actor.unit_codes:
        return None
    return part_of_ledger(
        "待整改",
        actor,
        {"state": ProblemState.DISPATCHED, "standing": "mine"},
        words="个问题派给本单位",
        order=("due_at", "pk"),
        say=by_deadline,
    )
