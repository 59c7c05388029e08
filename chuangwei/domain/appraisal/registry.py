"""Where the rules of a ranking are entered, one file each: drop a file into the folder and presets may name it.

    scoring/<slug>.py       a part's score         score(facts, part, frame) -> Score
    adjustments/<slug>.py   points on top of it    adjust(facts, adjustment, frame) -> Score
    flags/<slug>.py         who gets a flag        candidates(placed, flags) -> Candidates
    triggers/<slug>.py      what else follows      propose(ranked, options) -> proposals

Each function is pure, and its options are a model whose fields are the keys a preset may write.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from chuangwei.core.registry import Registry
from chuangwei.domain.appraisal.facts import Frame, SubjectFacts
from chuangwei.domain.appraisal.options import AdjustmentOptions, FlagOptions, PartOptions, TriggerOptions
from chuangwei.domain.appraisal.periods import Span
from chuangwei.domain.appraisal.rules import Candidates, Placed
from chuangwei.domain.appraisal.steps import Score

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Asked:
    """Which problems a rule wants to see, so that no others are gathered and kept."""

    due: bool = False
    """Those that fall due in the period."""
    found_from: tuple[str, ...] = ()
    """Those found in the period, from these sources."""
    window_days: int = 0
    """Those found or closed in so many days that end with the period."""


def _no_problems(_: Any) -> Asked:
    return Asked()


@dataclass(frozen=True, slots=True)
class ScoringRule:
    options: type[PartOptions]
    score: Callable[[SubjectFacts, Any, Frame], Score]
    asks: Callable[[Any], Asked]


@dataclass(frozen=True, slots=True)
class AdjustmentRule:
    options: type[AdjustmentOptions]
    adjust: Callable[[SubjectFacts, Any, Frame], Score]
    asks: Callable[[Any], Asked]


@dataclass(frozen=True, slots=True)
class FlagRule:
    name: str
    options: type[FlagOptions]
    candidates: Callable[[Sequence[Placed], Any], Candidates]


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a trigger sees of a period: one ranking, and the running streaks of yellow flags after it."""

    span: Span
    placed: Sequence[Placed]
    streaks: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A consequence a trigger proposes for a subject, with the reason in words."""

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class TriggerRule:
    name: str
    options: type[TriggerOptions]
    propose: Callable[[Ranked, Any], Sequence[Proposal]]
    ends_streak: bool
    """After it the count of yellow flags begins anew."""


SCORING = Registry[ScoringRule]("chuangwei.domain.appraisal.scoring", label="评分规则")
ADJUSTMENTS = Registry[AdjustmentRule]("chuangwei.domain.appraisal.adjustments", label="加减分规则")
FLAGS = Registry[FlagRule]("chuangwei.domain.appraisal.flags", label="旗")
TRIGGERS = Registry[TriggerRule]("chuangwei.domain.appraisal.triggers", label="后续措施")


def scoring(
    slug: str, *, options: type[PartOptions], asks: Callable[[Any], Asked] = _no_problems
) -> Callable[[Function], Function]:
    """Enter a rule for parts. Visits come by the `rounds` of its options, problems by what it asks for."""

    def enter(function: Function) -> Function:
        SCORING.register(slug, module=function.__module__)(ScoringRule(options, function, asks))
        return function

    return enter


def adjustment(
    slug: str, *, options: type[AdjustmentOptions], asks: Callable[[Any], Asked] = _no_problems
) -> Callable[[Function], Function]:
    """Enter a rule for points added to (or taken from) the weighed parts."""

    def enter(function: Function) -> Function:
        ADJUSTMENTS.register(slug, module=function.__module__)(AdjustmentRule(options, function, asks))
        return function

    return enter


def flag(slug: str, *, name: str, options: type[FlagOptions]) -> Callable[[Function], Function]:
    """Enter a flag; its options are keys of the table `flags`."""

    def enter(function: Function) -> Function:
        FLAGS.register(slug, module=function.__module__)(FlagRule(name, options, function))
        return function

    return enter


def trigger(
    slug: str, *, name: str, options: type[TriggerOptions], ends_streak: bool = False
) -> Callable[[Function], Function]:
    """Enter a consequence; its options are the table of the same name in a series."""

    def enter(function: Function) -> Function:
        TRIGGERS.register(slug, module=function.__module__)(TriggerRule(name, options, function, ends_streak))
        return function

    return enter
