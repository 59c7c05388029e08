"""Builders of rounds and visits with their sums, as a recording or an import makes them."""

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from chuangwei.core.exact import to_decimal, to_whole
from chuangwei.domain.inspections import queries
from chuangwei.domain.inspections.enums import Result, RoundKind
from chuangwei.domain.inspections.models import Answer, Round, Visit, VisitInspector
from chuangwei.domain.inspections.sheet import Found, lost, sums
from chuangwei.domain.organisation.models import Person
from chuangwei.domain.places.models import Site
from chuangwei.domain.standards.models import Checklist
from chuangwei.domain.standards.queries import checklists_by_id
from tests.factories.problems import MONDAY

_numbers = count(1)


def round_(code: str | None = None, *, kind: str = RoundKind.REGULAR, **values: Any) -> Round:
    defaults = {"name": "第36周定期督导", "starts_on": date(2023, 9, 4), "ends_on": date(2023, 9, 8), **values}
    return Round.objects.create(code=code or f"DQ-{next(_numbers)}", kind=kind, **defaults)


def visit(
    *, site: Site, sheet: Checklist, in_round: Round, at: datetime = MONDAY, code: str | None = None,
    found: dict[str, Found] | None = None, by: tuple[Person, ...] = (), **values: Any,
) -> Visit:  # fmt: skip
    """A visit with these findings by code of check; its sums are those of `sheet.sums`."""
    checks = sheet.checks.in_bulk(field_name="id")
    by_code = {check.code: check for check in checks.values()}
    rules = queries.check_rules(checklists_by_id([sheet.pk])[sheet.pk])
    kept = sums(rules, (found or {}).items())
    points = {name: to_decimal(getattr(kept, name), 4) for name in ("got", "possible", "line_got", "line_possible")}
    made = Visit.objects.create(
        code=code or f"JC-{next(_numbers):04}", round=in_round, site=site, at=at, checklist=sheet, recorded_at=at,
        is_vetoed=kept.is_vetoed, is_own_vetoed=kept.is_own_vetoed, is_line_vetoed=kept.is_line_vetoed,
        **points, **values,
    )  # fmt: skip
    for name, one in (found or {}).items():
        Answer.objects.create(
            visit=made, check_item=by_code[name], result=one.result, occurrences=one.occurrences,
            deduction=None if one.deduction is None else to_decimal(one.deduction, 4),
            lost=to_decimal(lost(rules[name], one), 4),
        )  # fmt: skip
    for order, person in enumerate(by):
        VisitInspector.objects.create(visit=made, person=person, order=order)
    return made


def failed(points: str | None = None, *, times: int | None = None) -> Found:
    """A failed check: with points taken off, or with so many occurrences."""
    return Found(Result.FAIL, times, None if points is None else to_whole(Decimal(points), 4))
