"""The moves of a job of importing. The import itself is the nouns' own actions, called by web/office/sheets."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chuangwei.core import audit, clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.transitions import Transition, apply_transition
from chuangwei.core.writes import action
from chuangwei.domain.organisation.permissions import may_import
from chuangwei.web.office.imports import states
from chuangwei.web.office.imports.uploads import Upload
from chuangwei.web.office.models import ImportJob

SUBJECT = "office.importjob"


@action
def hand_in(*, uploads: Sequence[Upload], by: Actor, at: datetime) -> ImportJob:
    """Keep a job for files that lie on the disk; nothing is read yet."""
    require(may_import(by))
    if not uploads:
        raise DomainError("请先选择工作簿。")
    job = ImportJob.objects.create(
        code=f"{clock.local(at):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        files=[upload.kept() for upload in uploads],
        by_code=by.code, by_name=by.name, created_at=at, changed_at=at,
    )  # fmt: skip
    audit.record(
        verb="上传工作簿", subject_kind=SUBJECT, subject_code=job.code, by=by, at=at, details={"files": job.files}
    )
    return job


@action
def keep_preview(*, job: ImportJob, outcome: dict[str, Any], by: Actor, at: datetime, note: str = "") -> None:
    """What the files would change, or why they are refused; nothing was saved of them."""
    job.outcome, job.message = outcome, note
    _move(job, states.REFUSE if outcome["refused"] else states.PASS_CHECK, by=by, at=at, note=note)


@action
def confirm(*, job: ImportJob, by: Actor, at: datetime) -> None:
    """The person has seen what will change and wants it."""
    require(may_import(by))
    job.message = ""
    _move(job, states.CONFIRM, by=by, at=at)


@action
def cancel(*, job: ImportJob, by: Actor, at: datetime) -> None:
    require(may_import(by))
    _move(job, states.CANCEL, by=by, at=at)


@action
def finish(*, job: ImportJob, outcome: dict[str, Any], by: Actor, at: datetime) -> None:
    """Called inside the import's own transaction: the job is done exactly when the rows are there."""
    job.outcome, job.message = outcome, ""
    _move(job, states.FINISH, by=by, at=at)


@action
def fail(*, job: ImportJob, message: str, by: Actor, at: datetime) -> None:
    """Something other than the files stopped it; nothing was saved of them."""
    job.message = message
    _move(job, states.FAIL, by=by, at=at, note=message)


def _move(job: ImportJob, move: Transition, *, by: Actor, at: datetime, note: str = "") -> None:
    job.changed_at = at
    apply_transition(job, move, by=by, at=at, note=note, save=("outcome", "message", "changed_at"))
