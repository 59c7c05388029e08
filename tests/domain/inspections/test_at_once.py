"""What two do at the same moment: one visit, and two numbers."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection

from chuangwei.core.errors import DomainError
from chuangwei.domain.inspections.actions import RoundPlan, plan_round, record_visit
from chuangwei.domain.inspections.enums import Permission
from chuangwei.domain.inspections.models import Round, Visit
from tests.factories import inspections, organisation
from tests.factories.problems import MONDAY

PLANNER = organisation.clerk(Permission.VIEW, Permission.PLAN)


def plan() -> Round:
    day = date(2023, 9, 4)
    return plan_round(
        plan=RoundPlan(name="第36周", kind="regular", starts_on=day, ends_on=day), by=PLANNER, at=MONDAY
    )  # fmt: skip


def twice(work: Callable[[], object]) -> list[Exception]:
    """What was refused of two at once."""
    gate, failed = threading.Barrier(2), []

    def run() -> None:
        try:
            gate.wait()
            work()
        except (DomainError, DatabaseError) as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.mark.django_db(transaction=True)
def test_a_sheet_handed_in_twice_at_once_is_one_visit(transactional_db, ground):
    def hand_in() -> None:
        record_visit(
            each=ground.each, site=ground.lanes[0], visited_at=MONDAY, inspectors=[ground.person], findings=[],
            by=ground.inspector, at=MONDAY,
        )  # fmt: skip

    [refusal] = twice(hand_in)
    assert isinstance(refusal, DomainError)
    assert "已经录入" in refusal.message
    assert Visit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_rounds_planned_at_once_have_two_numbers():
    assert twice(plan) == []
    assert sorted(Round.objects.values_list("code", flat=True)) == ["LC20230904-01", "LC20230904-02"]


@pytest.mark.django_db
def test_the_hundredth_round_of_a_day_is_followed_by_the_next():
    for number in ("99", "100"):
        inspections.round_(f"LC20230904-{number}")
    assert [plan().code, plan().code] == ["LC20230904-101", "LC20230904-102"]
