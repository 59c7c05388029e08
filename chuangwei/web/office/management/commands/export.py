"""`chuangwei export`: a workbook out, in the shape in which it is read in."""

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from chuangwei.core import clock
from chuangwei.core.actor import system_actor
from chuangwei.web.office.sheets import exporting
from chuangwei.web.office.sheets.importing import BOOKS


class Command(BaseCommand):
    help = "导出工作簿：底册、督查记录或问题台账，可原样再导入"

    def add_arguments(self, parser: ArgumentParser) -> None:
        listed = "、".join(f"{book.slug}（{book.title}）" for book in BOOKS)
        parser.add_argument("book", choices=[book.slug for book in BOOKS], metavar="工作簿", help=listed)
        parser.add_argument("--out", type=Path, required=True, metavar="文件.xlsx", help="写到哪个文件")
        parser.add_argument(
            "--phones-because", default="", metavar="理由", help="导出完整手机号（默认打码），须写明理由，会记入审计"
        )

    def handle(self, *, book: str, out: Path, phones_because: str, **_options: Any) -> None:
        written, notices = exporting.export(
            book=exporting.book_of(book), path=out, by=system_actor(getpass.getuser()), at=clock.now(),
            phones_because=phones_because,
        )  # fmt: skip
        for notice in notices:
            self.stdout.write(f"提示：{notice}")
        self.stdout.write(f"已导出：{'、'.join(str(path) for path in written)}")
