"""Who has had a problem in hand, and for how long (domain §6, Clock)."""

from datetime import datetime

from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.problems.models import Problem, Turn


def begin(problem: Problem, unit: Unit, due_at: datetime, at: datetime) -> None:
    """From now on it is this unit's; the turn of whoever had it ends. The same unit's goes on."""
    same = Turn.objects.filter(problem=problem, to_at__isnull=True, unit=unit)
    if same.update(due_at=due_at):
        return
    end(problem, at)
    Turn.objects.create(problem=problem, unit=unit, from_at=at, due_at=due_at)


def end(problem: Problem, at: datetime) -> None:
    """Nobody's time runs any more: it is reported put right, rests, is merged or closed."""
    Turn.objects.filter(problem=problem, to_at__isnull=True).update(to_at=at)
