"""The rules of a ranking a second time, in the plainest way: fractions, sorted lists, no shortcuts.

It shares no code with the product and reads domain §8 line by line. Slow, and meant to be.
"""

from fractions import Fraction
from typing import Any

Row = dict[str, Any]


def rounded(value: Fraction) -> Fraction:
    """Half up to two decimals."""
    return Fraction((value * 100 + Fraction(1, 2)).__floor__(), 100)


def visit_score(visit: Row) -> Fraction | None:
    if visit["vetoed"]:
        return Fraction(0)
    if visit["possible"] == 0:
        return None
    return rounded(Fraction(100) * visit["got"] / visit["possible"])


def visit_mean(part: Row, series: Row, visits: list[Row]) -> Fraction | None:
    kinds: dict[str, list[Fraction]] = {}
    for visit in visits:
        score = visit_score(visit)
        if visit["round"] in part["rounds"] and score is not None and not visit["own"]:
            kinds.setdefault(visit["kind"], []).append(score)
    if sum(map(len, kinds.values())) < part.get("min_visits", 1):
        return None
    above = below = Fraction(0)
    for kind, scores in kinds.items():
        trim = part.get("trim", 0)
        if trim and len(scores) >= 2 * trim + 3:
            for _ in range(trim):
                scores.remove(max(scores))
                scores.remove(min(scores))
        weight = series["kind_weights"].get(kind, Fraction(1))
        above += weight * sum(scores) / len(scores)
        below += weight
    return rounded(above / below) if below else None


def closure(problems: list[Row], unverified: str) -> Fraction | None:
    due = on_time = 0
    for problem in problems:
        if problem["state"] in ("rejected", "merged"):
            continue
        if problem["state"] == "pending":
            due += problem["pended_late"]
            continue
        in_time = problem["fixed"] is not None and problem["fixed"] <= problem["due"]
        if in_time and not problem["closed"] and problem["state"] == "fixed" and unverified == "skip":
            continue
        due += 1
        on_time += in_time and problem["closed"]
    return rounded(Fraction(100) * on_time / due) if due else None


def total(series: Row, parts: dict[str, Fraction | None], adjustment: Fraction) -> Fraction | None:
    weights = {part["slug"]: part["weight"] for part in series["parts"]}
    there = [slug for slug, value in parts.items() if value is not None]
    share = sum((weights[slug] for slug in there), Fraction(0))
    everything = sum(weights.values(), Fraction(0))
    if not there or share == 0 or share / everything < series["min_weight"]:
        return None
    weighed = sum((weights[slug] * (parts[slug] or 0) for slug in there), Fraction(0))
    weighed /= everything if series["missing"] == "zero" else share
    return rounded(min(max(weighed + adjustment, Fraction(0)), Fraction(100)))


def before(one: Row, other: Row, series: Row) -> bool:
    """Whether one stands strictly before the other."""
    keys = []
    for row in (one, other):
        breakers = [row["parts"][slug] for slug in series["tie_breakers"]]
        keys.append([row["total"], *(Fraction(-1) if value is None else value for value in breakers)])
    return keys[0] > keys[1]


def rank(rows: list[Row], series: Row) -> None:
    for row in rows:
        row["rank"] = 1 + sum(before(other, row, series) for other in rows)


def places(count: Fraction, ranked: int) -> int:
    return (count * ranked).__floor__() if count < 1 else int(count)


def line(rows: list[Row], count: int, ties: str, *, best: bool) -> set[str]:
    """The first (or last) `count`; a rank that lies across the line comes whole or not at all."""
    taken: set[str] = set()
    for one in sorted({row["rank"] for row in rows}, reverse=not best):
        tied = {row["code"] for row in rows if row["rank"] == one}
        outside = sum(row["rank"] < one if best else row["rank"] > one for row in rows)
        if outside >= count or (outside + len(tied) > count and ties == "none"):
            break
        taken |= tied
    return taken


def flag(rows: list[Row], flags: Row) -> None:
    red_count, yellow_count = places(flags["red"], len(rows)), places(flags["yellow"], len(rows))
    first = line(rows, red_count, flags["ties"], best=True)
    last: set[str] = set()
    if len(rows) >= red_count + yellow_count:
        last = line(rows, yellow_count, flags["ties"], best=False)
    for row in rows:
        is_first, is_last = row["code"] in first, row["code"] in last
        if is_first and not is_last and (flags["min_score"] is None or row["total"] >= flags["min_score"]):
            row["flag"] = "red"
        if is_last and not is_first and (flags["max_score"] is None or row["total"] <= flags["max_score"]):
            row["flag"] = "yellow"


def appraise(series: Row, periods: list[dict[str, Row]]) -> list[Row]:
    """Each period (subject → its visits, problems, complaints, group) as rows, statements and interviews."""
    streaks: dict[str, int] = {}
    found = []
    for facts in periods:
        rows = [judged(series, code, own) for code, own in sorted(facts.items())]
        statements: list[str] = []
        for group in sorted({row["group"] for row in rows}):
            ranked = [row for row in rows if row["group"] == group and row["total"] is not None]
            rank(ranked, series)
            flag(ranked, series["flags"])
            speak = line(ranked, series["statement"], "all", best=False)
            statements += [row["code"] for row in ranked if row["code"] in speak and row["rank"] != 1]
        interviews = []
        for row in rows:
            code = row["code"]
            if row["total"] is not None:
                streaks[code] = streaks.get(code, 0) + 1 if row["flag"] == "yellow" else 0
                if row["flag"] == "yellow" and streaks[code] >= series["yellow_streak"]:
                    interviews.append(code)
                    streaks[code] = 0
        found.append({"rows": rows, "statements": sorted(statements), "interviews": interviews})
    return found


def judged(series: Row, code: str, own: Row) -> Row:
    parts: dict[str, Fraction | None] = {}
    for part in series["parts"]:
        if part["rule"] == "visit-mean":
            parts[part["slug"]] = visit_mean(part, series, own["visits"])
        else:
            parts[part["slug"]] = closure(own["problems"], part["unverified"])
    each, limit = series["complaints"]
    adjustment = max(each * own["complaints"], limit)
    score = total(series, parts, adjustment)
    return {
        "code": code, "group": own["group"], "parts": parts, "adjustment": adjustment, "total": score, "rank": None,
        "flag": None,
    }  # fmt: skip
