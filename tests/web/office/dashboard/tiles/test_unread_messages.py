import pytest

from chuangwei.core import notices
from chuangwei.web.office.dashboard.tiles.unread_messages import unread_messages
from tests.factories import organisation
from tests.web.office.dashboard.tiles.conftest import AT

pytestmark = pytest.mark.django_db


def test_only_ones_own_and_unread():
    notices.send(to=["clerk", "other"], kind="a", title="催办", at=AT)
    tile = unread_messages(organisation.clerk(), AT)
    assert tile is not None
    assert (tile.figure, [line.title for line in tile.lines]) == ("1", ["催办"])
    notices.mark_read(recipient="clerk", at=AT)
    assert unread_messages(organisation.clerk(), AT) is None
