"""反弹 through the page: open while the week a problem counted in is, told why not once that week is final."""

from datetime import timedelta

import pytest
from django.test import Client

from chuangwei.domain.appraisal import actions as appraisal
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem
from tests.factories import organisation
from tests.web.office.appraisal.test_views import text
from tests.web.office.conftest import NEXT_MONDAY, WEEKS, Town

pytestmark = pytest.mark.django_db
TOLD = "已计入2023年第36周社区周评比，该期已定案，不能再记反弹。又出现的请作为新问题上报，会与这一件关联。"


@pytest.fixture
def problem(town: Town) -> Problem:
    """One that fell due in the first week and counted in it."""
    return Problem.objects.filter(area=town.communities[0]).order_by("due_at")[0]


@pytest.fixture
def is_final(town: Town) -> None:
    appraisal.finalise_period(
        period=town.publish(WEEKS[0]), by=organisation.chief(), at=NEXT_MONDAY + timedelta(days=90)
    )


def reopened(person: Client, problem: Problem) -> tuple[int, str, str]:
    """How the page answers, what it says, and how the problem stands then."""
    answer = person.post(f"/problems/{problem.code}/do/reopen/", {"note": "回头看又有"}, follow=True)
    problem.refresh_from_db()
    return answer.status_code, answer.content.decode(), problem.state


def test_it_is_offered_and_made_while_the_week_is_open(signed_in, problem):
    person = signed_in("inspector")
    page = text(person.get(f"/problems/{problem.code}/"))
    assert ("反弹" in page, TOLD in page) == (True, False)
    status, said, state = reopened(person, problem)
    assert (status, "已记为反弹" in said, state) == (200, True, ProblemState.REOPENED)


@pytest.mark.usefixtures("is_final")
def test_it_is_not_offered_and_refused_in_a_sentence_once_the_week_is_final(signed_in, problem):
    person = signed_in("inspector")
    page = person.get(f"/problems/{problem.code}/?step=reopen")
    assert (TOLD in text(page), "/do/reopen/" in page.content.decode()) == (True, False)
    status, said, state = reopened(person, problem)
    assert (status, TOLD in said, state) == (422, True, ProblemState.CLOSED)


@pytest.mark.usefixtures("is_final")
def test_who_may_not_verify_is_told_nothing_of_it(signed_in, problem):
    assert TOLD not in text(signed_in("leader").get(f"/problems/{problem.code}/"))
    assert reopened(signed_in("leader"), problem)[::2] == (404, ProblemState.CLOSED)
