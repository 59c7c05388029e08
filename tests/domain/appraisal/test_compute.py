"""Whole outcomes against the oracle; the same inputs the same bytes; streaks over periods."""

import hashlib
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwei.domain.appraisal.compute import Inputs, Outcome, compute_again, compute_period, digest
from chuangwei.domain.appraisal.facts import (
    OWN_SUBJECT,
    OWN_VETOED,
    VETOED,
    ProblemFact,
    SubjectFact,
    TotalFact,
    VisitFact,
    problem_lines,
    problems_of_lines,
    visit_lines,
    visits_of_lines,
)
from chuangwei.domain.appraisal.periods import Span, parse_span, spans_between
from chuangwei.domain.appraisal.series import Series
from tests.domain.appraisal import oracle
from tests.domain.appraisal.building import REGULAR, problem, series, subjects, visit, week

ROUNDS = {"定期督导": "regular", "随机抽查": "random", "互查": "mutual"}
SOME = st.sampled_from
FEW_WEIGHTS = SOME(["0", "0.1", "0.25", "0.3", "1", "2"])
# Points that give ties, zeros, and scores that end in a half of a hundredth (199.99 of 200 is 99.995).
POINTS = SOME([(0, 100), (50, 100), (90, 100), (90, 100), (100, 100), (1, 3), (2, 3), (199.99, 200), (1, 16), (0, 0)])


@st.composite
def visit_parts(draw: st.DrawFn) -> list[dict[str, Any]]:
    slugs = draw(st.lists(SOME(["a", "b", "c"]), unique=True, min_size=1))
    kinds = st.lists(SOME(list(ROUNDS)), unique=True, min_size=1, max_size=2)
    return [
        {
            "slug": slug, "rule": "visit-mean", "rounds": draw(kinds), "weight": draw(FEW_WEIGHTS),
            "min_visits": draw(SOME([1, 1, 2])), "trim": draw(SOME([0, 0, 1])),
        }
        for slug in slugs
    ]  # fmt: skip


@st.composite
def some_series(draw: st.DrawFn) -> dict[str, Any]:
    """The table of a preset, with options of every sort."""
    parts = draw(visit_parts())
    if draw(st.booleans()):
        unverified = draw(SOME(["miss", "skip"]))
        parts.append({"slug": "z", "rule": "on-time-closure", "weight": draw(FEW_WEIGHTS), "unverified": unverified})
    parts[0]["weight"] = draw(SOME(["0.1", "0.3", "1"]))
    count = SOME(["0", "1", "2", "3", "0.2", "0.34", "0.5"])
    slugs = [part["slug"] for part in parts]
    return {
        "slug": "weekly", "subject": "社区", "period": "week", "parts": parts,
        "missing": draw(SOME(["spread", "zero"])),
        "min_weight": draw(SOME(["0", "0", "0.25", "0.5"])),
        "tie_breakers": draw(st.lists(SOME(slugs), unique=True)),
        "kind_weights": draw(st.dictionaries(SOME(["market", "toilet"]), SOME(["0", "0.5", "2"]))),
        "adjustments": [
            {"slug": "y", "rule": "verified-complaints", "sources": ["热线转办"], "each": "-0.2", "limit": "-0.5"}
        ],
        "flags": {
            "red": draw(count), "yellow": draw(count), "ties": draw(SOME(["all", "none"])),
            "min_score": draw(SOME([None, "60", "90"])), "max_score": draw(SOME([None, "60", "90"])),
        },
        "statement": {"last": draw(st.integers(1, 3))},
        "interview": {"yellow_streak": draw(st.integers(1, 3)), "of": "包社区领导"},
    }  # fmt: skip


