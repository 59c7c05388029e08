"""Rounds, visits and answers taken in from a workbook of visits 督查记录 (workbooks.md, 轮次, 检查 and 评分).

Matched by code, number, and visit with check. A visit that is there already and differs is corrected: both versions are
kept, and where its period is published the row is refused. No problem is opened; the ledger workbook holds them.
"""

from collections.abc import Sequence
from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.core.errors import require
from chuangwei.core.rows import NO_CODES, Codes, Progress, Rows, Taking, silent
from chuangwei.core.writes import action
from chuangwei.domain.inspections.actions.answer_rows import AnswerRows
from chuangwei.domain.inspections.actions.correcting import Corrections, PublishedDays
from chuangwei.domain.inspections.actions.round_rows import RoundRows
from chuangwei.domain.inspections.actions.visit_rows import VisitRows
from chuangwei.domain.inspections.enums import Permission

__all__ = ["PublishedDays", "import_visits"]

ROUNDS, VISITS, ANSWERS = "rounds", "visits", "answers"


@action
def import_visits(
    *, rounds: Rows, visits: Rows, answers: Rows, by: Actor, at: datetime, published: Sequence[PublishedDays] = (),
    sites: Codes = NO_CODES, persons: Codes = NO_CODES, units: Codes = NO_CODES, save: bool = True,
    progress: Progress = silent,
) -> Taking:  # fmt: skip
    """Take in rounds (code, name, kind, starts_on, ends_on, team), visits (code, round, site, at, inspectors) and
    answers (visit, check, result, occurrences, deduction, note).

    `published` are the days on which nothing may be corrected, and where. `sites`, `persons` and `units` are codes that
    count as known although they are not saved. With a fault in any row nothing is saved; `save=False` only looks.
    `progress` hears of the answers as they are written.
    """
    require(by.may(Permission.RECORD))
    taking = Taking()
    round_rows = RoundRows(rounds, by=by, at=at)
    round_rows.check(taking.of(ROUNDS), units)
    visit_rows = VisitRows(visits, round_rows.codes, by=by, at=at)
    visit_rows.check(taking.of(VISITS), sites=sites, persons=persons)
    answer_rows = AnswerRows(answers, visit_rows)
    answer_rows.check(taking.of(ANSWERS), is_open=not visits.is_whole)
    if not save or taking.is_faulty:
        return taking
    corrections = Corrections(visit_rows, answer_rows, by=by, at=at)
    corrections.check(published, taking.of(VISITS), taking.of(ANSWERS))
    round_rows.check_scope(taking.of(ROUNDS))
    visit_rows.check_scope(corrections.corrected, taking.of(VISITS), taking.of(ANSWERS))
    if not taking.is_faulty:
        taking.tallies[ROUNDS] = round_rows.save()
        added, answered = visit_rows.save_new(round_rows.keys(), answer_rows, progress)
        corrections.save(round_rows.keys())
        taking.tallies[VISITS] = added + corrections.visit_tally
        taking.tallies[ANSWERS] = answered + corrections.answer_tally
        taking.show(round_rows.logs + corrections.logs)
    return taking
