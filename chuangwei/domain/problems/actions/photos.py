"""Photos of problems."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db import IntegrityError

from chuangwei.core import attachments
from chuangwei.core.actor import Actor
from chuangwei.core.attachments import BadFile
from chuangwei.core.errors import DomainError, StaleState, require
from chuangwei.core.models import Attachment
from chuangwei.core.writes import action
from chuangwei.domain.problems import permissions, queries
from chuangwei.domain.problems.actions.moving import (
    close_on_the_spot,
    close_problem,
    report_fixed,
    report_problem,
)
from chuangwei.domain.problems.actions.records import recorded
from chuangwei.domain.problems.enums import REPORT, SUBJECT, PhotoStage
from chuangwei.domain.problems.models import Problem, ProblemPhoto

MOST_AT_ONCE = 9
REPORTED = ("source", "category", "description", "site", "area")
File = tuple[str, BinaryIO]
"""(name, bytes) of what somebody hands in."""


def add_photos(*, problem: Problem, stage: PhotoStage, files: Sequence[File], by: Actor, at: datetime) -> int:
    """Add photos to a problem; how many are new. BadFile for what is no picture; nothing is tied then."""
    require(permissions.may_add_photo(by, problem, is_after=stage == PhotoStage.AFTER))
    kept = keep_photos(problem_code=problem.code, files=files, by=by, at=at)
    return tie_photos(problem=problem, stage=stage, kept=kept, by=by, at=at)


def keep_photos(*, problem_code: str, files: Sequence[File], by: Actor, at: datetime) -> list[Attachment]:
    """Take the files in. Decoding takes time, so it comes before the write, which holds the database's lock."""
    if len(files) > MOST_AT_ONCE:
        raise DomainError(f"一次最多 {MOST_AT_ONCE} 张照片。")
    kept = [
        attachments.store(stream=stream, name=name, by=by, at=at, subject_kind=SUBJECT, subject_code=problem_code)
        for name, stream in files
    ]
    for one in kept:
        if not one.content_type.startswith("image/"):
            raise BadFile(f"“{one.name}”不是图片，请传照片。")
    return kept


@action
def tie_photos(
    *, problem: Problem, stage: PhotoStage, kept: Sequence[Attachment], by: Actor, at: datetime
) -> int:  # fmt: skip
    require(permissions.may_add_photo(by, problem, is_after=stage == PhotoStage.AFTER))
    there = set(problem.photos.filter(stage=stage).values_list("attachment_id", flat=True))
    new = [one for one in dict.fromkeys(kept) if one.pk not in there]
    ProblemPhoto.objects.bulk_create(
        ProblemPhoto(problem=problem, attachment=one, stage=stage, by_code=by.code, by_name=by.name, added_at=at)
        for one in new
    )
    if new:
        recorded(problem, f"添加{PhotoStage(stage).label}照片", by=by, at=at, note=f"{len(new)} 张")
    return len(new)


def _with_photos(move: Callable[..., Problem]) -> Callable[..., Problem]:
    """A move and the photos that show it, both or neither."""

    @action
    def both(*, problem: Problem, kept: Sequence[Attachment], by: Actor, at: datetime, **values: Any) -> Problem:
        if kept:
            tie_photos(problem=problem, stage=PhotoStage.AFTER, kept=kept, by=by, at=at)
        return move(problem=problem, by=by, at=at, **values)

    def run(*, problem: Problem, photos: Sequence[File] = (), by: Actor, at: datetime, **values: Any) -> Problem:
        require(not photos or permissions.may_add_photo(by, problem, is_after=True))
        kept = keep_photos(problem_code=problem.code, files=photos, by=by, at=at)
        return both(problem=problem, kept=kept, by=by, at=at, **values)

    return run


report_fixed_with_photos = _with_photos(report_fixed)
close_with_photos = _with_photos(close_problem)
close_on_the_spot_with_photos = _with_photos(close_on_the_spot)


@dataclass(frozen=True)
class Reported:
    """What was reported; `refusal` says why its photos were not taken, where they were not."""

    problem: Problem
    refusal: str = ""


class AlreadyReported(StaleState):
    """The same form was sent a second time: `problem` is what it made the first time."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"您刚才已经上报过，编号 {problem.code}。要补照片，请在这里添加。")
        self.problem = problem


def report_with_photos(
    *, photos: Sequence[File] = (), token: str = "", by: Actor, at: datetime, **values: Any
) -> Reported:  # fmt: skip
    """Report something with photos. A bad photo does not undo the report: nothing is typed twice.

    AlreadyReported where the form with this token was sent before with the same words: a second tap, a page sent again.
    """
    problem = _reported_once(token, by=by, at=at, **values) if token else report_problem(by=by, at=at, **values)
    try:
        if photos:
            add_photos(problem=problem, stage=PhotoStage.BEFORE, files=photos, by=by, at=at)
    except DomainError as refusal:
        return Reported(problem, refusal.message)
    return Reported(problem)


def _reported_once(token: str, *, by: Actor, at: datetime, **values: Any) -> Problem:
    """The database lets one of two through, however close they come; what it refuses leaves nothing behind."""
    origin = _sending(token, by, values)
    try:
        return report_problem(by=by, at=at, origin_kind=REPORT, origin_code=origin, **values)
    except IntegrityError:
        if (first := queries.report_of(origin)) is None:
            raise
        raise AlreadyReported(first) from None


def _sending(token: str, by: Actor, values: Mapping[str, Any]) -> str:
    """What is the same in two sendings of one form: whose it is, and what stands in it."""
    said = [str(getattr(values.get(name), "code", values.get(name) or "")) for name in REPORTED]
    return hashlib.sha256(json.dumps([token, by.code, *said]).encode()).hexdigest()