RARELY = SOME([False, False, False, True])
VISITS = st.tuples(POINTS, SOME(list(ROUNDS.values())), SOME(["lane", "market", "toilet"]), RARELY, RARELY)
PROBLEMS = st.tuples(
    SOME(["closed", "closed", "fixed", "dispatched", "reopened", "rejected", "merged", "pending"]),
    SOME([None, -1, 0, 1]),  # put right so many hours after the deadline
    st.booleans(),
)
SUBJECT = st.tuples(
    st.lists(VISITS, max_size=6), st.lists(PROBLEMS, max_size=4), st.integers(0, 4), SOME(["", "", "城中村"])
)
PERIOD = st.lists(SUBJECT, min_size=1, max_size=7)


def told_to_oracle(table: dict[str, Any]) -> dict[str, Any]:
    """The same series in the oracle's words."""
    exact = Fraction
    return {
        "parts": [
            part | {"weight": exact(part["weight"]), "rounds": [ROUNDS[kind] for kind in part.get("rounds", [])]}
            for part in table["parts"]
        ],
        "missing": table["missing"],
        "min_weight": exact(table["min_weight"]),
        "tie_breakers": table["tie_breakers"],
        "kind_weights": {kind: exact(weight) for kind, weight in table["kind_weights"].items()},
        "complaints": (exact("-0.2"), exact("-0.5")),
        "flags": {
            name: exact(value) if isinstance(value, str) and name != "ties" else value
            for name, value in table["flags"].items()
        },
        "statement": table["statement"]["last"],
        "yellow_streak": table["interview"]["yellow_streak"],
    }


def facts_of(
    number: int, subject: tuple[Any, ...], span: Span
) -> tuple[list[VisitFact], list[ProblemFact], dict[str, Any]]:
    """One subject's facts for the product and for the oracle."""
    visits, problems, complaints, group = subject
    code, day = f"A{number}", span.first.isoformat()
    due = f"{day}T12:00:00"
    own: dict[str, Any] = {"group": group, "visits": [], "problems": [], "complaints": complaints}
    visit_facts, problem_facts = [], []
    for at, ((got, possible), round_kind, kind, vetoed, is_own) in enumerate(visits):
        marks = (VETOED | OWN_VETOED) * vetoed + OWN_SUBJECT * is_own
        points = (int(Decimal(str(got)) * 10000), possible * 10000)
        visit_facts.append(
            VisitFact(f"V-{code}-{at}", f"{day}T08:00:00", code, "S", kind, round_kind, *points, 0, 0, marks)
        )
        own["visits"].append({
            "got": points[0], "possible": points[1], "round": round_kind, "kind": kind, "vetoed": vetoed,
            "own": is_own and round_kind == "mutual",
        })  # fmt: skip
    for at, (state, hours, closed) in enumerate(problems):
        fixed = "" if hours is None else f"{day}T{12 + hours}:00:00"
        pended = f"{day}T{13 if closed else 11}:00:00" if state == "pending" else ""
        problem_facts.append(
            problem(
                f"W-{code}-{at}", code, state=state, due_at=due, fixed_at=fixed,
                closed_at=f"{day}T20:00:00" if closed and hours is not None else "", pended_at=pended,
            )
        )  # fmt: skip
        own["problems"].append({
            "state": state, "due": 0, "fixed": hours, "closed": closed and hours is not None, "pended_late": closed,
        })  # fmt: skip
    found = {"source": "hotline", "due_at": "", "found_at": f"{day}T10:00:00", "state": "filed"}
    problem_facts += [problem(f"C-{code}-{at}", code, **found) for at in range(complaints)]
    return visit_facts, problem_facts, own


