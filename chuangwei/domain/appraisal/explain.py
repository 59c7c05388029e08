"""Why a subject has its total, rank, flag and consequences: a tree of steps from the kept inputs (domain §8, Explain)."""

from collections.abc import Sequence
from decimal import Decimal

from chuangwei.core.errors import NotFound
from chuangwei.domain.appraisal.compute import (
    Consequence,
    Inputs,
    Outcome,
    Standing,
    by_subject,
    candidates,
    frame_of,
)
from chuangwei.domain.appraisal.facts import Frame, SubjectFacts
from chuangwei.domain.appraisal.periods import parse_span
from chuangwei.domain.appraisal.registry import ADJUSTMENTS, FLAGS, SCORING, TRIGGERS
from chuangwei.domain.appraisal.rules import Candidates, Placed, two_decimals
from chuangwei.domain.appraisal.series import Series
from chuangwei.domain.appraisal.steps import Step


def explain(inputs: Inputs, outcome: Outcome, subject: str) -> Step:
    """The tree of one subject: total → parts → kinds → visits; rank; flag; streak; what follows. NotFound for others."""
    standing = next((one for one in outcome.standings if one.code == subject), None)
    if standing is None:
        raise NotFound(f"{inputs.span.title}的{inputs.series.name}中没有 {subject}。")
    facts, frame = by_subject(inputs)[subject], frame_of(inputs)
    steps = [
        *_part_steps(inputs.series, facts, frame),
        *_adjustment_steps(inputs.series, facts, frame),
        _rank_step(inputs.series, standing, outcome),
    ]
    if inputs.series.flag_options is not None and standing.rank is not None:
        steps.append(_flag_step(inputs.series, standing, outcome))
    steps += _consequence_steps(inputs, standing, outcome)
    value = standing.reason if standing.total is None else two_decimals(standing.total)
    return Step(standing.name, value, _total_words(inputs.series, standing), "subject", subject, tuple(steps))


def _part_steps(series: Series, facts: SubjectFacts, frame: Frame) -> list[Step]:
    steps = []
    for part in series.parts:
        score = SCORING.get(part.rule).score(facts, part, frame)
        words, below = score.reason()
        value = "缺" if score.value is None else two_decimals(score.value)
        steps.append(Step(part.name, value, f"权重 {_plain(part.weight)}；{words}", "part", part.slug, below))
    return steps


def _adjustment_steps(series: Series, facts: SubjectFacts, frame: Frame) -> list[Step]:
    steps = []
    for extra in series.adjustments:
        score = ADJUSTMENTS.get(extra.rule).adjust(facts, extra, frame)
        words, below = score.reason()
        steps.append(Step(extra.name, two_decimals(score.value or 0), words, "adjustment", extra.slug, below))
    return steps


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _total_words(series: Series, standing: Standing) -> str:
    """The formula of the total in figures: (0.4 × 93.12 + 0.1 × 85.71) ÷ 0.5 − 0.40 = 91.22; nothing is divided by 1."""
    present = [(part.weight, value) for part in series.parts if (value := standing.parts[part.slug]) is not None]
    missing = [part.name for part in series.parts if standing.parts[part.slug] is None]
    if standing.total is None:
        return _not_ranked_words(series, missing)
    weights = (
        [weight for weight, _ in present] if series.missing == "spread" else [part.weight for part in series.parts]
    )
    terms = " + ".join(f"{_plain(weight)} × {two_decimals(value)}" for weight, value in present)
    divisor = Decimal(sum(weights))
    words = terms if divisor == 1 else f"({terms}) ÷ {_plain(divisor)}"
    adjusted = sum(standing.adjustments.values())
    if adjusted:
        words += f" {'+' if adjusted > 0 else '−'} {two_decimals(abs(adjusted))}"
    words += f" = {two_decimals(standing.total)}"
    if standing.total in (0, 10000) and adjusted:
        words += "（总分限于 0 至 100）"
    if missing:
        told = "按 0 分计" if series.missing == "zero" else "，权重由其余各项分摊"
        words += f"；{'、'.join(missing)}缺项{told}"
    return words


def _not_ranked_words(series: Series, missing: Sequence[str]) -> str:
    if len(missing) == len(series.parts):
        return "各项均无得分，不参加排名"
    return f"{'、'.join(missing)}缺项，其余各项的权重不足全部权重的 {_plain(series.min_weight)}，不参加排名"


