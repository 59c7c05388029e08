"""Towns made by hand, one for each family of edges; each asks several series of the same rows."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tests.cases.oracle import library
from tests.cases.oracle.making import LEDGER, REGULAR, TOWN, Maker, series
from tests.cases.oracle.spans import DAY
from tests.cases.oracle.town import Answer, Area, Draw, Person, Site, Town, Unit


def flags_and_ties() -> Town:
    """Ties across the red and the yellow line, everyone tied, hardly anyone ranked, nobody at all."""
    options = [
        {"red": 2, "yellow": 2}, {"red": 2, "yellow": 2, "ties": "all"}, {"red": 2, "yellow": 2, "ties": "none"},
        {"red": 3, "yellow": 1}, {"red": 1, "yellow": 3, "ties": "none"}, {"red": 4, "yellow": 4}, {"red": 0, "yellow": 2},
        {"red": 2, "yellow": 0}, {"red": Decimal("0.25"), "yellow": Decimal("0.3")}, {"red": Decimal("0.1"), "yellow": 1},
        {"red": 3, "yellow": 2, "min_score": 95}, {"red": 2, "yellow": 3, "min_score": Decimal("95.01"), "max_score": 70},
        {"red": 1, "yellow": 1, "max_score": Decimal("69.99")}, {"red": Decimal("0.99"), "yellow": Decimal("0.01")},
    ]  # fmt: skip
    tables = {
        f"s{n}": series(
            flags=one, statement={"last": 1 + n % 3}, interview={"yellow_streak": 1 + n % 2, "of": "包社区领导"},
            money={"month_red": 100000, "month_yellow": -50000},
        )
        for n, one in enumerate(options)
    }  # fmt: skip
    made = Maker("flags", "ABCDEFGH", tables)
    for week, scores in {
        "2023-W36": "A 95 B 95 C 95 D 90 E 80 F 70 G 70 H 70",
        "2023-W37": "A 90 B 90 C 90 D 90 E 90 F 90 G 90 H 90",
        "2023-W38": "A 95 B 80 C 80",
        "2023-W39": "D 60",
        "2023-W41": "A 100 B 99.99 C 95 D 95 E 90 F 70 G 69.99 H 0",
        "2023-W42": "A 95 B 90 C 90 D 80",
        "2023-W43": "A 95 B 95 C 70 D 70",
        "2023-W44": "A 95 B 95 C 95 D 70 E 70",
    }.items():
        made.scores("week", week, scores)
    for name in tables:
        made.ask(name, "2023-W36", "2023-W44")
    return made.town


def streaks_over_the_turn_of_the_year() -> Town:
    """Yellow flags in a row across week 53; periods not ranked; holders who change on the very day."""
    table = {"flags": {"red": 1, "yellow": 1}, "money": {"month_red": 100000, "month_yellow": -100000}}
    tables = {
        f"k{k}": series(**table, statement={"last": 1}, interview={"yellow_streak": k, "of": "包社区领导"})
        for k in (1, 2, 3)
    }
    tables["fortnightly"] = series(period="fortnight", **table, interview={"yellow_streak": 2, "of": "包社区领导"})
    tables["monthly"] = series(
        {"slug": "mean", "rule": "series-mean", "series": "k1", "weight": 1}, period="month", **table
    )
    made = Maker("streaks", "ABC", tables)
    for week, scores in {
        "2020-W50": "A 90 B 80 C 70",
        "2020-W51": "A 90 B 80 C 70",
        "2020-W52": "A 90 B 80",  # C is not ranked: skipped
        "2020-W53": "A 90 B 80 C 70",  # the third yellow flag of C; ends on 2021-01-03
        "2021-W01": "A 90 B 80 C 70",  # counted anew
        "2021-W02": "A 90 B 80",
        "2021-W03": "A 90 C 70",  # too few for a yellow flag: breaks
        "2021-W04": "A 70 B 80 C 90",
        "2021-W05": "A 70 B 80 C 90",
        "2021-W06": "A 90 B 80 C 90",
        "2021-W07": "A 70 B 80 C 90",
        "2021-W08": "A 70 B 70 C 90",
    }.items():
        made.scores("week", week, scores)
    made.town.persons += [Person("p1", "小"), Person("É", "外")]
    first = date(2020, 1, 1)
    made.duty("P3", "包社区领导", "C", first, date(2020, 12, 19))
    made.duty("P2", "包社区领导", "C", date(2020, 12, 20), date(2021, 1, 3))  # takes over on the last day of week 51
    made.duty("P1", "包社区领导", "C", date(2021, 1, 4))  # begins the day after week 53
    made.duty("UA", "包社区领导", "A", first, None, "08:00-12:00")
    made.duty("p1", "包社区领导", "A", first)
    made.duty("É", "包社区领导", "A", first)
    made.duty("P1", "网格员", "B", first)  # B has nobody in the role asked for
    for name in ("k1", "k2", "k3"):
        made.ask(name, "2020-W50", "2021-W08")
    made.ask("fortnightly", "2020-F25", "2021-F04")
    made.ask("monthly", "2020-12", "2021-03")
    made.town.day = date(2021, 1, 3)
    return made.town


def halves_and_zeros() -> Town:
    """Halves at the visit, the part and the total; 0 and 100 and beyond; nothing that applies; the veto on its line."""
    half = Decimal("0.5")
    random = {"slug": "random", "rule": "visit-mean", "rounds": ["随机抽查"], "weight": half}
    regular = REGULAR | {"weight": half}
    praise = {"slug": "praise", "rule": "verified-complaints", "sources": ["自查"], "each": 30}
    blame = {"slug": "blame", "rule": "verified-complaints", "sources": ["群众举报"], "each": Decimal("-99.99")}
    limits = [
        {"slug": "one", "rule": "verified-complaints", "sources": ["群众举报"], "each": Decimal("-0.2"), "limit": Decimal("-0.4")},
        {"slug": "two", "rule": "verified-complaints", "sources": ["自查"], "each": Decimal("0.3"), "limit": Decimal("0.5")},
    ]  # fmt: skip
    third = [regular | {"weight": 1}, random | {"weight": 1}, LEDGER]
    tables = {
        "spread": series(regular, random, missing="spread"),
        "zero": series(regular, random, LEDGER, missing="zero", tie_breakers=["random", "ledger"]),
        "thirds": series(*third, tie_breakers=["ledger"]),
        "light": series(regular, random, min_weight=half),
        "heavy": series(regular, random, min_weight=Decimal("0.51")),
        "twice": series(regular | {"min_visits": 2}, random),
        "trim": series(REGULAR | {"trim": 1, "rounds": ["互查"]}),
        "nothing": series(regular, random, kind_weights={"market": 0}),
        "weighed": series(regular, random, kind_weights={"market": Decimal("1.5"), "back_lane": Decimal("0.1")}),
        "own": series(REGULAR | {"checks": "own"}, random),
        "line": series(REGULAR | {"checks": "line"}, random | {"checks": "all"}),
        "praise": series(regular, random, adjustments=[praise]),
        "blame": series(regular, random, adjustments=[blame]),
        "limits": series(regular, random, adjustments=limits),
    }
    made = Maker("halves", "ABCDEFGHIJ", tables)
    at = datetime(2023, 9, 6, 9)
    for code, scores in {
        "A": ["99.995"],
        "B": ["99.985", "99.98"],
        "C": ["99.98", "99.97"],
        "D": ["0"],
        "E": ["100"],
    }.items():
        for score in scores:
            made.score(f"{code}-lane", at, score)
    made.score("B-lane", at, "91.005", "随机抽查")
    made.score("C-lane", at, "91", "随机抽查")
    for score in ("66.67", "66.66", "66.66"):
        made.score("F-lane", at, score)
    market_halves(made, at)
    for score in ("10", "90", "91", "92", "100"):
        made.score("I-lane", at, score, "互查")
    for score in ("10", "90", "91", "100"):
        made.score("J-lane", at, score, "互查")
    for area, sources in {
        "A": ["自查"],
        "B": ["群众举报"] * 3,
        "D": ["自查", "自查", "群众举报"],
        "F": ["群众举报"],
    }.items():
        for source in sources:
            made.problem(area, at + DAY, source=source, found=at)
    made.problem("G", at, "已派遣", found=at - DAY)
    for name in tables:
        made.ask(name, "2023-W36", "2023-W37")
    return made.town


def market_halves(made: Maker, at: datetime) -> None:
    """The market's live poultry keeps 14 of 20 points, a hair less, or does not apply; a lane where nothing applies."""
    poultry = "CK-MARKET-03"
    made.visit("G-market", at, Answer(poultry, "不合格", 1, Decimal(6)))
    made.visit("G-market", at, Answer(poultry, "不合格", None, Decimal("6.0001")), kind="随机抽查")
    made.visit("H-market", at, Answer(poultry, "不适用"))
    made.visit("H-market", at, Answer(poultry, "不合格"), kind="随机抽查")
    made.visit("H-lane", at, *(Answer(check.code, "不适用") for check in library.checks()["back_lane"]))
    lane = library.checks()["back_lane"]
    # Of 80 points 0.1 is lost: 99.875; of 84 points 1: 98.809…; the deduction stands above the count, also at zero.
    made.visit(
        "I-lane",
        at,
        Answer(lane[0].code, "不适用"),
        Answer(lane[1].code, "不合格", 9, Decimal("0.1")),
        Answer(lane[2].code, "不适用"),
    )
    made.visit(
        "J-lane",
        at,
        Answer(lane[3].code, "不适用"),
        Answer(lane[0].code, "不合格", 40, Decimal(1)),
        Answer(lane[5].code, "不合格", 1, Decimal(0)),
    )
    made.visit(
        "J-lane",
        at,
        Answer(lane[0].code, "不合格", 40),
        Answer(lane[4].code, "合格", 0),
        Answer(lane[6].code, "不合格"),
    )


