"""待办的后续措施: statements and interviews that have fallen due, for whoever carries them out."""

from datetime import datetime

from django.urls import reverse

from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import queries
from chuangwei.domain.appraisal.enums import ConsequenceState, Permission
from chuangwei.web.office.appraisal.follow_ups import line_of
from chuangwei.web.office.dashboard.registry import Line, Section, Tile, tile
from chuangwei.web.shared.listing import capped_count


@tile("follow-ups-due", Section.WAITING, order=60)
def follow_ups_due(actor: Actor, _at: datetime) -> Tile | None:
    if not actor.may(Permission.CARRY_OUT):
        return None
    found = queries.consequences(actor=actor).filter(state=ConsequenceState.DUE).order_by("period__from_on", "pk")
    count = capped_count(found)
    lines = [Line(one.title, one.period, one.address) for one in map(line_of, found[:5])]
    address = f"{reverse('office:follow_up_list')}?state={ConsequenceState.DUE}"
    return Tile("后续措施", str(count), "项待办", address, lines) if lines else None
