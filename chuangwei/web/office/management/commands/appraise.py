"""`chuangwei appraise`: computes the periods of a series and prints the ranking of each (domain §8)."""

import getpass
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from chuangwei.core import clock
from chuangwei.core.actor import system_actor
from chuangwei.core.text import code_text
from chuangwei.domain.appraisal import actions, queries
from chuangwei.domain.appraisal.actions import Computed
from chuangwei.domain.appraisal.registry import FLAGS, TRIGGERS
from chuangwei.domain.organisation import queries as organisation
from chuangwei.web.office.management.tables import table


class Command(BaseCommand):
    help = "评比：计算一个评比的各个周期，列出排名、红黄旗和后续措施"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("series", metavar="评比", help="预设中的评比，如 weekly")
        parser.add_argument("--from", dest="first", required=True, metavar="周期", help="第一个周期，如 2023-W36")
        parser.add_argument("--to", dest="last", metavar="周期", help="最后一个周期；不写则只算一个")
        parser.add_argument("--area", metavar="区划编码", help="哪个区划的预设；只有一个时不必写")
        parser.add_argument("--json", type=Path, metavar="文件", help="另写入 JSON：各周期的结果和月度奖惩")

    def handle(
        self, *, series: str, first: str, last: str | None, area: str | None, json: Path | None, **_options: Any
    ) -> None:
        first, last = code_text(first), code_text(last or first)
        where = None if area is None else code_text(area)
        done = actions.compute_periods(
            series=series, first=first, last=last, area=where,
            by=system_actor(getpass.getuser()), at=clock.now(), progress=_show if sys.stderr.isatty() else None,
        )  # fmt: skip
        if json is not None:
            _write(json, queries.appraisal_json(series=series, first=first, last=last, area=where))
        for line in _lines(done):
            self.stdout.write(line)


def _show(done: int, every: int) -> None:
    """A line on the terminal that counts up and vanishes at the end."""
    sys.stderr.write("\r\x1b[K" if done == every else f"\r计算 {done}/{every}")
    sys.stderr.flush()


def _write(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _lines(done: list[Computed]) -> Iterator[str]:
    people = organisation.names_of_holders(
        {found.person for one in done for found in one.outcome.consequences if found.person}
    )
    for one in done:
        yield from _ranking(one)
        yield from _consequences(one, people)
        yield ""
    new = sum(one.is_new for one in done)
    yield f"共 {len(done)} 个周期：新算 {new} 个，没有变化 {len(done) - new} 个。"


def _ranking(one: Computed) -> Iterator[str]:
    span, state = one.outcome.span, one.period.get_state_display()
    yield f"{span.title}（{span.first} 至 {span.last}）第 {one.version} 版，{state}"
    names = {slug: rule.name for slug, rule in FLAGS.all().items()}
    rows = [
        (
            "—" if standing.rank is None else str(standing.rank),
            standing.name + (f"（{standing.group}）" if standing.group else ""),
            standing.reason if standing.total is None else f"{standing.total / 100:.2f}",
            names.get(standing.flag or "", ""),
        )
        for standing in one.outcome.standings
    ]
    yield from table(("名次", "名称", "总分", "旗"), rows)


def _consequences(one: Computed, people: dict[str, str]) -> Iterator[str]:
    names = {standing.code: standing.name for standing in one.outcome.standings}
    for slug, rule in TRIGGERS.all().items():
        found = one.outcome.of(slug)
        if found:
            told = (
                names[one.subject] + (f"（{people.get(one.person, one.person)}）" if one.person else "")
                for one in found
            )
            yield f"{rule.name}：{'、'.join(told)}"
