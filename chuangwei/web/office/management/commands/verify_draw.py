"""`chuangwei verify-draw`: check a published draw with the stand-alone verifier, which anybody can run without us."""

import shutil
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from chuangwei.domain.inspections import queries


class Command(BaseCommand):
    help = "核对一次随机抽取：由公布的材料重算，逐条说明是否相符"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", metavar="结果文件", help="公布的抽取结果，如 draws.json")
        parser.add_argument(
            "list", nargs="?", metavar="名单文件", help="候选名单；不写则取同一目录下的 …-candidates.txt"
        )
        parser.add_argument(
            "--save", type=Path, metavar="文件", help="把核对程序另存为一个文件，交给任何人用 python3 运行"
        )

    def handle(self, *, save: Path | None, **options: Any) -> None:
        if save is not None:
            shutil.copyfile(queries.VERIFIER_FILE, save)
            self.stdout.write(f"核对程序已存为 {save}。用法：python3 {save.name} draws.json")
        given = [path for path in (options["file"], options["list"]) if path]
        if given or save is None:
            code = queries.verify_draw(given, self.stdout.write)
            if code:
                sys.exit(code)
