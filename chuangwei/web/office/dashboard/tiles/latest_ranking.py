"""最近一期: the last period of each series somebody may see: the flags, and her own place where she is ranked."""

from datetime import datetime

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import queries
from chuangwei.domain.appraisal.enums import Flag, Permission
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.places.models import Area
from chuangwei.web.office.appraisal.addresses import PeriodAddress
from chuangwei.web.office.appraisal.reading import tell
from chuangwei.web.office.dashboard.registry import Line, Section, Tile, tile
from chuangwei.web.shared.templatetags.words import hundredths


@tile("latest-ranking", Section.STANDING, order=10)
def latest_ranking(actor: Actor, at: datetime) -> Tile | None:
    if not actor.may(Permission.VIEW):
        return None
    lines: list[Line] = []
    for series in queries.all_series(day=clock.local_day(at), actor=actor):
        latest = (
            queries.periods(actor=actor, series=series.slug, area=series.area_code).order_by("-to_on", "-pk").first()
        )
        if latest is not None:
            lines += _told(actor, series.title, latest)
    return Tile("最近一期", lines=lines) if lines else None


def _told(actor: Actor, series: str, period: Period) -> list[Line]:
    told = tell([period])
    if not told:
        return []
    one, address = told[0], PeriodAddress.of(period)
    own = {*actor.unit_codes, *Area.objects.filter(path__in=actor.area_paths).values_list("code", flat=True)}
    mine = [
        Line(
            f"{standing.name}第 {standing.rank} 名，{hundredths(standing.total)} 分",
            Flag(standing.flag).label if standing.flag else "", address.subject(standing.code),
            is_late=standing.flag == Flag.YELLOW,
        )
        for standing in one.outcome.standings
        if standing.code in own and standing.rank is not None
    ]  # fmt: skip
    reds, yellows = (
        "、".join(standing.name for standing in one.outcome.standings if standing.flag == flag)
        for flag in (Flag.RED, Flag.YELLOW)
    )
    words = "；".join(part for part in (f"红旗 {reds}" if reds else "", f"黄旗 {yellows}" if yellows else "") if part)
    state = period.get_state_display()
    return [Line(f"{one.title}{series}（{state}）", words, address.ranking), *mine]
