"""Questions about visits."""

from collections.abc import Iterable

from django.db.models import QuerySet

from chuangwei.core.actor import Actor
from chuangwei.core.models import Attachment
from chuangwei.domain.inspections import permissions
from chuangwei.domain.inspections.models import Round, SheetDraft, Visit
from chuangwei.domain.places.models import Site

PHOTO_KIND = "inspections.answer"
"""What a photo of a sheet is attached to: one check of one visit."""
DRAFT_PHOTO_KIND = "inspections.sheetdraft"


def visits(*, actor: Actor) -> QuerySet[Visit]:
    """The visits the actor may open."""
    return permissions.visible_visits(actor).select_related(
        "round", "site__area", "site__kind", "area", "checklist__site_kind"
    )


def photo_subject(visit_code: str, check_code: str) -> str:
    return f"{visit_code}/{check_code}"


def visit_of_photo(subject_code: str) -> str:
    """The number of the visit a photo belongs to, by what it is attached to."""
    return subject_code.rpartition("/")[0]


def photos_of(visit: Visit, checks: Iterable[str]) -> dict[str, list[Attachment]]:
    """The photos of a sheet by the code of the check, in the order they came."""
    subjects = {photo_subject(visit.code, check): check for check in checks}
    found: dict[str, list[Attachment]] = {}
    rows = Attachment.objects.filter(subject_kind=PHOTO_KIND, subject_code__in=list(subjects)).order_by("pk")
    for one in rows:
        found.setdefault(subjects[one.subject_code], []).append(one)
    return found


def draft_subject(draft: SheetDraft, check_code: str, stage: str) -> str:
    return f"{draft.pk}/{check_code}/{stage}"


def drafts(*, actor: Actor) -> QuerySet[SheetDraft]:
    """The sheets the actor has begun and not handed in, in rounds the actor may still see; the newest first."""
    rounds = permissions.visible_rounds(actor)
    found = SheetDraft.objects.filter(owner_code=actor.code, round__in=rounds)
    return found.select_related("round", "site__area", "site__kind").order_by("-saved_at", "-pk")


def draft_of(each: Round, site: Site, *, actor: Actor) -> SheetDraft | None:
    return SheetDraft.objects.filter(owner_code=actor.code, round=each, site=site).first()


def draft_photos(draft: SheetDraft | None) -> dict[tuple[str, str], list[Attachment]]:
    """The photos of a draft by check and stage, in the order they came."""
    found: dict[tuple[str, str], list[Attachment]] = {}
    if draft is None:
        return found
    rows = Attachment.objects.filter(subject_kind=DRAFT_PHOTO_KIND, subject_code__startswith=f"{draft.pk}/")
    for one in rows.order_by("pk"):
        _, check, stage = one.subject_code.split("/")
        found.setdefault((check, stage), []).append(one)
    return found
