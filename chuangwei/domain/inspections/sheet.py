"""The arithmetic of one sheet: what each answer loses, what the visit keeps, who vetoes it (domain §7, workbooks.md).

Points are whole numbers of 1/10000 point throughout (see core.exact), so that nothing is ever rounded here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from chuangwei.domain.inspections.enums import Result


@dataclass(frozen=True, slots=True)
class CheckRule:
    """What a check of the checklist says: its points, what one occurrence costs, when it fails the whole sheet."""

    points: int
    deduct_per: int
    is_veto: bool = False
    veto_below: int | None = None
    """Vetoes when fewer points than this are kept (rate × points)."""
    has_line: bool = False


class Sums(NamedTuple):
    """What a visit keeps of its sheet (docs/adr/0007)."""

    got: int
    possible: int
    line_got: int
    line_possible: int
    is_vetoed: bool
    is_own_vetoed: bool
    is_line_vetoed: bool


class Found(NamedTuple):
    """One answer: the result, and for a failed check its occurrences or the points taken off."""

    result: str
    occurrences: int | None = None
    deduction: int | None = None


def fault(rule: CheckRule, found: Found) -> str | None:
    """What is wrong with an answer, as a sentence; None where nothing is."""
    if found.result != Result.FAIL:
        if found.occurrences or found.deduction:
            return "合格或不适用的检查项不能有处数或扣分。"
        return None
    if found.occurrences == 0:
        return "不合格的检查项，处数不能是 0。"
    if found.deduction is not None and found.deduction > rule.points:
        return "扣分超过了检查项的分值。"
    return None


def lost(rule: CheckRule, found: Found) -> int:
    """不合格 loses 扣分 where given, else 处数 × deduct_per (处数 empty means 1), at most the check's points."""
    if found.result != Result.FAIL:
        return 0
    if found.deduction is not None:
        return min(found.deduction, rule.points)
    return min((1 if found.occurrences is None else found.occurrences) * rule.deduct_per, rule.points)


def vetoes(rule: CheckRule, found: Found) -> bool:
    """A failed veto check fails the sheet; one with a rate, when it keeps less than that share of its points."""
    if found.result != Result.FAIL:
        return False
    if rule.veto_below is not None:
        return rule.points - lost(rule, found) < rule.veto_below
    return rule.is_veto


def whole_sheet(checks: Mapping[str, CheckRule]) -> Sums:
    """The sums of a sheet on which nothing was found."""
    points = sum(rule.points for rule in checks.values())
    line = sum(rule.points for rule in checks.values() if rule.has_line)
    return Sums(points, points, line, line, False, False, False)


def sums(checks: Mapping[str, CheckRule], answers: Iterable[tuple[str, Found]], *, whole: Sums | None = None) -> Sums:
    """What the sheet comes to. A check without an answer kept all its points; 不适用 leaves both sums.

    `whole` is `whole_sheet(checks)`, for callers that score many sheets of one checklist.
    """
    got, possible, line_got, line_possible, *_ = whole or whole_sheet(checks)
    own_veto = line_veto = False
    for code, found in answers:
        rule = checks[code]
        away = rule.points if found.result == Result.NOT_APPLICABLE else 0
        off = away or lost(rule, found)
        got, possible = got - off, possible - away
        if rule.has_line:
            line_got, line_possible = line_got - off, line_possible - away
        if vetoes(rule, found):
            own_veto, line_veto = own_veto or not rule.has_line, line_veto or rule.has_line
    return Sums(got, possible, line_got, line_possible, own_veto or line_veto, own_veto, line_veto)
