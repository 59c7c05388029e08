"""Publishing a period for objection, making it final, and carrying out what follows (domain §8, Life of a period)."""

from collections.abc import Collection
from datetime import date, datetime

from chuangwei.core import audit, calendar, clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.transitions import apply_transition
from chuangwei.core.writes import action
from chuangwei.domain.appraisal import permissions, queries, states
from chuangwei.domain.appraisal.actions.computing import result_now, role_of, streaks_before
from chuangwei.domain.appraisal.compute import Inputs, compute_again
from chuangwei.domain.appraisal.enums import ConsequenceState, PeriodState
from chuangwei.domain.appraisal.models import PERIOD_CLOSED, Computation, Consequence, Period
from chuangwei.domain.appraisal.periods import parse_span
from chuangwei.domain.appraisal.queries import Gatherer
from chuangwei.domain.appraisal.queries.gathering import within
from chuangwei.domain.inspections.models import Visit
from chuangwei.domain.organisation import queries as organisation


@action
def publish_period(*, period: Period, by: Actor, at: datetime) -> Period:
    """Put a computed period up for objection 公示 and propose what follows from it.

    DomainError while the period still runs, out of turn (a streak is of published periods, so each waits for the one
    before it), while a sealed round it would use is not released, and where the facts have changed since it was
    computed: what is published is what stands in the ledger.
    """
    require(permissions.may_publish(by, period.area_code))
    span = parse_span(period.slug)
    if clock.local_day(at) <= span.last:
        raise DomainError(f"{span.title}还没有结束，不能公示。")
    _refuse_out_of_turn(period, waits_for=PERIOD_CLOSED, verb="公示")
    computation = queries.latest_computation(period)
    inputs = Inputs.from_json(computation.inputs)
    _refuse_sealed(inputs)
    _refuse_stale(period, computation)
    period.published_at = at
    period.objections_until = calendar.load().add_days(clock.local_day(at), inputs.series.objection_days)
    apply_transition(period, states.PUBLISH, by=by, at=at, save=["published_at", "objections_until"])
    Consequence.objects.bulk_create(_proposals(period, computation, inputs))
    _record(period, "公示评比", by=by, at=at, digest=computation.digest)
    return period


def _refuse_sealed(inputs: Inputs) -> None:
    held_back = Visit.objects.filter(
        within("at", inputs.span), round__kind__in=sorted(inputs.series.round_kinds), round__is_sealed=True,
        round__released_at__isnull=True,
    )  # fmt: skip
    if held_back.exists():
        raise DomainError("本期用到的暗访轮次还没有解封，解封后方可公示。")


def _refuse_stale(period: Period, computation: Computation) -> None:
    gatherer = Gatherer(period.series, period.area_code, reach=(period.from_on, period.to_on))
    streaks = streaks_before(period.series, period.area_code, period.from_on)
    if result_now(gatherer, parse_span(period.slug), streaks).digest != computation.digest:
        raise DomainError(f"{period.slug} 计算之后，检查、问题或前期结果有变化，请重新计算后再公示。")


def _proposals(period: Period, computation: Computation, inputs: Inputs) -> list[Consequence]:
    """The consequences of a computation as rows: with whom they are about, who carries them out, and where."""
    outcome = queries.outcome_of(computation)
    subjects = {standing.code: standing.name for standing in outcome.standings}
    names = organisation.names_of_holders({one.person for one in outcome.consequences if one.person})
    rows = []
    for one in outcome.consequences:
        options = inputs.series.trigger_options(one.trigger)
        role = role_of(inputs, one.trigger)
        nobody = f"；{inputs.span.last} 无人担任{role}" if role and one.person is None else ""
        rows.append(
            Consequence(
                code=f"{period.code}:{one.trigger}:{one.subject}", period=period, trigger=one.trigger,
                subject_code=one.subject, subject_name=subjects[one.subject], role=role,
                person_code=one.person or "", person_name=names.get(one.person or "", ""), reason=one.reason + nobody,
                carried_out_by=options.by if options else "", meeting=options.meeting if options else "",
            )
        )  # fmt: skip
    return rows


