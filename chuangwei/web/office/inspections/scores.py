"""The two scores of a visit: over all its checks, and without those another kind of department answers for."""

from dataclasses import dataclass
from decimal import Decimal

from chuangwei.domain.inspections.models import Visit
from chuangwei.web.shared.templatetags.words import points, score


@dataclass(frozen=True)
class Score:
    shown: str
    words: str


def whole(visit: Visit) -> Score:
    """The score over all checks."""
    if visit.is_vetoed:
        return Score("0.00", "有一票否决的检查项不合格，本次计 0 分。")
    return _share(visit.got, visit.possible)


def own(visit: Visit) -> Score | None:
    """The score without the checks another kind of department answers for; a ranking of communities may count this."""
    if not visit.line_possible:
        return None
    if visit.is_own_vetoed:
        return Score("0.00", "有一票否决的检查项不合格，本次计 0 分。")
    return _share(visit.got - visit.line_got, visit.possible - visit.line_possible)


def _share(got: Decimal, possible: Decimal) -> Score:
    if not possible:
        return Score("—", "没有适用的检查项，本次不计分。")
    value = (got * 100 / possible).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    return Score(score(value), f"100 × {points(got)} ÷ {points(possible)} = {score(value)}，四舍五入到两位小数。")


def own_shown(visit: Visit) -> str:
    """The score without the departments' checks; that of all checks where the sheet has none of theirs."""
    return (own(visit) or whole(visit)).shown


def own_where_it_differs(visit: Visit) -> str:
    """97.06, where all checks give 92.50; "" where both are the same."""
    return own_shown(visit) if own_shown(visit) != whole(visit).shown else ""
