"""未读消息."""

from datetime import datetime

from django.urls import reverse

from chuangwei.core import notices
from chuangwei.core.actor import Actor
from chuangwei.web.office.dashboard.registry import Line, Section, Tile, tile


@tile("unread-messages", Section.WAITING, order=90)
def unread_messages(actor: Actor, _at: datetime) -> Tile | None:
    count = notices.unread_count(actor.code)
    if not count:
        return None
    address = reverse("office:message_list")
    rows = notices.notices_of(actor.code, unread_only=True)[:5]
    return Tile(
        "消息", f"{count:,}", "条未读", f"{address}?state=unread", [Line(row.title, address=address) for row in rows]
    )
