"""`chuangwei standards`: what the bundled standards would change; with --apply, load them."""

import getpass
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from chuangwei.core import clock
from chuangwei.core.actor import system_actor
from chuangwei.domain.standards import actions, queries
from chuangwei.domain.standards.queries import Difference, NounDifference

SHOWN = 8
"""So many added codes are named; what changes or goes is always named in full."""


class Command(BaseCommand):
    help = "标准库：先看数据文件与数据库的差异，加 --apply 载入"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="载入；不加只显示差异")
        parser.add_argument("--folder", type=Path, metavar="目录", help="标准库数据的目录，默认用随程序附带的")

    def handle(self, *, apply: bool, folder: Path | None, **_options: Any) -> None:
        if apply:
            found = actions.load_standards(by=system_actor(getpass.getuser()), at=clock.now(), folder=folder)
        else:
            found = queries.difference(folder)
        for line in lines_of(found):
            self.stdout.write(line)
        if found.is_empty:
            self.stdout.write("标准库与数据文件一致，没有要改的。")
        else:
            self.stdout.write("已载入。" if apply else "尚未载入；确认后加 --apply 载入。")


def lines_of(difference: Difference) -> Iterator[str]:
    """The difference in words, noun by noun."""
    for noun in difference.nouns:
        if not noun.is_empty:
            yield from _lines(noun)


def _lines(noun: NounDifference) -> Iterator[str]:
    counts = (("新增", len(noun.added)), ("变更", len(noun.changed)), ("停用", len(noun.retired)))
    told = "，".join(f"{word} {count}" for word, count in counts if count)
    yield f"{noun.noun}：{told}，不变 {noun.unchanged}"
    named = "、".join(f"{code} {name}" for code, name in noun.added[:SHOWN])
    if noun.added:
        yield f"  新增 {named}" + (f" 等 {len(noun.added)} 条" if len(noun.added) > SHOWN else "")
    for change in noun.changed:
        values = "；".join(f"{name} {_told(old)} → {_told(new)}" for name, old, new in change.values)
        yield f"  变更 {change.code} {change.name}：{values}"
    for code, name in noun.retired:
        yield f"  停用 {code} {name}"


def _told(value: object) -> str:
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
