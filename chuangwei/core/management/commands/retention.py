"""`chuangwei retention`: what is kept no longer, told or taken away (docs/operators/keys.md)."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from chuangwei.core import clock, retention
from chuangwei.core.actor import system_actor

SHOWN = 50


class Command(BaseCommand):
    help = "到期的个人信息：先看要清除什么，再清除（每晚自动清除一次）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只看要清除什么，不清除")

    def handle(self, *, dry_run: bool, **_options: Any) -> None:
        at = clock.now()
        for rule in retention.RULES.all():
            found = list(rule.find(at))
            self.stdout.write(f"{rule.title}：{rule.after}。到期 {len(found)} 项。")
            for due in found[:SHOWN]:
                self.stdout.write(f"  {due.code} {due.what}（{due.since} 起已满 {due.months} 个月）")
            if len(found) > SHOWN:
                self.stdout.write(f"  … 另有 {len(found) - SHOWN} 项")
        if dry_run:
            self.stdout.write("没有清除任何内容。")
            return
        count = retention.forget_due(at=at, by=system_actor(getpass.getuser()))
        self.stdout.write(f"已清除 {count} 项，审计链中各有一条记录。")
