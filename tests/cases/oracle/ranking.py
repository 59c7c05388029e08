"""Scores, ranks, flags and what follows from them, period by period (domain §8; workbooks.md appraisal.json)."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.cases.oracle.answering import nearest
from tests.cases.oracle.scoring import RULES, money_text, rounded, series_mean, subjects_of, verified_complaints
from tests.cases.oracle.spans import Span, spans
from tests.cases.oracle.town import Town

Totals = dict[str, list[tuple[Span, str, Fraction | None]]]


@dataclass
class Row:
    """A subject in a period."""

    code: str
    name: str
    parts: dict[str, Fraction | None]
    adjustments: dict[str, Fraction]
    total: Fraction | None
    rank: int | None = None
    flag: str | None = None


def appraisal_json(town: Town, name: str, first: str, last: str, totals: Totals) -> dict[str, Any]:
    """The result of one series; its totals are added to `totals` for the series that take their mean."""
    series = town.preset["series"][name]
    streaks: dict[str, int] = {}
    periods, settled = [], []
    for span in spans(series["period"], first, last):
        rows = ranked([row_of(town, series, subject, span, totals) for subject in subjects_of(town, series)], series)
        flag(rows, series.get("flags", {}))
        totals.setdefault(name, []).extend((span, row.code, row.total) for row in rows)
        settled += [(span.month, row.code, row.flag) for row in rows]
        periods.append(
            {
                "period": span.name,
                "from": span.first.isoformat(),
                "to": span.last.isoformat(),
                "subjects": [subject_json(row) for row in rows],
                "statements": statements(rows, series.get("statement")),
                "interviews": interviews(town, rows, series.get("interview"), streaks, span),
            }
        )
    return {"series": name, "periods": periods, "settlements": settlements(settled, series.get("money"))}


def subject_json(row: Row) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "parts": {slug: money_text(value) for slug, value in row.parts.items()},
        "adjustments": {slug: money_text(value) for slug, value in row.adjustments.items()},
        "total": money_text(row.total),
        "rank": row.rank,
        "flag": row.flag,
    }


# --- Totals and ranks -------------------------------------------------------------------------------------------------
def row_of(town: Town, series: dict[str, Any], subject: tuple[str, str], span: Span, totals: Totals) -> Row:
    code, name = subject
    parts = {}
    for part in series["parts"]:
        if part["rule"] == "series-mean":
            parts[part["slug"]] = series_mean(totals, part, code, span)
        else:
            parts[part["slug"]] = RULES[part["rule"]](town, series, part, code, span)
    adjustments = {
        rule["slug"]: verified_complaints(town, series, rule, code, span) for rule in series.get("adjustments", [])
    }
    return Row(code, name, parts, adjustments, total_of(series, parts, adjustments))


def total_of(
    series: dict[str, Any], parts: dict[str, Fraction | None], adjustments: dict[str, Fraction]
) -> Fraction | None:
    weights = {part["slug"]: Fraction(str(part["weight"])) for part in series["parts"]}
    present = [slug for slug, value in parts.items() if value is not None]
    share = sum(weights[slug] for slug in present) / sum(weights.values())
    if share == 0 or share < Fraction(str(series.get("min_weight", 0))):
        return None
    counted = list(parts) if series.get("missing", "spread") == "zero" else present
    weighed = sum((weights[slug] * (parts[slug] or 0) for slug in counted), Fraction(0))
    total = weighed / sum(weights[slug] for slug in counted) + sum(adjustments.values())
    return rounded(min(max(total, Fraction(0)), Fraction(100)))


def ranked(rows: list[Row], series: dict[str, Any]) -> list[Row]:
    """By rank, then code; those not ranked last."""

    def merit(row: Row) -> list[Fraction]:
        """What is compared, higher is better; a missing part counts as −1."""
        values = [row.total, *(row.parts[slug] for slug in series.get("tie_breakers", []))]
        return [Fraction(-1) if value is None else value for value in values]

    for row in rows:
        if row.total is not None:
            row.rank = 1 + sum(other.total is not None and merit(other) > merit(row) for other in rows)
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.code))


# --- Flags ------------------------------------------------------------------------------------------------------------
def first_of(rows: list[Row], n: int, ties: str) -> list[Row]:
    """The first n with all who are tied across the line, or with none of them."""
    places = {id(row): row.rank or 0 for row in rows}
    return within_line(rows, places, n, ties)


def last_of(rows: list[Row], n: int, ties: str) -> list[Row]:
    places = {id(row): 1 + sum((other.rank or 0) > (row.rank or 0) for other in rows) for row in rows}
    return within_line(rows, places, n, ties)


def within_line(rows: list[Row], places: dict[int, int], n: int, ties: str) -> list[Row]:
    found = []
    for row in rows:
        begins = places[id(row)]
        ends = begins + sum(places[id(other)] == begins for other in rows) - 1
        if (begins if ties == "all" else ends) <= n:
            found.append(row)
    return found


def how_many(wanted: Any, rows: list[Row]) -> int:
    """A number, or a share below 1 of the ranked, rounded down."""
    number = Fraction(str(wanted))
    return (number * len(rows)).__floor__() if number < 1 else int(number)


def flag(rows: list[Row], flags: dict[str, Any]) -> None:
    rows = [row for row in rows if row.rank is not None]
    red, yellow = how_many(flags.get("red", 0), rows), how_many(flags.get("yellow", 0), rows)
    ties = flags.get("ties", "all")
    among_first, among_last = first_of(rows, red, ties), last_of(rows, yellow, ties)
    if len(rows) < red + yellow:
        among_last = []
    for row in rows:
        is_first = any(row is other for other in among_first)
        is_last = any(row is other for other in among_last)
        total = row.total or Fraction(0)
        if is_first and not is_last and total >= Fraction(str(flags.get("min_score", 0))):
            row.flag = "red"
        if is_last and not is_first and total <= Fraction(str(flags.get("max_score", 100))):
            row.flag = "yellow"


# --- What follows -----------------------------------------------------------------------------------------------------
def statements(rows: list[Row], table: dict[str, Any] | None) -> list[str]:
    """The last n, ties always included, never rank 1."""
    if table is None:
        return []
    rows = [row for row in rows if row.rank is not None]
    return sorted(row.code for row in last_of(rows, table["last"], "all") if row.rank != 1)


def interviews(
    town: Town, rows: list[Row], table: dict[str, Any] | None, streaks: dict[str, int], span: Span
) -> list[dict[str, str | None]]:
    """After k yellow flags in a row; a period without a rank is skipped, one without yellow breaks."""
    found: list[dict[str, str | None]] = []
    if table is None:
        return found
    for row in sorted(rows, key=lambda row: row.code):
        code = row.code
        if row.rank is None:
            continue
        streaks[code] = streaks.get(code, 0) + 1 if row.flag == "yellow" else 0
        if streaks[code] == table["yellow_streak"]:
            streaks[code] = 0
            _, holders = nearest(town, town.upwards(code), table["of"], span.last)
            found.append({"subject": code, "person": holders[0] if holders else None})
    return found


def settlements(settled: list[tuple[str, str, str | None]], table: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Every month in which a period ends × every subject."""
    if table is None:
        return []
    found = []
    for month, code in sorted({(month, code) for month, code, _ in settled}):
        red = settled.count((month, code, "red"))
        yellow = settled.count((month, code, "yellow"))
        amount = red * table.get("month_red", 0) + yellow * table.get("month_yellow", 0)
        found.append({"month": month, "subject": code, "red": red, "yellow": yellow, "amount": amount})
    return found
