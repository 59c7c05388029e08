import os
from datetime import timedelta
from io import BytesIO

import pytest

from chuangwei.core import attachments
from chuangwei.core.attachments import BadFile
from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.jobs import clear_unused_files
from chuangwei.core.models import Attachment
from chuangwei.domain.inspections import queries
from chuangwei.domain.inspections.actions import Finding, discard_sheet, record_visit, save_sheet
from chuangwei.domain.inspections.enums import Permission, Result
from chuangwei.domain.inspections.models import SheetDraft
from tests.domain.inspections.conftest import check_code
from tests.factories import organisation, photos
from tests.factories.problems import MONDAY

LATER = MONDAY + timedelta(minutes=5)


def save(ground, content=None, photos_=None, by=None, at=MONDAY, **more):
    return save_sheet(
        each=ground.each, site=ground.lanes[0], content=content or {}, photos=photos_, by=by or ground.inspector, at=at,
        **more,
    )  # fmt: skip


def picture(bin_at=20):
    return photos.saved(photos.street(bin_at=bin_at)), "a.jpg"


def test_a_sheet_is_kept_as_it_stands_and_overwritten(ground):
    save(ground, {"r.CK": "fail"})
    draft = save(ground, {"r.CK": "na"}, at=LATER)
    assert list(SheetDraft.objects.values_list("content", "saved_at")) == [({"r.CK": "na"}, LATER)]
    assert list(queries.drafts(actor=ground.inspector)) == [draft]
    assert queries.draft_of(ground.each, ground.lanes[0], actor=ground.inspector) == draft


def test_a_draft_is_its_owners_alone(ground):
    draft = save(ground)
    other = ground.member(code="meng")
    assert not queries.drafts(actor=other).exists()
    assert queries.draft_of(ground.each, ground.lanes[0], actor=other) is None
    with pytest.raises(NotAllowed):
        discard_sheet(draft=draft, by=other)


def test_photos_are_kept_by_check_and_stage_and_go_with_the_draft(ground):
    code = check_code(1)
    draft = save(ground, photos_={(code, "before"): [picture(10), picture(60)], (code, "after"): [picture(90)]})
    found = queries.draft_photos(draft)
    assert {key: len(rows) for key, rows in found.items()} == {(code, "before"): 2, (code, "after"): 1}
    assert queries.draft_photos(None) == {}
    discard_sheet(draft=draft, by=ground.inspector)
    assert not SheetDraft.objects.exists()
    assert not Attachment.objects.exists()


def test_the_files_of_a_draft_that_was_thrown_away_go_at_night_and_those_handed_in_stay(ground):
    code, night = check_code(1), MONDAY + timedelta(days=2)
    kept = attachments.path_of(store_photo(ground, 10, check=code))
    handed_in = record_visit(
        each=ground.each, site=ground.lanes[0], visited_at=MONDAY, inspectors=[ground.person],
        findings=[Finding(code, Result.FAIL, photos=tuple(Attachment.objects.all()))], by=ground.inspector, at=MONDAY,
    )  # fmt: skip
    gone = attachments.path_of(store_photo(ground, 90, check=code))
    discard_sheet(draft=SheetDraft.objects.get(), by=ground.inspector)
    for file in (kept, gone):
        os.utime(file, (MONDAY.timestamp(), MONDAY.timestamp()))
    assert clear_unused_files(at=MONDAY) == "清理无主的附件 0 个。"
    assert clear_unused_files(at=night) == "清理无主的附件 1 个。"
    assert (kept.exists(), gone.exists()) == (True, False)
    assert list(queries.photos_of(handed_in, [code])) == [code]


def store_photo(ground, bin_at, *, check):
    save(ground, photos_={(check, "before"): [picture(bin_at)]})
    return Attachment.objects.get(subject_kind=queries.DRAFT_PHOTO_KIND)


def test_what_is_no_photo_and_too_many_are_refused_and_the_sheet_is_kept(ground):
    code = check_code(1)
    with pytest.raises(BadFile):
        save(ground, {"r.CK": "fail"}, photos_={(code, "before"): [(BytesIO(b"<script>"), "a.jpg")]})
    with pytest.raises(DomainError, match="最多 9 张"):
        save(ground, photos_={(code, "before"): [picture(n * 8) for n in range(10)]})
    assert SheetDraft.objects.exists()


def test_only_who_may_record_keeps_a_sheet(ground):
    for by in (organisation.stranger(), ground.member(area_paths=(ground.communities[1].path,))):
        with pytest.raises(NotAllowed):
            save(ground, by=by)


def test_a_save_that_comes_after_the_sheet_was_handed_in_begins_nothing(ground):
    opened = MONDAY + timedelta(minutes=1)
    visit = record_visit(
        each=ground.each, site=ground.lanes[0], visited_at=MONDAY, inspectors=[ground.person], findings=[],
        by=ground.inspector, at=LATER,
    )  # fmt: skip
    with pytest.raises(DomainError, match="已经录入"):
        save(ground, at=LATER, opened_at=opened)
    assert not SheetDraft.objects.exists()
    assert save(ground, at=LATER, opened_at=visit.recorded_at)
    assert save(ground, at=LATER, opened_at=opened, by=ground.member(code="meng"))


def test_no_sheet_is_kept_in_a_sealed_round_one_does_not_see(ground):
    planner = organisation.clerk(Permission.VIEW, Permission.RECORD, Permission.PLAN)
    ground.each.is_sealed = True
    ground.each.save()
    with pytest.raises(NotAllowed):
        save(ground, by=planner)
    assert not SheetDraft.objects.exists()
    assert save(ground, by=ground.inspector).round == ground.each
