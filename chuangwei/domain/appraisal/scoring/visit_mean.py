"""visit-mean: the weighed mean of the mean visit scores of each kind of site that was visited (domain §8)."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chuangwei.domain.appraisal.facts import (
    LINE_VETOED,
    OWN_SUBJECT,
    OWN_VETOED,
    VETOED,
    Frame,
    SubjectFacts,
    VisitFact,
)
from chuangwei.domain.appraisal.options import PartOptions, RoundKinds, Whole, at_least_one
from chuangwei.domain.appraisal.registry import scoring
from chuangwei.domain.appraisal.rules import mean_of_means, trimmed, two_decimals, visit_score
from chuangwei.domain.appraisal.steps import Score, Step
from chuangwei.domain.inspections.enums import RoundKind

EACH_OTHER = (RoundKind.MUTUAL.value, RoundKind.CONTEST.value)
"""Rounds in which subjects score one another: nobody's visit to its own subject counts."""

COUNTED = {"all": "", "own": "（不含条线部门的检查项）", "line": "（只计条线部门的检查项）"}
"""What a part leaves out of each visit, after the formula."""

Scored = tuple[int, VisitFact]


class VisitMean(PartOptions):
    rounds: Annotated[RoundKinds, AfterValidator(at_least_one)]
    checks: Literal["all", "own", "line"] = "all"
    """own: without the checks another kind of department answers for; line: only those."""
    min_visits: Whole = Field(default=1, ge=1)
    trim: Whole = Field(default=0, ge=0)

    @property
    def usual_name(self) -> str:
        return "、".join(RoundKind(kind).label for kind in self.rounds)


@scoring("visit-mean", options=VisitMean)
def visit_mean(facts: SubjectFacts, part: VisitMean, frame: Frame) -> Score:
    kinds: dict[str, list[int]] = {}
    all_checks, count = part.checks == "all", 0
    for visit in facts.visits_of(part.rounds):
        if all_checks and not visit.marks:
            score = visit_score(visit.got, visit.possible, False)  # what score_of says of nearly every visit
        else:
            score = None if _is_own(visit) else score_of(visit, part.checks)
        if score is not None:
            count += 1
            if visit.site_kind in kinds:
                kinds[visit.site_kind].append(score)
            else:
                kinds[visit.site_kind] = [score]
    if count < part.min_visits:
        return Score(None, partial(_too_few, part, count))
    trim = part.trim
    value = mean_of_means([(frame.weight_of(kind), trimmed(scores, trim)) for kind, scores in kinds.items()])
    return Score(value, partial(_reason, facts, part, frame, value))


def score_of(visit: VisitFact, checks: str) -> int | None:
    """The visit's score over all its checks, over those the community answers for, or over the others."""
    if checks == "all":
        return visit_score(visit.got, visit.possible, bool(visit.marks & VETOED))
    if checks == "own":
        got, possible = visit.got - visit.line_got, visit.possible - visit.line_possible
        return visit_score(got, possible, bool(visit.marks & OWN_VETOED))
    return visit_score(visit.line_got, visit.line_possible, bool(visit.marks & LINE_VETOED))


def _is_own(visit: VisitFact) -> bool:
    """Whether subjects scored one another here and this one scored itself."""
    return bool(visit.marks & OWN_SUBJECT) and visit.round_kind in EACH_OTHER


def _too_few(part: VisitMean, count: int) -> tuple[str, tuple[Step, ...]]:
    if not count:
        return "本期没有计分的检查", ()
    return f"本期计分的检查 {count} 次，不足 {part.min_visits} 次，不计分", ()


def _reason(facts: SubjectFacts, part: VisitMean, frame: Frame, value: int | None) -> tuple[str, tuple[Step, ...]]:
    kinds: dict[str, list[Scored]] = {}
    left_out: list[Step] = []
    for visit in facts.visits_of(part.rounds):
        score = score_of(visit, part.checks)
        if _is_own(visit):
            left_out.append(_visit_step(visit, score, part, "检查的是本单位，不计入"))
        elif score is None:
            left_out.append(_visit_step(visit, None, part, "没有适用的检查项，不计入"))
        else:
            kinds.setdefault(visit.site_kind, []).append((score, visit))
    steps = [_kind_step(kind, scored, part, frame) for kind, scored in sorted(kinds.items())]
    if left_out:
        steps.append(Step("未计入的检查", f"{len(left_out)} 次", steps=tuple(left_out)))
    if value is None:
        return "受检点位类型的权重均为 0", tuple(steps)
    return f"{_formula(kinds, frame)}{COUNTED[part.checks]} = {two_decimals(value)}", tuple(steps)


def _formula(kinds: dict[str, list[Scored]], frame: Frame) -> str:
    """Σ 权重 × 平均分 ÷ Σ 权重, in figures where there are few kinds."""
    if len(kinds) == 1:
        return "各次检查的平均分"
    weights = [frame.weight_of(kind) for kind in sorted(kinds)]
    if len(set(weights)) == 1:
        return f"{len(kinds)} 类点位平均分的平均"
    return f"{len(kinds)} 类点位平均分按权重（{'、'.join(_weight(w, frame) for w in weights)}）加权平均"


def _weight(whole: int, frame: Frame) -> str:
    """A kind's weight as the preset says it: in units of the usual weight, which is 1."""
    return f"{(Decimal(whole) / frame.usual_weight).normalize():f}"


def _kind_step(kind: str, scored: Sequence[Scored], part: VisitMean, frame: Frame) -> Step:
    """A kind of site with its visits, the worst first. 约 only before a mean that two decimals cannot hold."""
    counted = trimmed([score for score, _ in scored], part.trim)
    mean = mean_of_means([(1, counted)])
    weight = frame.weight_of(kind)
    words = f"{len(scored)} 次检查的平均，权重 {_weight(weight, frame)}"
    if len(counted) < len(scored):
        words = f"{len(scored)} 次检查去掉最高、最低各 {part.trim} 次后的平均，权重 {_weight(weight, frame)}"
    steps = tuple(_visit_step(visit, score, part) for score, visit in sorted(scored))
    exact = sum(counted) % len(counted) == 0
    value = f"{'' if exact else '约 '}{two_decimals(mean or 0)}"
    return Step(frame.kind_names.get(kind, kind), value, words, "site_kind", kind, steps)


def _visit_step(visit: VisitFact, score: int | None, part: VisitMean, note: str = "") -> Step:
    value = two_decimals(score) if score is not None else ""
    return Step(visit.code, value, note or _points(visit, part.checks), "visit", visit.code)


def _points(visit: VisitFact, checks: str) -> str:
    got, possible = visit.got, visit.possible
    if checks == "own":
        got, possible = got - visit.line_got, possible - visit.line_possible
    elif checks == "line":
        got, possible = visit.line_got, visit.line_possible
    points = f"得 {_exact(got)} 分 ÷ 应得 {_exact(possible)} 分"
    vetoed = visit.marks & {"all": VETOED, "own": OWN_VETOED, "line": LINE_VETOED}[checks]
    return f"一票否决，计 0 分（{points}）" if vetoed else points


def _exact(points: int) -> str:
    """Points of 1/10000 as people write them: 940000 → 94."""
    whole, rest = divmod(points, 10000)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")
