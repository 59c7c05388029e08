"""The life of a thing as a table of moves, and the one way to make a move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import models

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, StaleState
from chuangwei.core.models import TransitionLog

CHANGE = "change"
"""The move of a log row that tells of a changed value, not of a state."""


@dataclass(frozen=True, slots=True)
class Transition:
    """An allowed move: its slug, its name as people say it, from which states, to which state."""

    slug: str
    name: str
    sources: frozenset[str]
    target: str
    needs_note: bool = False


class HasState(Protocol):
    """A model row that lives by a transition table."""

    pk: int
    code: str
    state: str


def apply_transition(
    thing: "models.Model",
    move: Transition,
    *,
    by: Actor,
    at: datetime,
    note: str = "",
    save: Sequence[str] = (),
) -> None:
    """Move `thing`, whose fields named in `save` are already set, if it is still in a state the move starts from.

    One conditional UPDATE and one log row: a second clerk with an old screen gets StaleState, on both engines,
    without locks. DomainError where a reason is needed and missing.
    """
    if move.needs_note and not note.strip():
        raise DomainError(f"{move.name}须写明理由。")
    source = thing.state  # type: ignore[attr-defined]
    code = thing.code  # type: ignore[attr-defined]
    model = type(thing)
    named = f"{model._meta.verbose_name} {code}"
    if source not in move.sources:
        raise StaleState(f"{named}现为“{label(thing)}”，不能{move.name}。")
    values = {field: getattr(thing, field) for field in save}
    moved = model._default_manager.filter(pk=thing.pk, state=source).update(state=move.target, **values)
    if not moved:
        raise StaleState(f"{named}已被他人处理，请刷新后再看。")
    thing.state = move.target  # type: ignore[attr-defined]
    TransitionLog.objects.create(
        subject_kind=model._meta.label_lower, subject_code=code, move=move.slug, move_name=move.name,
        source=source, target=move.target, by_code=by.code, by_name=by.name, at=at, note=note,
    )  # fmt: skip


def label(thing: "models.Model") -> str:
    """The state as people call it."""
    return str(thing.get_state_display())  # type: ignore[attr-defined]


def log_change(
    *, subject_kind: str, subject_code: str, field: str, old: object, new: object, by: Actor, at: datetime, note: str
) -> TransitionLog:
    """An unsaved log row for a changed value, for callers that write many at once."""
    return TransitionLog(
        subject_kind=subject_kind, subject_code=subject_code, move=CHANGE, move_name=f"变更{field}",
        source=str(old or "")[:255], target=str(new or "")[:255],
        by_code=by.code, by_name=by.name, at=at, note=note,
    )  # fmt: skip


def history_of(thing: "models.Model") -> list[TransitionLog]:
    """Every move of a thing, the newest first."""
    rows = TransitionLog.objects.filter(subject_kind=type(thing)._meta.label_lower, subject_code=thing.code)  # type: ignore[attr-defined]
    return list(rows.order_by("-pk"))
