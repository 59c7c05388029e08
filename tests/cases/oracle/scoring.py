"""Parts and adjustments of one subject in one period, in fractions (domain §7, §8; workbooks.md)."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.cases.oracle import library
from tests.cases.oracle.answering import nearest
from tests.cases.oracle.spans import Span
from tests.cases.oracle.town import Answer, Problem, Town, Visit

Part = dict[str, Any]
OUTSIDE_THE_LEDGER = ("不予立案", "并案", "挂账")
NOT_VERIFIED = ("待核实", "不予立案", "并案")
COMMITTEES = ("社区", "村", "街道", "乡镇")


def rounded(value: Fraction) -> Fraction:
    """Half up to two decimals; never below zero here."""
    return Fraction((value * 100 + Fraction(1, 2)).__floor__(), 100)


def mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def within(at: datetime | None, span: Span) -> bool:
    return at is not None and span.first <= at.date() <= span.last


def subject_of(town: Town, area: str | None, kind: str) -> str | None:
    """The area of this kind that holds the area, itself included."""
    return next((code for code in town.upwards(area) if town.area(code).kind == kind), None)


def subjects_of(town: Town, series: Part) -> list[tuple[str, str]]:
    """Code and name of all that a series ranks: the areas of a kind, or the units of one."""
    kind = series["subject"]
    if kind.startswith("unit:"):
        return [(unit.code, unit.name) for unit in town.units if f"unit:{unit.kind}" == kind]
    return [(area.code, area.name) for area in town.areas if area.kind == kind]


# --- Visits -----------------------------------------------------------------------------------------------------------
def visit_score(town: Town, visit: Visit, which: str = "all") -> Fraction | None:
    got, possible, vetoed = Fraction(0), Fraction(0), False
    answers = {answer.check: answer for answer in visit.answers}
    for check in library.checks()[town.site(visit.site).kind]:
        answer = answers.get(check.code)
        if (which == "own" and check.line) or (which == "line" and not check.line):
            continue
        if answer is not None and answer.result == "不适用":
            continue
        kept = Fraction(check.points) - lost(answer, check)
        got, possible = got + kept, possible + Fraction(check.points)
        if check.veto_below is not None and kept < Fraction(check.veto_below) * Fraction(check.points):
            vetoed = True
    if possible == 0:
        return None
    return Fraction(0) if vetoed else rounded(100 * got / possible)


def lost(answer: Answer | None, check: library.Check) -> Fraction:
    if answer is None or answer.result == "合格":
        return Fraction(0)
    if answer.deduction is not None:
        return Fraction(answer.deduction)
    times = 1 if answer.count is None else answer.count
    return min(times * Fraction(check.per), Fraction(check.points))


def visit_mean(town: Town, series: Part, part: Part, subject: str, span: Span) -> Fraction | None:
    by_kind: dict[str, list[Fraction]] = {}
    for visit in town.visits:
        if within(visit.at, span) and counts(town, series, part, subject, visit):
            score = visit_score(town, visit, part.get("checks", "all"))
            if score is not None:
                by_kind.setdefault(town.site(visit.site).kind, []).append(score)
    if sum(len(scores) for scores in by_kind.values()) < part.get("min_visits", 1):
        return None
    weights = {kind: Fraction(str(series.get("kind_weights", {}).get(kind, 1))) for kind in by_kind}
    if sum(weights.values()) == 0:
        return None
    weighed = sum((weights[kind] * mean(trimmed(scores, part.get("trim", 0))) for kind, scores in by_kind.items()))
    return rounded(Fraction(weighed) / sum(weights.values()))


def counts(town: Town, series: Part, part: Part, subject: str, visit: Visit) -> bool:
    kind_of_round = next(each.kind for each in town.rounds if each.code == visit.round)
    if kind_of_round not in part["rounds"] or not is_visit_of(town, series, subject, visit):
        return False
    return not (kind_of_round == "互查" and is_own(town, visit, subject))


def is_visit_of(town: Town, series: Part, subject: str, visit: Visit) -> bool:
    """An area is visited at its sites; a unit where it, or a person serving in it, answers for the site."""
    site = town.site(visit.site)
    if not series["subject"].startswith("unit:"):
        return subject_of(town, site.area, series["subject"]) == subject
    serving = {subject} | {person.code for person in town.persons if person.unit == subject}
    places = [site.code, *town.upwards(site.area)]
    return any(serving & set(nearest(town, places, role, visit.at.date())[1]) for role in series["roles"])


def is_own(town: Town, visit: Visit, subject: str) -> bool:
    """Whether an inspector serves in the subject's own committee: where all score each other, own scores are out."""
    own = {unit.code for unit in town.units if unit.kind in COMMITTEES and unit.area == subject}
    units = [person.unit for person in town.persons if person.code in visit.inspectors]
    return any(own & set(units_upwards(town, unit)) for unit in units)


