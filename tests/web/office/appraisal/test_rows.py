"""The visits and problems behind a figure name no household to who sees no residents."""

from typing import Any

import pytest

from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.inspections.models import Visit
from chuangwei.domain.places.models import SiteKind
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.appraisal.rows import behind, worst_visits
from tests.factories import organisation

pytestmark = pytest.mark.django_db
NAME, UNNAMED = "王家院", "户名不显示"


class Leaf:
    """A step of an explanation, as rows read it."""

    steps: tuple[Any, ...] = ()
    label = words = title = ""

    def __init__(self, kind: str, code: str) -> None:
        self.kind, self.code, self.value = kind, code, "60.00"


class Branch(Leaf):
    def __init__(self, *steps: Leaf) -> None:
        super().__init__("site_kind", "")
        self.steps = steps


@pytest.fixture
def steps(town: Any) -> list[Leaf]:
    visit, problem = Visit.objects.filter(site__isnull=False)[0], Problem.objects.filter(site__isnull=False)[0]
    for site in (visit.site, problem.site):
        SiteKind.objects.filter(pk=site.kind_id).update(is_household=True)
        type(site).objects.filter(pk=site.pk).update(name=NAME)
    return [Branch(Leaf("visit", visit.code)), Leaf("problem", problem.code)]


def looker(*more: str) -> Actor:
    seeing = ("appraisal.view", "inspections.view", "problems.view", "places.view", *more)
    return organisation.clerk(*seeing, area_paths=(EVERYWHERE,))


@pytest.mark.parametrize(("more", "name"), [((), UNNAMED), (("organisation.view",), NAME)])
def test_a_household_is_named_only_to_who_sees_residents(steps, more, name):
    found = behind(looker(*more), steps)
    assert [line.place for group in found["visit_groups"] for line in group.lines] == [name]
    assert [line.place for group in found["problem_groups"] for line in group.lines] == [name]
    assert [line.place for line in worst_visits(looker(*more), [Branch(steps[0])])] == [name]
