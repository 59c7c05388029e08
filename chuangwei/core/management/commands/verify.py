"""`chuangwei verify`: is everything that must never change as it was?"""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from chuangwei.core import attachments, audit, daily_roots
from chuangwei.core.errors import DomainError
from chuangwei.core.models import Attachment, AuditEvent


class Command(BaseCommand):
    help = "核对审计链和附件：有无改动、缺失或后加；可与打印的审计日根对照"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--root", action="append", default=[], metavar="日期=日根",
            help="与纸上的审计日根对照，如 2026-11-21=3f9a…（64 个字符，可带空格）；可写几次",
        )  # fmt: skip

    def handle(self, *_args: Any, root: list[str], **_options: Any) -> None:
        roots = [_given(one) for one in root]
        faults = [*audit.verify(), *daily_roots.faults(), *attachments.missing_files(), *attachments.changed_files()]
        for day, text in roots:
            found = list(daily_roots.root_faults(day, text))
            faults += found
            if not found:
                self.stdout.write(f"{day} 的审计日根与纸上的一致。")
        for fault in faults:
            self.stdout.write(fault)
        events, files = AuditEvent.objects.count(), Attachment.objects.count()
        if faults:
            raise DomainError(f"审计记录 {events} 条，附件 {files} 个，发现 {len(faults)} 处不符。")
        self.stdout.write(f"审计记录 {events} 条，前后相连，无改动、无缺失、无后加。附件 {files} 个，内容未变。")


def _given(text: str) -> tuple[date, str]:
    """A day and its root as somebody typed them from the paper."""
    day, _, root = text.partition("=")
    try:
        return date.fromisoformat(day.strip()), daily_roots.printed(root)
    except ValueError:
        raise DomainError(f"看不懂“{text}”，应写作 2026-11-21=日根。") from None
