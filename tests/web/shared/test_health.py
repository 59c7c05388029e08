"""`/healthz`: 200 where everything works, else 503 with a line for each thing that does not, and no secret."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection

from chuangwei.core import clock, jobs, tasks
from chuangwei.web.shared import health

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _long_running(monkeypatch) -> None:
    """A server that has been up for a while, and whose clock ticked a minute ago."""
    monkeypatch.setattr(health, "GRACE_SECONDS", -1.0)
    jobs._leave_pulse(clock.now() - timedelta(minutes=1))


def asked(client) -> tuple[int, list[str]]:
    answer = client.get("/healthz")
    return answer.status_code, answer.content.decode().splitlines()


def test_all_is_well(client):
    assert asked(client) == (200, ["正常"])
    assert "no-store" in client.get("/healthz").headers["Cache-Control"]


def test_a_database_that_is_away(client):
    def refuse(*_args):
        raise DatabaseError("password authentication failed for user chuangwei")

    with connection.execute_wrapper(refuse):
        assert asked(client) == (503, ["数据库没有应答"])


def test_a_full_disk(client, monkeypatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=health.LEAST_FREE - 1))
    assert asked(client) == (503, ["磁盘空间不足"])


def test_a_database_of_an_older_release(client, monkeypatch):
    monkeypatch.setattr(health, "_up_to_date", False)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda _self, _targets: ["one"])
    assert asked(client) == (503, ["数据库尚未更新到本程序的版本"])
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda _self, _targets: [])
    assert asked(client) == (200, ["正常"])


def test_a_clock_that_stands_still(client):
    jobs._leave_pulse(clock.now() - timedelta(minutes=6))
    assert asked(client) == (503, ["定时任务没有运行"])
    jobs.JobRun.objects.all().delete()
    assert asked(client) == (503, ["定时任务没有运行"])


def test_a_worker_that_is_gone(client, monkeypatch, settings):
    settings.SYNC_TASKS = False
    assert asked(client) == (503, ["后台任务没有运行"])
    monkeypatch.setattr(tasks.Stat, "get_all", lambda: ["one"])
    assert asked(client) == (200, ["正常"])


def test_a_server_that_has_just_started_is_not_ill(client, monkeypatch):
    monkeypatch.setattr(health, "GRACE_SECONDS", 10**9)
    jobs.JobRun.objects.all().delete()
    assert asked(client) == (200, ["正常"])
