"""Visits whose kept sums no longer agree with their answers (docs/adr/0007)."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from chuangwei.core.exact import to_whole
from chuangwei.domain.inspections.models import Answer, Visit
from chuangwei.domain.inspections.queries import sheet_rules
from chuangwei.domain.inspections.sheet import Found, Sums, sums, whole_sheet

SCALE = 4


def checks() -> Iterator[str]:
    """Add every visit up again from its answers; a sentence for each that differs."""
    rules = sheet_rules()
    whole = {sheet: whole_sheet(checks) for sheet, checks in rules.items()}
    rows = Answer.objects.order_by("visit_id").values_list(
        "visit_id", "check_item__code", "result", "occurrences", "deduction"
    )
    found = groupby(rows.iterator(chunk_size=5000), key=itemgetter(0))
    pk, group = next(found, (None, iter(())))
    for visit in Visit.objects.order_by("pk").iterator(chunk_size=2000):
        while pk is not None and pk < visit.pk:
            pk, group = next(found, (None, iter(())))
        answers = [_answer(row) for row in group] if pk == visit.pk else []
        if _kept(visit) != sums(rules[visit.checklist_id], answers, whole=whole[visit.checklist_id]):
            yield f"检查 {visit.code} 的得分合计与各项评分不符。"


def _answer(row: tuple[Any, ...]) -> tuple[str, Found]:
    _, code, result, occurrences, deduction = row
    return code, Found(result, occurrences, None if deduction is None else to_whole(deduction, SCALE))


def _kept(visit: Visit) -> Sums:
    return Sums(
        to_whole(visit.got, SCALE), to_whole(visit.possible, SCALE),
        to_whole(visit.line_got, SCALE), to_whole(visit.line_possible, SCALE),
        visit.is_vetoed, visit.is_own_vetoed, visit.is_line_vetoed,
    )  # fmt: skip
