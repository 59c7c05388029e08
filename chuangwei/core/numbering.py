"""Codes that count: the next numbers behind a beginning (WT2026-000001), and a row written under the first that is free."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import BigIntegerField, F, Func, Max, QuerySet, TextField
from django.db.models.functions import Cast, Length, Substr

from chuangwei.core.errors import DomainError

Row = TypeVar("Row", bound=models.Model)
TRIES = 20
"""So many may write at the same moment before somebody is asked to try again."""
LONGEST = 12
"""Digits of a number that is counted on; what is longer was not counted."""


class _WithoutDigits(Func):
    function = "LTRIM"
    template = "%(function)s(%(expressions)s, '0123456789')"
    output_field = TextField()


def next_codes(rows: QuerySet[Row], start: str, *, width: int) -> list[str]:
    """The codes behind the highest number of those that are `start` and digits, however many digits they were given.

    Compared as numbers: as text, 0100 comes behind 000101, and 999999 behind 1000000.
    """
    tail = Substr("code", len(start) + 1)
    counted = (
        rows.filter(code__gte=start, code__startswith=start)
        .annotate(tail=tail, rest=_WithoutDigits(tail), digits=Length(tail))
        .filter(rest="", digits__range=(1, LONGEST))
    )
    highest = counted.aggregate(highest=Max(Cast(F("tail"), BigIntegerField())))["highest"] or 0
    return [f"{start}{number:0{width}}" for number in range(highest + 1, highest + 1 + TRIES)]


def written(rows: QuerySet[Row], codes: Sequence[str], make: Callable[[str], Row]) -> Row:
    """Write a row under the first of these codes that nobody took meanwhile. DomainError where all are taken."""
    for code in codes:
        try:
            with transaction.atomic():
                return make(code)
        except IntegrityError:
            if not rows.filter(code=code).exists():
                raise
    raise DomainError("编号用完了，请稍后再试。")