def _rank_step(series: Series, standing: Standing, outcome: Outcome) -> Step:
    group = [one for one in outcome.standings if one.group == standing.group and one.rank is not None]
    if standing.rank is None:
        return Step("名次", "未排名", standing.reason, "rank")
    tied = [one.name for one in group if one.rank == standing.rank and one.code != standing.code]
    words = f"{f'『{standing.group}』类' if standing.group else ''}共 {len(group)} 个参加排名"
    if tied:
        words += f"，与{'、'.join(tied)}并列"
    words += _tie_words(series, standing, group)
    around = [one for one in group if one.rank is not None and abs(_distance(group, one, standing)) <= 1]
    return Step("名次", f"第 {standing.rank} 名", words, "rank", steps=tuple(_placed_step(one) for one in around))


def _distance(group: Sequence[Standing], one: Standing, other: Standing) -> int:
    return group.index(one) - group.index(other)


def _tie_words(series: Series, standing: Standing, group: Sequence[Standing]) -> str:
    """By what an equal total was told apart."""
    parted = [one for one in group if one.total == standing.total and one.rank != standing.rank]
    if not parted:
        return ""
    names = {part.slug: part.name for part in series.parts}
    by = "、".join(names[slug] for slug in series.tie_breakers)
    return f"；总分与{'、'.join(one.name for one in parted)}相同，依次按{by}的得分定先后"


def _placed_step(one: Standing) -> Step:
    return Step(one.name, f"第 {one.rank} 名", f"{two_decimals(one.total or 0)} 分", "subject", one.code)


def _flag_step(series: Series, standing: Standing, outcome: Outcome) -> Step:
    group = [one for one in outcome.standings if one.group == standing.group]
    placed = [Placed(one.code, one.rank, one.total or 0) for one in group if one.rank is not None]
    found = candidates(series, placed)
    names = {slug: rule.name for slug, rule in FLAGS.all().items()}
    standing_among = [slug for slug, one in found.items() if standing.code in one.among]
    if len(standing_among) > 1:
        words = f"全部并列，既在{'又在'.join(f'{names[slug]}之列' for slug in standing_among)}，均不发"
    elif standing_among:
        words = _among_words(names[standing_among[0]], found[standing_among[0]], standing)
    else:
        words = "；".join(_not_among_words(names[slug], one) for slug, one in found.items() if one.places)
        words = words or "预设没有设旗的名额"
    steps = tuple(_line_step(names[slug], one, group, slug) for slug, one in found.items() if one.among)
    return Step("旗", names.get(standing.flag or "", "无"), words, "flag", standing.flag or "", steps)


def _among_words(name: str, line: Candidates, standing: Standing) -> str:
    words = f"{name}名额 {line.places} 个，排第 {standing.rank} 名，在列"
    if len(line.among) > line.places:
        words += f"（线上并列，共 {len(line.among)} 个一并计入）"
    if standing.code in line.stopped:
        words += f"；但{line.note}，不发，也不递补"
    return words


def _not_among_words(name: str, line: Candidates) -> str:
    if not line.among and line.note:
        return line.note
    if len(line.among) < line.places:
        return f"不在{name} {line.places} 个名额之列（线上并列的一律不计）"
    return f"不在{name} {line.places} 个名额之列"


def _line_step(name: str, line: Candidates, group: Sequence[Standing], slug: str) -> Step:
    steps = tuple(
        Step(one.name, f"第 {one.rank} 名", f"{two_decimals(one.total or 0)} 分，{name if one.flag == slug else '不发'}",
             "subject", one.code)
        for one in group
        if one.code in line.among
    )  # fmt: skip
    return Step(f"{name}之列", f"{len(steps)} 个", line.note, "flag", slug, steps)


def _consequence_steps(inputs: Inputs, standing: Standing, outcome: Outcome) -> list[Step]:
    steps = []
    streak = standing.streak or list(inputs.streaks.get(standing.code, ()))
    if standing.streak:
        periods = tuple(Step(parse_span(slug).title, "黄旗", "", "period", slug) for slug in streak)
        steps.append(
            Step("连续黄旗", f"{len(standing.streak)} 次", "未排名的周期不计也不打断", "streak", steps=periods)
        )
    own = [one for one in outcome.consequences if one.subject == standing.code]
    return steps + [_consequence_step(inputs, standing, one) for one in own]


def _consequence_step(inputs: Inputs, standing: Standing, one: Consequence) -> Step:
    role = getattr(inputs.series.trigger_options(one.trigger), "of", "")
    name = TRIGGERS.get(one.trigger).name
    if not role:
        return Step(name, "", one.reason, "consequence", one.trigger)
    periods = [*inputs.streaks.get(standing.code, ()), inputs.span.slug]
    below = tuple(Step(parse_span(slug).title, "黄旗", "", "period", slug) for slug in periods)
    words = f"{one.reason}；对象为周期最后一天的{role}；此后重新计数"
    return Step(name, one.person or f"当日无人担任{role}", words, "consequence", one.trigger, below)
