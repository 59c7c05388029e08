"""Questions about appraisal: what is ranked where, how it came out, and why."""

from chuangwei.domain.appraisal.periods import parse_span
from chuangwei.domain.appraisal.queries.accounts import Account, accounts_of, awaiting_approval
from chuangwei.domain.appraisal.queries.closure import Closure, closure_of
from chuangwei.domain.appraisal.queries.counted import why_not_reopened
from chuangwei.domain.appraisal.queries.gathering import Gatherer
from chuangwei.domain.appraisal.queries.periods import (
    SeriesHere,
    Trend,
    all_series,
    appraisal_json,
    consequences,
    explanation,
    late_visits,
    latest_computation,
    latest_computations,
    outcome_of,
    period_of,
    periods,
    series_of,
    settlements,
    span_holding,
    span_of,
    standings,
    trends,
)
from chuangwei.domain.appraisal.queries.standing_presets import Presets, SeriesInForce, area_title

__all__ = [
    "Account", "Closure", "Gatherer", "Presets", "SeriesHere", "SeriesInForce", "Trend", "accounts_of", "all_series", "appraisal_json",
    "area_title", "awaiting_approval", "closure_of",
    "consequences", "explanation", "late_visits", "latest_computation", "latest_computations",
    "outcome_of", "parse_span", "period_of", "periods", "series_of", "settlements", "span_holding", "span_of", "standings", "trends",
    "why_not_reopened",
]  # fmt: skip
