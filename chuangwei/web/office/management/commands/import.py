"""`chuangwei import`: workbooks in (interface.md). All of them are taken in, or none."""  # noqa: N999 - named for what people type

import getpass
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from chuangwei.core import clock
from chuangwei.core.actor import system_actor
from chuangwei.core.errors import Refused
from chuangwei.web.office.management.progress import ProgressLine
from chuangwei.web.office.sheets import importing
from chuangwei.web.office.sheets.importing import ImportFile, Outcome


class Command(BaseCommand):
    help = "导入工作簿：底册、督查记录、问题台账（按表名自己认）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="文件.xlsx", help="一个或几个工作簿，先后不限")
        parser.add_argument("--dry-run", action="store_true", help="只看会改什么、哪里有错，不保存")
        parser.add_argument("--json", type=Path, metavar="文件", help="另把结果写成 JSON")

    def handle(self, *, files: list[Path], dry_run: bool, json: Path | None, **_options: Any) -> None:
        given = [ImportFile(path, path.name) for path in files]
        actor, at = system_actor(getpass.getuser()), clock.now()
        with ProgressLine(self.stderr) as line:
            outcome = importing.run(files=given, by=actor, at=at, is_preview=dry_run, progress=line.show)
        if json is not None:
            _write(json, outcome)
        for notice in outcome.notices:
            self.stdout.write(f"提示：{notice}")
        if outcome.is_refused:
            raise Refused(f"有 {len(outcome.mistakes)} 处错误，没有导入任何内容：", outcome.mistakes)
        for each in outcome.sheets:
            tally = each.tally
            self.stdout.write(f"『{each.sheet}』新增 {tally.added}，变更 {tally.changed}，不变 {tally.unchanged}")
        total = outcome.tally
        said = "预检完毕，没有保存" if dry_run else "导入完毕"
        self.stdout.write(f"{said}：新增 {total.added}，变更 {total.changed}，不变 {total.unchanged}。")


def _write(file: Path, outcome: Outcome) -> None:
    file.write_text(json.dumps(outcome.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
