"""今天的轮次: the rounds somebody may record in today, and how many places each still leaves unseen."""

from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.domain.inspections import queries
from chuangwei.domain.inspections.enums import Permission
from chuangwei.web.office.dashboard.registry import Line, Section, Tile, tile
from chuangwei.web.shared.links import page_of

SHOWN = 5


@tile("running-rounds", Section.WAITING, order=3)
def running_rounds(actor: Actor, at: datetime) -> Tile | None:
    if not actor.may(Permission.RECORD):
        return None
    rounds = list(queries.running_rounds(actor=actor, at=at)[:SHOWN])
    if not rounds:
        return None
    progress = queries.progress(rounds, actor=actor)
    lines = [Line(one.name, _words(progress[one.pk]), page_of("round", one.code)) for one in rounds]
    return Tile("今天的轮次", lines=lines)


def _words(one: queries.Progress) -> str:
    return f"还有 {one.unseen} 个点位没到" if one.targets else f"已查 {one.visits} 次"
