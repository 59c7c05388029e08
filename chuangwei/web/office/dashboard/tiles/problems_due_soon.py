"""三天内到期: still to be put right within three days, and not late yet, for whoever may move them on."""

from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.web.office.dashboard.registry import Section, Tile, tile
from chuangwei.web.office.dashboard.tiles._ledger import by_deadline, may_push, part_of_ledger


@tile("problems-due-soon", Section.LATE, order=20)
def problems_due_soon(actor: Actor, _at: datetime) -> Tile | None:
    if not may_push(actor):
        return None
    return part_of_ledger(
        "三天内到期", actor, {"standing": "soon"}, words="个问题快到期限", order=("due_at", "pk"), say=by_deadline
    )
