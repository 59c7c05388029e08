"""`chuangwei duties`: who answers for which site on a day, who is missing, who stands beside another (domain §3)."""

import argparse
import getpass
import json
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from chuangwei.core.actor import system_actor
from chuangwei.core.errors import NotFound
from chuangwei.core.text import code_text
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.queries import DutyDay, Gap, Link, Overlap
from chuangwei.web.office.management.tables import table


def _day_and_hour(text: str) -> tuple[date, time | None]:
    """A day, or a day with a clock time, in Shanghai; a day alone asks for no hour."""
    try:
        if len(text.strip()) == len("2023-10-15"):
            return date.fromisoformat(text.strip()), None
        at = datetime.fromisoformat(text.strip())
        return at.date(), at.time()
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期“{text}”看不懂，应形如 2023-10-15 或 2023-10-15T09:00") from None


class Command(BaseCommand):
    help = "责任：某一天的责任链、盲区和重叠"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--at", type=_day_and_hour, required=True, metavar="日期",
            help="哪一天，如 2023-10-15；写上钟点（2023-10-15T09:00）则标出谁在岗",
        )  # fmt: skip
        parser.add_argument(
            "--sites",
            nargs="+",
            default=[],
            metavar="点位编码",
            help="列出这些点位的责任链；不写则 JSON 中列出全部点位",
        )
        parser.add_argument("--json", type=Path, metavar="文件", help="另写入 JSON：盲区、重叠、责任链")

    def handle(self, *, at: tuple[date, time | None], sites: list[str], json: Path | None, **_options: Any) -> None:
        day, hour = at
        known = queries.duty_day(day, actor=system_actor(getpass.getuser()))
        named = [code_text(site) for site in sites]
        unknown = [site for site in named if site not in known.sites]
        if unknown:
            raise NotFound(f"{known.day} 没有编码为 {'、'.join(unknown)} 的点位。")
        gaps, overlaps = known.gaps(), known.overlaps()
        if json is not None:
            _write(json, known, gaps, overlaps, known.chains(named or None))
        for line in _lines(known, gaps, overlaps, named, hour):
            self.stdout.write(line)


def _write(
    file: Path, known: DutyDay, gaps: list[Gap], overlaps: list[tuple[str, Overlap]], chains: dict[str, list[Link]]
) -> None:
    """The shape of expected/duties.json (workbooks.md, expected/)."""
    content = {
        "at": known.day.isoformat(),
        "gaps": [{"site": gap.site, "missing": list(gap.missing)} for gap in gaps],
        "overlaps": [
            {"site": site, "role": overlap.role, "holders": list(overlap.holders)} for site, overlap in overlaps
        ],
        "chains": {
            site: [{"role": link.role, "holder": link.holder, "via": link.via} for link in links]
            for site, links in sorted(chains.items())
        },
    }
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _lines(
    known: DutyDay, gaps: list[Gap], overlaps: list[tuple[str, Overlap]], named: list[str], hour: time | None
) -> Iterator[str]:
    chains = {site: known.chain(site) if hour is None else known.chain_at(site, hour) for site in dict.fromkeys(named)}
    holders = {link.holder for links in chains.values() for link in links}
    holders |= {holder for _, overlap in overlaps for holder in overlap.holders}
    people = queries.names_of_holders(holders)
    sites = queries.names_of_sites([*chains, *(gap.site for gap in gaps), *(site for site, _ in overlaps)])
    demanding = sum(bool(known.roles_of(site)) for site in known.sites)
    yield f"{_day(known.day)}：点位 {len(known.sites)} 个，其中须有责任链的 {demanding} 个。"
    yield f"盲区 {len(gaps)} 处" + ("：" if gaps else "。")
    yield from table(("点位", "名称", "缺"), [(gap.site, sites[gap.site], "、".join(gap.missing)) for gap in gaps])
    yield f"重叠 {len(overlaps)} 处" + ("：" if overlaps else "。")
    yield from table(
        ("点位", "名称", "角色", "责任人"),
        [
            (site, sites[site], overlap.role, "、".join(f"{code} {people[code]}" for code in overlap.holders))
            for site, overlap in overlaps
        ],
    )
    for site, links in chains.items():
        yield f"{site} {sites[site]}" + ("：" if links else "：没有责任链。")
        yield from _chain_table(links, people, hour is not None)


def _chain_table(links: list[Link], people: dict[str, str], with_hour: bool) -> Iterator[str]:
    heads = ("角色", "责任人", "姓名", "依据", "在岗") if with_hour else ("角色", "责任人", "姓名", "依据")
    rows = [
        (link.role, link.holder, people[link.holder], link.via, "在岗" if link.on_duty else "不在岗") for link in links
    ]
    yield from table(heads, [row[: len(heads)] for row in rows])


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
