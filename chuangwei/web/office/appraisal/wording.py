"""The rules of a series as sentences: what a preset says, in the words of the office."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from chuangwei.domain.appraisal.registry import FLAGS, TRIGGERS
from chuangwei.domain.inspections.enums import RoundKind
from chuangwei.web.shared.templatetags.words import points, share, signed

RULES = {
    "on-time-closure": "按期销号",
    "recurrence": "不反弹",
    "series-mean": "各期平均",
    "task-progress": "任务进度",
    "false-closure": "销号属实",
    "verified-complaints": "群众投诉",
}
WEEK = re.compile(r"\b(\d{4})-W(\d\d)\b", re.ASCII)
NOUNS = {"day": "日", "week": "周", "fortnight": "期", "month": "月", "quarter": "季", "year": "年"}


def part_title(part: Any) -> str:
    """What a part is called: its title, else the rounds it looks at, else its rule."""
    if part.title:
        return str(part.title)
    rounds = getattr(part, "rounds", ())
    if rounds:
        return "、".join(RoundKind(kind).label for kind in rounds)
    return RULES.get(part.rule, part.slug)


def titles(series: Any) -> dict[str, str]:
    """The title of every part and adjustment by its slug."""
    return {part.slug: part_title(part) for part in (*series.parts, *series.adjustments)}


def with_titles(words: str, series: Any) -> str:
    """A sentence of an explanation, which names untitled parts and weeks by their slugs, as people name them."""
    for slug, title in titles(series).items():
        if slug.isascii():
            words = words.replace(slug, title)
    return WEEK.sub(lambda found: f"{found[1]}年第{int(found[2])}周", words)


def before_word(series: Any) -> str:
    """上周, 上月 …"""
    return f"上{NOUNS.get(series.period, '期')}"


def weight_share(part: Any, series: Any) -> str:
    """A part's weight as a share of all weights."""
    whole = sum((one.weight for one in series.parts), Decimal(0))
    return share((part.weight / whole).quantize(Decimal("0.0001")).normalize()) if whole else share(part.weight)


def rule_sentences(series: Any) -> list[str]:
    """How the total, the ranks, the flags and what follows are made."""
    return [*_total_sentences(series), *flag_sentences(series), *_trigger_sentences(series), *_money_sentences(series)]


def _total_sentences(series: Any) -> Iterator[str]:
    parts = "、".join(f"{part_title(part)} {weight_share(part, series)}" for part in series.parts)
    yield f"总分由这几项加权得出：{parts}。"
    if series.missing == "zero":
        yield "某一项缺得分时按 0 分计。"
    else:
        yield "某一项缺得分时，它的权重由其余各项分摊；各项都缺的不参加排名。"
    if series.min_weight:
        yield f"有得分的各项权重不足 {share(series.min_weight)} 的，不参加排名（检查不足）。"
    for extra in series.adjustments:
        limit = f"，以 {signed(extra.limit)} 分为限" if getattr(extra, "limit", None) is not None else ""
        yield (
            f"{part_title(extra)}：每件 {signed(extra.each)} 分{limit}。"
            if hasattr(extra, "each")
            else part_title(extra)
        )
    breakers = "、".join(titles(series)[slug] for slug in series.tie_breakers)
    if breakers:
        yield f"总分相同的，依次比{breakers}；仍相同的并列，后面的名次空出。"
    yield "各项得分和总分四舍五入到两位小数，全程按十进制精确计算。"


def flag_sentences(series: Any) -> list[str]:
    """Who gets which flag."""
    flags = series.flag_options
    if flags is None:
        return []
    found = []
    red: Decimal = getattr(flags, "red", Decimal(0))
    yellow: Decimal = getattr(flags, "yellow", Decimal(0))
    if red:
        floor = (
            f"，总分须不低于 {points(flags.min_score)} 分，不够的不发也不递补" if flags.min_score is not None else ""
        )
        found.append(f"红旗发给前 {_count(red)}{floor}。")
    if yellow:
        ceiling = f"，总分须不高于 {points(flags.max_score)} 分" if flags.max_score is not None else ""
        found.append(f"黄旗挂给后 {_count(yellow)}{ceiling}。")
    if red or yellow:
        found.append("名次并列跨在线上的，一并计入。" if flags.ties == "all" else "名次并列跨在线上的，都不计入。")
    if yellow:
        found.append("参加排名的不够红旗加黄旗的名额时，不发黄旗；同时够得上红旗和黄旗的，两样都不发。")
    return found


def _count(number: Decimal) -> str:
    return f"{share(number)}（舍去小数）" if number < 1 else f"{points(number)} 名"


def _trigger_sentences(series: Any) -> Iterator[str]:
    statement, interview = series.trigger_options("statement"), series.trigger_options("interview")
    lead = series.trigger_options("lead")
    if lead:
        yield f"前 {lead.first} 名{trigger_name('lead')}{_where(lead)}。"
    if statement:
        yield f"后 {statement.last} 名{trigger_name('statement')}（并列的都算，第 1 名除外）{_where(statement)}。"
    if interview:
        by = f"由{interview.by}" if interview.by else ""
        yield f"连续 {interview.yellow_streak} 次黄旗，{by}约谈{interview.of}；约谈后重新计数。"


def _where(options: Any) -> str:
    return f"，在{options.meeting}上" if options.meeting else ""


def _money_sentences(series: Any) -> Iterator[str]:
    money = series.money
    if money:
        red, yellow = (Decimal(fen) / 100 for fen in (money.month_red, money.month_yellow))
        yield f"每月按周期结束日所在的月份结算：每面红旗{_yuan(red)}，每面黄旗{_yuan(yellow)}。"


def _yuan(amount: Decimal) -> str:
    text = points(abs(amount))
    return f"奖励 {text} 元" if amount > 0 else f"扣减 {text} 元" if amount < 0 else "不奖不扣"


def trigger_name(slug: str) -> str:
    """表态发言, 约谈 …; a consequence of a rule no longer installed keeps its slug."""
    known = TRIGGERS.all().get(slug)
    return known.name if known else slug


def flag_name(slug: str | None) -> str:
    known = FLAGS.all().get(slug or "")
    return known.name if known else ""
