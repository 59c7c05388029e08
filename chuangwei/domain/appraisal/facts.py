"""The facts a period is computed from, as they are kept with it: plain values, no rows of a database.

Facts are named tuples: immutable, quick to make by the ten thousand, and written to JSON as arrays. Points are whole
numbers of 1/10000 point, times are ISO text of Shanghai, days ISO text; an empty text is "none".
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chuangwei.domain.appraisal.periods import Span

VETOED = 1
"""The sheet was failed by a check."""
OWN_VETOED = 2
"""… by a check the community itself answers for (one without a line)."""
LINE_VETOED = 4
"""… by a check another kind of department answers for (one with a line)."""
OWN_SUBJECT = 8
"""An inspector belongs to the subject that was visited."""


class VisitFact(NamedTuple):
    """One visit, and the subject whose area held the place at that time."""

    code: str
    at: str
    subject: str
    site: str
    site_kind: str
    round_kind: str
    got: int
    possible: int
    line_got: int = 0
    line_possible: int = 0
    marks: int = 0


class ProblemFact(NamedTuple):
    """One problem as the ledger stood. Whose it is depends on what is asked (domain §8, Subjects)."""

    code: str
    source: str
    state: str
    place: str
    category: str
    found_at: str
    due_at: str = ""
    fixed_at: str = ""
    closed_at: str = ""
    pended_at: str = ""
    found_subject: str = ""
    """Whose area held the place when it was found."""
    due_subject: str = ""
    """Whose area held the place when it fell due."""
    answering: str = ""
    """Whose committee, or a unit below it, was responsible when it fell due."""
    first_closed_at: str = ""
    """When it was closed for the first time, where it was reopened since."""


class SubjectFact(NamedTuple):
    """A subject that exists on the period's last day."""

    code: str
    name: str
    group: str = ""
    """The class it is ranked in, where the series ranks classes apart."""
    since: str = ""
    """A split or merge on this day began its streak; empty: it goes back without limit."""


class TotalFact(NamedTuple):
    """A total of another series, for series-mean. Hundredths of a point; None where the subject was not ranked."""

    series: str
    period: str
    last: str
    subject: str
    total: int | None


@dataclass(slots=True)
class SubjectFacts:
    """What a scoring rule may look at for one subject."""

    code: str
    visits: dict[str, list[VisitFact]] = field(default_factory=dict)
    """By kind of round."""
    due: list[ProblemFact] = field(default_factory=list)
    """Problems whose place was the subject's when they fell due, in this period or outside it."""
    answered: list[ProblemFact] = field(default_factory=list)
    """Problems the subject's committee, or a unit below it, was responsible for when they fell due."""
    found: list[ProblemFact] = field(default_factory=list)
    """Problems whose place was the subject's when they were found, in this period or outside it."""
    totals: list[TotalFact] = field(default_factory=list)

    def visits_of(self, round_kinds: Iterable[str]) -> list[VisitFact]:
        """The visits made in rounds of these kinds."""
        return [visit for kind in round_kinds for visit in self.visits.get(kind, ())]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a rule may know besides the facts: the days of the period, and what kinds of site weigh and are called."""

    span: Span
    first: str
    last: str
    kind_weights: Mapping[str, int]
    """Whole numbers in the ratio of the preset's weights."""
    usual_weight: int
    """What a kind weighs that the preset does not name."""
    kind_names: Mapping[str, str]

    def holds(self, instant: str) -> bool:
        """Whether a time (ISO text, maybe empty) lies in the period."""
        return self.first <= instant[:10] <= self.last

    def weight_of(self, kind: str) -> int:
        return self.kind_weights.get(kind, self.usual_weight)


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no blanks, Chinese as it is. Equal values give equal bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


VISIT_LINE = "|".join("%s" for _ in VisitFact._fields)
PROBLEM_LINE = "|".join("%s" for _ in ProblemFact._fields)
NOT_REOPENED = -1
"""Where the last column says nothing it is left out, as it was before there was one: kept facts stay what they were."""


def visit_lines(visits: Iterable[VisitFact]) -> list[str]:
    """Visits as they are kept, one line each; the bar between fields is in no code (workbooks, How cells are read)."""
    return [VISIT_LINE % visit for visit in visits]


def visits_of_lines(lines: Iterable[str]) -> tuple[VisitFact, ...]:
    """The other way of visit_lines."""
    found = []
    for line in lines:
        *words, got, possible, line_got, line_possible, marks = line.split("|")
        points = (int(got), int(possible), int(line_got), int(line_possible), int(marks))
        found.append(VisitFact._make((*words, *points)))
    return tuple(found)


def problem_lines(problems: Iterable[ProblemFact]) -> list[str]:
    """Problems as they are kept, one line each."""
    whole, short = PROBLEM_LINE, PROBLEM_LINE.removesuffix("|%s")
    return [whole % problem if problem.first_closed_at else short % problem[:NOT_REOPENED] for problem in problems]


def problems_of_lines(lines: Iterable[str]) -> tuple[ProblemFact, ...]:
    """The other way of problem_lines."""
    return tuple(ProblemFact(*line.split("|")) for line in lines)
