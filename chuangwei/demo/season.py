"""Eight weeks of the office's work in a moment: import, rank, publish, make final, pay, hold what follows.

On the Monday the office reads its workbooks and puts all weeks but the last up for objection; on the working day after
the objections are over it makes them final and publishes the last one. Everything goes through the actions that pages
and commands use.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path

from django.db import transaction

from chuangwei.core import audit, calendar, clock, presets
from chuangwei.core.actor import Actor, system_actor
from chuangwei.core.errors import Refused
from chuangwei.core.models import AuditEvent, Installation
from chuangwei.demo import cast
from chuangwei.demo.town import story
from chuangwei.demo.town.ground import COUNTY_NAME
from chuangwei.demo.town.town import Town
from chuangwei.domain.appraisal import actions as appraisal
from chuangwei.domain.appraisal import queries as appraised
from chuangwei.domain.appraisal.enums import ConsequenceKind, ConsequenceState
from chuangwei.domain.appraisal.models import Consequence, Period
from chuangwei.domain.organisation import actions as organisation
from chuangwei.domain.standards import actions as standards
from chuangwei.web.office.sheets import importing
from chuangwei.web.office.sheets.importing import ImportFile

SERIES = "weekly"
MARK, MARK_KIND = "建立示范镇", "demo.town"
MINUTES = {
    ConsequenceKind.INTERVIEW: "约谈已进行。包社区领导说明了垃圾清运合同到期、保洁员缺员的情况，承诺一周内补齐人员、每日到点。",
    ConsequenceKind.STATEMENT: "社区党支部书记在干部大会上作了表态发言，列出了整改措施和时限。",
}
Say = Callable[[str], None]


def seed_of_demo() -> int | None:
    """The seed of the demo that lives in this database; none where there is no demo."""
    mark = AuditEvent.objects.filter(subject_kind=MARK_KIND).first()
    return int(mark.subject_code) if mark else None


def county() -> str | None:
    """Whose installation this database is; none where nobody began one."""
    there = Installation.objects.first()
    return there.county if there else None


def live_through(town: Town, files: Sequence[Path], seed: int, say: Say) -> None:
    """From an empty database to eight ranked weeks; to nothing at all where something fails on the way."""
    with transaction.atomic():
        morning = clock.instant(town.scene.today, time(9))
        with clock.frozen(morning):
            periods = _monday(town, files, seed, morning, say)
        over = max(period.objections_until for period in periods if period.objections_until)
        friday = clock.instant(calendar.load().add_days(over, 1), time(10))
        with clock.frozen(friday):
            say("公示期满：定案，核算奖补，办理约谈和表态……")
            _after_objections(periods, friday)


def _monday(town: Town, files: Sequence[Path], seed: int, at: datetime, say: Say) -> list[Period]:
    """Install, import, rank, publish all weeks but the last; the periods in time."""
    by = system_actor("示范")
    say(f"为{COUNTY_NAME}建立安装：标准库、预设……")
    standards.load_standards(by=by, at=at)
    organisation.begin_installation(county=COUNTY_NAME, document=presets.open_preset(str(files[0])), by=by, at=at)
    audit.record(verb=MARK, subject_kind=MARK_KIND, subject_code=str(seed), by=by, at=at)
    _import(files[1:], by=by, at=at, say=say)
    cast.sign_up(town, by=by, at=at)
    say("计算八周的评比……")
    office = cast.actor(cast.OFFICE)
    first, last = (_slug(story.weeks(town.scene.today)[week]) for week in (0, -1))
    periods = [one.period for one in appraisal.compute_periods(series=SERIES, first=first, last=last, by=office, at=at)]
    for period in periods[:-1]:
        appraisal.publish_period(period=period, by=office, at=at)
    return periods


def _slug(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def _import(files: Sequence[Path], *, by: Actor, at: datetime, say: Say) -> None:
    """The import a user makes; Refused, with all mistakes, where a workbook is not right."""
    say(f"导入 {'、'.join(file.name for file in files)}……")
    outcome = importing.run(files=[ImportFile(file, file.name) for file in files], by=by, at=at)
    if outcome.is_refused:
        raise Refused(f"有 {len(outcome.mistakes)} 处错误，没有导入任何内容：", outcome.mistakes)
    say("，".join(f"{each.sheet} {each.tally.added}" for each in outcome.sheets) + "。")


def _after_objections(periods: list[Period], at: datetime) -> None:
    """Final all but the last, which is published; the months that are complete are paid; what is due is held."""
    office = cast.actor(cast.OFFICE)
    for period in periods[:-1]:
        appraisal.finalise_period(period=period, by=office, at=at)
    appraisal.publish_period(period=periods[-1], by=office, at=at)
    for month in _complete_months(periods):
        settled = appraisal.settle_month(series=SERIES, month=month, by=office, at=at)
        appraisal.approve_settlement(settlement=settled, by=cast.actor(cast.LEADER), at=at)
    for due in _due(periods[:-2]):
        appraisal.hold_consequence(
            consequence=due, held_on=clock.local_day(at), minutes=MINUTES[ConsequenceKind(due.trigger)],
            by=cast.actor(cast.DISCIPLINE if due.trigger == ConsequenceKind.INTERVIEW else cast.OFFICE), at=at,
        )  # fmt: skip


def _complete_months(periods: list[Period]) -> list[str]:
    """The months in which no period ends that is not final yet."""
    open_month = f"{periods[-1].to_on:%Y-%m}"
    return sorted({f"{period.to_on:%Y-%m}" for period in periods} - {open_month})


def _due(periods: list[Period]) -> list[Consequence]:
    """What fell due from these periods, in time; the latest week's is left for whoever tries the demo."""
    found = appraised.consequences(actor=cast.actor(cast.OFFICE)).filter(period__in=periods, state=ConsequenceState.DUE)
    return list(found.order_by("period__from_on", "trigger", "subject_code"))
