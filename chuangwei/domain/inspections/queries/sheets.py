"""Sheets as their arithmetic needs them."""

from collections.abc import Iterable

from chuangwei.core.exact import to_whole
from chuangwei.domain.inspections.models import NO_SCORE, Visit
from chuangwei.domain.inspections.sheet import CheckRule, Found, Sums, fault, sums
from chuangwei.domain.standards import queries as standards
from chuangwei.domain.standards.queries import ChecklistSheet

POINT_PLACES = 4


def check_rules(sheet: ChecklistSheet) -> dict[str, CheckRule]:
    """A version of a checklist as the arithmetic of a sheet needs it: whole 1/10000 points, by the code of the check.

    What is passed or failed as a whole loses all its points at once; so does a graded check whose grade is not known.
    """
    rules = {}
    for code, check in sheet.checks.items():
        rate = check.veto_below_rate
        rules[code] = CheckRule(
            points=to_whole(check.points, POINT_PLACES),
            deduct_per=to_whole(check.points if check.deduct_per is None else check.deduct_per, POINT_PLACES),
            is_veto=check.is_veto,
            veto_below=None
            if rate is None
            else -(-to_whole(check.points * rate, 2 * POINT_PLACES) // 10**POINT_PLACES),
            has_line=bool(check.line),
        )
    return rules


def sheet_rules() -> dict[int, dict[str, CheckRule]]:
    """The rules of every version of a checklist some visit was scored with, by the version's key."""
    used = Visit.objects.order_by().values_list("checklist_id", flat=True).distinct()
    return {pk: check_rules(sheet) for pk, sheet in standards.checklists_by_id(used).items()}


def total_of(checklist: int, answers: Iterable[tuple[str, Found]]) -> Sums:
    """What a sheet comes to as far as it is filled in; what cannot be, or is of another version, is left out."""
    rules = check_rules(standards.checklists_by_id([checklist])[checklist])
    return sums(rules, [(code, found) for code, found in answers if code in rules and not fault(rules[code], found)])


def score_hundredths(total: Sums) -> int:
    """The score of a sheet in whole hundredths, half up; NO_SCORE where no check applied (domain §7, Visit)."""
    if not total.possible:
        return NO_SCORE
    if total.is_vetoed:
        return 0
    return (20_000 * total.got + total.possible) // (2 * total.possible)