def ledger_states() -> Town:
    """Every state, every second around a deadline, deadlines without a clock, sources, committees."""
    tables = {
        "miss": series(LEDGER, missing="zero"),
        "skip": series(LEDGER | {"unverified": "skip"}, tie_breakers=["ledger"]),
        "some": series(LEDGER | {"sources": ["群众举报", "自查"]}),
        "answering": series(LEDGER | {"count": "answering", "unverified": "skip"}),
        "daily": series(LEDGER, period="day"),
    }
    made = Maker("ledger", "ABCDEF", tables)
    made.town.units += [
        Unit("W1", "物业", "企业", "UA", "A"),
        Unit("W2", "保洁班", "企业", "W1", "A"),
        Unit("BM", "城管局", "部门"),
    ]
    due, second = datetime(2023, 9, 10, 17, 30), timedelta(seconds=1)
    made.problem("A", due)
    made.problem("A", due, fixed=due + second)
    made.problem("A", due, fixed=due - second, unit="W2")
    made.problem("A", due, unit="BM")
    for state in ("待核实", "已立案", "不予立案"):
        made.problem("B", None, state)
    for state in ("已派遣", "待核查", "并案", "退回", "挂账", "反弹"):
        made.problem("B", due, state, unit="UB")
    made.problem("B", None, "并案")
    made.problem("B", due, "待核查", unit="UB", fixed=due + second)
    made.problem("B", due, "已派遣", unit="UB", fixed=due, verified=due + DAY)
    made.problem("B", None, fixed=due, closed=due)
    for day in (date(2023, 9, 4), date(2023, 9, 10)):
        end, begin = datetime.combine(day, time(23, 59, 59)), datetime.combine(day, time())
        made.problem("C", end, unit="UC")
        made.problem("C", end, unit="UC", fixed=end + second)
        made.problem("D", begin, unit="UD")
        made.problem("D", begin, unit="UD", fixed=begin + second)
    made.problem("D", datetime(2023, 9, 11), unit="UD")
    for source in ("群众举报", "自查", "热线转办"):
        made.problem("E", due, source=source, unit="UE")
    made.problem("E", due, "已派遣", source="自查", unit="UE")
    made.problem(TOWN, due, unit="BM")
    made.problem("F", due, unit="UF", site="A-lane")  # the site decides
    made.problem("F", due, unit="UF", dispatched=due - DAY, verified=None)
    for name in ("miss", "skip", "some", "answering"):
        made.ask(name, "2023-W35", "2023-W37")
    made.ask("daily", "2023-09-04", "2023-09-11")
    return made.town


