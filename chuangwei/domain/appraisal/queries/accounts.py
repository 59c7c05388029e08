"""The award pool's account of each subject (domain §8, Money): what a settlement pays, and what it leaves to set off.

Settlements are kept as they were computed; an account is read from those that were approved, in the order in which they
were, so that approving a month late changes no payment made before.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from chuangwei.domain.appraisal.enums import SettlementState
from chuangwei.domain.appraisal.models import Settlement, SettlementEntry
from chuangwei.domain.appraisal.rules import set_off


@dataclass(frozen=True, slots=True)
class Account:
    """One subject's account over a settlement, whole fen: brought + amount = paid + carried."""

    brought: int
    """Deductions of earlier settlements that no award has met yet; never above 0."""
    amount: int
    paid: int
    carried: int
    before: Settlement | None = None
    """The settlement the subject's account was moved by last."""


def accounts_of(settlement: Settlement) -> dict[str, Account]:
    """The accounts of everybody a settlement names, by code. Two queries."""
    carried: dict[str, int] = {}
    last: dict[str, Settlement] = {}
    rows = SettlementEntry.objects.filter(settlement__in=_approved_before(settlement)).select_related("settlement")
    for entry in rows.order_by("settlement__approved_at", "settlement_id"):
        code = entry.subject_code
        _, carried[code] = set_off(carried.get(code, 0), entry.amount)
        last[code] = entry.settlement
    found = {}
    for entry in settlement.entries.all():
        code = entry.subject_code
        brought = carried.get(code, 0)
        found[code] = Account(brought, entry.amount, *set_off(brought, entry.amount), last.get(code))
    return found


def awaiting_approval(settlement: Settlement) -> list[Settlement]:
    """Earlier months of the same pool that nobody approved: what they deduct is in no account yet."""
    return list(
        _same_pool(settlement).filter(state=SettlementState.COMPUTED, month__lt=settlement.month)
        .exclude(pk=settlement.pk).order_by("month", "series")
    )  # fmt: skip


def _same_pool(settlement: Settlement) -> QuerySet[Settlement]:
    return Settlement.objects.filter(pool=settlement.pool, area_code=settlement.area_code)


def _approved_before(settlement: Settlement) -> QuerySet[Settlement]:
    """All that is approved, for a settlement that is not yet; it would be approved after them."""
    approved = _same_pool(settlement).filter(state=SettlementState.APPROVED).exclude(pk=settlement.pk).order_by()
    at = settlement.approved_at
    return approved.filter(Q(approved_at__lt=at) | Q(approved_at=at, pk__lt=settlement.pk)) if at else approved
