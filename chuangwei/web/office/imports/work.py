"""What the worker does with workbooks handed in: read them without saving and, once confirmed, in earnest.

The confirming import reads the files again in its own transaction. Where the data have changed since the preview, so
that other rows would change, nothing is saved and the new preview waits for the person.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chuangwei.core import clock, tasks
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError
from chuangwei.core.writes import action
from chuangwei.domain.organisation import queries
from chuangwei.web.office.imports import actions, uploads
from chuangwei.web.office.imports.enums import ImportState
from chuangwei.web.office.imports.uploads import Progress, Upload
from chuangwei.web.office.models import ImportJob
from chuangwei.web.office.sheets import importing

logger = logging.getLogger(__name__)

BROKEN = "程序出了问题，已记入日志；没有保存任何内容。请把编号告诉管理员。"
CHANGED_MEANWHILE = "预检以后数据有了变化，会改的内容与刚才看到的不同。请再看一遍，再确认。"
HEARTBEAT = 0.4
"""Seconds between two progress lines: people read no faster, and disks write no slower for it."""


def hand_in(*, uploads: Sequence[Upload], by: Actor, at: datetime) -> ImportJob:
    """Keep the job, then have the worker read its files. Two steps, so that a preview stands in no transaction."""
    job = actions.hand_in(uploads=uploads, by=by, at=at)
    tasks.enqueue("chuangwei.web.office.imports.work.check", code=job.code, account=by.code)
    return job


def confirm(*, job: ImportJob, by: Actor, at: datetime) -> None:
    """Have the worker import what the person has seen."""
    actions.confirm(job=job, by=by, at=at)
    tasks.enqueue("chuangwei.web.office.imports.work.carry_out", code=job.code, account=by.code)


def check(*, code: str, account: str) -> None:
    """Read the files without saving anything, and keep what they would change. Safe to run twice."""
    _work(code, account, ImportState.CHECKING, _check)


def carry_out(*, code: str, account: str) -> None:
    """Import the files of a confirmed job. Run again after a crash, it begins anew or finds the job done."""
    _work(code, account, ImportState.IMPORTING, _carry_out)


def _work(code: str, account: str, state: ImportState, step: Any) -> None:
    job = ImportJob.objects.get(code=code)
    if job.state != state:
        return
    by = queries.actor_of(queries.account_by_code(account))
    try:
        for file in job.files:
            uploads.check(Upload.of(file))
        step(job, by)
    except DomainError as refusal:
        actions.fail(job=job, message=refusal.message, by=by, at=clock.now())
    except Exception:
        # Whatever it is, the person must not wait for ever; the log has the traceback.
        logger.exception("import %s failed", code)
        actions.fail(job=job, message=BROKEN, by=by, at=clock.now())
    finally:
        uploads.forget_progress(code)


def _check(job: ImportJob, by: Actor) -> None:
    at = clock.now()
    outcome = importing.run(files=_files(job), by=by, at=at, is_preview=True, progress=_teller(job))
    actions.keep_preview(job=job, outcome=kept(outcome), by=by, at=clock.now())


class _NotAsSeen(Exception):
    """The import came out other than the preview the person agreed to."""

    def __init__(self, outcome: dict[str, Any]) -> None:
        super().__init__()
        self.outcome = outcome


def _carry_out(job: ImportJob, by: Actor) -> None:
    try:
        _import(job=job, by=by, at=clock.now())
    except _NotAsSeen as other:
        note = "" if other.outcome["refused"] else CHANGED_MEANWHILE
        actions.keep_preview(job=job, outcome=other.outcome, by=by, at=clock.now(), note=note)


@action
def _import(*, job: ImportJob, by: Actor, at: datetime) -> None:
    """Rows and the job's own state in one transaction: a job is done exactly when its rows are there."""
    seen = job.outcome
    outcome = kept(importing.run(files=_files(job), by=by, at=at, progress=_teller(job)))
    if outcome["refused"] or outcome["sheets"] != seen["sheets"] or outcome["moves"] != seen["moves"]:
        raise _NotAsSeen(outcome)
    actions.finish(job=job, outcome=outcome, by=by, at=at)


def _files(job: ImportJob) -> list[importing.ImportFile]:
    return [importing.ImportFile(upload.path, upload.name) for upload in map(Upload.of, job.files)]


def kept(outcome: importing.Outcome) -> dict[str, Any]:
    """The outcome as plain values: what `--json` promises, and what became of each sheet."""
    return outcome.as_json() | {
        "sheets": [
            {
                "title": one.sheet,
                "added": one.tally.added,
                "changed": one.tally.changed,
                "unchanged": one.tally.unchanged,
            }
            for one in outcome.sheets
        ],
        "moves": [{"code": move.code, "what": move.what, "old": move.old, "new": move.new} for move in outcome.moves],
    }


def _teller(job: ImportJob) -> importing.Progress:
    """Writes how far the work is, not more often than anyone can read."""
    last = 0.0

    def tell(line: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= HEARTBEAT:
            last = now
            uploads.write_progress(job.code, Progress(line, done, total))

    return tell
