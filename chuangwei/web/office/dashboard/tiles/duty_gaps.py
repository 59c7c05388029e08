"""盲区: sites whose chain is incomplete today, for whoever keeps the duties."""

from datetime import datetime

from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.enums import Permission
from chuangwei.web.office.dashboard.registry import Section, Tile, tile


@tile("duty-gaps", Section.WAITING, order=80)
def duty_gaps(actor: Actor, at: datetime) -> Tile | None:
    if not actor.may(Permission.EDIT):
        return None
    count = len(queries.gaps(day=clock.local_day(at), actor=actor))
    address = f"{reverse('office:duty_gaps')}?show=gaps"
    return Tile("盲区", f"{count:,}", "个点位有岗位没人负责", address) if count else None
