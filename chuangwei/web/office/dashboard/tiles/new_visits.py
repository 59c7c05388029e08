"""新的检查: visits since the start of yesterday."""

from datetime import datetime, timedelta

from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.inspections.permissions import visible_visits
from chuangwei.web.office.dashboard.registry import Section, Tile, tile
from chuangwei.web.shared.listing import capped_count


@tile("new-visits", Section.CHANGED, order=30)
def new_visits(actor: Actor, at: datetime) -> Tile | None:
    day = clock.local_day(at) - timedelta(days=1)
    count = capped_count(visible_visits(actor).filter(at__gte=clock.instant(day), at__lte=at))
    if not count.number:
        return None
    return Tile("检查", str(count), "次，昨天零点以来", f"{reverse('office:visit_list')}?since={day}")
