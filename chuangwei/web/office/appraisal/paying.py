"""What a settlement comes to for each subject: its flags with their reasons, what was brought, what is paid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from chuangwei.domain.appraisal import queries
from chuangwei.domain.appraisal.enums import Flag
from chuangwei.domain.appraisal.models import Settlement
from chuangwei.web.office.appraisal import addresses
from chuangwei.web.office.appraisal.months import Given, given
from chuangwei.web.office.appraisal.reading import Told
from chuangwei.web.shared.crumbs import Crumb


@dataclass(frozen=True)
class Line:
    """One subject of a settlement."""

    code: str
    name: str
    red: int
    yellow: int
    reds: list[Given]
    yellows: list[Given]
    account: queries.Account
    course: str
    """Its ranks and flags, period by period: where the amount comes from."""
    before: str
    """The settlement its balance was brought from."""


def lines_of(one: Settlement, own: Sequence[Told]) -> list[Line]:
    """The highest amount first. `own` are the periods that were settled."""
    accounts, trend = queries.accounts_of(one), addresses.trend_address(one.series, one.area_code)
    entries = sorted(one.entries.all(), key=lambda entry: (-entry.amount, entry.subject_code))
    return [
        Line(
            entry.subject_code, entry.subject_name, entry.red_count, entry.yellow_count,
            given(own, entry.subject_code, Flag.RED), given(own, entry.subject_code, Flag.YELLOW),
            accounts[entry.subject_code], f"{trend}?{urlencode({'subject': entry.subject_code})}",
            _before(accounts[entry.subject_code]),
        )
        for entry in entries
    ]  # fmt: skip


def _before(account: queries.Account) -> str:
    return addresses.settlement_address(account.before) if account.before else ""


def paid_word(one: Settlement) -> str:
    """Nothing is paid before a leader approved it."""
    return "实发" if one.approved_at else "批准后实发"


def months_named(settlements: Iterable[Settlement]) -> list[Crumb]:
    return [Crumb(queries.parse_span(one.month).title, addresses.settlement_address(one)) for one in settlements]
