import pytest

from chuangwei.core import search
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems import actions, consistency, jobs
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem, Turn
from chuangwei.domain.standards.models import Category
from tests.factories import organisation, places
from tests.factories.problems import MONDAY, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def one() -> Problem:
    lane = places.site("BL-1", in_area=places.town()[1][0], name="康宁巷")
    return problem(site=lane)


def found(words: str) -> bool:
    return search.matching(Problem.objects.all(), words).exists()


@pytest.mark.parametrize("model", [Site, Area, Category])
def test_a_new_name_is_found_after_the_night(one: Problem, model):
    model.objects.update(name="幸福里")
    assert not found("幸福里")
    assert actions.refresh_search() == 1
    assert found("幸福里")
    assert jobs.refresh_search(at=MONDAY) == "更新检索文本 0 件。"


def test_a_household_is_not_found_by_its_name(one: Problem):
    home = places.site("NH-1", in_area=one.area, kind="household", name="王老五家")
    home.kind.__class__.objects.filter(code="household").update(is_household=True)
    home.refresh_from_db()
    problem(site=home)
    actions.refresh_search()
    assert not found("王老五")


def test_the_nightly_check_is_silent_about_what_is_whole(one: Problem):
    assert list(consistency.checks()) == []


def test_the_nightly_check_names_what_is_not(one: Problem):
    Problem.objects.update(search_text="", held_by_round="AF-1", state=ProblemState.REJECTED)
    Turn.objects.create(problem=one, unit=organisation.unit(), from_at=MONDAY, due_at=MONDAY)
    told = "".join(consistency.checks())
    for words in ("没有检索文本", "未解封", "还有单位在计时"):
        assert words in told
