"""Rounds, visits and draws in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.inspections import queries
from chuangwei.domain.inspections.models import NO_SCORE, Draw, Round, Visit
from chuangwei.domain.standards.enums import CheckRule
from chuangwei.domain.standards.models import Check
from chuangwei.web.office.places import households
from chuangwei.web.office.standards.wording import loses
from chuangwei.web.shared.templatetags.words import hundredths, points


def seal(each: Round) -> str:
    if not each.is_sealed:
        return ""
    return "密封" if each.is_hidden else "已解封"


def minute(at: datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""


def place_of(actor: Actor, visit: Visit) -> str:
    """What was looked at, as this person may read it."""
    if visit.site:
        return households.name_of(actor, visit.site)
    return visit.area.name if visit.area else ""


def area_of(visit: Visit) -> str:
    area = visit.site.area if visit.site else visit.area
    return area.name if area else ""


def score_of(visit: Visit) -> str:
    """93.12; a visit to which no check applied has none."""
    return "不计分" if visit.score_hundredths == NO_SCORE else hundredths(visit.score_hundredths)


def rule_of(check: Check) -> str:
    """每处扣 2 分、最多扣 10 分; of a check that counts nothing, in the words of its sheet."""
    if check.rule == CheckRule.DEDUCT:
        return f"每处扣 {points(check.deduct_per)} 分、最多扣 {points(check.points)} 分"
    return loses(check)


def inspectors_of(visit: Visit) -> str:
    return "、".join(one.person.name for one in sorted(visit.inspectors.all(), key=lambda one: one.order))


def step_of(draw: Draw) -> str:
    if draw.voided_at:
        return "已作废"
    if draw.drawn_at:
        return "已抽取"
    return "种子已承诺" if draw.committed_at else "名单已冻结"


MOST_NAMES = 5


def shortfalls_of(draw: Draw, kinds: Mapping[str, str]) -> list[str]:
    """What a frozen list cannot give: 浴室只有 4 处，全部抽取。"""
    short = queries.shortfalls(draw)
    return [
        f"{kinds.get(kind, kind)}只有 {many} 处，全部抽取。"
        if many
        else f"{kinds.get(kind, kind)}没有候选点位，抽不到。"
        for kind, many in sorted(short.items())
    ]


def other_hands(names: Sequence[str]) -> str:
    """Who else may draw, where whoever commits may not."""
    if not names:
        return "除您以外没有别的账号可以抽取：请约定公开词，或请管理员给另一个账号安排轮次的权限。"
    more = f"等 {len(names)} 人" if len(names) > MOST_NAMES else ""
    return f"不约定公开词的，您承诺种子后须由另一个账号抽取：{'、'.join(names[:MOST_NAMES])}{more}。"
