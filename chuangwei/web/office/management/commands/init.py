"""`chuangwei init`: an empty installation with a preset, the standards, a first account, and the two who watch over it.

三员分立: the first account runs the installation and, until the office has accounts of its own, does the office's work.
Who may what lies with a second account, the record of both with a third; each is to be handed to another person.
"""

import getpass
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from chuangwei.core import clock, presets
from chuangwei.core.actor import Actor, system_actor
from chuangwei.core.models import Installation
from chuangwei.core.presets import PresetDocument
from chuangwei.domain.organisation import actions as organisation
from chuangwei.domain.organisation import queries
from chuangwei.domain.standards import actions as standards
from chuangwei.web.office.accounts.passwords import first_password

FIRST, SECURITY, AUDIT = "admin", "anquan", "shenji"
FIRST_ROLES = ("system-administrator", "office")


class Founder(NamedTuple):
    """One of the first accounts: its title in what is printed, name, roles, and password."""

    title: str
    username: str
    name: str
    roles: tuple[str, ...]
    password: str
    must_change: bool


class Command(BaseCommand):
    help = "初始化：建库，载入标准库，启用预设，建立第一个账号，以及安全管理员和审计管理员的账号"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--preset",
            required=True,
            metavar="预设",
            help="随程序附带的预设（chuangwei preset list），或一个 TOML 文件",
        )
        parser.add_argument("--county", required=True, metavar="县名", help="县（市、区）的名称")
        parser.add_argument("--account", default=FIRST, metavar="账号", help=f"第一个账号，默认 {FIRST}")
        parser.add_argument("--security", default=SECURITY, metavar="账号", help=f"安全管理员，默认 {SECURITY}")
        parser.add_argument("--audit", default=AUDIT, metavar="账号", help=f"审计管理员，默认 {AUDIT}")

    def handle(self, *, preset: str, county: str, account: str, security: str, audit: str, **_options: Any) -> None:
        document = presets.open_preset(preset)
        _make_tables()
        founders = _founders(account, security, audit)
        by, at = system_actor(getpass.getuser()), clock.now()
        with transaction.atomic():
            _install(document, county, by=by, at=at)
            for one in founders:
                organisation.create_account(
                    username=one.username, name=one.name, password=one.password, roles=one.roles, is_everywhere=True,
                    must_change_password=one.must_change, by=by, at=at,
                )  # fmt: skip
        for notice in queries.warnings_of(document):
            self.stdout.write(notice)
        self.stdout.write(f"{county}已初始化，预设：{document.title}（{document.slug}）。")
        for line in _told(founders):
            self.stdout.write(line)
        self.stdout.write("下一步：chuangwei import 底册.xlsx 读入底册，chuangwei serve 启动服务。")


def _founders(account: str, security: str, audit: str) -> list[Founder]:
    """The three, each with a password of its own; only the first one's may be given beforehand."""
    chosen = getattr(settings, "FIRST_PASSWORD", "")
    return [
        Founder("第一个账号", account, "系统管理员", FIRST_ROLES, chosen or first_password(), not chosen),
        Founder("安全管理员", security, "安全管理员", ("security-administrator",), first_password(), True),
        Founder("审计管理员", audit, "审计管理员", ("audit-administrator",), first_password(), True),
    ]


def _told(founders: list[Founder]) -> Iterator[str]:
    for one in founders:
        if one.must_change:
            yield f"{one.title}：{one.username}，密码：{one.password}（只显示这一次，首次登录须更改）。"
        else:
            yield f"{one.title}：{one.username}，密码为 CHUANGWEI_FIRST_PASSWORD 中所给。"
    yield "三个账号请交给三个人：第一个管安装并兼办日常，安全管理员建账号、给权限，审计管理员查记录。"


def _make_tables() -> None:
    """Bring an empty database up to date. One that is already in use is left to `serve`, which copies it aside first."""
    tables = connection.introspection.table_names()
    if Installation._meta.db_table not in tables or not Installation.objects.exists():
        call_command("migrate", verbosity=0, interactive=False)


def _install(document: PresetDocument, county: str, *, by: Actor, at: datetime) -> None:
    if not Installation.objects.exists():
        standards.load_standards(by=by, at=at)
    organisation.begin_installation(county=county, document=document, by=by, at=at)
