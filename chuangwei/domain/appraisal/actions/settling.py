"""What a month's flags move in the award pool (domain §8, Money): computed from final periods, approved on a paper."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chuangwei.core import audit
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.transitions import apply_transition
from chuangwei.core.writes import action
from chuangwei.domain.appraisal import permissions, queries, report, states
from chuangwei.domain.appraisal.enums import PeriodKind, PeriodState
from chuangwei.domain.appraisal.models import Period, Settlement, SettlementEntry
from chuangwei.domain.appraisal.periods import Span, parse_span, parse_span_of, span_of
from chuangwei.domain.appraisal.queries import Presets


@action
def settle_month(*, series: str, month: str, by: Actor, at: datetime, area: str | None = None) -> Settlement:
    """Settle the periods that end in a month, for every subject, also without flags; whole fen.

    DomainError where one of them is not final or not computed yet, where the preset says nothing of money, and for a
    month settled before.
    """
    known = Presets()
    area_code = known.area_of(series, area)
    require(permissions.may_settle(by, area_code))
    span = parse_span_of(month, PeriodKind.MONTH)
    periods = _final_periods(series, area_code, span)
    money = known.in_force(series, area_code, periods[-1].from_on).series.money
    if money is None:
        raise DomainError(f"预设没有规定『{series}』的奖惩金额。")
    if Settlement.objects.filter(series=series, area_code=area_code, month=span.slug).exists():
        raise DomainError(f"{span.title}已经核算过。")
    settlement = Settlement.objects.create(
        code=f"{series}@{area_code or '全域'}:{span.slug}", series=series, area_code=area_code, month=span.slug,
        pool=money.pool, paper=money.paper, month_red=money.month_red, month_yellow=money.month_yellow, settled_at=at,
    )  # fmt: skip
    results = queries.latest_computations(period.pk for period in periods)
    outcomes = [queries.outcome_of(one) for one in results.order_by("period__from_on")]
    names = {standing.code: standing.name for outcome in outcomes for standing in outcome.standings}
    SettlementEntry.objects.bulk_create(
        SettlementEntry(
            settlement=settlement, subject_code=due.subject, subject_name=names[due.subject],
            red_count=due.red, yellow_count=due.yellow, amount=due.amount,
        )
        for due in report.settled(outcomes, money)
    )  # fmt: skip
    audit.record(
        verb="核算奖补", subject_kind="appraisal.settlement", subject_code=settlement.code, by=by, at=at,
        details={"periods": [period.slug for period in periods]},
    )  # fmt: skip
    return settlement


def _final_periods(series: str, area: str, month: Span) -> Sequence[Period]:
    """The periods that end in the month, complete and final. A series may have begun in the middle of it."""
    every = Period.objects.filter(series=series, area_code=area)
    periods = list(every.filter(to_on__range=(month.first, month.last)).order_by("from_on"))
    if not periods:
        raise DomainError(f"{month.title}没有结束的周期。")
    open_ones = [period.slug for period in periods if period.state != PeriodState.FINAL]
    if open_ones:
        raise DomainError(f"这些周期还没有定案，{month.title}不能核算：{'、'.join(open_ones)}。")
    begun = every.filter(to_on__lt=month.first).exists()
    missing = _missing(periods, month, begun=begun)
    if missing:
        raise DomainError(f"这些周期还没有计算，{month.title}不能核算：{'、'.join(missing)}。")
    return periods


def _missing(periods: Sequence[Period], month: Span, *, begun: bool) -> list[str]:
    """The periods of the series that end in the month and are not there."""
    kind, there = parse_span(periods[0].slug).kind, {period.slug for period in periods}
    span = span_of(kind, month.first if begun else periods[0].from_on)
    missing = []
    while span.last <= month.last:
        if span.slug not in there and span.last >= month.first:
            missing.append(span.slug)
        span = span_of(kind, span.last + timedelta(days=1))
    return missing


@action
def approve_settlement(*, settlement: Settlement, by: Actor, at: datetime) -> Settlement:
    """Approve a settlement; DomainError where no paper says that flags are worth money (domain §8)."""
    require(permissions.may_approve(by, settlement.area_code))
    if not settlement.paper:
        raise DomainError("预设没有写明奖惩的依据文件，核算结果不能批准。")
    settlement.approved_at = at
    apply_transition(settlement, states.APPROVE, by=by, at=at, save=["approved_at"])
    audit.record(
        verb="批准奖补", subject_kind="appraisal.settlement", subject_code=settlement.code, by=by, at=at
    )  # fmt: skip
    return settlement
