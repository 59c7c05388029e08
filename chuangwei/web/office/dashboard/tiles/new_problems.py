"""新增问题: found since the start of yesterday."""

from datetime import datetime, timedelta

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.web.office.dashboard.registry import Section, Tile, tile
from chuangwei.web.office.dashboard.tiles._ledger import part_of_ledger


@tile("new-problems", Section.CHANGED, order=10)
def new_problems(actor: Actor, at: datetime) -> Tile | None:
    day = clock.local_day(at) - timedelta(days=1)
    return part_of_ledger(
        "新增问题", actor, {"found_from": f"{day}"}, words="个，昨天零点以来", order=("-found_at", "-pk")
    )