def both(table: dict[str, Any], periods: list[list[tuple[Any, ...]]]) -> tuple[list[Outcome], list[dict[str, Any]]]:
    """The product's outcomes and the oracle's, over consecutive weeks."""
    found: Series = series(*table["parts"], **{key: value for key, value in table.items() if key != "parts"})
    spans = list(spans_between(parse_span("2023-W36"), parse_span(f"2023-W{35 + len(periods)}")))
    outcomes: list[Outcome] = []
    told: list[dict[str, Any]] = []
    for span, period in zip(spans, periods, strict=True):
        gathered = [facts_of(number, subject, span) for number, subject in enumerate(period)]
        told.append({f"A{number}": own for number, (_, _, own) in enumerate(gathered)})
        inputs = Inputs(
            found, span,
            tuple(SubjectFact(f"A{number}", f"第{number}", subject[3]) for number, subject in enumerate(period)),
            tuple(one for visits, _, _ in gathered for one in visits),
            tuple(one for _, problems, _ in gathered for one in problems),
            streaks=outcomes[-1].streaks if outcomes else {},
        )  # fmt: skip
        outcomes.append(compute_period(inputs))
    return outcomes, oracle.appraise(told_to_oracle(table), told)


def in_hundredths(value: Fraction | None) -> int | None:
    return None if value is None else int(value * 100)


@settings(max_examples=150, deadline=None)
@given(some_series(), st.lists(PERIOD, min_size=1, max_size=4))
def test_outcomes_are_those_of_the_oracle(table: dict[str, Any], periods: list[list[tuple[Any, ...]]]) -> None:
    outcomes, told = both(table, periods)
    for outcome, expected in zip(outcomes, told, strict=True):
        standings = {standing.code: standing for standing in outcome.standings}
        for row in expected["rows"]:
            standing = standings[row["code"]]
            assert standing.parts == {slug: in_hundredths(value) for slug, value in row["parts"].items()}
            assert standing.adjustments == {"y": in_hundredths(row["adjustment"])}
            assert (standing.total, standing.rank, standing.flag) == (
                in_hundredths(row["total"]),
                row["rank"],
                row["flag"],
            )
        order = sorted(expected["rows"], key=lambda row: (row["rank"] is None, row["rank"] or 0, row["code"]))
        assert [standing.code for standing in outcome.standings] == [row["code"] for row in order]
        assert [one.subject for one in outcome.of("statement")] == expected["statements"]
        assert [one.subject for one in outcome.of("interview")] == expected["interviews"]


@settings(max_examples=60, deadline=None)
@given(some_series(), PERIOD, st.randoms())
def test_same_facts_give_the_same_bytes_in_any_order(table: dict[str, Any], period: list[Any], chance: Any) -> None:
    span = parse_span("2023-W36")
    gathered = [facts_of(number, subject, span) for number, subject in enumerate(period)]
    rows: list[Any] = [[one for own in gathered for one in own[part]] for part in (0, 1)]
    people = [SubjectFact(f"A{number}", "社区") for number in range(len(period))]
    texts = set()
    for _ in range(2):
        for part in (*rows, people):
            chance.shuffle(part)
        found = series(*table["parts"], **{key: value for key, value in table.items() if key != "parts"})
        inputs = Inputs(found, span, tuple(people), tuple(rows[0]), tuple(rows[1]))
        texts.add((inputs.to_json(), compute_period(inputs).to_json()))
    ((kept, result),) = texts
    assert compute_again(kept) == result
    assert Inputs.from_json(kept).to_json() == kept
    assert Outcome.from_json(result).to_json() == result


def test_every_field_of_the_inputs_is_read_back() -> None:
    inputs = Inputs(
        series(min_weight="0.5", interview={"yellow_streak": 2, "of": "包社区领导"}), parse_span("2023-W36"),
        (SubjectFact("A", "东关社区", "城中村", "2023-09-01"),),
        (visit(line_got=5, line_possible=7, marks=9),), (problem(),),
        (TotalFact("daily", "2023-09-04", "2023-09-04", "A", None), TotalFact("daily", "2023-09-05", "2023-09-05", "A", 9000)),
        {"A": ("2023-W34", "2023-W35")}, {"interview": {"A": "P1", "B": None}}, {"market": "农贸市场"},
    )  # fmt: skip
    assert Inputs.from_json(inputs.to_json()) == inputs


