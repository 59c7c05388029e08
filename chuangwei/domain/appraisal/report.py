"""Results as others read them: the shape of `expected/appraisal.json` (workbooks `cases/`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from chuangwei.domain.appraisal.compute import Outcome, Standing
from chuangwei.domain.appraisal.enums import Flag
from chuangwei.domain.appraisal.rules import settlement_amount, two_decimals
from chuangwei.domain.appraisal.series import Money


@dataclass(frozen=True, slots=True)
class Due:
    """What a month's flags move for one subject: flags counted, whole fen."""

    month: str
    subject: str
    red: int
    yellow: int
    amount: int


def settled(outcomes: Iterable[Outcome], money: Money) -> list[Due]:
    """Every month in which a period ends × every subject, also one without flags, by month, then code (domain §8, Money)."""
    flags: dict[tuple[str, str], list[str | None]] = {}
    for outcome in outcomes:
        for standing in outcome.standings:
            flags.setdefault((outcome.span.month, standing.code), []).append(standing.flag)
    found = []
    for (month, subject), given in sorted(flags.items()):
        red, yellow = given.count(Flag.RED.value), given.count(Flag.YELLOW.value)
        amount = settlement_amount(red=red, yellow=yellow, month_red=money.month_red, month_yellow=money.month_yellow)
        found.append(Due(month, subject, red, yellow, amount))
    return found


def settlements_json(outcomes: Sequence[Outcome], money: Money | None) -> list[dict[str, Any]]:
    """Nothing where the preset says nothing of money."""
    if money is None:
        return []
    return [
        {"month": due.month, "subject": due.subject, "red": due.red, "yellow": due.yellow, "amount": due.amount}
        for due in settled(outcomes, money)
    ]


def period_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "period": outcome.span.slug,
        "from": outcome.span.first.isoformat(),
        "to": outcome.span.last.isoformat(),
        "subjects": [standing_json(standing) for standing in outcome.standings],
        "statements": [one.subject for one in outcome.of("statement")],
        "interviews": [{"subject": one.subject, "person": one.person} for one in outcome.of("interview")],
    }


def standing_json(standing: Standing) -> dict[str, Any]:
    return {
        "code": standing.code,
        "name": standing.name,
        "parts": {slug: points_json(value) for slug, value in standing.parts.items()},
        "adjustments": {slug: points_json(value) for slug, value in standing.adjustments.items()},
        "total": points_json(standing.total),
        "rank": standing.rank,
        "flag": standing.flag,
    }


def points_json(value: int | None) -> str | None:
    return None if value is None else two_decimals(value)
