"""What an installation does by night, and that somebody hears of it when it fails."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chuangwei.config import backups, jobs
from chuangwei.core import notices
from chuangwei.core.errors import DomainError
from chuangwei.core.jobs import TIMETABLE, run_due
from tests.factories import organisation

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_the_daily_backup_is_one_of_the_jobs(settings, tmp_path: Path) -> None:
    settings.CHUANGWEI_HOME, settings.BACKUPS = tmp_path, tmp_path / "backups"
    outcome = next(one for one in run_due(NOON) if one.slug == "config-back-up")
    assert (outcome.name, outcome.is_ok) == ("每日备份", True)
    assert [file.name for file in (tmp_path / "backups").iterdir()] == ["daily-20260302-040000.cwbackup"]


def test_the_daily_backup_can_be_left_to_somebody_else(settings) -> None:
    settings.BACKUP_DAILY = False
    assert "已关闭" in jobs.back_up(at=NOON)


@pytest.mark.django_db
def test_a_backup_that_fails_is_told_to_those_who_look_after_the_installation(monkeypatch) -> None:
    organisation.account(username="keeper", roles=["admin"])
    organisation.account(username="clerk", roles=["community"])
    organisation.account(username="gone", roles=["admin"], is_active=False)

    def full(*, at: datetime) -> str:
        raise DomainError("磁盘空间不足：还剩 3 MB。")

    monkeypatch.setattr(backups, "daily", full)
    run_due(NOON)
    (notice,) = notices.notices_of("keeper")
    assert (notice.title, notice.body) == ("定时任务没有完成：每日备份", "磁盘空间不足：还剩 3 MB。")
    assert not notices.notices_of("clerk").exists()
    assert not notices.notices_of("gone").exists()


@pytest.mark.django_db
def test_the_log_is_put_away_at_night(settings, tmp_path: Path) -> None:
    settings.CHUANGWEI_LOGS = tmp_path
    (tmp_path / "chuangwei.log").write_text("{}\n")
    assert "归档" in jobs.rotate_log(at=NOON)
    assert (tmp_path / "chuangwei-20260301.log").exists()


def test_operators_are_told_once() -> None:
    assert TIMETABLE.listeners.count(jobs.tell_operators) == 1
