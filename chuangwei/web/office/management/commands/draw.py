"""`chuangwei draw`: draw sites at random so that anybody can redo it (domain §7)."""

import argparse
import getpass
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chuangwei.core import clock
from chuangwei.core.actor import Actor, system_actor
from chuangwei.core.errors import DomainError
from chuangwei.core.text import code_text
from chuangwei.domain.inspections import actions, queries
from chuangwei.domain.inspections.models import Draw, Round
from chuangwei.domain.organisation.queries import kind_names, names_of_sites
from chuangwei.web.office.management.tables import table

STEPS = {"freeze": "冻结候选名单", "commit": "承诺种子", "draw": "抽取"}


def _pair(text: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not (equals and left.strip() and right.strip()):
        raise argparse.ArgumentTypeError(f"“{text}”应写作 名=值")
    return left.strip(), right.strip()


class Command(BaseCommand):
    help = "随机抽取点位：先冻结名单，再承诺种子，后抽取；任何人都能重算"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("round", metavar="轮次编码", help="为哪一轮次抽取")
        parser.add_argument(
            "--stratum", type=_pair, action="append", default=[], metavar="类型=个数",
            help="一层：点位类型（编码、名称或别名）和样本数；可写多次",
        )  # fmt: skip
        parser.add_argument(
            "--exclude",
            type=_pair,
            action="append",
            default=[],
            metavar="编码=理由",
            help="不进名单的点位及理由；可写多次",
        )
        parser.add_argument("--seed", metavar="种子", help="64 位小写十六进制：试抽或重算，不作数")
        parser.add_argument(
            "--word-source", default="", metavar="出处", help="事先约定公开词取自何处，如某日某期开奖号码"
        )
        parser.add_argument("--word", default="", metavar="公开词", help="约定的公开词")
        parser.add_argument("--steps", choices=STEPS, help="只做一步：freeze 冻结名单、commit 承诺种子、draw 抽取")
        parser.add_argument("--void", default="", metavar="理由", help="作废这一轮次的抽取；记录保留")
        parser.add_argument(
            "--json",
            type=Path,
            metavar="文件",
            help="写入结果，旁边另写候选名单（-candidates.txt）和过程记录（-record.json）",
        )

    def handle(self, **options: Any) -> None:
        by = system_actor(getpass.getuser())
        if options["void"]:
            draw = queries.draw_of_round(round_code=options["round"], actor=by)
            actions.void_draw(draw=draw, reason=options["void"], by=by, at=clock.now())
            self.stdout.write(f"轮次 {draw.round_code} 的抽取已作废，记录保留。理由：{draw.void_reason}")
            return
        _check_target(options["json"])
        draw = _stepped(options, by)
        if options["json"] is not None:
            _write(options["json"], draw)
        for line in _lines(draw):
            self.stdout.write(line)
        if not Round.objects.filter(code=draw.round_code).exists():
            self.stderr.write(f"注意：还没有编码为 {draw.round_code} 的轮次。编码写错了的话，请用 --void 作废后重抽。")


def _check_target(path: Path | None) -> None:
    """A draw is made once: that its result can be written is found out before."""
    if path is not None and not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        raise DomainError(f"不能在 {path.parent} 中写文件：没有这个文件夹，或没有权限。还没有抽取。")


def _stepped(options: dict[str, Any], by: Actor) -> Draw:
    """Make the step asked for, or all of them."""
    step, at = options["steps"], clock.now()
    _check_options(options, step)
    given = {
        "round_code": options["round"], "strata": _strata(options["stratum"]),
        "exclusions": _exclusions(options["exclude"]), "word_source": options["word_source"], "by": by, "at": at,
    }  # fmt: skip
    if step is None:
        return actions.draw_at_once(**given, word=options["word"], seed=options["seed"])
    if step == "freeze":
        return actions.freeze_candidates(**given)
    draw = queries.draw_of_round(round_code=options["round"], actor=by)
    if step == "commit":
        return actions.commit_seed(draw=draw, by=by, at=at)
    return actions.draw_sites(draw=draw, word=options["word"], by=by, at=at)


def _check_options(options: dict[str, Any], step: str | None) -> None:
    """Options that mean nothing at this step are a mistake, not a wish to be passed over."""
    if step in {None, "freeze"} and not options["stratum"]:
        raise CommandError("请用 --stratum 类型=个数 写明从哪一类点位中抽几个。")
    if step is not None and options["seed"]:
        raise CommandError("--seed 只用于一次完成的试抽或重算，不能与 --steps 同用。")
    if step in {"commit", "draw"} and (options["stratum"] or options["exclude"] or options["word_source"]):
        raise CommandError("名单已经冻结：--stratum、--exclude 和 --word-source 只在冻结名单时写。")
    if step in {"freeze", "commit"} and options["word"]:
        raise CommandError("公开词在抽取时才给出。")


def _strata(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Strata by the code of their kind, however the kind was written."""
    names, found = kind_names(), {}
    for spelling, text in pairs:
        kind, meant = names.resolve(spelling), names.candidates(spelling)
        if kind is None:
            raise DomainError(
                f"“{spelling}”可能是 {'、'.join(meant)}，请写明其中一个。"
                if meant
                else f"标准库中没有点位类型“{spelling}”。"
            )
        if kind in found:
            raise DomainError(f"“{spelling}”这一层写了不止一次。")
        number = code_text(text)
        if not (number.isascii() and number.isdecimal() and int(number) >= 1):
            raise DomainError(f"“{spelling}”的样本数“{text}”须是不小于 1 的整数。")
        found[kind] = int(number)
    return found


def _exclusions(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for spelling, reason in pairs:
        if (code := code_text(spelling)) in found:
            raise DomainError(f"{code} 排除了不止一次。")
        found[code] = reason
    return found


def _write(file: Path, draw: Draw) -> None:
    """The result once drawn, and always the list as it was hashed and the record of the steps so far."""
    beside = {"-candidates.txt": draw.candidates, "-record.json": _json(queries.draw_record(draw))}
    for ending, text in beside.items():
        file.with_name(f"{file.stem}{ending}").write_bytes(text.encode())
    if draw.drawn_at is not None:
        file.write_bytes(_json(queries.draw_result(draw)).encode())


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _lines(draw: Draw) -> Iterator[str]:
    """What was done, in the order it was done."""
    yield f"轮次 {draw.round_code}" + ("：试抽或重算，不作数，不产生检查任务。" if draw.is_trial else "：随机抽取。")
    yield f"候选名单 {draw.candidates.count(chr(10))} 个，摘要 {draw.candidates_hash}（{draw.frozen_by}）"
    for code, reason in sorted(draw.exclusions.items()):
        yield f"  排除 {code}：{reason}"
    if draw.word_source:
        yield f"约定公开词取自：{draw.word_source}"
    if draw.committed_at is None:
        yield "名单已冻结；下一步承诺种子：--steps commit。"
        return
    yield f"种子摘要 {draw.seed_hash}（{draw.committed_by}）"
    if draw.drawn_at is None:
        yield "种子已承诺；公布以上两个摘要后，由另一人或用约定的公开词抽取：--steps draw。"
        return
    yield f"种子 {draw.seed}"
    if draw.word:
        yield f"公开词 {draw.word}"
    yield from _drawn(draw)
    if queries.is_by_one_hand(draw):
        yield f"名单、种子和抽取由 {draw.drawn_by} 同一人一次完成；要分步、分人，请用 --steps。"


def _drawn(draw: Draw) -> Iterator[str]:
    titles = {kind.code: kind.name for kind in kind_names()}
    names = names_of_sites([code for codes in draw.drawn.values() for code in codes])
    for kind, codes in sorted(draw.drawn.items()):
        few = "，候选不足，全部抽取" if kind in draw.shortfalls else ""
        yield f"{titles[kind]}（{kind}）应抽 {draw.strata[kind]}，抽出 {len(codes)}{few}："
        yield from table(
            ("次序", "编码", "名称"), [(str(n), code, names[code]) for n, code in enumerate(codes, 1)]
        )  # fmt: skip
