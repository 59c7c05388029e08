"""逾期未改: still to be put right and past the deadline, in the places and units of whoever may move them on."""

from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.web.office.dashboard.registry import Section, Tile, tile
from chuangwei.web.office.dashboard.tiles._ledger import by_deadline, may_push, part_of_ledger


@tile("late-problems", Section.LATE, order=10)
def late_problems(actor: Actor, _at: datetime) -> Tile | None:
    if not may_push(actor):
        return None
    return part_of_ledger(
        "逾期未改",
        actor,
        {"standing": "overdue"},
        words="个问题过了期限",
        order=("due_at", "pk"),
        say=by_deadline,
        is_late=True,
    )