def test_digest_changes_with_any_byte() -> None:
    assert digest("a", "b") != digest("ab", "") != digest("a", "c")
    assert digest("中", "") == hashlib.sha256("中\n\n".encode()).hexdigest()


def test_lines_are_read_back() -> None:
    visits = (visit("JC-2023-0001", line_got=1, line_possible=2, marks=3), visit("JC-2"))
    reopened = problem("WT-3", closed_at="", first_closed_at="2023-09-06T10:00:00")
    problems = (problem("WT-1"), problem("WT-2", fixed_at="", closed_at=""), reopened)
    assert visits_of_lines(visit_lines(visits)) == visits
    assert problems_of_lines(problem_lines(problems)) == problems


def test_only_what_was_reopened_has_a_longer_line() -> None:
    """What was kept before there was a first closing is the same bytes still."""
    lines = problem_lines([problem("WT-1"), problem("WT-2", first_closed_at="2023-09-06T10:00:00")])
    assert [line.count("|") for line in lines] == [12, 13]


# --- Streaks and interviews over periods ------------------------------------------------------------------------------

WORST = {"A": "90", "B": "80", "C": "70", "D": "60"}
FAIR = {"A": "90", "B": "80", "C": "70", "D": "75"}
GONE: dict[str, str | None] = {"A": "90", "B": "80", "C": "70", "D": None}
NOBODY: dict[str, str | None] = {"A": None, "B": None, "C": None, "D": None}
FLAGS = {"flags": {"red": 1, "yellow": 1}, "interview": {"yellow_streak": 3, "of": "包社区领导"}}


@pytest.mark.parametrize(
    ("weeks", "interviews"),
    [
        ([WORST, WORST], []),
        ([WORST, WORST, WORST], [3]),
        ([WORST] * 5, [3]),
        ([WORST] * 6, [3, 6]),  # after an interview the count begins anew
        ([WORST, GONE, WORST, WORST], [4]),  # not ranked: neither counts nor breaks
        ([WORST, NOBODY, WORST, WORST], [4]),
        ([WORST, FAIR, WORST, WORST], []),  # ranked without yellow breaks
        ([WORST, WORST, FAIR, WORST, WORST, WORST], [6]),
        ([WORST, WORST, {"D": "50"}, WORST], []),  # alone, nobody gets yellow: ranked without it breaks
    ],
)
def test_interview_after_yellow_flags_in_a_row(weeks: list[dict[str, str | None]], interviews: list[int]) -> None:
    of, found, streaks = series(**FLAGS), [], {}
    span = parse_span("2023-W36")
    for number, totals in enumerate(weeks, 1):
        outcome = week(of, totals, slug=span.slug, streaks=streaks)
        streaks, span = outcome.streaks, span.next()
        if any(one.subject == "D" for one in outcome.of("interview")):
            found.append(number)
    assert found == interviews


def test_interview_names_who_holds_the_role_or_nobody() -> None:
    streaks = {"D": ("2023-W34", "2023-W35")}
    held = week(series(**FLAGS), WORST, streaks=streaks, holders={"interview": {"D": "P1"}})
    nobody = week(series(**FLAGS), WORST, streaks=streaks, holders={"interview": {"D": None}})
    assert [(one.subject, one.person) for one in held.of("interview")] == [("D", "P1")]
    assert [(one.subject, one.person) for one in nobody.of("interview")] == [("D", None)]
    assert held.streaks == {}


def test_merger_begins_a_streak() -> None:
    span = parse_span("2023-W36")
    totals = {"A": "90", "B": "60"}
    for since, streak in [("", 3), ("2023-08-27", 3), ("2023-09-03", 2), ("2023-09-04", 1), ("2023-09-05", 1)]:
        people = (SubjectFact("A", "A"), SubjectFact("B", "B", "", since))
        visits = tuple(visit(f"V{code}", code, score=score) for code, score in totals.items())
        inputs = Inputs(
            series(flags={"yellow": 1, "red": 1}), span, people, visits, streaks={"B": ("2023-W34", "2023-W35")}
        )
        assert len(compute_period(inputs).streaks["B"]) == streak, since


