"""`chuangwei restore`: a backup proved whole, then put into an empty place."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuangwei.config import backups
from chuangwei.config.targets import target_of
from chuangwei.core import clock
from chuangwei.core.backup import making

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Command(BaseCommand):
    help = "恢复：先核对备份，再恢复到空的数据目录或数据库，最后核对审计链"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="备份文件", help="chuangwei backup 写出的文件")
        parser.add_argument(
            "--into", action="append", default=[], metavar="目录或数据库地址",
            help="恢复到哪个数据目录，或哪个 PostgreSQL 数据库；可各给一个，默认就是本程序在用的",
        )  # fmt: skip
        parser.add_argument("--password-file", type=Path, metavar="文件", help="密码写在这个文件的第一行")
        parser.add_argument("--key", type=Path, metavar="文件", help="密钥文件，默认用 keys/backup.key")
        parser.add_argument("--force", action="store_true", help="那里已有内容也恢复，原有内容先移开")
        parser.add_argument("--check", action="store_true", help="只核对备份是否完好，不恢复")

    def handle(
        self, *, file: Path, into: list[str], password_file: Path | None, key: Path | None, force: bool, check: bool,
        **_options: Any,
    ) -> None:  # fmt: skip
        target = target_of(into)
        opened_by = backups.key_for(file, password_file=password_file, key_file=key)
        contents = making.verify(file, opened_by)
        head = contents.head
        self.stdout.write(
            f"备份完好：{clock.local(datetime.fromisoformat(head['made_at'])):%Y-%m-%d %H:%M} 由程序 {head['program']} 从"
            f" {ENGINES[head['engine']]} 制作，{len(head['tables'])} 张表 {contents.rows:,} 行，{contents.files} 个文件。"
        )
        if check:
            return
        done = backups.restore(file, opened_by, contents, target, is_forced=force, at=clock.now())
        for line in [*done.faults, *_kept(done)]:
            self.stdout.write(line)
        if done.faults:
            count = len(done.faults)
            raise CommandError(f"已恢复到 {target}，与备份一致；但审计链或附件有 {count} 处不符，备份时即如此。")
        self.stdout.write(f"已恢复到 {target}：各表内容与备份一致，审计链完整。所有人须重新登录。")


def _kept(done: backups.Restored) -> list[str]:
    """Where what was there before is kept, and how it goes when nobody misses it."""
    told = [f"原来的文件移到了 {done.old_files}。"] if done.old_files else []
    if done.old_database:
        told.append(
            f"原来的数据库改名为 {done.old_database}，内容没有动。核对无误后由数据库管理员删去："
            f'DROP DATABASE "{done.old_database}"；库级的授权和参数不随名称走，请照它补到新库上。'
        )
    return told
