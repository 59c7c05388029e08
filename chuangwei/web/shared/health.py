"""`/healthz`: for whoever watches the server. It says what is wrong, and to a stranger nothing more."""

import shutil
import time
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from chuangwei.core import clock, jobs, tasks

LEAST_FREE = 200 * 1024 * 1024
"""Less than this, and tonight's backup or tomorrow's photos will not find room."""
LATE = timedelta(minutes=5)
"""`tick` comes by every minute; a long job may hold it up for a few."""
STARTED = time.monotonic()
GRACE_SECONDS = 120.0
"""A server that has just started is not ill because its clock has not ticked yet."""

_up_to_date = False


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 with “正常” where everything works; 503 with a line for each thing that does not."""
    faults = list(_faults())
    body = "\n".join(faults) or "正常"
    return HttpResponse(
        f"{body}\n", content_type="text/plain; charset=utf-8", status=503 if faults else 200
    )  # fmt: skip


def _faults() -> Iterator[str]:
    if shutil.disk_usage(settings.CHUANGWEI_HOME).free < LEAST_FREE:
        yield "磁盘空间不足"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        yield from _of_the_database()
    except DatabaseError:
        yield "数据库没有应答"


def _of_the_database() -> Iterator[str]:
    if not _is_up_to_date():
        # Nothing else can be asked of tables that are not there.
        yield "数据库尚未更新到本程序的版本"
        return
    if time.monotonic() - STARTED < GRACE_SECONDS:
        return
    pulse = jobs.last_pulse()
    if pulse is None or clock.now() - pulse > LATE:
        yield "定时任务没有运行"
    if not tasks.is_worker_alive():
        yield "后台任务没有运行"


def _is_up_to_date() -> bool:
    """Looked up until it is so: the tables do not go back while a program runs."""
    global _up_to_date  # noqa: PLW0603 - one answer for the life of the process
    if not _up_to_date:
        executor = MigrationExecutor(connection)
        _up_to_date = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _up_to_date
