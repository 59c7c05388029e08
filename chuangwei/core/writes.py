"""`@action`: one verb, one transaction, and its audit entries chained in order just before it commits."""

import functools
import threading
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from chuangwei.core.models import AuditEvent

P = ParamSpec("P")
R = TypeVar("R")


class _Open(threading.local):
    depth: int = 0
    pending: list[AuditEvent]

    def __init__(self) -> None:
        self.pending = []


_open = _Open()


def pend(event: AuditEvent) -> None:
    """Keep an audit entry until the outermost action ends; outside any action it is chained at once."""
    if _open.depth:
        _open.pending.append(event)
        return
    with transaction.atomic():
        AuditEvent.chain([event])


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function a write: atomic, with what it records chained at the end of the outermost action.

    Chaining last keeps the lock on the chain's head short and always the last one taken, so that two actions
    on PostgreSQL cannot wait for each other.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outermost = _open.depth == 0
        before = len(_open.pending)
        _open.depth += 1
        try:
            with transaction.atomic():
                result = function(*args, **kwargs)
                if outermost:
                    AuditEvent.chain(_open.pending)
        except BaseException:
            del _open.pending[before:]
            raise
        finally:
            _open.depth -= 1
            if outermost:
                _open.pending.clear()
        return result

    return run


def is_writing() -> bool:
    return bool(_open.depth)


def rolled_back(function: Callable[[], Any]) -> Any:
    """Run an action for its result alone and take everything back: what a preview is."""
    with transaction.atomic():
        result = function()
        transaction.set_rollback(True)
    return result
