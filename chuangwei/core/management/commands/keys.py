"""`chuangwei keys`: the keys that seal personal data, and those that find it again (docs/operators/keys.md)."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from chuangwei.core import clock, resealing
from chuangwei.core.actor import system_actor
from chuangwei.core.errors import DomainError
from chuangwei.core.keyring import INDEXING, SEALING, KeyRing

STEPS = {
    "list": "现有哪些密钥，各有多少个值要用",
    "new": "新建一把，此后写入的都用它",
    "rotate": "把已有的值全部换到最新的一把",
    "retire": "停用一把没有值再要用的（移入 keys/retired）",
}


class Command(BaseCommand):
    help = "管理加密手机号等个人信息的密钥：查看、新建、换用、停用"

    def add_arguments(self, parser: ArgumentParser) -> None:
        told = "；".join(f"{step} {words}" for step, words in STEPS.items())
        parser.add_argument("step", choices=list(STEPS), metavar="步骤", help=told)
        parser.add_argument("number", nargs="?", type=int, metavar="编号", help="retire 要停用的那一把")
        parser.add_argument("--index", action="store_true", help="索引密钥（按号码查人用），不写则是加密用的密钥")

    def handle(self, *, step: str, number: int | None, index: bool, **_options: Any) -> None:
        ring = INDEXING if index else SEALING
        if (number is not None) != (step == "retire"):
            raise DomainError("停用须写明编号，如 chuangwei keys retire 1；其他步骤不带编号。")
        if step == "list":
            self._list(SEALING)
            self._list(INDEXING)
        elif step == "new":
            made = resealing.make_key(ring=ring, by=system_actor(getpass.getuser()), at=clock.now())
            rotate = "chuangwei keys rotate" + (" --index" if index else "")
            self.stdout.write(
                f"已新建{ring.label} {made}。请先运行 chuangwei backup，新密钥就有了副本，再运行 {rotate}。"
            )
        elif step == "rotate":
            self._rotate(ring)
        elif number is not None:
            place = resealing.retire_key(
                ring=ring, number=number, by=system_actor(getpass.getuser()), at=clock.now()
            )  # fmt: skip
            self.stdout.write(
                f"已停用{ring.label} {number}，移到 {place}。以前的备份还要用它，请与旧备份一起妥善保管。"
            )

    def _list(self, ring: KeyRing) -> None:
        needed = resealing.needed(ring)
        files = ring.files()
        for file in files:
            use = "正在使用" if file.is_newest else "只用来读旧值"
            many = needed.get(file.number, 0)
            made = f"{clock.local(file.made_at):%Y-%m-%d %H:%M}"
            self.stdout.write(f"{ring.label} {file.number}：{use}，{many} 个值，建于 {made}")
        missing = {
            number: many for number, many in sorted(needed.items()) if number not in {one.number for one in files}
        }
        for number, many in missing.items():
            self.stdout.write(f"{ring.label} {number}：不在 {ring.folder} 中，而有 {many} 个值要用")
        if not files and not missing:
            self.stdout.write(f"{ring.label}：还没有，第一次用到时自动建立。")
        if missing:
            raise DomainError(f"缺少{ring.label} {'、'.join(map(str, missing))}。请从备份中放回。")

    def _rotate(self, ring: KeyRing) -> None:
        moved = resealing.rotate(ring=ring, by=system_actor(getpass.getuser()), at=clock.now())
        self.stdout.write(f"已换用{ring.label} {moved.number}：{moved.count} 个值。")
        for closed in moved.closed[: resealing.TOLD]:
            self.stdout.write(closed)
        if moved.closed:
            raise DomainError(f"{len(moved.closed)} 个值没有换成，因为无法解密。放回缺少的密钥后再运行一次即可。")
