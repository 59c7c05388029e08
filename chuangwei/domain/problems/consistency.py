"""What must hold of the ledger."""

from collections.abc import Iterator

from django.db.models import Q

from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem, Turn

DONE = (ProblemState.CLOSED, ProblemState.MERGED, ProblemState.REJECTED)
SHOWN = 20


def checks() -> Iterator[str]:
    for code in Problem.objects.filter(search_text="").order_by("pk").values_list("code", flat=True)[:SHOWN]:
        yield f"问题 {code} 没有检索文本，搜不到。"
    held = Problem.objects.filter(~Q(held_by_round="") & ~Q(state=ProblemState.FILED))
    for code in held.order_by("pk").values_list("code", flat=True)[:SHOWN]:
        yield f"问题 {code} 属于未解封的暗访，却已经处理。"
    turns = Turn.objects.filter(to_at__isnull=True, problem__state__in=DONE).order_by("pk")
    for code in turns.values_list("problem__code", flat=True)[:SHOWN]:
        yield f"问题 {code} 已经结束，却还有单位在计时。"
