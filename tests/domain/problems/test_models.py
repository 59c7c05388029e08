"""Every constraint of the ledger, by trying to break it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from chuangwei.domain.problems.enums import ProblemState as S
from tests.factories import organisation, places
from tests.factories.problems import MONDAY, problem

BROKEN = {
    "problem_unit_and_deadline_once_dispatched": {"state": S.DISPATCHED},
    "problem_fixed_before_closed": {"closed_at": MONDAY},
    "problem_closed_when_closed": {"state": S.CLOSED, "fixed_at": MONDAY},
    "problem_times_in_order": {"fixed_at": MONDAY - timedelta(seconds=1)},
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BROKEN)
def test_constraint_of_a_problem_holds(name: str):
    town, _ = places.town()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        problem(in_area=town, **BROKEN[name])


@pytest.mark.django_db
def test_constraint_of_a_problem_speaks_to_people():
    town, _ = places.town()
    made = problem(in_area=town, unit=organisation.unit())
    made.state = S.DISPATCHED
    with pytest.raises(ValidationError, match="已派遣的问题必须有责任单位和整改期限"):
        made.validate_constraints()
    assert str(made).startswith("WT-")