def edges_of_time() -> Town:
    """First and last seconds of days, weeks, fortnights and months; rounds whose dates say nothing; a leap day."""
    table = {"flags": {"red": 1, "yellow": 1}, "money": {"month_red": 7, "month_yellow": -3}, "missing": "zero"}
    complaints = {"slug": "complaints", "rule": "verified-complaints", "sources": ["媒体曝光"], "each": -1, "limit": -2}
    tables = {
        period: series(period=period, adjustments=[complaints], **table)
        for period in ("day", "week", "fortnight", "month")
    }
    made = Maker("edges", "ABC", tables)
    days = [
        date(2026, 12, 20), date(2026, 12, 21), date(2026, 12, 27), date(2026, 12, 28), date(2026, 12, 31),
        date(2027, 1, 1), date(2027, 1, 3), date(2027, 1, 4), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1),
    ]  # fmt: skip
    for n, day in enumerate(days):
        made.score("A-lane", datetime.combine(day, time(0, 0, 0)), 90 + n)
        made.score("B-lane", datetime.combine(day, time(23, 59, 59)), 91 + Decimal(n) / 3 // Decimal("0.01") / 100)
        made.score("C-market", datetime.combine(day, time(0, 0, 1)), 92, "定期督导" if n % 2 else "日巡查")
        made.problem("B", None, "已立案", source="媒体曝光", found=datetime.combine(day, time(23, 59, 59)))
        made.problem("A", None, "待核实" if n % 3 else "已立案", source="媒体曝光", found=datetime.combine(day, time()))
    made.ask("day", "2026-12-20", "2027-01-04")
    made.ask("week", "2026-W51", "2027-W01")
    made.ask("fortnight", "2026-F26", "2027-F01")
    made.ask("month", "2026-12", "2027-01")
    made.ask("day", "2024-02-28", "2024-03-01")
    made.ask("month", "2024-02", "2024-03")
    return made.town


def places_and_codes() -> Town:
    """Subjects of every level; sites at the town itself; equal names; codes of letters of every sort."""
    tables = {
        f"s{n}": series(subject=subject, statement={"last": 1}, flags={"red": 1, "yellow": 1})
        for n, subject in enumerate(["社区", "网格", "村", "自然村", "村民小组", "乡镇", "县"])
    }
    made = Maker("places", "AaéZ", tables)
    for code in ("𠀀", "﨎", "社区一", "0", "00", "12", "A.1", "_"):
        made.community(code)
    areas, sites = made.town.areas, made.town.sites
    for area in areas:
        area.name = "东关"
    areas += [
        Area("A-1", "一格", "网格", "A"), Area("A-2", "一格", "网格", "A"), Area("v", "村", "村", TOWN), Area("V", "村", "村", TOWN),
        Area("v-1", "庄", "自然村", "v"), Area("v-1-1", "组", "村民小组", "v-1"), Area("v-2", "组", "村民小组", "v"),
    ]  # fmt: skip
    for area, kind in (
        ("A-1", "school"),
        ("A-2", "school"),
        ("v-1-1", "village"),
        ("v-2", "village"),
        ("v", "household"),
        (TOWN, "main_street"),
        ("6200", "main_street"),
        ("V", "village"),
    ):
        sites.append(Site(f"d-{area}", "点", kind, area, (104.9, 33.38), "BD09"))
    at = datetime(2023, 9, 6, 9)
    for n, site in enumerate(sites):
        if site.kind != "market":
            made.score(site.code, at, 100 - n % 4)
    for name in tables:
        made.ask(name, "2023-W36", "2023-W36")
    made.town.draw = Draw(
        "轮-1", "0" * 64, {"back_lane": 5, "market": 100, "bath": 2}, {"A-lane": "修路", "é-market": "休市"}
    )
    return made.town


def chains_of_duty() -> Town:
    """Nearest ties, last days, hand-overs with a day in common, one person twice, units that hold, holes."""
    roles = [
        {"name": name, "single": single} for name, single in (("包社区领导", True), ("网格员", True), ("保洁员", False))
    ]
    made = Maker(
        "duties",
        "AB",
        {"weekly": series()},
        chains={"back_lane": {"roles": roles}, "river_section": {"roles": roles[::-1]}},
    )
    made.town.areas += [Area("A-1", "一格", "网格", "A"), Area("A-2", "二格", "网格", "A")]
    for code, kind, area in (
        ("l1", "back_lane", "A-1"),
        ("l2", "back_lane", "A-2"),
        ("l3", "back_lane", TOWN),
        ("L3", "river_section", "6200"),
        ("l4", "river_section", "A-1"),
    ):
        made.site(code, kind, area)
    day, old = date(2023, 10, 15), date(2023, 1, 1)
    made.town.day = day
    for row in [
        ("P1", "包社区领导", "A", old, day), ("P2", "包社区领导", "A", day, None), ("P3", "包社区领导", TOWN, old, None),
        ("P1", "网格员", "A-1", old, None, "08:00-12:00"), ("P1", "网格员", "A-1", old, None, "14:00-18:00"),
        ("P2", "网格员", "A", old, None), ("P3", "网格员", "l2", old, day - DAY), ("UA", "网格员", "l2", day + DAY, None),
        ("UA", "保洁员", "A-2", old, None), ("P1", "保洁员", "A-2", old, None), ("P3", "保洁员", "A-2", day, day),
        ("P2", "网格员", "6200", old, None), ("UB", "网格员", "6200", old, None), ("P1", "保洁员", "B", old, date(2023, 10, 14)),
        ("P1", "网格员", "l1", old, date(2023, 9, 30)), ("P1", "网格员", "l1", date(2023, 10, 2), date(2023, 10, 14)),
        ("P2", "保洁员", "l4", day, None, "06:00-10:00、14:00-18:00"), ("UB", "包社区领导", "l4", old, None),
        ("P3", "包社区领导", "l4", old, None), ("P3", "巷长", "l1", old, None),
    ]:  # fmt: skip
        made.duty(*row)
    return made.town


def units_ranked() -> Town:
    """Units as subjects: by whose duty at the nearest tie a visit counts, by whose problem a deadline."""
    regular, ledger = REGULAR | {"weight": Decimal("0.7")}, LEDGER | {"weight": Decimal("0.3")}
    table = {
        "flags": {"red": 1, "yellow": 1},
        "statement": {"last": 1},
        "money": {"month_red": 100, "month_yellow": -100},
    }
    made = Maker(
        "units", "ABC", {"units": series(regular, ledger, subject="unit:成员单位", roles=["包抓单位"], **table)}
    )
    made.town.units += [Unit(f"M{n}", "局", "成员单位") for n in (1, 2, 3)]
    made.town.units += [Unit("M4", "所", "成员单位", "M1")]
    made.town.persons += [Person("Q1", "赵", "M2"), Person("Q2", "钱", "M4")]
    old, hand_over = date(2023, 1, 1), date(2023, 9, 7)
    for row in [
        ("M1", "包抓单位", TOWN, old), ("Q1", "包抓单位", "B", old, None, "08:00-09:00"), ("M3", "网格员", "C", old),
        ("Q2", "包抓单位", "C-lane", old, hand_over), ("M3", "包抓单位", "C-lane", hand_over + DAY),
        ("M2", "包抓单位", "A-market", old), ("M1", "包抓单位", "A-market", old),
    ]:  # fmt: skip
        made.duty(*row)
    for n, day in enumerate((date(2023, 9, 6), hand_over, hand_over + DAY, date(2023, 9, 11))):
        for m, site in enumerate(("A-lane", "B-lane", "C-lane", "A-market")):
            made.score(site, datetime.combine(day, time(23, 59, 59)), 90 + n - 3 * m)
    due = datetime(2023, 9, 10, 12)
    for unit, late in (("M1", 0), ("M1", 1), ("M4", 0), ("UA", 0), ("M3", 9)):
        made.problem("A", due, unit=unit, fixed=due + timedelta(hours=late))
    made.ask("units", "2023-W36", "2023-W38")
    return made.town


MADE: list[Callable[[], Town]] = [
    flags_and_ties, streaks_over_the_turn_of_the_year, halves_and_zeros, ledger_states, edges_of_time, places_and_codes,
    chains_of_duty, units_ranked,
]  # fmt: skip
