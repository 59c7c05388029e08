import pytest

from chuangwei.domain.organisation.enums import Permission as Organisation
from chuangwei.domain.places.enums import Permission
from chuangwei.domain.places.models import SiteKind
from chuangwei.web.office.attachments.subjects.sites import is_visible
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db
BOTH = (Permission.VIEW, Organisation.VIEW)


@pytest.mark.parametrize(
    ("permissions", "paths", "seen"),
    [
        (BOTH, ("",), (True, True)),
        (BOTH, ("g1/",), (True, True)),
        (BOTH, ("g2/",), (False, False)),
        ((Permission.VIEW,), ("",), (True, False)),
        ((Organisation.VIEW,), ("",), (False, False)),
    ],
)
def test_photos_of_a_site_show_with_the_site_and_of_a_household_with_persons(permissions, paths, seen):
    grid = places.area("g1", kind="网格")
    SiteKind.objects.create(code="household", name="农户庭院", is_household=True)
    places.site("BL-1", in_area=grid)
    places.site("NH-1", in_area=grid, kind="household")
    actor = organisation.clerk(*permissions, area_paths=paths)
    assert tuple(is_visible(actor, code) for code in ("BL-1", "NH-1")) == seen
    assert not is_visible(actor, "none")
