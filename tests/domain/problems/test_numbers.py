"""The numbers of problems: behind those that were imported, and behind those written at the same moment."""

import threading

import pytest
from django.db import DatabaseError, connection

from chuangwei.core.errors import DomainError
from chuangwei.domain.places.models import Site
from chuangwei.domain.problems import actions
from chuangwei.domain.problems.enums import Source
from chuangwei.domain.problems.models import Problem
from tests.factories import organisation, places, standards
from tests.factories.problems import MONDAY, problem

CHIEF = organisation.chief()


def report(site: Site) -> str:
    made = actions.report_problem(
        code="", source=Source.RESIDENT, category=standards.category(), description="井盖破损", site=site,
        by=CHIEF, at=MONDAY,
    )  # fmt: skip
    return made.code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("there", "following"),
    [
        ("WT2023-0100", ["WT2023-000101", "WT2023-000102", "WT2023-000103"]),
        ("WT2023-999999", ["WT2023-1000000", "WT2023-1000001", "WT2023-1000002"]),
    ],
)
def test_numbers_go_on_behind_what_is_there(there, following):
    lane = places.site("BL-1", in_area=places.town()[1][0])
    problem(site=lane, code=there)
    assert [report(lane) for _ in range(3)] == following


@pytest.mark.django_db(transaction=True)
def test_two_reports_at_once_have_two_numbers():
    lane = places.site("BL-1", in_area=places.town()[1][0])
    standards.category()
    gate, failed = threading.Barrier(2), []

    def write() -> None:
        try:
            gate.wait()
            for _ in range(5):
                report(lane)
        except (DomainError, DatabaseError) as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(Problem.objects.values_list("code", flat=True)) == [f"WT2023-{n:06}" for n in range(1, 11)]
