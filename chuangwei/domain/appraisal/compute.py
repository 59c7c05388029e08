"""From the kept facts of a period to its ranking, flags and consequences: pure, and the same bytes every time.

`Inputs` is all that a period is computed from; its JSON is kept with the period, so that the result can be computed
again from it alone, years later and without the database (domain §8, Life of a period).
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from chuangwei.domain.appraisal.enums import Flag
from chuangwei.domain.appraisal.facts import (
    Frame,
    ProblemFact,
    SubjectFact,
    SubjectFacts,
    TotalFact,
    VisitFact,
    canonical,
    problem_lines,
    problems_of_lines,
    visit_lines,
    visits_of_lines,
)
from chuangwei.domain.appraisal.periods import Span, parse_span
from chuangwei.domain.appraisal.registry import ADJUSTMENTS, FLAGS, SCORING, TRIGGERS, Proposal, Ranked
from chuangwei.domain.appraisal.rules import (
    MISSING_KEY,
    Candidates,
    Placed,
    flags_given,
    ranking,
    streak_after,
    streak_since,
)
from chuangwei.domain.appraisal.series import Series, read_series
from chuangwei.domain.appraisal.steps import Score

FORMAT = 1
"""The shape of the kept JSON; a later program reads every earlier one."""

NOTHING_LOOKED_AT = "本期各项均无得分"
TOO_LITTLE = "检查不足"


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a period is computed from. Rows are in order of their codes."""

    series: Series
    span: Span
    subjects: tuple[SubjectFact, ...]
    visits: tuple[VisitFact, ...] = ()
    """Those made in the period, in rounds some part looks at."""
    problems: tuple[ProblemFact, ...] = ()
    totals: tuple[TotalFact, ...] = ()
    streaks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The running streaks of yellow flags before this period, as slugs of periods."""
    holders: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    """By trigger and subject: who holds the role it is of on the last day (none: nobody), where it was asked."""
    kind_names: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        return canonical(
            {
                "format": FORMAT,
                "series": self.series.kept(),
                "period": self.span.slug,
                "subjects": sorted(self.subjects),
                "visits": visit_lines(sorted(self.visits)),
                "problems": problem_lines(sorted(self.problems)),
                "totals": sorted(self.totals, key=lambda row: row[:4]),
                "streaks": {code: list(streak) for code, streak in self.streaks.items() if streak},
                "holders": {slug: dict(found) for slug, found in self.holders.items()},
                "kind_names": dict(self.kind_names),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "Inputs":
        kept = json.loads(text)
        return cls(
            series=read_series(kept["series"]),
            span=parse_span(kept["period"]),
            subjects=tuple(map(SubjectFact._make, kept["subjects"])),
            visits=visits_of_lines(kept["visits"]),
            problems=problems_of_lines(kept["problems"]),
            totals=tuple(map(TotalFact._make, kept["totals"])),
            streaks={code: tuple(streak) for code, streak in kept["streaks"].items()},
            holders=kept["holders"],
            kind_names=kept["kind_names"],
        )


class Standing(NamedTuple):
    """What a period says of one subject. Points in hundredths; none: missing, or not ranked."""

    code: str
    name: str
    group: str
    parts: dict[str, int | None]
    adjustments: dict[str, int]
    total: int | None
    rank: int | None
    flag: str | None
    reason: str
    """Why it is not ranked."""
    streak: list[str]
    """The running streak of yellow flags after this period."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows for a subject, by the trigger of this slug; `person` only where the trigger is of a role."""

    trigger: str
    subject: str
    reason: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a period: standings by rank, then code, those not ranked last; and what follows, by code."""

    span: Span
    standings: tuple[Standing, ...]
    consequences: tuple[Consequence, ...]
    waiting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The streaks of those that are no subjects in this period: it skips them, should they come back."""

    def of(self, trigger: str) -> tuple[Consequence, ...]:
        return tuple(one for one in self.consequences if one.trigger == trigger)

    @property
    def streaks(self) -> dict[str, tuple[str, ...]]:
        """The streaks the next period begins with."""
        own = {standing.code: tuple(standing.streak) for standing in self.standings if standing.streak}
        return own | dict(self.waiting)

    def to_json(self) -> str:
        return canonical(
            {
                "format": FORMAT,
                "period": self.span.slug,
                "standings": [standing._asdict() for standing in self.standings],
                "consequences": [asdict(one) for one in self.consequences],
                "waiting": {code: list(streak) for code, streak in self.waiting.items()},
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "Outcome":
        kept = json.loads(text)
        return cls(
            parse_span(kept["period"]),
            tuple(Standing(**standing) for standing in kept["standings"]),
            tuple(Consequence(**one) for one in kept["consequences"]),
            {code: tuple(streak) for code, streak in kept["waiting"].items()},
        )


def digest(*texts: str) -> str:
    """SHA-256 of kept texts, each closed by a line feed, as 64 hex digits."""
    found = hashlib.sha256()
    for text in texts:
        found.update(text.encode())
        found.update(b"\n")
    return found.hexdigest()


def compute_again(inputs_text: str) -> str:
    """The result's text from the inputs' text alone: what makes a final period checkable."""
    return compute_period(Inputs.from_json(inputs_text)).to_json()


def compute_period(inputs: Inputs) -> Outcome:
    """Score, rank, flag and say what follows (domain §8)."""
    series, frame = inputs.series, frame_of(inputs)
    facts = by_subject(inputs)
    score_all = _scorer(series, frame)
    scored = [(subject, *score_all(facts[subject.code])) for subject in inputs.subjects]
    totals: dict[str, int | None] = {
        subject.code: series.weighing.total([part.value for part in parts], sum(_points(extra) for extra in extras))
        for subject, parts, extras in scored
    }
    placed = _ranked_apart(series, scored, totals)
    flags = {code: flag for group in placed.values() for code, flag in flags_given(candidates(series, group)).items()}
    ranks = {place.code: place.rank for group in placed.values() for place in group}
    streaks = {
        subject.code: streak_after(
            _streak_before(inputs, subject),
            period=inputs.span.slug,
            is_ranked=subject.code in ranks,
            is_yellow=flags.get(subject.code) == Flag.YELLOW,
        )
        for subject in inputs.subjects
    }
    consequences, anew = _consequences(inputs, list(placed.values()), streaks)
    standings = [
        Standing(
            subject.code,
            subject.name,
            subject.group,
            {part.slug: score.value for part, score in zip(series.parts, parts, strict=True)},
            {part.slug: _points(score) for part, score in zip(series.adjustments, extras, strict=True)},
            totals[subject.code],
            ranks.get(subject.code),
            flags.get(subject.code),
            "" if subject.code in ranks else not_ranked_because(parts),
            [] if subject.code in anew else list(streaks[subject.code]),
        )
        for subject, parts, extras in scored
    ]
    standings.sort(key=lambda standing: (standing.rank is None, standing.rank, standing.code))
    waiting = {code: streak for code, streak in inputs.streaks.items() if code not in streaks}
    return Outcome(inputs.span, tuple(standings), tuple(consequences), waiting)


def frame_of(inputs: Inputs) -> Frame:
    weights, usual = inputs.series.whole_kind_weights
    span = inputs.span
    return Frame(span, span.first.isoformat(), span.last.isoformat(), weights, usual, inputs.kind_names)


def by_subject(inputs: Inputs) -> dict[str, SubjectFacts]:
    """The facts of each subject, in one pass; rows of places that are in no subject count nowhere."""
    facts = {subject.code: SubjectFacts(subject.code) for subject in inputs.subjects}
    visits = {code: own.visits for code, own in facts.items()}
    for visit in inputs.visits:
        rounds = visits.get(visit.subject)
        if rounds is not None:
            if visit.round_kind in rounds:
                rounds[visit.round_kind].append(visit)
            else:
                rounds[visit.round_kind] = [visit]
    for problem in inputs.problems:
        if problem.due_subject in facts:
            facts[problem.due_subject].due.append(problem)
        if problem.answering in facts:
            facts[problem.answering].answered.append(problem)
        if problem.found_subject in facts:
            facts[problem.found_subject].found.append(problem)
    for total in inputs.totals:
        if total.subject in facts:
            facts[total.subject].totals.append(total)
    return facts


def _scorer(series: Series, frame: Frame) -> Callable[[SubjectFacts], tuple[list[Score], list[Score]]]:
    """Scores a subject's parts and adjustments, with the rules looked up once."""
    parts = [(part, SCORING.get(part.rule).score) for part in series.parts]
    extras = [(extra, ADJUSTMENTS.get(extra.rule).adjust) for extra in series.adjustments]

    def score_all(facts: SubjectFacts) -> tuple[list[Score], list[Score]]:
        return (
            [score(facts, part, frame) for part, score in parts],
            [adjust(facts, extra, frame) for extra, adjust in extras],
        )

    return score_all


def _points(score: Score) -> int:
    return score.value or 0


def not_ranked_because(parts: Iterable[Score]) -> str:
    return TOO_LITTLE if any(part.value is not None for part in parts) else NOTHING_LOOKED_AT


def _ranked_apart(
    series: Series,
    scored: Sequence[tuple[SubjectFact, list[Score], list[Score]]],
    totals: Mapping[str, int | None],
) -> dict[str, tuple[Placed, ...]]:
    """The ranking of each class (one of all, where the series has no classes)."""
    order = [[part.slug for part in series.parts].index(slug) for slug in series.tie_breakers]
    keys: dict[str, dict[str, tuple[int, ...]]] = {}
    for subject, parts, _ in scored:
        total = totals[subject.code]
        if total is not None:
            breakers = (parts[index].value for index in order)
            keys.setdefault(subject.group, {})[subject.code] = (
                total,
                *(MISSING_KEY if value is None else value for value in breakers),
            )
    return {group: ranking(keys[group]) for group in sorted(keys)}


def candidates(series: Series, placed: Sequence[Placed]) -> dict[str, Candidates]:
    """Who stands where each flag is given, in one ranking."""
    options = series.flag_options
    if options is None:
        return {}
    return {slug: rule.candidates(placed, options) for slug, rule in FLAGS.all().items()}


def _streak_before(inputs: Inputs, subject: SubjectFact) -> tuple[str, ...]:
    streak = inputs.streaks.get(subject.code, ())
    if not subject.since:
        return streak
    return streak_since(streak, since=subject.since, last_day=lambda slug: parse_span(slug).last.isoformat())


def _consequences(
    inputs: Inputs, rankings: Sequence[Sequence[Placed]], streaks: Mapping[str, tuple[str, ...]]
) -> tuple[list[Consequence], set[str]]:
    """What follows, by trigger and code, and the subjects whose count of yellow flags begins anew."""
    found: list[Consequence] = []
    anew: set[str] = set()
    for slug, rule in TRIGGERS.all().items():
        options = inputs.series.trigger_options(slug)
        if options is None:
            continue
        holders = inputs.holders.get(slug, {})
        proposals: list[Proposal] = []
        for placed in rankings:
            proposals += rule.propose(Ranked(inputs.span, placed, streaks), options)
        proposals.sort(key=lambda proposal: proposal.subject)
        found += [Consequence(slug, one.subject, one.reason, holders.get(one.subject)) for one in proposals]
        if rule.ends_streak:
            anew |= {one.subject for one in proposals}
    return found, anew
