"""月度奖惩: months that can be settled, and settlements that wait for a leader's approval."""

from datetime import datetime

from django.urls import reverse

from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import permissions, queries
from chuangwei.domain.appraisal.enums import Permission, SettlementState
from chuangwei.web.office.appraisal.addresses import series_key
from chuangwei.web.office.appraisal.settlements import ready_to_settle
from chuangwei.web.office.dashboard.registry import Line, Section, Tile, tile


@tile("settlements-waiting", Section.WAITING, order=70)
def settlements_waiting(actor: Actor, _at: datetime) -> Tile | None:
    lines: list[Line] = []
    if actor.may(Permission.SETTLE):
        address = reverse("office:settlement_list")
        lines += [Line(f"{one.title}{one.series}", "各期已定案，可以核算", address) for one in ready_to_settle(actor)]
    if actor.may(Permission.APPROVE):
        for one in queries.settlements(actor=actor).filter(state=SettlementState.COMPUTED).exclude(paper=""):
            if permissions.may_approve(actor, one.area_code):
                key = series_key(one.series, one.area_code)
                address = reverse("office:settlement_detail", args=[key, one.month])
                lines.append(Line(f"{queries.parse_span(one.month).title}奖惩", "待批准", address))
    return Tile("月度奖惩", lines=lines) if lines else None
