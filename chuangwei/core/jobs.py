"""What runs by itself: functions in an app's jobs.py, marked with when they are due, run by `chuangwei tick`.

A job takes `at`, may be run twice without harm, and may return a line about what it did. It is run once for each moment
it is due, whoever ticks first (core.JobRun); after a pause only the last moment missed is made up for.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from importlib import import_module
from time import perf_counter
from typing import Protocol, TypeVar

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.module_loading import module_has_submodule

from chuangwei.core import attachments, checks, clock, daily_roots, retention
from chuangwei.core.errors import DomainError, new_event_id
from chuangwei.core.models import JobRun

log = logging.getLogger(__name__)

ABANDONED = timedelta(hours=2)
"""A run that has not ended after this long was killed, and is taken up again. No job may last longer."""

KEPT = timedelta(days=90)
"""How long the record of a run is kept."""

UNTOLD = "任务没有完成，详情见日志（事件编号 {}）。"
"""What people are told of an error that is none of our sentences."""

PULSE = "tick"
"""The row that says when the clock last came by; no job is called this, for theirs begin with their app."""


class Work(Protocol):
    """What is decorated: does its work as of an instant, and may say what it did."""

    __module__: str
    __name__: str

    def __call__(self, *, at: datetime) -> str | None: ...


SomeWork = TypeVar("SomeWork", bound=Work)


@dataclass(frozen=True, slots=True)
class Job:
    """Work, the last moment up to an instant at which it was due, and what people call it."""

    slug: str
    work: Work
    last_due: Callable[[datetime], datetime]
    title: str = ""

    @property
    def name(self) -> str:
        return self.title or self.slug


@dataclass(slots=True)
class Timetable:
    """All jobs of a program. There is one, `TIMETABLE`; tests make their own."""

    jobs: dict[str, Job] = field(default_factory=dict)
    listeners: "list[Listener]" = field(default_factory=list)

    def add(self, work: SomeWork, last_due: Callable[[datetime], datetime], title: str = "") -> SomeWork:
        """Named after the app whose jobs.py it stands in and its function: problems-escalate."""
        app = work.__module__.split(".")[-2]
        slug = f"{app}-{work.__name__.replace('_', '-')}"
        if slug in self.jobs:
            raise ValueError(f"two jobs are called {slug}")
        self.jobs[slug] = Job(slug, work, last_due, title)
        return work

    def discover(self) -> None:
        """Import jobs.py of every installed app, so that its jobs are added."""
        for config in apps.get_app_configs():
            if module_has_submodule(config.module, "jobs"):
                import_module(f"{config.name}.jobs")


TIMETABLE = Timetable()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one run ended."""

    slug: str
    due_at: datetime
    is_ok: bool
    message: str
    name: str = ""


class Listener(Protocol):
    """Is told of every run that failed."""

    def __call__(self, outcome: Outcome, *, at: datetime) -> None: ...


def daily(*, at: str, title: str = "", timetable: Timetable = TIMETABLE) -> Callable[[SomeWork], SomeWork]:
    """Due every day at that time in Asia/Shanghai: @daily(at="02:00", title="升级超期问题")."""
    clock_time = time.fromisoformat(at)

    def last_due(instant: datetime) -> datetime:
        day = clock.local_day(instant)
        due = clock.instant(day, clock_time)
        return due if due <= instant else clock.instant(day - timedelta(days=1), clock_time)

    return lambda work: timetable.add(work, last_due, title)


def every(*, minutes: int, title: str = "", timetable: Timetable = TIMETABLE) -> Callable[[SomeWork], SomeWork]:
    """Due every so many minutes of a day, counted from midnight in Asia/Shanghai."""
    if not 1 <= minutes <= 24 * 60:
        raise ValueError(f"not within a day: {minutes} minutes")

    def last_due(instant: datetime) -> datetime:
        midnight = clock.instant(clock.local_day(instant))
        step = timedelta(minutes=minutes)
        return midnight + (instant - midnight) // step * step

    return lambda work: timetable.add(work, last_due, title)


