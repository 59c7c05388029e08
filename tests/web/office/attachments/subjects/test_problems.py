import pytest

from chuangwei.domain.problems.enums import Permission
from chuangwei.web.office.attachments.subjects.problems import is_visible
from tests.factories import organisation, places, problems

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("permissions", "paths", "held", "seen"),
    [
        ((Permission.VIEW,), ("",), "", True),
        ((Permission.VIEW,), ("9/",), "", False),
        ((), ("",), "", False),
        ((Permission.VIEW,), ("",), "R-S", False),
        ((Permission.VIEW, "inspections.sealed"), ("",), "R-S", True),
    ],
)
def test_photos_of_a_problem_show_with_it(permissions, paths, held, seen):
    _, communities = places.town()
    lane = places.site("BL-1", in_area=communities[0])
    problem = problems.problem(site=lane, held_by_round=held)
    actor = organisation.clerk(*permissions, area_paths=paths)
    assert is_visible(actor, problem.code) is seen
    assert not is_visible(actor, "WT-none")
