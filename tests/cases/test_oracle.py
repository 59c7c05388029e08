"""Small towns of every shape: what the product makes of their workbooks is what a separate program works out."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.cases.oracle.answering import duties_json
from tests.cases.oracle.books import write_town
from tests.cases.oracle.drawing import candidates, draws_json
from tests.cases.oracle.library import spellings
from tests.cases.oracle.made_towns import MADE
from tests.cases.oracle.random_towns import random_town
from tests.cases.oracle.ranking import Totals, appraisal_json
from tests.cases.oracle.town import WORKBOOKS, Town

# More seeds for a longer search: CHUANGWEI_ORACLE_SEEDS=100-200.
FIRST, LAST = (int(seed) for seed in os.environ.get("CHUANGWEI_ORACLE_SEEDS", "1-8").split("-"))


def differences(found: Any, wanted: Any, path: str = "") -> list[str]:
    """Where two JSON values differ, by their paths."""
    if isinstance(found, dict) and isinstance(wanted, dict) and found.keys() == wanted.keys():
        return [line for key in wanted for line in differences(found[key], wanted[key], f"{path}.{key}")]
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        return [line for n, one in enumerate(wanted) for line in differences(found[n], one, f"{path}[{n}]")]
    return [] if found == wanted else [f"{path}: {found} is not {wanted}"]


def imported(folder: Path) -> dict[str, Any]:
    report = folder / "import.json"
    call_command("import", *(str(folder / book) for book in WORKBOOKS), json=report, stdout=StringIO())
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def appraised(series: str, first: str, last: str, folder: Path) -> object:
    file = folder / "appraisal.json"
    call_command("appraise", series, "--from", first, "--to", last, "--json", str(file), stdout=StringIO())
    return json.loads(file.read_text())


def duties(town: Town, folder: Path) -> object:
    file = folder / "duties.json"
    call_command("duties", "--at", town.day.isoformat(), "--json", str(file), stdout=StringIO())
    return json.loads(file.read_text())


def check(town: Town, folder: Path, *, once_more: bool = False) -> None:
    """Everything asked of a town (once more: its first series), as the product has it and as the oracle has it."""
    totals: Totals = {}
    for series, first, last in town.asked[: 1 if once_more else None]:
        wanted = appraisal_json(town, series, first, last, totals)
        assert differences(appraised(series, first, last, folder), wanted, series) == []
    assert differences(duties(town, folder), duties_json(town), "duties") == []


def check_draw(town: Town, folder: Path) -> None:
    if town.draw is None:
        return
    file = folder / "draws.json"
    call_command(
        "draw", town.draw.round, *(f"--stratum={spellings()[kind][-1]}={n}" for kind, n in town.draw.strata.items()),
        *(f"--exclude={code}={reason}" for code, reason in town.draw.excluded.items()),
        f"--seed={town.draw.seed}", f"--json={file}", stdout=StringIO(),
    )  # fmt: skip
    assert json.loads(file.read_text()) == draws_json(town, town.draw)
    assert (folder / "draws-candidates.txt").read_text(encoding="utf-8") == candidates(town, town.draw)


def run(town: Town, seed: int | None, folder: Path) -> None:
    write_town(town, folder, seed)
    call_command("init", preset=str(folder / "preset.toml"), county="云岭县", stdout=StringIO())
    assert not imported(folder)["refused"]
    check(town, folder)
    again = imported(folder)
    assert (again["refused"], again["added"], again["changed"]) == (False, 0, 0)
    if seed is not None:
        write_town(town, folder, seed + 1)  # the same values in another hand
        again = imported(folder)
        assert (again["refused"], again["added"], again["changed"]) == (False, 0, 0)
    check(town, folder, once_more=True)
    check_draw(town, folder)


def worked_out(towns: Iterable[Town]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every period the oracle works out, with the series it belongs to."""
    for town in towns:
        totals: Totals = {}
        for name, first, last in town.asked:
            for period in appraisal_json(town, name, first, last, totals)["periods"]:
                yield town.preset["series"][name], period


def marks(series: dict[str, Any], period: dict[str, Any]) -> Iterator[str]:
    """What is worth a test about a period."""
    rows, flags = period["subjects"], series.get("flags", {})
    ranks = [row["rank"] for row in rows if row["rank"]]
    given = [row["flag"] for row in rows if row["flag"]]
    yield from (f"total {row['total']}" for row in rows if row["total"] in {None, "0.00", "100.00"})
    yield from (f"{series['period']} {period['period'][:5]}" for _ in ranks[:1])
    yield from ("praise" for row in rows if any(text > "0.00" for text in row["adjustments"].values()))
    yield from ("interview" if one["person"] else "interview of nobody" for one in period["interviews"])
    yield from ("tied" for rank in ranks if ranks.count(rank) > 1)
    yield from (f"{ties} of the tied" for ties in ("all", "none") if flags.get("ties") == ties and ranks and given)
    if given.count("red") > flags.get("red", 1) >= 1:
        yield "more red flags than wanted"
    if given.count("yellow") > flags.get("yellow", 1) >= 1:
        yield "more yellow flags than wanted"
    if given and "yellow" not in given and flags.get("yellow"):
        yield "too few for yellow"
    if len(ranks) > 1 and set(ranks) == {1} and not given and flags.get("red"):
        yield "everyone tied"
    if ranks and min(ranks) == max(ranks) and series.get("statement") and not period["statements"]:
        yield "nobody speaks"
    yield from (name for name in (period["period"],) if name[5:] in {"W53", "F27", "02-29"})


EDGES = {
    "total None", "total 0.00", "total 100.00", "praise", "interview", "interview of nobody", "tied", "all of the tied",
    "none of the tied", "more red flags than wanted", "more yellow flags than wanted", "too few for yellow",
    "everyone tied", "nobody speaks", "2020-W53", "2026-W53", "2026-F27", "2020-F27", "2024-02-29", "week 2021-",
    "month 2021-", "fortnight 2021-", "day 2027-", "month 2027-",
}  # fmt: skip


def test_the_towns_hold_the_edges_they_are_for() -> None:
    assert EDGES - {mark for each in worked_out(make() for make in MADE) for mark in marks(*each)} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("make", MADE, ids=lambda make: make.__name__)
def test_towns_made_for_their_edges(make: Callable[[], Town], tmp_path: Path) -> None:
    run(make(), 1, tmp_path)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(FIRST, LAST + 1))
def test_towns_by_chance(seed: int, tmp_path: Path) -> None:
    run(random_town(seed), seed, tmp_path)
