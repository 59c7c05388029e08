"""The verbs of appraisal."""

from chuangwei.domain.appraisal.actions.computing import Computed, compute_periods
from chuangwei.domain.appraisal.actions.history import PastStanding, enter_history
from chuangwei.domain.appraisal.actions.publishing import (
    finalise_period,
    hold_consequence,
    publish_period,
    withdraw_consequence,
)
from chuangwei.domain.appraisal.actions.reopening import reopen_problem
from chuangwei.domain.appraisal.actions.settling import approve_settlement, settle_month

__all__ = [
    "Computed", "PastStanding", "approve_settlement", "compute_periods", "enter_history", "finalise_period",
    "hold_consequence", "publish_period", "reopen_problem", "settle_month", "withdraw_consequence",
]  # fmt: skip
