"""chuangwei check_data: look for data that no longer obeys its own rules."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuangwei.core import checks


class Command(BaseCommand):
    help = "检查数据是否完好，逐条说明哪里不对"

    def handle(self, *args: Any, **options: Any) -> None:
        found = checks.broken_data()
        for broken in found:
            self.stdout.write(str(broken))
        if found:
            raise CommandError(f"发现 {len(found)} 处不对。")
        self.stdout.write("数据完好。")
