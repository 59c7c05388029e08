"""The answers of a workbook of visits: each checked and scored against the checklist of its visit, by column."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chuangwei.core.bulk import insert_rows
from chuangwei.core.exact import to_whole
from chuangwei.core.rows import Faults, Progress, Rows, counted
from chuangwei.domain.inspections.actions.visit_rows import VisitRows
from chuangwei.domain.inspections.models import Answer
from chuangwei.domain.inspections.queries import POINT_PLACES
from chuangwei.domain.inspections.sheet import Found, Sums
from chuangwei.domain.inspections.sheet_book import NOTHING, BadAnswer

ANSWER_COLUMNS = ("visit_id", "check_item_id", "result", "occurrences", "deduction", "lost", "note")


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer on one checklist, worked out once for all rows that say the same."""

    found: Found
    fault: BadAnswer | None = None
    stored: tuple[object, ...] = ()
    """What is stored of it: check, result, occurrences, deduction, points lost."""
    change: Sums = NOTHING
    is_plain: bool = True
    """Whether points got are all it changes: nine answers of ten."""


class AnswerRows:
    """Answers by row: which visit each belongs to, what was found, what it comes to."""

    def __init__(self, rows: Rows, visits: VisitRows) -> None:
        self.rows, self._visits = rows, visits
        self.owner = array("l")
        """The position of each answer's visit."""
        self.judged: list[Judged] = []
        self._sums: list[list[int] | None] = []

    # --- Checking -----------------------------------------------------------------------------------------------------

    def check(self, faults: Faults, *, is_open: bool) -> None:
        """`is_open`: the sheet of visits cannot be read, so nothing can be said about which visits there are."""
        if self.rows:
            unnamed = {code for code in self.rows["visit"] if code is not None and code not in self._visits.position}
            self._visits.add_held(unnamed)
            self._check_rows(faults, is_open=is_open)
        if not faults:
            self._add_up()

    def _check_rows(self, faults: Faults, *, is_open: bool) -> None:
        """Six hundred thousand times round this loop is a second; what can be done once is done outside it."""
        position, checklists = self._visits.position, self._visits.checklists
        known: dict[int | None, dict[tuple[object, ...], Judged]] = {each: {} for each in set(checklists)}
        judged_of = [known[each] for each in checklists]
        answers = zip(*(self.rows[name] for name in ("check", "result", "occurrences", "deduction")), strict=True)
        for line, visit, answer in zip(self.rows.lines, self.rows["visit"], answers, strict=True):
            owner = position.get(visit)
            if owner is None:
                if visit is not None and not is_open:
                    message = f"没有编号为 {visit} 的检查。请先在『检查』表中添加，或改正编号。"
                    faults.add(line, "visit", message)
                continue
            judged = judged_of[owner].get(answer)
            if judged is None:
                checklist = checklists[owner]
                if checklist is None or answer[0] is None or answer[1] is None:
                    continue
                judged = judged_of[owner][answer] = self._judge(checklist, *answer)
            if judged.fault is not None:
                faults.add(line, judged.fault.field, judged.fault.message)
                continue
            self.owner.append(owner)
            self.judged.append(judged)

    def _judge(
        self, checklist: int, check: str, result: str, occurrences: int | None, deduction: Decimal | None
    ) -> Judged:
        found = Found(result, occurrences, None if deduction is None else to_whole(deduction, POINT_PLACES))
        scored = self._visits.book.score(checklist, check, found)
        if isinstance(scored, BadAnswer):
            return Judged(found, scored)
        is_plain = scored.change[1:] == NOTHING[1:]
        return Judged(found, None, (scored.check, *found, scored.lost), scored.change, is_plain)

    def _add_up(self) -> None:
        """The sums of every new visit: its whole sheet, and what each answer changes in it."""
        book, held = self._visits.book, self._visits.held
        wholes = {each: list(book.whole(each)) for each in set(self._visits.checklists) if each is not None}
        self._sums = [
            None if checklist is None or i in held else wholes[checklist][:]
            for i, checklist in enumerate(self._visits.checklists)
        ]
        sums = self._sums
        for owner, judged in zip(self.owner, self.judged, strict=True):
            total = sums[owner]
            if total is None:
                continue
            if judged.is_plain:
                total[0] += judged.change[0]
            else:
                total[:4] = [before + change for before, change in zip(total, judged.change[:4], strict=False)]
                total[4:] = [before or change for before, change in zip(total[4:], judged.change[4:], strict=True)]

    def sums_of(self, position: int) -> Sequence[int]:
        """got, possible, line_got, line_possible and the three vetoes of a new visit."""
        return self._sums[position] or ()

    # --- Saving -------------------------------------------------------------------------------------------------------

    def save_new(self, keys: Sequence[int | None], progress: Progress) -> int:
        """Write the answers of new visits, given the keys of these by position; returns how many."""
        count = 0

        def rows() -> Iterator[tuple[object, ...]]:
            nonlocal count
            for owner, judged, note in zip(self.owner, self.judged, self.rows["note"], strict=True):
                key = keys[owner]
                if key is not None:
                    count += 1
                    yield (key, *judged.stored, note)

        if self.judged:
            insert_rows(Answer, ANSWER_COLUMNS, counted(rows(), len(self.judged), progress))
        return count
