"""What the worker does: also when the data changed meanwhile, when a file is gone, when it is run twice."""

from pathlib import Path

import pytest
from django.conf import settings

from chuangwei.core import clock, tasks
from chuangwei.domain.organisation import queries
from chuangwei.domain.places.models import Area
from chuangwei.web.office.imports import forms, uploads, work
from chuangwei.web.office.imports.enums import ImportState
from chuangwei.web.office.imports.uploads import Progress, Upload
from chuangwei.web.office.models import ImportJob
from chuangwei.web.office.sheets import importing
from tests.factories import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return queries.actor_of(organisation.account("clerk", roles=["office"]))


@pytest.fixture
def hand_in(by, register):
    def hand(**rows):
        return work.hand_in(uploads=forms.kept_files([register(**rows)]), by=by, at=clock.now())

    return hand


def state_of(job):
    job.refresh_from_db()
    return job.state


def test_what_changed_since_the_preview_is_shown_before_anything_is_saved(hand_in, by):
    seen = hand_in(人员=[["P1", "张三", "书记", None]])
    other = hand_in(人员=[["P1", "张三", "镇长", None]])
    for job in (seen, other):
        job.refresh_from_db()
    work.confirm(job=other, by=by, at=clock.now())

    work.confirm(job=seen, by=by, at=clock.now())

    assert state_of(seen) == ImportState.CHECKED
    assert seen.message == work.CHANGED_MEANWHILE
    assert seen.outcome["changed"] == 1
    assert seen.outcome["moves"] == [{"code": "P1", "what": "变更职务", "old": "镇长", "new": "书记"}]

    work.confirm(job=seen, by=by, at=clock.now())
    assert state_of(seen) == ImportState.DONE


def test_what_became_a_mistake_since_the_preview_is_refused(hand_in, by):
    job = hand_in(区划=[["62", "云岭县", "县", None]], 单位=[["U1", "创卫办", "办公室", None, "62"]])
    other = hand_in(区划=[["62", "云岭县", "县", None]], 人员=[["U1", "张三", "", None]])
    for one in (job, other):
        one.refresh_from_db()
    work.confirm(job=other, by=by, at=clock.now())
    work.confirm(job=job, by=by, at=clock.now())
    assert state_of(job) == ImportState.REFUSED
    assert "U1" in str(job.outcome["mistakes"])


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_a_file_that_is_gone_or_was_changed_is_not_imported(hand_in, by, harm):
    job = hand_in()
    job.refresh_from_db()
    file = Upload.of(job.files[0]).path
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(b"other")
    work.confirm(job=job, by=by, at=clock.now())
    assert (state_of(job), Area.objects.count()) == (ImportState.FAILED, 0)
    assert "请重新上传" in job.message


def test_a_fault_of_ours_ends_the_waiting_and_is_logged(hand_in, monkeypatch, caplog):
    def broken(**_arguments):
        raise RuntimeError("boom")

    monkeypatch.setattr(importing, "run", broken)
    job = hand_in()
    assert (state_of(job), job.message) == (ImportState.FAILED, work.BROKEN)
    assert "boom" in caplog.text


def test_work_run_twice_is_done_once(hand_in, by):
    job = hand_in()
    job.refresh_from_db()
    work.confirm(job=job, by=by, at=clock.now())
    before = state_of(job)
    work.carry_out(code=job.code, account=by.code)
    work.check(code=job.code, account=by.code)
    assert (before, state_of(job)) == (ImportState.DONE, ImportState.DONE)
    assert Area.objects.count() == 3


def test_how_far_it_is_can_be_seen_from_outside(hand_in, monkeypatch):
    monkeypatch.setattr(tasks, "enqueue", lambda *_args, **_kwargs: "")
    job = hand_in()
    tell = work._teller(job)
    tell("正在读取『区划』", 10, 100)
    tell("太快", 11, 100)
    assert uploads.read_progress(job.code) == Progress("正在读取『区划』", 10, 100)
    uploads.forget_progress(job.code)
    assert uploads.read_progress(job.code) is None


def test_a_broken_line_of_progress_is_none(hand_in):
    place = Path(settings.CHUANGWEI_HOME) / "uploads" / "x.progress"
    place.write_text("{", encoding="utf-8")
    assert uploads.read_progress("x") is None


def test_a_job_of_nothing_is_no_job(by):
    from chuangwei.core.errors import DomainError, NotAllowed

    with pytest.raises(DomainError, match="请先选择工作簿"):
        work.hand_in(uploads=[], by=by, at=clock.now())
    with pytest.raises(NotAllowed):
        work.hand_in(uploads=[], by=organisation.stranger(), at=clock.now())
    assert ImportJob.objects.count() == 0
