"""The period a problem counted in, once nothing can change that period any more."""

from chuangwei.core import clock
from chuangwei.domain.appraisal.compute import Inputs
from chuangwei.domain.appraisal.enums import PeriodState
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.appraisal.queries.periods import latest_computation
from chuangwei.domain.appraisal.scoring.on_time_closure import OnTimeClosure
from chuangwei.domain.problems.models import Problem


def why_not_reopened(problem: Problem) -> str:
    """Why a closed problem stays closed: it fell due in a period that is final and scored it; empty where none did.

    A comeback is then a new problem, tied to the old one (domain §6, 反弹).
    """
    if problem.due_at is None:
        return ""
    day = clock.local_day(problem.due_at)
    final = Period.objects.filter(
        state=PeriodState.FINAL, is_history=False, from_on__lte=day, to_on__gte=day,
        area_code__in=["", *problem.area.path_codes],
    ).order_by("to_on", "pk")  # fmt: skip
    for period in final:
        # As it was computed, whatever presets say by now.
        inputs = Inputs.from_json(latest_computation(period).inputs)
        if any(isinstance(part, OnTimeClosure) and part.takes(problem.source) for part in inputs.series.parts):
            return (
                f"{problem.code} 已计入{inputs.span.title}{inputs.series.name}，该期已定案，不能再记反弹。"
                "又出现的请作为新问题上报，会与这一件关联。"
            )
    return ""
