"""Sheets that are being filled in: kept as they are, with their photos, until they are handed in or thrown away.

Not in the audit chain: what somebody has not handed in yet is nobody else's business. Photos are, as everywhere.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from chuangwei.core import attachments
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.models import Attachment
from chuangwei.core.writes import action
from chuangwei.domain.inspections import permissions, queries
from chuangwei.domain.inspections.models import Round, SheetDraft, Visit
from chuangwei.domain.places.models import Site

MOST_PHOTOS = 9
"""Of one check at one stage: as many as a grid of pictures shows at once."""
ALREADY = "这次检查已经录入，没有重复保存。"
Upload = tuple[BinaryIO, str]
"""What was handed in, and the name it came with."""


def save_sheet(
    *, each: Round, site: Site, content: Mapping[str, Any], by: Actor, at: datetime,
    photos: Mapping[tuple[str, str], Sequence[Upload]] | None = None, opened_at: datetime | None = None,
) -> SheetDraft:  # fmt: skip
    """Keep a sheet as it stands; `photos` are new ones by check and stage (before, after). BadFile for what is none.

    `opened_at` is when the page was shown: DomainError where its sheet was handed in since, for a save that comes late
    would begin it again.
    Pictures are decoded outside the write, which holds the database's lock.
    """
    require(permissions.may_record(by, each) and permissions.visible_rounds(by).filter(pk=each.pk).exists())
    require(by.covers_site(site.area.path, site.code))
    draft = _kept(each=each, site=site, content=content, opened_at=opened_at, by=by, at=at)
    there = queries.draft_photos(draft)
    for (check, stage), files in (photos or {}).items():
        if len(there.get((check, stage), ())) + len(files) > MOST_PHOTOS:
            raise DomainError(f"一个检查项最多 {MOST_PHOTOS} 张照片。")
        for stream, name in files:
            attachments.store(
                stream=stream, name=name, by=by, at=at, subject_kind=queries.DRAFT_PHOTO_KIND,
                subject_code=queries.draft_subject(draft, check, stage),
            )  # fmt: skip
    return draft


@action
def _kept(
    *, each: Round, site: Site, content: Mapping[str, Any], opened_at: datetime | None, by: Actor, at: datetime
) -> SheetDraft:  # fmt: skip
    one_at_a_time(site)
    if opened_at is not None:
        own = Visit.objects.filter(round=each, site=site, recorded_by=by.code, recorded_at__gt=opened_at)
        if own.exists():
            raise DomainError(ALREADY)
    draft, _ = SheetDraft.objects.update_or_create(
        owner_code=by.code, round=each, site=site, defaults={"content": dict(content), "saved_at": at}
    )
    return draft


def one_at_a_time(site: Site) -> None:
    """Until the write ends, nobody else keeps or hands in a sheet of this site: what is read now still holds then."""
    Site.objects.select_for_update(no_key=True).filter(pk=site.pk).values_list("pk", flat=True).first()


@action
def discard_sheet(*, draft: SheetDraft, by: Actor) -> None:
    """Throw a draft away with its photos; only its owner does.

    Files nothing else names go at night (core.attachments.forget_unused): a visit may hold the same ones.
    """
    require(draft.owner_code == by.code)
    Attachment.objects.filter(
        subject_kind=queries.DRAFT_PHOTO_KIND, subject_code__startswith=f"{draft.pk}/"
    ).delete()  # fmt: skip
    draft.delete()
