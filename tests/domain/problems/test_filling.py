from importlib import import_module

import pytest
from django.apps import apps

from chuangwei.core.models import TransitionLog
from chuangwei.core.transitions import log_change
from chuangwei.domain.problems.enums import ProblemState as S
from chuangwei.domain.problems.models import Problem
from tests.factories import organisation, places
from tests.factories.problems import MONDAY, problem

migration = import_module("chuangwei.domain.problems.migrations.0003_fill_ledger_pages")
FIRST, LAST = MONDAY.replace(hour=1), MONDAY.replace(hour=5)


def closed(code: str, at) -> None:
    row = log_change(
        subject_kind="problems.problem", subject_code=code, field="state", old="", new="", by=organisation.chief(),
        at=at, note="",
    )  # fmt: skip
    row.move = "close"
    row.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "logged", "first"),
    [
        ({"state": S.CLOSED, "closed_at": LAST}, [], LAST),
        ({"state": S.CLOSED, "closed_at": LAST}, [LAST], LAST),
        ({"state": S.CLOSED, "closed_at": LAST}, [FIRST, LAST], FIRST),
        ({"state": S.REPORTED}, [FIRST], FIRST),
        ({"state": S.FILED}, [], None),
    ],
)
def test_the_first_closing_is_that_of_the_log(now, logged, first):
    lane = places.site("BL-1", in_area=places.town()[1][0])
    more = {"fixed_at": MONDAY, "first_closed_at": LAST} if "closed_at" in now else {}
    made = problem(site=lane, **now, **more)
    for at in logged:
        closed(made.code, at)
    assert TransitionLog.objects.filter(move="close").count() == len(logged)
    migration.fill(apps, None)
    assert Problem.objects.get().first_closed_at == first
