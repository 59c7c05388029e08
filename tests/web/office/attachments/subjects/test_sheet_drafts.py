import pytest

from chuangwei.core import clock
from chuangwei.domain.inspections.enums import Permission
from chuangwei.domain.inspections.models import SheetDraft
from chuangwei.web.office.attachments.subjects.sheet_drafts import is_visible
from tests.factories import inspections, organisation, places

pytestmark = pytest.mark.django_db


def test_photos_of_a_draft_are_its_owners_alone():
    _, communities = places.town()
    lane = places.site("BL-1", in_area=communities[0])
    draft = SheetDraft.objects.create(owner_code="clerk", round=inspections.round_(), site=lane, saved_at=clock.now())
    owner = organisation.clerk(Permission.VIEW)
    assert is_visible(owner, f"{draft.pk}/CK-1/before")
    assert not is_visible(organisation.clerk(Permission.VIEW, code="other"), f"{draft.pk}/CK-1/before")
    for code in ("0/CK-1/before", "x/CK-1", ""):
        assert not is_visible(owner, code)
