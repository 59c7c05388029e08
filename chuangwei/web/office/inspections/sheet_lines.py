"""A sheet as a page shows it and a browser sends it: fields by the code of the check, read into findings.

A check nobody has answered yet is unset 未填 and stays so, through drafts too: nothing is taken for passed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from chuangwei.core import clock
from chuangwei.core.models import Attachment
from chuangwei.core.text import free_text
from chuangwei.domain.inspections.actions import Finding
from chuangwei.domain.inspections.enums import Result
from chuangwei.domain.inspections.queries import POINT_PLACES
from chuangwei.domain.standards.enums import CheckRule
from chuangwei.domain.standards.models import Category, Check, Checklist
from chuangwei.web.shared.templatetags.words import points

RESULT, TIMES, GRADE, NOTE, CATEGORY, FIXED, POINTS = "r", "n", "g", "t", "c", "f", "d"
BEFORE, AFTER = "before", "after"
PHOTO_FIELDS = {"p": BEFORE, "a": AFTER}
SENT = (RESULT, TIMES, GRADE, NOTE, CATEGORY, FIXED, POINTS)
WHO, MORE, WHEN = "who", "more", "visited_at"
LONGEST = 1000
MOST_TIMES = 9999
UNSET = ""
FULL = "full"
"""Full marks, where a check has no grade that gives them."""

Photos = Mapping[tuple[str, str], Sequence[Attachment]]


@dataclass(frozen=True)
class Grade:
    value: str
    words: str
    is_chosen: bool
    off: Decimal
    """Points it takes off the check's."""


@dataclass(frozen=True)
class SheetLine:
    """One check as it is to be filled in, with what was filled in so far."""

    check: Check
    result: str
    """One of Result, or UNSET; of a graded check only whether it applies."""
    times: str
    deduction: str
    """Points taken off, where somebody wrote those instead of a count."""
    note: str
    category: str
    is_fixed: bool
    grades: Sequence[Grade]
    categories: Sequence[Category]
    before: Sequence[Attachment]
    after: Sequence[Attachment]

    @property
    def code(self) -> str:
        return self.check.code

    @property
    def is_graded(self) -> bool:
        return self.check.rule == CheckRule.GRADE

    @property
    def grade(self) -> Grade | None:
        return next((grade for grade in self.grades if grade.is_chosen), None)

    @property
    def is_answered(self) -> bool:
        return self.result == Result.NOT_APPLICABLE or (self.grade is not None if self.is_graded else bool(self.result))

    @property
    def counts(self) -> bool:
        return self.check.rule == CheckRule.DEDUCT

    @property
    def is_veto(self) -> bool:
        return self.check.is_veto or self.check.veto_below_rate is not None


def sent(posted: QueryDict, checklist: Checklist) -> dict[str, Any]:
    """What of a posted form is a sheet: known fields of known checks, who was there and when."""
    content: dict[str, Any] = {WHO: posted.getlist(WHO)[:50], MORE: posted.get(MORE, "")[:LONGEST]}
    content[WHEN] = posted.get(WHEN, "")[:32]
    for code in checklist.checks.values_list("code", flat=True):
        for name in SENT:
            value = posted.get(f"{name}.{code}", "").replace("\0", "")[:LONGEST]
            if value:
                content[f"{name}.{code}"] = value
    return content


def lines(checklist: Checklist, content: Mapping[str, Any], photos: Photos) -> list[SheetLine]:
    """Every check in its order. One query for the checks and one for all their categories."""
    checks = list(checklist.checks.order_by("order"))
    named = {code for check in checks for code in check.categories}
    known = {one.code: one for one in Category.objects.filter(code__in=named)}
    return [_line(check, content, photos, known) for check in checks]


