"""What an area or a site was before a change, written into the log of moves."""

from collections.abc import Sequence
from datetime import datetime

from chuangwei.core.actor import Actor
from chuangwei.core.models import TransitionLog
from chuangwei.core.transitions import log_change

Change = tuple[str, object, object]
"""(what is changed as people call it, before, after)."""


def log_changes(
    subject_kind: str, code: str, changes: Sequence[Change], *, by: Actor, at: datetime, note: str = ""
) -> list[str]:
    """One row for each value that differs; what was changed, as people call it."""
    different = [(field, old, new) for field, old, new in changes if old != new]
    TransitionLog.objects.bulk_create(
        log_change(subject_kind=subject_kind, subject_code=code, field=field, old=old, new=new, by=by, at=at, note=note)
        for field, old, new in different
    )
    return [field for field, _, _ in different]


def log_move(
    subject_kind: str, code: str, move: str, name: str, *, by: Actor, at: datetime, source: str = "", target: str = "",
    note: str = "",
) -> None:  # fmt: skip
    """One row for something that happened to a place as a whole: it came, was split, went."""
    TransitionLog.objects.create(
        subject_kind=subject_kind, subject_code=code, move=move, move_name=name, source=source[:255],
        target=target[:255], by_code=by.code, by_name=by.name, at=at, note=note,
    )  # fmt: skip