def _record(period: Period, verb: str, *, by: Actor, at: datetime, **details: str) -> None:
    audit.record(
        verb=verb, subject_kind="appraisal.period", subject_code=period.code, by=by, at=at, details=details
    )  # fmt: skip


@action
def finalise_period(*, period: Period, by: Actor, at: datetime) -> Period:
    """Freeze a published period 定案; what follows from it falls due.

    DomainError before the time for objections is over, before the period before it is final, while a period it takes
    the mean of is not final, and where computing it again does not give the same bytes.
    """
    require(permissions.may_publish(by, period.area_code))
    computation = queries.latest_computation(period)
    if period.objections_until is not None and clock.local_day(at) <= period.objections_until:
        raise DomainError(f"{period.slug} 公示至 {period.objections_until}，期满后方可定案。")
    _refuse_before_others(period, Inputs.from_json(computation.inputs))
    if compute_again(computation.inputs) != computation.result:
        raise DomainError(f"{period.slug} 按留存的数据重算，结果与公示的不一致，不能定案。")
    period.finalised_at = at
    apply_transition(period, states.FINALISE, by=by, at=at, save=["finalised_at"])
    for consequence in period.consequences.filter(state=ConsequenceState.PROPOSED):
        apply_transition(consequence, states.FALL_DUE, by=by, at=at)
    _record(period, "评比定案", by=by, at=at, digest=computation.digest)
    return period


def _refuse_out_of_turn(period: Period, *, waits_for: Collection[str], verb: str) -> None:
    """Once a series has begun, every period waits for the one right before it, also for one nobody has computed."""
    same = Period.objects.filter(series=period.series, area_code=period.area_code)
    before = same.filter(to_on__lt=period.from_on).order_by("-to_on").first()
    if before is None:
        return
    span = parse_span(period.slug)
    expected = span.previous() if parse_span(before.slug).kind == span.kind else None
    if expected is not None and expected.slug != before.slug:
        raise DomainError(f"前一个周期 {expected.slug} 还没有计算，{period.slug} 不能{verb}。")
    if before.state not in waits_for:
        raise DomainError(f"前一个周期 {before.slug} 还没有{verb}，{period.slug} 不能{verb}。")


def _refuse_before_others(period: Period, inputs: Inputs) -> None:
    _refuse_out_of_turn(period, waits_for=(PeriodState.FINAL,), verb="定案")
    used = Period.objects.filter(
        series__in=sorted(inputs.series.other_series), area_code=period.area_code,
        to_on__range=(period.from_on, period.to_on),
    ).exclude(state=PeriodState.FINAL)  # fmt: skip
    waiting = [f"{one.series} {one.slug}" for one in used]
    if waiting:
        raise DomainError(f"本期用到的周期还没有定案：{'、'.join(waiting)}。")


@action
def hold_consequence(
    *, consequence: Consequence, held_on: date, minutes: str, by: Actor, at: datetime
) -> Consequence:  # fmt: skip
    """Say that a statement was made or an interview held, with its minutes."""
    require(permissions.may_carry_out(by, consequence))
    if held_on > clock.local_day(at):
        raise DomainError("办理日期不能在今天之后。")
    published_at = consequence.period.published_at
    if published_at is not None and held_on < clock.local_day(published_at):
        raise DomainError("办理日期不能早于公示的日子。")
    if not minutes.strip():
        raise DomainError("请写明纪要。")
    consequence.held_on, consequence.minutes = held_on, minutes.strip()
    apply_transition(consequence, states.HOLD, by=by, at=at, save=["held_on", "minutes"])
    audit.record(
        verb="办结后续措施", subject_kind="appraisal.consequence", subject_code=consequence.code, by=by, at=at,
        details={"held_on": held_on.isoformat()},
    )  # fmt: skip
    return consequence


@action
def withdraw_consequence(*, consequence: Consequence, by: Actor, at: datetime, note: str) -> Consequence:
    """Take back what was proposed or due, with the reason."""
    require(permissions.may_carry_out(by, consequence))
    apply_transition(consequence, states.WITHDRAW, by=by, at=at, note=note)
    audit.record(
        verb="撤销后续措施", subject_kind="appraisal.consequence", subject_code=consequence.code, by=by, at=at, note=note
    )  # fmt: skip
    return consequence
