"""An office that hands in its workbooks week after week ends where one ends that hands them in once."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from chuangwei.core import audit, clock, presets
from chuangwei.core.actor import system_actor
from chuangwei.core.models import TransitionLog
from chuangwei.demo.town import preset, story, workbooks
from chuangwei.demo.town.ground import COUNTY_NAME
from chuangwei.demo.town.records import Problem as Row
from chuangwei.demo.town.town import Town
from chuangwei.domain.inspections.models import Visit
from chuangwei.domain.organisation import actions as organisation
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.standards import actions as standards
from chuangwei.web.office.sheets import importing
from chuangwei.web.office.sheets.importing import ImportFile, Outcome

BY = system_actor("测试")
NEVER_TIMED = frozenset({"不予立案", "并案"})


def as_of(row: Row, at: datetime) -> Row:
    """What an earlier ledger said of a problem: what had not happened yet is not in it."""
    begun = "待核实" if row.source in {"群众举报", "热线转办"} else "已立案"
    if row.state in NEVER_TIMED:
        return row
    if row.dispatched is None:
        return row if row.closed is None or row.closed <= at else row._replace(state=begun, fixed=None, closed=None)
    if row.dispatched > at:
        return row._replace(state=begun, unit="", dispatched=None, due=None, fixed=None, verified=None, closed=None)
    if row.fixed is None or row.fixed > at:
        state = row.state if row.fixed is None else "已派遣"
        return row._replace(state=state, fixed=None, verified=None, closed=None)
    if row.closed is None or row.closed > at:
        return row._replace(state="待核查", verified=None, closed=None)
    return row._replace(state="已销号")


def until(town: Town, at: datetime) -> Town:
    """The town's workbooks as the office had them on an earlier morning."""
    visits = [visit for visit in town.visits if visit.at < at]
    codes = {visit.code for visit in visits}
    return town._replace(
        rounds=[one for one in town.rounds if one.starts <= at.date()],
        visits=visits,
        marks=[mark for mark in town.marks if mark.visit in codes],
        problems=[as_of(row, at) for row in town.problems if row.found < at],
    )


def hand_in(town: Town, folder: Path, at: datetime) -> Outcome:
    files = workbooks.write(town, folder)
    with clock.frozen(at):
        outcome = importing.run(files=[ImportFile(file, file.name) for file in files], by=BY, at=at)
    assert [mistake.message for mistake in outcome.mistakes] == []
    return outcome


@pytest.mark.slow
@pytest.mark.django_db
def test_week_by_week_is_the_same_as_at_once(town: Town, tmp_path: Path):
    mornings = [clock.instant(monday, time(9)) for monday in story.weeks(town.scene.today)[2::3]]
    (tmp_path / "preset.toml").write_text(preset.text(), encoding="utf-8")
    document = presets.open_preset(str(tmp_path / "preset.toml"))
    standards.load_standards(by=BY, at=mornings[0])
    organisation.begin_installation(county=COUNTY_NAME, document=document, by=BY, at=mornings[0])

    for at in mornings:
        hand_in(until(town, at), tmp_path, at)
    last = hand_in(town, tmp_path, mornings[-1] + timedelta(days=7))

    assert last.tally.changed > 0
    assert Visit.objects.count() == len(town.visits)
    assert not Visit.objects.exclude(version=1).exists()
    labels = dict(ProblemState.choices)
    held = {
        row.code: (labels[row.state], row.unit.code if row.unit else "", row.due_at, row.fixed_at)
        for row in Problem.objects.select_related("unit")
    }
    assert held == {row.code: (row.state, row.unit, row.due, row.fixed) for row in town.problems}
    assert audit.verify() == []


@pytest.mark.slow
@pytest.mark.django_db
def test_the_same_workbooks_again_change_nothing(town: Town, tmp_path: Path):
    at = clock.instant(town.scene.today, time(9))
    (tmp_path / "preset.toml").write_text(preset.text(), encoding="utf-8")
    standards.load_standards(by=BY, at=at)
    organisation.begin_installation(
        county=COUNTY_NAME, document=presets.open_preset(str(tmp_path / "preset.toml")), by=BY, at=at
    )  # fmt: skip

    first = hand_in(town, tmp_path, at)
    logged = TransitionLog.objects.count()
    again = hand_in(town, tmp_path, at)

    assert (first.tally.changed, first.tally.unchanged) == (0, 0)
    assert (again.tally.added, again.tally.changed, again.tally.unchanged) == (0, 0, first.tally.added)
    assert TransitionLog.objects.count() == logged