def test_period_skips_the_streak_of_who_is_no_subject_in_it() -> None:
    outcome = week(series(**FLAGS), {"A": "90"}, streaks={"Z": ("2023-W34", "2023-W35")})
    assert outcome.streaks == Outcome.from_json(outcome.to_json()).streaks == {"Z": ("2023-W34", "2023-W35")}
    back = week(series(**FLAGS), {"A": "90", "Z": "80"}, slug="2023-W37", streaks=outcome.streaks)
    assert [one.subject for one in back.of("interview")] == ["Z"]


# --- Classes, order, reasons ------------------------------------------------------------------------------------------


def test_classes_are_ranked_apart() -> None:
    people = tuple(SubjectFact(code, code, "城中村" if code in "CD" else "") for code in "ABCD")
    visits = tuple(visit(f"V{code}", code, score=score) for code, score in WORST.items())
    of = series(flags={"red": 1, "yellow": 1}, statement={"last": 1}, classes="类别")
    outcome = compute_period(Inputs(of, parse_span("2023-W36"), people, visits))
    assert [(one.code, one.rank, one.flag) for one in outcome.standings] == [
        ("A", 1, "red"), ("C", 1, "red"), ("B", 2, "yellow"), ("D", 2, "yellow"),
    ]  # fmt: skip
    assert [one.subject for one in outcome.of("statement")] == ["B", "D"]


def test_those_not_ranked_come_last_with_the_reason() -> None:
    of = series(REGULAR, {"slug": "ledger", "rule": "on-time-closure", "weight": 2}, min_weight="0.5")
    inputs = Inputs(
        of, parse_span("2023-W36"), subjects("ABC"), (visit("V1", "B", score="90"), visit("V2", "C", score="90")), (problem("W", "C"),)
    )  # fmt: skip
    outcome = compute_period(inputs)
    assert [(one.code, one.rank, one.total, one.flag, one.reason) for one in outcome.standings] == [
        ("C", 1, 9667, None, ""),
        ("A", None, None, None, "本期各项均无得分"),
        ("B", None, None, None, "检查不足"),
    ]


def test_rows_of_no_subject_count_nowhere() -> None:
    of = series(REGULAR, {"slug": "days", "rule": "series-mean", "series": "daily", "weight": 1})
    totals = tuple(TotalFact("daily", "2023-09-04", "2023-09-04", code, 9000) for code in "AZ")
    visits = (visit("V1", "A", score="90"), visit("V2", "Z", score="10"))
    inputs = Inputs(of, parse_span("2023-W36"), subjects("A"), visits, (problem("W", "Z"),), totals)
    (standing,) = compute_period(inputs).standings
    assert standing.total == 9000


def test_series_without_flags_and_consequences_gives_none() -> None:
    outcome = week(series(), WORST)
    assert {one.flag for one in outcome.standings} == {None}
    assert outcome.consequences == ()


def test_sixty_thousand_visits_are_kept_and_read_back() -> None:
    many = tuple(visit(f"JC-{number:06}", f"A{number % 100}") for number in range(60_000))
    inputs = Inputs(series(), parse_span("2023-W36"), tuple(SubjectFact(f"A{n}", "社区") for n in range(100)), many)
    assert Inputs.from_json(inputs.to_json()).visits == tuple(sorted(many))


@pytest.mark.parametrize("shift", [0, 7])
def test_fortnights_and_weeks_are_ranked_alike(shift: int) -> None:
    span = parse_span("2023-F18")
    at = (span.first + timedelta(days=shift)).isoformat() + "T08:00:00"
    inputs = Inputs(series(period="fortnight"), span, subjects("A"), (visit(score="90", at=at),))
    assert compute_period(inputs).standings[0].total == 9000
