"""The port to background work: one function, so that what stands behind it can be changed.

Delivery is at least once: a task whose worker died is run again, so every task must be safe to run twice. A task that
is asked for inside a transaction which then fails never runs.
"""

import json
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django_q.status import Stat
from django_q.tasks import async_task


def enqueue(path: str, /, **arguments: Any) -> str:
    """Have the worker call the function at this dotted path, and return the ticket under which it is kept.

    The arguments are plain JSON (codes, not things): TypeError at once otherwise, not later in the worker. With
    SYNC_TASKS the call happens here and now, errors included; its ticket is empty.
    """
    written = json.dumps(arguments, ensure_ascii=False)
    if settings.SYNC_TASKS:
        run(path, written)
        return ""
    return str(async_task("chuangwei.core.tasks.run", path, written))


def run(path: str, written: str) -> None:
    """What the worker calls: the function named, with the arguments as they were written down."""
    import_string(path)(**json.loads(written))


def is_worker_alive() -> bool:
    """Whether a worker somewhere has reported within the last seconds. Reading this changes nothing."""
    return settings.SYNC_TASKS or bool(Stat.get_all())
