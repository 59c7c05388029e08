"""Small builders of series and facts: what a test does not name has a plain default."""

from decimal import Decimal
from typing import Any

from chuangwei.domain.appraisal.compute import Inputs, Outcome, compute_period
from chuangwei.domain.appraisal.facts import Frame, ProblemFact, SubjectFact, SubjectFacts, VisitFact
from chuangwei.domain.appraisal.periods import parse_span
from chuangwei.domain.appraisal.rules import Placed
from chuangwei.domain.appraisal.series import Series, read_series

WEEK = parse_span("2023-W36")
"""2023-09-04, a Monday, to 2023-09-10."""

REGULAR = {"slug": "regular", "rule": "visit-mean", "rounds": ["定期督导"], "weight": 1}


def series(*parts: dict[str, Any], **values: Any) -> Series:
    """A weekly series of communities; with no part named, of regular visits alone."""
    table = {"slug": "weekly", "subject": "社区", "period": "week", "parts": list(parts or [REGULAR]), **values}
    return read_series(table)


def visit(code: str = "V1", subject: str = "A", *, score: str | None = None, **values: Any) -> VisitFact:
    """A visit on Monday morning; `score` sets the points got of 100."""
    fact = VisitFact(code, "2023-09-04T08:00:00", subject, f"S-{code}", "back_lane", "regular", 1000000, 1000000)
    if score is not None:
        values["got"] = int(Decimal(score) * 10000)
    return fact._replace(**values)


def problem(code: str = "W1", subject: str = "A", **values: Any) -> ProblemFact:
    """A problem found, due, put right in time and closed in the week, in one subject throughout."""
    fact = ProblemFact(
        code, "inspection", "closed", "S1", "09006", "2023-09-04T09:00:00", "2023-09-06T09:00:00",
        "2023-09-05T09:00:00", "2023-09-06T10:00:00", "", subject, subject, subject,
    )  # fmt: skip
    return fact._replace(**values)


def frame(*, weights: dict[str, int] | None = None, usual: int = 1) -> Frame:
    return Frame(WEEK, "2023-09-04", "2023-09-10", weights or {}, usual, {"market": "农贸市场"})


def seen(*visits: VisitFact, due: list[ProblemFact] | None = None, **values: Any) -> SubjectFacts:
    """What a rule sees of a subject."""
    rounds: dict[str, list[VisitFact]] = {}
    for one in visits:
        rounds.setdefault(one.round_kind, []).append(one)
    return SubjectFacts("A", visits=rounds, due=due or [], **values)


def subjects(codes: str) -> tuple[SubjectFact, ...]:
    return tuple(SubjectFact(code, f"{code}社区") for code in codes)


def week(of: Series, totals: dict[str, str | None], *, slug: str = "2023-W36", **values: Any) -> Outcome:
    """A period in which each subject was visited once with this score (none: not at all)."""
    span = parse_span(slug)
    at = f"{span.first.isoformat()}T08:00:00"
    visits = tuple(visit(f"V-{code}", code, score=score, at=at) for code, score in totals.items() if score is not None)
    inputs = Inputs(of, span, subjects("".join(sorted(totals))), visits, **values)
    return compute_period(inputs)


def placed(*ranked: tuple[str, int, str]) -> list[Placed]:
    """A ranking from (code, rank, total)."""
    return [Placed(code, rank, int(Decimal(total) * 100)) for code, rank, total in ranked]
