"""`chuangwei demo`: a whole invented town, eight weeks ranked, the last week told, and served."""

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection

from chuangwei.core import calendar, clock
from chuangwei.core.models import AuditEvent, Installation
from chuangwei.demo import cast, season, telling
from chuangwei.demo.today import plan_today
from chuangwei.demo.town.examples import town as found
from chuangwei.demo.town.examples import write_examples
from chuangwei.demo.town.ground import COUNTY_NAME, TOWN_NAME
from chuangwei.demo.town.town import SEED
from chuangwei.domain.appraisal import queries
from chuangwei.web.office.management.tables import table


class Command(BaseCommand):
    help = "示范：一个虚构的镇，导入底册、督查记录和台账，评比八周，讲明末位原因，启动服务"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, metavar="端口", help="监听的端口，默认 8000")
        parser.add_argument("--seed", type=int, default=SEED, metavar="数", help=f"同一个数得到同一个镇，默认 {SEED}")
        parser.add_argument("--no-serve", action="store_true", help="只建立和讲述，不启动服务")

    def handle(self, *, port: int, seed: int, no_serve: bool, **_options: Any) -> None:
        _make_tables()
        if _is_begun(seed):
            self.stdout.write(f"示范镇（{COUNTY_NAME}{TOWN_NAME}）已经建好，数据在 {settings.CHUANGWEI_HOME}。")
        else:
            self._raise(seed)
        plan_today(at=clock.now())
        self._tell()
        self._accounts(port)
        if not no_serve:
            call_command("serve", port=port)

    def _raise(self, seed: int) -> None:
        began = monotonic()
        folder = Path(settings.CHUANGWEI_HOME) / "examples"
        self.stdout.write(f"建立示范镇：{COUNTY_NAME}{TOWN_NAME}（虚构，人名、电话、地点均不存在）。")
        town = found(days=calendar.load(), seed=seed)
        files = write_examples(folder, town)
        self.stdout.write(f"三本工作簿和预设写在 {folder}。")
        season.live_through(town, files, seed, self._say)
        self.stdout.write(f"建好了，用时 {monotonic() - began:.0f} 秒。")

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()

    def _tell(self) -> None:
        office = cast.actor(cast.OFFICE)
        period = queries.periods(actor=office, series=season.SERIES)[0]
        series = queries.series_of(period).series
        self.stdout.write(
            f"\n{series.name}　{period.slug}（{period.from_on} 至 {period.to_on}，{period.get_state_display()}）\n"
        )
        for line in (*telling.ranking(period), "", *telling.why_last(period, office)):
            self.stdout.write(line)

    def _accounts(self, port: int) -> None:
        self.stdout.write("\n账号（仅供示范，密码都是 " + cast.PASSWORD + "）：\n")
        for line in table(("账号", "角色", "姓名", "范围", "做什么"), list(cast.listed())):
            self.stdout.write(line)
        self.stdout.write("“做什么”是这个角色的权限；照着 docs/users 里各角色的一天走一遍。")
        self.stdout.write(
            "示范账号只凭密码登录；正式安装里，安全管理员和审计管理员第一次登录要先设第二因素（手机上的身份验证器）。"
        )
        self.stdout.write(f"\n地址：http://127.0.0.1:{port}/　登录后看“评比”，点开任何一个分数。")
        self.stdout.flush()


def _make_tables() -> None:
    """Bring an empty database up to date; one in use is left to `serve`, which copies it aside first."""
    tables = connection.introspection.table_names()
    if Installation._meta.db_table not in tables or not Installation.objects.exists():
        call_command("migrate", verbosity=0, interactive=False)


def _is_begun(seed: int) -> bool:
    """Whether this demo lives here already; refused where anything else does."""
    county, there = season.county(), season.seed_of_demo()
    if county is None and not AuditEvent.objects.exists():
        return False
    if there is None:
        raise CommandError(
            f"{settings.CHUANGWEI_HOME} 里是{county or '正式'}的数据，示范不会动它。"
            "请为示范另选一个目录：CHUANGWEI_HOME=目录 chuangwei demo。"
        )
    if there != seed:
        raise CommandError(f"这里的示范镇是用 --seed {there} 建的。换一个镇请另选一个 CHUANGWEI_HOME。")
    return True
