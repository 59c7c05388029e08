"""Presets by chance: every option of a series, in the values that decide something."""

from decimal import Decimal
from random import Random
from typing import Any

ROLES = ["包社区领导", "社区党支部书记", "网格员", "保洁员", "镇级河长"]
LEVELS = ["县", "乡镇", "街道", "社区", "村", "网格", "自然村", "村民小组"]
PERIODS = {"day": 5, "week": 5, "fortnight": 4, "month": 3}
SUBJECTS = ["社区", "社区", "社区", "网格", "村", "乡镇", "自然村"]


def preset_of(chance: Random) -> tuple[dict[str, Any], str, int]:
    """The preset, the kind of its subjects, the number of its periods."""
    period, subject = chance.choice(list(PERIODS)), chance.choice(SUBJECTS)
    main = series_of(chance, period, subject)
    preset: dict[str, Any] = {
        "preset": {"slug": "local", "title": "本地"},
        "levels": LEVELS,
        "chains": chains_of(chance),
        "series": {"main": main},
    }
    if period != "month" and chance.random() < 0.4:
        part = {"slug": "mean", "rule": "series-mean", "series": "main", "weight": 1}
        preset["series"]["monthly"] = {
            "title": "月评",
            "subject": subject,
            "period": "month",
            "parts": [part],
        } | tables_of(chance)
    return preset, subject, PERIODS[period]


def chains_of(chance: Random) -> dict[str, Any]:
    kinds = chance.sample(
        ["market", "back_lane", "main_street", "public_toilet", "river_section"], chance.choice([0, 1, 3, 5])
    )
    return {
        kind: {
            "roles": [
                {"name": role, "single": chance.random() < 0.6} for role in chance.sample(ROLES, chance.randint(1, 4))
            ]
        }
        for kind in kinds
    }


def series_of(chance: Random, period: str, subject: str) -> dict[str, Any]:
    parts = parts_of(chance)
    series: dict[str, Any] = {"title": "评比", "subject": subject, "period": period}
    if chance.random() < 0.7:
        series["missing"] = chance.choice(["spread", "zero"])
    if chance.random() < 0.6:
        series["tie_breakers"] = chance.sample([part["slug"] for part in parts], chance.randint(1, len(parts)))
    if chance.random() < 0.6:
        weights = [0, 2, 3, Decimal("0.5"), Decimal("1.25"), Decimal("0.1")]
        series["kind_weights"] = {
            kind: chance.choice(weights) for kind in chance.sample(["market", "back_lane", "main_street"], 2)
        }
    if chance.random() < 0.3:
        series["min_weight"] = chance.choice([Decimal("0.5"), Decimal("0.3"), Decimal("0.4")])
    series["parts"] = parts
    if chance.random() < 0.7:
        series["adjustments"] = adjustments_of(chance)
    return series | tables_of(chance)


def parts_of(chance: Random) -> list[dict[str, Any]]:
    weights = [Decimal("0.4"), Decimal("0.3"), Decimal("0.1"), 1, 3]
    parts: list[dict[str, Any]] = []
    for slug, rounds in (("regular", ["定期督导", "日巡查"]), ("random", ["随机抽查"]), ("secret", ["暗访", "互查"])):
        part = {"slug": slug, "rule": "visit-mean", "rounds": rounds, "weight": chance.choice(weights)}
        if chance.random() < 0.25:
            part["min_visits"] = chance.choice([2, 3])
        if chance.random() < 0.3:
            part["checks"] = chance.choice(["all", "own", "own", "line"])
        parts.append(part)
    ledger = {"slug": "ledger", "rule": "on-time-closure", "weight": chance.choice(weights)}
    if chance.random() < 0.3:
        ledger["unverified"] = chance.choice(["miss", "skip"])
    if chance.random() < 0.25:
        ledger["count"] = chance.choice(["area", "answering"])
    if chance.random() < 0.2:
        ledger["sources"] = chance.sample(["督查发现", "群众举报", "自查", "日常巡查"], 3)
    parts.append(ledger)
    chance.shuffle(parts)
    return parts[: chance.randint(1, 4)]


def adjustments_of(chance: Random) -> list[dict[str, Any]]:
    harsh = {"slug": "complaints", "rule": "verified-complaints", "sources": ["群众举报", "热线转办"]}
    kind = {"slug": "praise", "rule": "verified-complaints", "sources": ["自查", "领导交办"]}
    harsh |= chance.choice(
        [{"each": Decimal("-0.2"), "limit": -5}, {"each": Decimal("-0.25"), "limit": Decimal("-0.6")}, {"each": -60}]
    )
    kind |= chance.choice([{"each": Decimal("0.5"), "limit": 1}, {"each": 30}, {"each": Decimal("0.01")}])
    return chance.choice([[harsh], [kind], [harsh, kind]])


def tables_of(chance: Random) -> dict[str, Any]:
    """Flags, statement, interview and money; what is left out gives nothing."""
    found: dict[str, Any] = {}
    if chance.random() < 0.85:
        counts = [1, 1, 2, 3, Decimal("0.2"), Decimal("0.34"), Decimal("0.5")]
        found["flags"] = {"red": chance.choice(counts), "yellow": chance.choice(counts)}
        if chance.random() < 0.7:
            found["flags"]["ties"] = chance.choice(["all", "none"])
        if chance.random() < 0.4:
            found["flags"]["min_score"] = chance.choice([85, Decimal("99.5"), 100, Decimal("97.25")])
        if chance.random() < 0.3:
            found["flags"]["max_score"] = chance.choice([60, 90, Decimal("98.5")])
    if chance.random() < 0.7:
        found["statement"] = {"last": chance.choice([1, 2, 3])}
    if chance.random() < 0.7 and "flags" in found:
        found["interview"] = {
            "yellow_streak": chance.choice([1, 2, 2, 3]),
            "of": chance.choice(["包社区领导", "网格员"]),
        }
    if chance.random() < 0.7:
        found["money"] = {
            "month_red": chance.choice([100000, 33333, 0]),
            "month_yellow": chance.choice([-100000, -1, 0]),
        }
    return found
