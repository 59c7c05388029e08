"""What the flags of a month come to, as a bulletin tells it: as settled, or as it stands so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chuangwei.core import clock
from chuangwei.core.errors import NotFound
from chuangwei.core.money import yuan
from chuangwei.domain.appraisal import queries as appraisal
from chuangwei.domain.appraisal.enums import Flag, PeriodState
from chuangwei.domain.appraisal.models import Settlement
from chuangwei.domain.documents import rules
from chuangwei.domain.documents.blocks import Run

INDICATOR = "appraisal.settlement."
EXPECTED, UNSETTLED = "预计", "待核算"
"""While a period may still change, and once all are final and only the settling is left."""


@dataclass(frozen=True)
class Due:
    """What one subject's flags come to; `name` is 合计 for all of them."""

    name: str
    red_run: Run
    yellow_run: Run
    amount_run: Run


@dataclass(frozen=True)
class Month:
    """What the flags of a month come to; whole fen."""

    title: str
    state: str
    dues: list[Due]
    total: Due
    note: str


@dataclass(frozen=True)
class FlagGiven:
    """One flag that counts in the month: who got it, in which period."""

    subject: str
    name: str
    period: str
    title: str
    flag: str


Entry = tuple[str, str, int, int, int]
"""Name, code, red flags, yellow flags, fen."""


def month_of(found: Any) -> Month | None:
    """Of a bulletin: once the month's last period is told; none where flags are worth nothing."""
    span = found.outcome.span
    if found.series.money is None or span.next().month == span.month:
        return None
    settled = (
        appraisal.settlements(actor=found.actor)
        .filter(series=found.period.series, area_code=found.period.area_code, month=span.month)
        .prefetch_related("entries").first()
    )  # fmt: skip
    if settled is not None:
        entries: list[Entry] = [
            (one.subject_name, one.subject_code, one.red_count, one.yellow_count, one.amount)
            for one in settled.entries.all()
        ]
        return _month(found, entries, str(settled.get_state_display()), _settled_words(settled))
    entries = _expected(found)
    if not entries:
        return None
    return _month(found, entries, *_unsettled_words(found))


def flags_given(found: Any) -> list[FlagGiven]:
    """Every flag of the month, in time and by rank."""
    return [
        FlagGiven(one.code, one.name, outcome.span.slug, outcome.span.title, one.flag)
        for outcome in _own(found)
        for one in outcome.standings
        if one.flag
    ]


def _own(found: Any) -> list[Any]:
    """The outcomes of the month up to the bulletin's period, in time."""
    month = found.outcome.span.month
    return [one for one in [*found.earlier, found.outcome] if one.span.month == month]


def _expected(found: Any) -> list[Entry]:
    own = [one.span.slug for one in _own(found)]
    try:
        told = appraisal.appraisal_json(
            series=found.period.series, first=own[0], last=own[-1], area=found.period.area_code
        )
    except NotFound:
        # A period between them was never computed: what the month comes to cannot be told yet.
        return []
    month = found.outcome.span.month
    return [
        (found.names.get(one["subject"], one["subject"]), one["subject"], one["red"], one["yellow"], one["amount"])
        for one in told["settlements"]
        if one["month"] == month
    ]


def _settled_words(settled: Settlement) -> str:
    return f"{rules.day_text(clock.local_day(settled.settled_at))}核算。"


def _unsettled_words(found: Any) -> tuple[str, str]:
    """What to call a month that is not settled, and the sentence that says up to when it is told."""
    own = _own(found)
    slugs = [one.span.slug for one in own]
    periods = appraisal.periods(actor=found.actor, series=found.period.series, area=found.period.area_code)
    is_open = periods.filter(slug__in=slugs).exclude(state=PeriodState.FINAL).exists()
    until = f"按截至{rules.day_text(own[-1].span.last)}的{len(own)}期计算"
    if is_open:
        return EXPECTED, f"{until}，部分尚未定案，以核算结果为准。"
    return UNSETTLED, f"{until}，各期都已定案，尚未核算。"


def _month(found: Any, dues: Iterable[Entry], state: str, until: str) -> Month:
    rows = sorted(dues, key=lambda due: (-due[4], -due[2], due[1]))
    flagged = [due for due in rows if due[2] or due[3]]
    slug = found.outcome.span.month
    title = f"{slug[:4]}年{int(slug[5:])}月"

    def told(entry: Entry) -> Due:
        name, code, red, yellow, amount = entry

        def run(indicator: str, value: str, label: str) -> Run:
            return found.run(f"{INDICATOR}{indicator}", value, f"{name}{title}{label}", subject=code)  # type: ignore[no-any-return]

        return Due(name, run(Flag.RED, f"{red}", "红旗"), run(Flag.YELLOW, f"{yellow}", "黄旗"),
                   run("amount", yuan(amount), "奖补金额"))  # fmt: skip

    total: Entry = ("合计", "", sum(due[2] for due in rows), sum(due[3] for due in rows), sum(due[4] for due in rows))
    rest = len(rows) - len(flagged)
    quiet = f"其余{rest}个{found.noun}本月没有红旗、黄旗，不奖不扣。" if rest else ""
    return Month(title, state, [told(due) for due in flagged], told(total), f"注：{until}{quiet}")