def _line(check: Check, content: Mapping[str, Any], photos: Photos, known: Mapping[str, Category]) -> SheetLine:
    def value(name: str) -> str:
        return str(content.get(f"{name}.{check.code}", ""))

    result = Result.NOT_APPLICABLE if value(GRADE) == Result.NOT_APPLICABLE else value(RESULT)
    return SheetLine(
        check=check, result=result if result in Result.values else UNSET, times=value(TIMES), deduction=value(POINTS),
        note=value(NOTE), category=value(CATEGORY),
        is_fixed=bool(value(FIXED)), grades=_grades(check, value(GRADE)),
        categories=[known[code] for code in check.categories if code in known],
        before=photos.get((check.code, BEFORE), ()), after=photos.get((check.code, AFTER), ()),
    )  # fmt: skip


def _grades(check: Check, chosen: str) -> list[Grade]:
    """The grades in their order; full marks first where none of them gives these."""
    kept = [(str(place), grade["name"], Decimal(str(grade["points"]))) for place, grade in enumerate(check.grades)]
    if kept and all(worth < check.points for _, _, worth in kept):
        kept.insert(0, (FULL, "满分", check.points))
    return [
        Grade(value, f"{name}（{points(worth)} 分）", value == chosen, max(check.points - worth, Decimal(0)))
        for value, name, worth in kept
    ]


def rest_passed(checklist: Checklist, content: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """The sheet with every unset check passed, and how many these were. What is set stays."""
    unset = [line for line in lines(checklist, content, {}) if not line.is_answered]
    return {**content, **dict(_passed(line) for line in unset)}, len(unset)


def _passed(line: SheetLine) -> tuple[str, str]:
    if line.is_graded:
        return f"{GRADE}.{line.code}", min(line.grades, key=lambda grade: grade.off).value
    return f"{RESULT}.{line.code}", Result.PASS


def findings(filled: Iterable[SheetLine]) -> list[Finding]:
    """What the sheet says. A number that is none counts as one occurrence left blank: the arithmetic then says what."""
    return [_finding(line) for line in filled]


def _finding(line: SheetLine) -> Finding:
    result, deduction = line.result, None
    if line.grade is not None and result != Result.NOT_APPLICABLE:
        deduction = line.grade.off or None
        result = Result.FAIL if deduction else Result.PASS
    elif line.is_graded and result != Result.NOT_APPLICABLE:
        result = UNSET
    failed = result == Result.FAIL
    if failed and deduction is None:
        deduction = _points(line.deduction)
    return Finding(
        check=line.code, result=result, occurrences=_times(line.times) if failed and line.counts else None,
        deduction=deduction, note=free_text(line.note), category=line.category,
        is_fixed=line.is_fixed and failed, photos=line.before, after=line.after if failed else (),
    )  # fmt: skip


def _times(text: str) -> int | None:
    return min(int(text), MOST_TIMES) if text.isdecimal() and text.isascii() else None


def _points(text: str) -> Decimal | None:
    """Points with at most four decimals, as the sheet keeps them; None for what is none."""
    try:
        given = Decimal(text)
    except InvalidOperation:
        return None
    fits = given.is_finite() and 0 <= given <= MOST_TIMES and given == round(given, POINT_PLACES)
    return given if fits else None


def instant_of(text: str) -> datetime | None:
    """What a field for date and time sends, on a Shanghai clock; None for what is none."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        return None
    return clock.instant(given.date(), given.time()) if given.tzinfo is None else None


def content_of(checklist: Checklist, answers: Iterable[Any]) -> dict[str, Any]:
    """A recorded visit as the form of its correction holds it: a check without an answer passed."""
    content, _ = rest_passed(checklist, {})
    for answer in answers:
        code, check = answer.check_item.code, answer.check_item
        content[f"{RESULT}.{code}"] = answer.result
        content[f"{NOTE}.{code}"] = answer.note
        if answer.occurrences:
            content[f"{TIMES}.{code}"] = str(answer.occurrences)
        if answer.deduction is not None and not check.grades:
            content[f"{POINTS}.{code}"] = f"{answer.deduction:f}"
        applies = answer.result != Result.NOT_APPLICABLE
        off = [grade.value for grade in _grades(check, UNSET) if applies and grade.off == answer.lost]
        content[f"{GRADE}.{code}"] = next(iter(off), UNSET)
    return {name: value for name, value in content.items() if value}