def run_due(at: datetime, *, timetable: Timetable = TIMETABLE) -> list[Outcome]:
    """Run every job that is due at an instant and was not run for that moment yet; how each ended.

    A job that fails is recorded with its reason and stops no other.
    """
    if timetable is TIMETABLE:
        timetable.discover()
        _leave_pulse(at)
    outcomes = []
    for slug, job in sorted(timetable.jobs.items()):
        due_at = job.last_due(at)
        if not _taken(slug=slug, due_at=due_at, at=at):
            continue
        is_ok, message = _carry_out(job, at)
        JobRun.objects.filter(slug=slug, due_at=due_at).update(
            finished_at=max(clock.now(), at), is_ok=is_ok, message=message
        )
        outcome = Outcome(slug, due_at, is_ok, message, job.name)
        outcomes.append(outcome)
        if not is_ok:
            _tell(timetable, outcome, at)
    return outcomes


def last_pulse() -> datetime | None:
    """When somebody last looked for what is due; None before the first time."""
    return JobRun.objects.filter(slug=PULSE).values_list("started_at", flat=True).first()


def _leave_pulse(at: datetime) -> None:
    """One row that moves on: whoever watches the server sees that the clock still ticks."""
    values = {"due_at": at, "started_at": at, "finished_at": at, "is_ok": True}
    if not JobRun.objects.filter(slug=PULSE).update(**values):
        JobRun.objects.create(slug=PULSE, **values)


def _tell(timetable: Timetable, outcome: Outcome, at: datetime) -> None:
    for listener in timetable.listeners:
        try:
            listener(outcome, at=at)
        except Exception:  # that nobody could be told must not stop the next job
            log.exception("nobody could be told that job %s failed", outcome.slug)


def _taken(*, slug: str, due_at: datetime, at: datetime) -> bool:
    """Whether this process now holds the run: nobody began it, or whoever did was killed."""
    run = JobRun.objects.filter(slug=slug, due_at=due_at)
    begun = run.first()
    if begun is not None:
        abandoned = begun.finished_at is None and begun.started_at <= at - ABANDONED
        return abandoned and bool(run.filter(finished_at=None, started_at=begun.started_at).update(started_at=at))
    try:
        with transaction.atomic():
            JobRun.objects.create(slug=slug, due_at=due_at, started_at=at)
    except IntegrityError:
        return False
    return True


def _carry_out(job: Job, at: datetime) -> tuple[bool, str]:
    began = perf_counter()
    try:
        message = job.work(at=at) or ""
    except Exception as error:  # whatever it is, the next job must run; the log has the traceback
        event_id = new_event_id()
        log.exception("job %s failed", job.slug, extra={**_told(job, began), "event_id": event_id})
        # Only our own sentences go to people: the text of any other error may hold what is in the database.
        return False, error.message if isinstance(error, DomainError) else UNTOLD.format(event_id)
    log.info("job", extra=_told(job, began))
    return True, message


def _told(job: Job, began: float) -> dict[str, object]:
    return {"job": job.slug, "ms": round((perf_counter() - began) * 1000)}


@daily(at="02:30", title="检查数据")
def check_data(*, at: datetime) -> str:
    """Look for broken data every night, where nobody waits for the answer."""
    found = checks.broken_data()
    return "\n".join(str(broken) for broken in found) or "数据完好。"


@daily(at="03:30", title="清理任务记录")
def forget_old_runs(*, at: datetime) -> str:
    """Jobs of every minute would fill the table with rows nobody reads."""
    count, _ = JobRun.objects.filter(due_at__lt=at - KEPT).delete()
    return f"清理任务记录 {count} 条。"


@daily(at="04:20", title="清理无主的附件")
def clear_unused_files(*, at: datetime) -> str:
    """Photos of a draft that was thrown away, and what an interrupted upload left: nobody can open these any more."""
    return f"清理无主的附件 {attachments.forget_unused(before=at - timedelta(days=1))} 个。"


@daily(at="00:05", title="封存前一天的审计")
def close_audit_days(*, at: datetime) -> str:
    """The root of the day that is over, to be printed in the morning."""
    made = daily_roots.close_days(at=at)
    return f"封存审计日根 {len(made)} 天。" if made else "没有要封存的。"


@daily(at="03:50", title="清除到期的内容")
def forget_what_is_due(*, at: datetime) -> str:
    """What was kept as long as it may be goes, and leaves a tombstone in the chain."""
    return f"到期清除 {retention.forget_due(at=at)} 项。"
