"""`chuangwei backup`: everything in one encrypted file, while the program runs."""

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from chuangwei.config import backups, database
from chuangwei.core import clock
from chuangwei.core.actor import system_actor
from chuangwei.core.backup import keys
from chuangwei.core.errors import DomainError


class Command(BaseCommand):
    help = "备份：数据库、附件、密钥和本地设置写成一个加密文件，写完即核对；程序运行时也可以做"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, metavar="文件", help="写到哪个文件，默认在备份目录中按时间取名")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--password-file", type=Path, metavar="文件", help="用密码加密，密码写在这个文件的第一行")
        how.add_argument(
            "--key", type=Path, metavar="文件", help="用这把密钥加密，默认用 keys/backup.key（没有则生成）"
        )

    def handle(self, *, out: Path | None, password_file: Path | None, key: Path | None, **_options: Any) -> None:
        if database.is_empty():
            raise DomainError("数据库尚未建立，没有可以备份的内容。请先运行 chuangwei init。")
        at = clock.now()
        chosen: keys.Key
        if password_file:
            chosen = keys.password_file(password_file)
        else:
            chosen = keys.key_file(key) if key else backups.own_key()
        made = backups.make(
            (out or backups.named("manual", at)).absolute(), chosen, by=system_actor(getpass.getuser()), at=at
        )
        self.stdout.write(f"{backups.told(made)}。")
        if isinstance(chosen, keys.KeyFile):
            self.stdout.write(f"打开它需要编号 {chosen.id} 的密钥文件。请把密钥另存一处，不要和备份放在一起。")
