"""Visits that are there already and differ from the workbook: corrected, with both versions kept (domain §8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.exact import to_decimal, to_whole
from chuangwei.core.models import TransitionLog
from chuangwei.core.rows import Faults, Tally
from chuangwei.domain.inspections.actions.answer_rows import AnswerRows
from chuangwei.domain.inspections.actions.findings import tell_corrected, ties_of
from chuangwei.domain.inspections.actions.visit_rows import BATCH, HeldVisit, VisitRows
from chuangwei.domain.inspections.models import Answer, Visit, VisitInspector, VisitRevision
from chuangwei.domain.inspections.queries import POINT_PLACES
from chuangwei.domain.inspections.sheet import Found, lost, sums

REASON = "导入更正"
PUBLISHED = "这次检查所在的周期已经公示，不能用导入更正。请走异议程序。"


class PublishedDays(NamedTuple):
    """Days of a published period, and the area it ranks ("" for the whole installation)."""

    area: str
    first: date
    last: date


class HeldAnswer(NamedTuple):
    code: str
    found: Found
    note: str


@dataclass(slots=True)
class Correction:
    """What the workbook says differently of one visit."""

    held: HeldVisit
    line: int | None = None
    """The row of the visit itself, where that differs."""
    visit: tuple[str, str, datetime, tuple[str, ...]] | None = None
    answers: dict[str, tuple[int, HeldAnswer]] = field(default_factory=dict)
    """Check → line and what is found now, where that is new or differs."""


class Corrections:
    """Compares what is held with the workbook; then checks and saves what differs."""

    def __init__(self, visits: VisitRows, answers: AnswerRows, *, by: Actor, at: datetime) -> None:
        self._visits, self._answers, self._by, self._at = visits, answers, by, at
        self.visit_tally = self.answer_tally = Tally()
        self.logs: list[TransitionLog] = []
        self.corrected: dict[int, Correction] = {}
        self._before: dict[int, dict[str, HeldAnswer]] = {}
        if visits.held:
            self._compare_visits()
            self._compare_answers()

    def _compare_visits(self) -> None:
        for i, line, round_code, site, at, inspectors in self._visits.each():
            held = self._visits.held.get(i)
            if held is None:
                continue
            if (held.round, held.site, held.at, held.inspectors) == (round_code, site, at, inspectors):
                self.visit_tally += Tally(unchanged=1)
            else:
                self.visit_tally += Tally(changed=1)
                self.corrected[i] = Correction(held, line, (round_code, site, at, inspectors))

    def _compare_answers(self) -> None:
        given: dict[int, list[int]] = {}
        held = self._visits.held
        for row, owner in enumerate(self._answers.owner):
            if owner in held:
                given.setdefault(owner, []).append(row)
        owners = list(given)
        for start in range(0, len(owners), BATCH):
            part = owners[start : start + BATCH]
            known = answers_of({held[owner].pk: owner for owner in part})
            for owner in part:
                self._compare_visit(owner, given[owner], known.get(owner, {}))

    def _compare_visit(self, owner: int, rows: Sequence[int], known: dict[str, HeldAnswer]) -> None:
        checks, notes, lines = self._answers.rows["check"], self._answers.rows["note"], self._answers.rows.lines
        unchanged = added = 0
        for row in rows:
            now = HeldAnswer(checks[row], self._answers.judged[row].found, notes[row])
            before = known.get(now.code)
            if before == now:
                unchanged += 1
                continue
            correction = self.corrected.setdefault(owner, Correction(self._visits.held[owner]))
            correction.answers[now.code] = (lines[row], now)
            added += before is None
            self._before[owner] = known
        self.answer_tally += Tally(added, len(rows) - unchanged - added, unchanged)

    # --- Checking -----------------------------------------------------------------------------------------------------

    def check(self, published: Sequence[PublishedDays], visit_faults: Faults, answer_faults: Faults) -> None:
        """Nothing of a published period is corrected, neither where the visit was nor where it would go."""
        for correction in self.corrected.values():
            held = correction.held
            spots = [(held.site, held.area, held.at)]
            if correction.visit is not None:
                spots.append((correction.visit[1], None, correction.visit[2]))
            if not any(self._is_published(published, *spot) for spot in spots):
                continue
            if correction.line is not None:
                visit_faults.add(correction.line, "", PUBLISHED)
            for line, _ in correction.answers.values():
                answer_faults.add(line, "", PUBLISHED)

    def _is_published(
        self, published: Sequence[PublishedDays], site: str | None, area: str | None, at: datetime
    ) -> bool:
        day = clock.local_day(at)
        history = self._visits.history
        chain = history.site_chain(site, day) if site else history.area_chain(area, day) if area else []
        return any(days.first <= day <= days.last and (not days.area or days.area in chain) for days in published)

    # --- Saving -------------------------------------------------------------------------------------------------------

    def save(self, rounds: dict[str, int]) -> None:
        for i, correction in self.corrected.items():
            before = self._before.get(i)
            if before is None:
                before = answers_of({correction.held.pk: i}).get(i, {})
            self.logs.append(self._correct(i, correction, before, rounds))
        TransitionLog.objects.bulk_create(self.logs, batch_size=500)

    def _correct(
        self, i: int, correction: Correction, before: dict[str, HeldAnswer], rounds: dict[str, int]
    ) -> TransitionLog:
        visit = Visit.objects.get(pk=correction.held.pk)
        VisitRevision.objects.create(
            visit=visit, version=visit.version, content=visit_content(correction.held, visit, before), reason=REASON,
            corrected_at=self._at, by_code=self._by.code, by_name=self._by.name,
        )  # fmt: skip
        old_score = score_text(visit)
        checklist = self._visits.checklists[i] or visit.checklist_id
        # Another kind of place is another sheet: what was found on the old one is kept in the revision only.
        after = {} if checklist != visit.checklist_id else dict(before)
        after |= {code: answer for code, (_, answer) in correction.answers.items()}
        found = ties_of(visit)
        self._write_answers(visit, checklist, before, after)
        if correction.visit is not None:
            self._write_visit(visit, correction, rounds)
        visit.checklist_id, visit.version = checklist, visit.version + 1
        _write_sums(visit, self._visits.book.rules(checklist), after)
        visit.save()
        tell_corrected(visit, found, by=self._by, at=self._at)
        return TransitionLog(
            subject_kind="inspections.visit", subject_code=visit.code, move="correct", move_name=REASON,
            source=old_score, target=score_text(visit), by_code=self._by.code, by_name=self._by.name, at=self._at,
            note=f"第 {visit.version} 版",
        )  # fmt: skip

    def _write_visit(self, visit: Visit, correction: Correction, rounds: dict[str, int]) -> None:
        assert correction.visit is not None  # noqa: S101 - the caller asked
        round_code, site, at, inspectors = correction.visit
        visit.round_id, visit.site_id, visit.area_id, visit.at = (
            rounds[round_code],
            self._visits.sites[site][0],
            None,
            at,
        )
        if inspectors != correction.held.inspectors:
            VisitInspector.objects.filter(visit=visit).delete()
            VisitInspector.objects.bulk_create(
                VisitInspector(visit=visit, person_id=self._visits.persons[person], order=order)
                for order, person in enumerate(inspectors)
            )

    def _write_answers(
        self, visit: Visit, checklist: int, before: dict[str, HeldAnswer], after: dict[str, HeldAnswer]
    ) -> None:
        if checklist != visit.checklist_id:
            Answer.objects.filter(visit=visit).delete()
            before = {}
        touched = [code for code, answer in after.items() if before.get(code) != answer]
        old = Answer.objects.filter(visit=visit, check_item__code__in=touched)
        problems = dict(old.filter(problem__isnull=False).values_list("check_item__code", "problem_id"))
        old.delete()
        book = self._visits.book
        rules = book.rules(checklist)
        Answer.objects.bulk_create(
            Answer(
                visit=visit, check_item_id=book.check_key(checklist, code), result=after[code].found.result,
                occurrences=after[code].found.occurrences, deduction=_points(after[code].found.deduction),
                lost=_points(lost(rules[code], after[code].found)), note=after[code].note,
                problem_id=problems.get(code),
            )
            for code in touched
        )  # fmt: skip


def _points(whole: int | None) -> Any:
    return None if whole is None else to_decimal(whole, POINT_PLACES)


def answers_of(owners: dict[int, int]) -> dict[int, dict[str, HeldAnswer]]:
    """What is held of these visits, by position and check; `owners`: key of the visit → its position."""
    found: dict[int, dict[str, HeldAnswer]] = {}
    rows: Any = Answer.objects.filter(visit_id__in=list(owners)).order_by("visit_id", "check_item__order")
    columns = ("visit_id", "check_item__code", "result", "occurrences", "deduction", "note")
    for visit, code, result, occurrences, deduction, note in rows.values_list(*columns):
        whole = None if deduction is None else to_whole(deduction, POINT_PLACES)
        found.setdefault(owners[visit], {})[code] = HeldAnswer(code, Found(result, occurrences, whole), note)
    return found


def _write_sums(visit: Visit, rules: Any, answers: dict[str, HeldAnswer]) -> None:
    total = sums(rules, [(code, answer.found) for code, answer in answers.items()])
    visit.got, visit.possible = _points(total.got), _points(total.possible)
    visit.line_got, visit.line_possible = _points(total.line_got), _points(total.line_possible)
    visit.is_vetoed, visit.is_own_vetoed = total.is_vetoed, total.is_own_vetoed
    visit.is_line_vetoed = total.is_line_vetoed


def visit_content(held: HeldVisit, visit: Visit, answers: dict[str, HeldAnswer]) -> dict[str, Any]:
    """The visit as it was, in words and numbers that need no other row to be read."""
    return {
        "round": held.round, "site": held.site, "area": held.area, "at": held.at.isoformat(),
        "inspectors": list(held.inspectors), "checklist": visit.checklist_id,
        "got": str(visit.got), "possible": str(visit.possible),
        "line_got": str(visit.line_got), "line_possible": str(visit.line_possible),
        "is_vetoed": visit.is_vetoed, "is_own_vetoed": visit.is_own_vetoed, "is_line_vetoed": visit.is_line_vetoed,
        "answers": list(_answer_contents(answers)),
    }  # fmt: skip


def _answer_contents(answers: dict[str, HeldAnswer]) -> Iterator[dict[str, Any]]:
    for code, answer in answers.items():
        deduction = _points(answer.found.deduction)
        yield {
            "check": code, "result": answer.found.result, "occurrences": answer.found.occurrences,
            "deduction": None if deduction is None else str(deduction), "note": answer.note,
        }  # fmt: skip


def score_text(visit: Visit) -> str:
    veto = "，一票否决" if visit.is_vetoed else ""
    return f"{visit.got:f}/{visit.possible:f}{veto}"
