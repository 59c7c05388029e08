"""What an installation does by night, and who is told when something that runs by itself has failed."""

from datetime import datetime

from django.conf import settings

from chuangwei.config import backups, logs
from chuangwei.core import notices
from chuangwei.core.actor import system_actor
from chuangwei.core.jobs import TIMETABLE, Outcome, daily
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.enums import Permission


@daily(at="01:20", title="每日备份")
def back_up(*, at: datetime) -> str:
    """One backup a day. A second run on the same day makes a second file, which the retention clears away."""
    if not settings.BACKUP_DAILY:
        return "每日备份已关闭（CHUANGWEI_BACKUP_DAILY）。"
    return backups.daily(at=at)


@daily(at="00:05", title="归档日志")
def rotate_log(*, at: datetime) -> str:
    return logs.rotate(settings.CHUANGWEI_LOGS, at=at, days=settings.LOG_DAYS)


def operators() -> list[str]:
    """The accounts that look after the installation."""
    everybody = queries.accounts(actor=system_actor("定时任务")).filter(is_active=True)
    return [account.code for account in everybody if queries.actor_of(account).may(Permission.PRESETS)]


def tell_operators(outcome: Outcome, *, at: datetime) -> None:
    """A message to whoever may look after the installation; the log has it too."""
    notices.send(
        to=operators(), kind="job-failed", title=f"定时任务没有完成：{outcome.name}",
        body=outcome.message, subject_kind="core.jobrun", subject_code=outcome.slug, at=at,
    )  # fmt: skip


if tell_operators not in TIMETABLE.listeners:
    TIMETABLE.listeners.append(tell_operators)
