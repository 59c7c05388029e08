"""The arithmetic against the cases, from facts read straight from their workbooks."""

from typing import Any

import pytest

from chuangwei.core import presets
from chuangwei.domain.appraisal.compute import Inputs, Outcome, compute_period
from chuangwei.domain.appraisal.periods import Span, parse_span, spans_between
from chuangwei.domain.appraisal.report import period_json, settlements_json
from chuangwei.domain.appraisal.series import Series
from tests.domain.appraisal.case_facts import CASES, Case, cases

pytestmark = pytest.mark.skipif(not cases(), reason=f"没有案例目录 {CASES}")


def outcomes(case: Case, series: Series) -> list[Outcome]:
    """Every period asked for, each beginning with the streaks the one before left."""
    asked = case.asked["appraisal"]
    visits, problems = case.visits(series.subject), case.problems(series.subject)
    found: list[Outcome] = []
    for span in spans_between(parse_span(asked["from"]), parse_span(asked["to"])):
        inputs = Inputs(
            series=series, span=span, subjects=case.subjects(series.subject), problems=tuple(problems),
            visits=tuple(visit for visit in visits if _lies_in(visit.at, span)),
            streaks=found[-1].streaks if found else {}, holders=_holders(case, span),
        )  # fmt: skip
        found.append(compute_period(inputs))
    return found


def _lies_in(instant: str, span: Span) -> bool:
    return span.first.isoformat() <= instant[:10] <= span.last.isoformat()


def _holders(case: Case, span: Span) -> dict[str, dict[str, str]]:
    """Who was spoken to, as expected: duties are not appraisal's arithmetic."""
    period = next(one for one in case.expected["periods"] if one["period"] == span.slug)
    return {"interview": {one["subject"]: one["person"] for one in period["interviews"]}}


@pytest.fixture(params=cases(), ids=lambda case: case.folder.name)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


def test_every_period_and_settlement_of_the_case(case: Case) -> None:
    presets.discover()
    document = presets.read_preset(case.preset, "preset.toml")
    series: Series = document.sections["series"].root[case.asked["appraisal"]["series"]].with_kinds(case.kinds.get)

    found = outcomes(case, series)

    expected: dict[str, Any] = case.expected
    for outcome, period in zip(found, expected["periods"], strict=True):
        assert period_json(outcome) == period
    assert settlements_json(found, series.money) == expected["settlements"]
