"""`chuangwei document`: any kind of paper as a Word, PDF or HTML file, written from today's figures (domain §10)."""

import getpass
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuangwei.core import clock
from chuangwei.core.actor import system_actor
from chuangwei.core.errors import DomainError
from chuangwei.domain.documents import queries
from chuangwei.domain.documents.enums import Edition, Form
from chuangwei.web.office.management.tables import table

SAID = "="


class Command(BaseCommand):
    help = "公文：按现在的数据写一份通报、证书、通知单或花名册（草稿，不编号）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="种类", nargs="?", help="如 weekly-bulletin；不写则列出全部种类")
        parser.add_argument(
            "about", metavar="内容", nargs="*",
            help="写什么，按种类所要的次序，如 weekly 2026-W43；也可写作 series=weekly period=2026-W43",
        )  # fmt: skip
        parser.add_argument("--out", type=Path, metavar="文件", help="写到哪里：.docx、.pdf 或 .html")
        parser.add_argument(
            "--edition", choices=Edition.values, default=Edition.INNER, help="inner 内部版（默认），public 公开版"
        )

    def handle(self, *, kind: str | None, about: list[str], out: Path | None, edition: str, **_options: Any) -> None:
        if kind is None:
            self._list()
            return
        if out is None or out.suffix.lstrip(".").lower() not in Form.values:
            raise CommandError("请用 --out 写明文件，以 .docx、.pdf 或 .html 结尾。", returncode=2)
        done = queries.compose(
            kind=kind,
            about=_named(kind, about),
            actor=system_actor(getpass.getuser()),
            day=clock.today(),
            edition=edition,
        )
        drawn = queries.drawn(done.sheet, out.suffix.lstrip(".").lower(), mark=queries.DRAFT_MARK)
        try:
            out.write_bytes(drawn.content)
        except OSError as error:
            raise DomainError(f"写不进 {out}：{error.strerror}。") from None
        for notice in drawn.notices:
            self.stderr.write(notice)
        self.stdout.write(f"{done.sheet.title}（{Edition(edition).label}，草稿）写在 {out}。")

    def _list(self) -> None:
        rows = [
            (
                slug,
                kind.name,
                " ".join(ask.label if ask.is_required else f"[{ask.label}]" for ask in kind.asks),
                kind.about,
            )
            for slug, kind in queries.kinds().items()
        ]
        for line in table(("种类", "名称", "要写明", "写什么"), rows):
            self.stdout.write(line)


def _named(kind: str, about: Sequence[str]) -> dict[str, str]:
    """What was told, by key: words with an equals sign by their own key, the others in the order of the kind's asks."""
    keys = [ask.key for ask in queries.kind_of(kind).asks]
    found = dict(word.split(SAID, 1) for word in about if word.partition(SAID)[0] in keys)
    free = [word for word in about if word.partition(SAID)[0] not in keys]
    open_keys = [key for key in keys if key not in found]
    if len(free) > len(open_keys):
        raise CommandError(
            f"多写了：{' '.join(free[len(open_keys) :])}。这种公文只要：{'、'.join(keys)}。", returncode=2
        )
    return found | dict(zip(open_keys, free, strict=False))
