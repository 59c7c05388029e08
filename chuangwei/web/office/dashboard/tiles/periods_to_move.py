"""评比下一步: periods that may be published or made final now, for whoever publishes."""

from datetime import datetime

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import permissions, queries
from chuangwei.domain.appraisal.enums import PeriodState, Permission
from chuangwei.domain.appraisal.models import Period
from chuangwei.web.office.appraisal.addresses import PeriodAddress
from chuangwei.web.office.dashboard.registry import Line, Section, Tile, tile


@tile("periods-to-move", Section.WAITING, order=50)
def periods_to_move(actor: Actor, at: datetime) -> Tile | None:
    if not actor.may(Permission.PUBLISH):
        return None
    day = clock.local_day(at)
    computed = queries.periods(actor=actor).filter(state=PeriodState.COMPUTED, to_on__lt=day)
    published = queries.periods(actor=actor).filter(state=PeriodState.PUBLISHED, objections_until__lt=day)
    lines = [
        *(_line(one, "待公示") for one in computed.order_by("from_on")[:5]),
        *(_line(one, "公示期满，待定案") for one in published.order_by("from_on")[:5]),
    ]
    allowed = [line for period, line in lines if permissions.may_publish(actor, period.area_code)]
    return Tile("评比下一步", lines=allowed) if allowed else None


def _line(period: Period, words: str) -> tuple[Period, Line]:
    return period, Line(queries.parse_span(period.slug).title, words, PeriodAddress.of(period).ranking)
