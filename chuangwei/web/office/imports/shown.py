"""A job of importing in the words of its pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from chuangwei.web.office.imports import uploads
from chuangwei.web.office.imports.enums import UNDER_WAY, ImportState
from chuangwei.web.office.imports.uploads import Progress, Upload
from chuangwei.web.office.models import ImportJob
from chuangwei.web.office.sheets import importing
from chuangwei.web.shared.paging import Page

SLOW = timedelta(seconds=20)

BODIES = {
    ImportState.CHECKING: "office/imports/progress.html",
    ImportState.IMPORTING: "office/imports/progress.html",
    ImportState.CHECKED: "office/imports/preview.html",
    ImportState.DONE: "office/imports/preview.html",
    ImportState.REFUSED: "office/imports/mistakes.html",
    ImportState.CANCELLED: "office/imports/ended.html",
    ImportState.FAILED: "office/imports/ended.html",
}
WAY = ("上传", "预检", "确认", "完成")
REACHED = {
    ImportState.CHECKING: 1,
    ImportState.REFUSED: 1,
    ImportState.CHECKED: 2,
    ImportState.IMPORTING: 3,
    ImportState.DONE: 4,
    ImportState.CANCELLED: 2,
    ImportState.FAILED: 1,
}


@dataclass(frozen=True)
class WayStep:
    title: str
    is_done: bool
    is_here: bool


def way(job: ImportJob) -> list[WayStep]:
    """上传 → 预检 → 确认 → 完成, and where the job stands."""
    here = REACHED[ImportState(job.state)]
    return [WayStep(title, place < here, place == here) for place, title in enumerate(WAY)]


def names(job: ImportJob) -> str:
    return "、".join(Upload.of(file).name for file in job.files)


def progress(job: ImportJob) -> Progress:
    waiting = "正在排队，马上开始预检。" if job.state == ImportState.CHECKING else "正在排队，马上开始导入。"
    return uploads.read_progress(job.code) or Progress(waiting)


def is_slow(job: ImportJob, at: datetime) -> bool:
    """Whether nothing has begun although the worker should have taken it up."""
    return uploads.read_progress(job.code) is None and at - job.changed_at > SLOW


@dataclass(frozen=True)
class Listed:
    """One job in one line."""

    address: str
    names: str
    state: str
    result: str
    at: datetime
    by: str
    is_bad: bool
    is_done: bool


def listed_jobs(page: Page[ImportJob]) -> Page[Listed]:
    return Page([_listed(job) for job in page.rows], after=page.after, address=page.address)


def _listed(job: ImportJob) -> Listed:
    return Listed(
        address=reverse("office:import_detail", args=[job.code]),
        names=names(job),
        state=job.get_state_display(),
        result=_result(job),
        at=job.created_at,
        by=job.by_name,
        is_bad=job.state in (ImportState.REFUSED, ImportState.FAILED),
        is_done=job.state == ImportState.DONE,
    )


def _result(job: ImportJob) -> str:
    outcome = job.outcome
    if job.state == ImportState.REFUSED:
        return f"{len(outcome.get('mistakes', ()))} 处错误"
    if job.state in UNDER_WAY or not outcome:
        return ""
    return f"新增 {outcome['added']}，变更 {outcome['changed']}，不变 {outcome['unchanged']}"


@dataclass(frozen=True)
class ShownBook:
    """A workbook the program knows, by its sheets."""

    title: str
    sheets: list[str]


def books() -> list[ShownBook]:
    return [ShownBook(book.title, [spec.name for spec in book.specs]) for book in importing.BOOKS]


def preview(job: ImportJob) -> dict[str, Any]:
    """What the import would change, or has changed: by sheet, with samples of what was there before."""
    outcome = job.outcome
    return {
        "is_done": job.state == ImportState.DONE,
        "note": job.message,
        "total": {name: outcome[name] for name in ("added", "changed", "unchanged")},
        "nouns": outcome["sheets"],
        "moves": outcome["moves"],
        "notices": outcome["notices"],
    }
