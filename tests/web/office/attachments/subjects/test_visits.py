import pytest

from chuangwei.domain.inspections.enums import Permission
from chuangwei.web.office.attachments.subjects.visits import is_visible
from tests.factories import inspections, organisation, places, standards

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("permissions", "paths", "code", "seen"),
    [
        ((Permission.VIEW,), ("",), "JC/1/CK-1", True),
        ((Permission.VIEW,), ("",), "JC/2/CK-1", False),
        ((Permission.VIEW,), ("9/",), "JC/1/CK-1", False),
        ((), ("",), "JC/1/CK-1", False),
    ],
)
def test_photos_of_a_sheet_show_with_the_visit(permissions, paths, code, seen):
    _, communities = places.town()
    lane = places.site("BL-1", in_area=communities[0])
    inspections.visit(site=lane, sheet=standards.checklist(), in_round=inspections.round_(), code="JC/1")
    assert is_visible(organisation.clerk(*permissions, area_paths=paths), code) is seen
