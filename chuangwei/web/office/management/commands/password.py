"""`chuangwei password ACCOUNT`: another first password, for whoever is locked out and finds nobody who could give one."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from chuangwei.core import clock
from chuangwei.core.actor import system_actor
from chuangwei.domain.organisation import actions, queries
from chuangwei.web.office.accounts.passwords import first_password


class Command(BaseCommand):
    help = "给一个账号新的初始密码：安全管理员自己忘了密码、丢了手机时用"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", metavar="账号", help="要给密码的账号")
        parser.add_argument("--second-factor", default="", metavar="原因", help="一并清除第二因素，写明原因")

    def handle(self, *, account: str, second_factor: str, **_options: Any) -> None:
        by, at, password = system_actor(getpass.getuser()), clock.now(), first_password()
        found = queries.account_by_code(account)
        with transaction.atomic():
            actions.set_password(account=found, password=password, by=by, at=at)
            if second_factor:
                actions.reset_second_factor(account=found, note=second_factor, by=by, at=at)
        self.stdout.write(f"账号 {found.username} 的新密码：{password}（只显示这一次，首次登录须更改）。")
