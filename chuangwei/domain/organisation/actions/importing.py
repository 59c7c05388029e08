"""Units, persons and duties taken in from a register workbook 底册 (workbooks.md, 单位, 人员 and 责任).

Units and persons are matched by code; a change holds from the day of the import on and the old value stays in the
history. A duty is matched by all that makes it one (who, as what, for what, from when, in which hours); only its last
day may change.
"""

from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.core.errors import require
from chuangwei.core.rows import NO_CODES, Codes, Rows, Taking
from chuangwei.core.writes import action
from chuangwei.domain.organisation.actions.duty_rows import DutyRows
from chuangwei.domain.organisation.actions.person_rows import PersonRows
from chuangwei.domain.organisation.actions.unit_rows import UnitRows
from chuangwei.domain.organisation.models import Person, Unit
from chuangwei.domain.organisation.permissions import may_edit

UNITS, PERSONS, DUTIES = "units", "persons", "duties"


@action
def import_organisation(
    *, units: Rows, persons: Rows, duties: Rows, by: Actor, at: datetime, areas: Codes = NO_CODES,
    sites: Codes = NO_CODES, save: bool = True,
) -> Taking:  # fmt: skip
    """Take in units (code, name, kind, parent, area), persons (code, name, title, unit, phone) and duties (holder,
    role, place, starts_on, ends_on, hours).

    `areas` and `sites` are codes of places that count as known although they are not saved. With a fault in any row
    nothing is saved; `save=False` only looks for faults.
    """
    require(may_edit(by))
    taking = Taking()
    unit_rows = UnitRows(units, areas, by=by, at=at)
    person_rows = PersonRows(persons, unit_rows.codes, by=by, at=at)
    holders = Codes(*(_codes_of(rows) for rows in (units, persons)), is_open=not (units.is_whole and persons.is_whole))
    duty_rows = DutyRows(duties, holders, areas, sites, by=by, at=at)
    taking.codes = {UNITS: unit_rows.codes, PERSONS: person_rows.codes}
    _check_shared_codes(units, persons, taking)
    unit_rows.check(taking.of(UNITS))
    person_rows.check(taking.of(PERSONS))
    duty_rows.check(taking.of(DUTIES))
    if save and not taking.is_faulty:
        unit_rows.check_scope(taking.of(UNITS))
        person_rows.check_scope(unit_rows.area_path_of, taking.of(PERSONS))
        duty_rows.check_scope(unit_rows.by_then, taking.of(DUTIES))
    if save and not taking.is_faulty:
        taking.tallies = {UNITS: unit_rows.save(), PERSONS: person_rows.save(), DUTIES: duty_rows.save()}
        taking.show(unit_rows.logs + person_rows.logs + duty_rows.logs)
    return taking


def _codes_of(rows: Rows) -> list[str]:
    return [code for code in rows.columns.get("code", ()) if code is not None]


def _check_shared_codes(units: Rows, persons: Rows, taking: Taking) -> None:
    """Persons and units share one set of codes: a duty names either by its code alone."""
    unit_lines = {code: line for line, code in units.each("code")} if units else {}
    for line, code in persons.each("code") if persons else ():
        if code in unit_lines and code is not None:
            message = f"编码 {code} 已用于『单位』第 {unit_lines[code]} 行。单位和人员不能同码。"
            taking.of(PERSONS).add(line, "code", message)
    for rows, name, held, noun in (
        (units, UNITS, set(Person.objects.values_list("code", flat=True)), "人员"),
        (persons, PERSONS, set(Unit.objects.values_list("code", flat=True)), "单位"),
    ):
        for line, code in rows.each("code") if rows else ():
            if code in held:
                taking.of(name).add(line, "code", f"系统里已有编码为 {code} 的{noun}。单位和人员不能同码。")
