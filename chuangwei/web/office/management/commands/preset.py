"""`chuangwei preset`: which presets there are, which holds where, and a new one for a subtree from a day on (domain §1)."""

import argparse
import getpass
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chuangwei.core import clock, presets
from chuangwei.core.actor import system_actor
from chuangwei.core.presets import Holding, PresetDocument
from chuangwei.core.text import code_text
from chuangwei.domain.appraisal.queries import span_holding
from chuangwei.domain.organisation import actions, queries
from chuangwei.domain.places.models import Area
from chuangwei.domain.places.queries import area_by_code
from chuangwei.web.office.management.tables import table

ROOT = "全域"
SINCE_EVER = "启用以来"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期“{text}”看不懂，应形如 2023-10-01") from None


class Command(BaseCommand):
    help = "预设：列出（list）、查看现用的（show）、从某日起在某区划启用（use）"

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(
            dest="step", required=True, metavar="list|show|use", parser_class=argparse.ArgumentParser
        )
        steps.add_parser("list", help="随程序附带的预设")
        steps.add_parser("show", help="何处从何日起用哪个预设")
        use = steps.add_parser("use", help="从某日起在全域，或一个区划及其下级启用")
        use.add_argument("preset", metavar="预设", help="随程序附带的预设，或一个 TOML 文件")
        use.add_argument("--area", default=ROOT, metavar="区划编码", help=f"在哪个区划及其下级启用，默认{ROOT}")
        use.add_argument("--from", dest="from_on", type=_day, required=True, metavar="日期", help="从哪一天起")

    def handle(self, *, step: str, **options: Any) -> None:
        lines = {"list": _bundled, "show": _held}.get(step)
        for line in lines() if lines else _used(options["preset"], options["area"], options["from_on"]):
            self.stdout.write(line)


def _bundled() -> Iterator[str]:
    documents = [presets.open_preset(slug) for slug in presets.bundled()]
    yield from table(
        ("预设", "名称", "说明"), [(one.slug, one.title, one.sections["preset"].note) for one in documents]
    )


def _held() -> Iterator[str]:
    uses = sorted(presets.holdings(), key=lambda use: (use.area_code, use.from_on or date.min))
    if not uses:
        yield "还没有启用预设；请先运行 chuangwei init。"
    rows = [
        (
            area_by_code(use.area_code).name if use.area_code else ROOT, use.area_code, str(use.from_on or SINCE_EVER),
            use.version.slug, f"第 {use.version.number} 版", use.version.title,
        )
        for use in uses
    ]  # fmt: skip
    yield from table(("区划", "编码", "起", "预设", "版本", "名称"), rows)


def _used(preset: str, area_code: str, from_on: date) -> Iterator[str]:
    document = presets.open_preset(preset)
    code = code_text(area_code)
    area, path = (None, []) if code in {"", ROOT} else _place(code)
    before = presets.holdings()
    actions.adopt_preset(
        document=document, area=area, from_on=from_on, by=system_actor(getpass.getuser()), at=clock.now()
    )  # fmt: skip
    held = presets.holding(before, path, from_on)
    yield from queries.warnings_of(document)
    place = f"『{area.name}』及其下级" if area else ROOT
    yield f"{place}从 {from_on} 起用预设 {document.title}（{document.slug}）。"
    changed = queries.rights_changed(held.document if held else None, document)
    if changed:
        yield f"改变了谁可以做什么：{'、'.join(changed.values())}。"
    yield from _changes(held, document, from_on, path)


def _place(code: str) -> tuple[Area, list[str]]:
    area = area_by_code(code)
    return area, list(area.path_codes)


def _changes(held: Holding | None, document: PresetDocument, from_on: date, path: Sequence[str]) -> Iterator[str]:
    """For each series whose rules differ from those that held there before: from which period the new ones hold."""
    old = held.document.sections["series"].root if held else {}
    begins_anew = held is None or held.area_code != (path[-1] if path else "")
    for slug, series in document.sections["series"].root.items():
        if slug in old and old[slug] == series and not begins_anew:
            yield f"评比 {slug}（{series.name}）的规则没有变化。"
            continue
        span = span_holding(kind=series.period_kind, day=from_on)
        first = span if span.first == from_on else span.next()
        yield f"评比 {slug}（{series.name}）从 {first.slug}（{first.first} 至 {first.last}）起按新规则。"
    for slug in sorted(old.keys() - document.sections["series"].root.keys()):
        yield f"评比 {slug} 在这里不再有。"
