"""Problems taken in from a ledger workbook 问题台账 (workbooks.md, 问题).

Matched by their number. What is new comes to its state by the moves its times tell; what is there already moves on from
the state it is held in, or the row is refused. Empty optional cells say nothing.
"""

from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.core.errors import require
from chuangwei.core.rows import NO_CODES, Codes, Rows, Taking
from chuangwei.core.writes import action
from chuangwei.domain.problems.actions.problem_rows import ProblemRows
from chuangwei.domain.problems.enums import Permission

PROBLEMS = "problems"


@action
def import_problems(
    *, problems: Rows, by: Actor, at: datetime, areas: Codes = NO_CODES, sites: Codes = NO_CODES,
    units: Codes = NO_CODES, save: bool = True,
) -> Taking:  # fmt: skip
    """Take in problems (code, source, site, area, category as people write it, description, unit, state and times).

    `areas`, `sites` and `units` are codes that count as known although they are not saved. With a fault in any row
    nothing is saved; `save=False` only looks for faults.
    """
    require(by.may(Permission.FILE))
    taking = Taking()
    rows = ProblemRows(problems, by=by, at=at)
    rows.check(taking.of(PROBLEMS), areas=areas, sites=sites, units=units)
    if save and not taking.is_faulty:
        rows.check_scope(taking.of(PROBLEMS))
    if save and not taking.is_faulty:
        taking.tallies = {PROBLEMS: rows.save()}
        taking.show(rows.logs_of_changes)
    return taking