def trimmed(scores: list[Fraction], n: int) -> list[Fraction]:
    """n highest and lowest dropped where there are 2n + 3 or more."""
    return sorted(scores)[n : len(scores) - n] if n and len(scores) >= 2 * n + 3 else scores


# --- Problems ---------------------------------------------------------------------------------------------------------
def place_of(town: Town, problem: Problem) -> str | None:
    """Where both are given, the site decides."""
    return problem.area if problem.site is None else town.site(problem.site).area


def on_time_closure(town: Town, series: Part, part: Part, subject: str, span: Span) -> Fraction | None:
    due = [
        problem
        for problem in town.problems
        if within(problem.due, span)
        and problem.state not in OUTSIDE_THE_LEDGER
        and problem.source in part.get("sources", [problem.source])
        and counts_for(town, series, part, subject, problem)
    ]
    if part.get("unverified", "miss") == "skip":
        due = [problem for problem in due if not waits_to_be_verified(problem)]
    if not due:
        return None
    return rounded(Fraction(100 * sum(closed_on_time(problem) for problem in due), len(due)))


def counts_for(town: Town, series: Part, part: Part, subject: str, problem: Problem) -> bool:
    if series["subject"].startswith("unit:"):
        return problem.unit == subject
    if part.get("count", "area") == "area":
        return subject_of(town, place_of(town, problem), series["subject"]) == subject
    committees = [unit.code for unit in town.units if unit.kind in COMMITTEES and unit.area == subject]
    return len(committees) == 1 and committees[0] in units_upwards(town, problem.unit)


def units_upwards(town: Town, code: str | None) -> list[str]:
    found = []
    while code is not None:
        found.append(code)
        code = next(unit.parent for unit in town.units if unit.code == found[-1])
    return found


def closed_on_time(problem: Problem) -> bool:
    return put_right_in_time(problem) and problem.closed is not None


def put_right_in_time(problem: Problem) -> bool:
    return problem.fixed is not None and problem.due is not None and problem.fixed <= problem.due


def waits_to_be_verified(problem: Problem) -> bool:
    return put_right_in_time(problem) and problem.verified is None and problem.closed is None


def verified_complaints(town: Town, series: Part, rule: Part, subject: str, span: Span) -> Fraction:
    count = sum(
        problem.source in rule["sources"]
        and problem.state not in NOT_VERIFIED
        and within(problem.found, span)
        and subject_of(town, place_of(town, problem), series["subject"]) == subject
        for problem in town.problems
    )
    sought = count * Fraction(str(rule["each"]))
    if "limit" not in rule:
        return sought
    limit = Fraction(str(rule["limit"]))
    return max(sought, limit) if limit < 0 else min(sought, limit)


# --- Other series -----------------------------------------------------------------------------------------------------
def series_mean(
    totals: dict[str, list[tuple[Span, str, Fraction | None]]], part: Part, subject: str, span: Span
) -> Fraction | None:
    """`totals` holds, by series, what was ranked: period, subject, total."""
    found = [
        total
        for period, code, total in totals.get(part["series"], [])
        if code == subject and total is not None and span.first <= period.last <= span.last
    ]
    return rounded(mean(found)) if found else None


AreaRule = Callable[[Town, Part, Part, str, Span], Fraction | None]
RULES: dict[str, AreaRule] = {"visit-mean": visit_mean, "on-time-closure": on_time_closure}


def money_text(value: Fraction | None) -> str | None:
    """Two decimals, or null."""
    return (
        None
        if value is None
        else str((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01")))
    )
