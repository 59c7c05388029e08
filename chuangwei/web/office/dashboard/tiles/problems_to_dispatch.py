"""待派遣: confirmed, sent back by a unit or come back, and with nobody to put it right."""

from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.domain.problems.enums import Permission
from chuangwei.web.office.dashboard.registry import Section, Tile, tile
from chuangwei.web.office.dashboard.tiles._ledger import part_of_ledger


@tile("problems-to-dispatch", Section.WAITING, order=20)
def problems_to_dispatch(actor: Actor, _at: datetime) -> Tile | None:
    if not actor.may(Permission.DISPATCH):
        return None
    return part_of_ledger("待派遣", actor, {"standing": "undispatched"}, words="个问题等着派遣")
