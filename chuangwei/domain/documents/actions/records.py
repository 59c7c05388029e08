"""What every action on papers writes in the same way."""

from datetime import datetime
from typing import Any

from chuangwei.core import audit
from chuangwei.core.actor import Actor
from chuangwei.domain.documents.blocks import Sheet, digest_of, sheet_json
from chuangwei.domain.documents.models import Paper, PaperVersion
from chuangwei.domain.documents.queries import SUBJECT


def record(paper: Paper, verb: str, *, by: Actor, at: datetime, note: str = "", **details: Any) -> None:
    audit.record(
        verb=verb, subject_kind=SUBJECT, subject_code=paper.code, by=by, at=at, note=note, details=details
    )  # fmt: skip


def keep_version(paper: Paper, *, inner: Sheet, public: Sheet, by: Actor, at: datetime, note: str) -> PaperVersion:
    """The paper's words as its next version, or the latest one where nothing changed."""
    texts = sheet_json(inner), sheet_json(public)
    digest = digest_of(*texts)
    last = paper.versions.order_by("-version").first()
    if last is not None and last.digest == digest:
        return last
    return PaperVersion.objects.create(
        paper=paper, version=last.version + 1 if last else 1, inner=texts[0], public=texts[1], digest=digest,
        note=note, made_at=at, by_code=by.code, by_name=by.name,
    )  # fmt: skip
