"""chuangwei tick: run what is due. Once a minute from a timer; `chuangwei serve` does it by itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuangwei.core import clock, jobs


class Command(BaseCommand):
    help = "运行到点的定时任务（每分钟调用一次；chuangwei serve 会自己调用）"

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = jobs.run_due(clock.now())
        for outcome in outcomes:
            self.stdout.write(f"{outcome.name}：{'完成' if outcome.is_ok else '失败'}。{outcome.message}")
        failed = [outcome.name for outcome in outcomes if not outcome.is_ok]
        if failed:
            raise CommandError(f"{len(failed)} 项任务没有完成：{'、'.join(failed)}。原因见日志。")
