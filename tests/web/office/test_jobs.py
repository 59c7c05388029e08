from datetime import timedelta

import pytest

from chuangwei.core import clock
from chuangwei.web.office.imports.enums import ImportState
from chuangwei.web.office.jobs import clear_uploads
from chuangwei.web.office.models import ImportJob

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "age", "after"),
    [
        (ImportState.CHECKING, timedelta(hours=7), ImportState.FAILED),
        (ImportState.IMPORTING, timedelta(hours=7), ImportState.FAILED),
        (ImportState.IMPORTING, timedelta(hours=5), ImportState.IMPORTING),
        (ImportState.CHECKED, timedelta(days=31), ImportState.CANCELLED),
        (ImportState.CHECKED, timedelta(days=29), ImportState.CHECKED),
        (ImportState.DONE, timedelta(days=99), ImportState.DONE),
    ],
)
def test_what_nobody_will_finish_is_ended_at_night(state, age, after):
    now = clock.now()
    job = ImportJob.objects.create(code="J", state=state, created_at=now - age, changed_at=now - age, by_code="li")
    assert clear_uploads(at=now).startswith("清理上传的文件")
    job.refresh_from_db()
    assert job.state == after
    clear_uploads(at=now)
