"""The workbooks the bench imports: a county of 100 communities, half a year of visits, every check answered.

Plain values from a seeded generator; the same numbers give the same files.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

KINDS = ("main_street", "back_lane", "residential_managed", "market", "public_toilet")
FIRST_DAY = date(2026, 1, 5)
"""A Monday, and the first day of ISO week 2026-W02."""

PRESET = """
[preset]
slug = "bench"
title = "性能对比"

[areas]
levels = ["县", "社区"]

[series.weekly]
title = "周评比"
subject = "社区"
period = "week"
tie_breakers = ["regular"]
kind_weights = {"农贸市场" = 2}

[[series.weekly.parts]]
slug = "regular"
rule = "visit-mean"
rounds = ["定期督导", "日巡查"]
weight = 0.6

[[series.weekly.parts]]
slug = "random"
rule = "visit-mean"
rounds = ["随机抽查"]
weight = 0.4

[series.weekly.flags]
red = 10
yellow = 10

[series.weekly.statement]
last = 3

[series.weekly.money]
month_red = 100000
month_yellow = -100000
"""


@dataclass(frozen=True)
class Size:
    """How much there is. Answers: ten to a visit."""

    communities: int = 100
    sites_each: int = 30
    weeks: int = 26
    visits: int = 60_000
    answers_each: int = 10


def register(path: Path, size: Size) -> None:
    book = xlsxwriter.Workbook(path)
    _sheet(book, "区划", ("编码", "名称", "类型", "上级编码"), [("690000", "试验县", "县", ""), *_communities(size)])
    _sheet(book, "点位", ("编码", "名称", "类型", "区划编码"), _sites(size))
    _sheet(book, "单位", ("编码", "名称", "类型", "上级编码", "区划编码"), [("U1", "督查组", "督查组", "", "690000")])
    persons = [(f"P{n:03}", f"检查员{n}", "", "U1", "") for n in range(1, 41)]
    _sheet(book, "人员", ("编码", "姓名", "职务", "单位编码", "手机"), persons)
    _sheet(book, "责任", ("责任人编码", "角色", "对象编码", "开始日期"), [])
    book.close()


def visits(path: Path, size: Size, checks: dict[str, list[str]]) -> None:
    """`checks`: the codes of the checks of each kind; every visit answers the first `answers_each` of its kind."""
    rng = random.Random(7)
    sites = [(code, kind) for code, _, kind, _ in _sites(size)]
    book = xlsxwriter.Workbook(path)
    _sheet(book, "轮次", ("编码", "名称", "类型", "开始日期", "结束日期", "督查组"), _rounds(size))
    made = list(_visits(size, sites, rng))
    head = ("编号", "轮次编码", "点位编码", "检查时间", "检查人")
    _sheet(book, "检查", head, [row for row, _ in made])
    answers = ((*row[:1], *answer) for row, kind in made for answer in _answers(checks[kind], size, rng))
    _sheet(book, "评分", ("检查编号", "检查项", "结果", "处数", "扣分", "说明"), answers)
    book.close()


def _communities(size: Size) -> list[tuple[str, ...]]:
    return [(f"69{n:04}", f"第{n}社区", "社区", "690000") for n in range(1, size.communities + 1)]


def _sites(size: Size) -> list[tuple[str, ...]]:
    return [
        (f"{code}-{n:03}", f"点位{code}{n}", KINDS[n % len(KINDS)], code)
        for code, *_ in _communities(size)
        for n in range(size.sites_each)
    ]


def _rounds(size: Size) -> list[tuple[str, ...]]:
    rows = []
    for week in range(size.weeks):
        first = FIRST_DAY + timedelta(weeks=week)
        for prefix, kind in (("DQ", "定期督导"), ("SJ", "随机抽查")):
            rows.append((f"{prefix}{week:02}", f"{kind}{week}", kind, f"{first}", f"{first + timedelta(days=6)}", "U1"))
    return rows


def _visits(size: Size, sites: list[tuple[str, str]], rng: random.Random):
    per_week = size.visits // size.weeks
    for n in range(size.visits):
        week = min(n // per_week, size.weeks - 1)
        site, kind = sites[(n * 7919) % len(sites)]
        start = datetime.combine(FIRST_DAY + timedelta(weeks=week, days=rng.randrange(7)), datetime.min.time())
        at = start + timedelta(hours=7, minutes=rng.randrange(660))
        prefix = "SJ" if rng.random() < 0.3 else "DQ"
        yield (f"JC-{n:06}", f"{prefix}{week:02}", site, f"{at:%Y-%m-%d %H:%M}", f"P{rng.randrange(40) + 1:03}"), kind


def _answers(codes: list[str], size: Size, rng: random.Random):
    for code in codes[: size.answers_each]:
        if rng.random() < 0.4:
            yield code, "不合格", rng.randrange(1, 4), "", ""
        else:
            yield code, "合格", "", "", ""


def _sheet(book: xlsxwriter.Workbook, name: str, head: tuple[str, ...], rows) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, head)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if value != "":
                sheet.write(number, column, value)
