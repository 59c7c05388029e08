"""What another page says of papers: the bulletin of a period, the certificate of a flag, or the way to draft one."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal.enums import PeriodState
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.documents import permissions, queries
from chuangwei.domain.documents.models import Paper
from chuangwei.domain.places.models import Area

PUBLIC = (PeriodState.PUBLISHED, PeriodState.FINAL)
"""Only what is public hangs on a wall."""
BULLETIN, CERTIFICATE, NOTICE = "weekly-bulletin", "flag-certificate", "rectification-notice"
"""The kinds of paper that pages know by name."""


@dataclass(frozen=True)
class Offer:
    title: str
    address: str


def of_period(actor: Actor, period: Period) -> Offer | None:
    """The bulletin about a period the actor may read, else a link that drafts it; none for who may do neither."""
    paper = _about(actor, period).filter(kind=BULLETIN).first()
    if paper is not None:
        return Offer(f"通报（{paper.get_state_display()}）", _page(paper))
    return _draft(actor, period, BULLETIN, "起草通报")


def of_flag(actor: Actor, period: Period, subject: str) -> Offer | None:
    """The certificate of a flag, or the way to make it."""
    return of_flags(actor, period, [subject]).get(subject)


def of_flags(actor: Actor, period: Period, subjects: Collection[str]) -> dict[str, Offer]:
    """The same for several subjects that have a flag, asking once."""
    made: dict[str, Offer] = {}
    for paper in _about(actor, period).filter(kind=CERTIFICATE):
        made.setdefault(paper.about.get("subject", ""), Offer(f"证书（{paper.get_state_display()}）", _page(paper)))
    new = _draft(actor, period, CERTIFICATE, "制作证书") if period.state in PUBLIC else None
    if new is not None:
        made = {
            subject: Offer(new.title, f"{new.address}&{urlencode({'subject': subject})}") for subject in subjects
        } | made
    return {subject: made[subject] for subject in subjects if subject in made}


def _about(actor: Actor, period: Period) -> QuerySet[Paper]:
    return queries.papers_about(actor=actor, subject_kind="appraisal.period", subject_code=period.code)


def _page(paper: Paper) -> str:
    return reverse("office:paper_detail", args=[paper.code])


def _draft(actor: Actor, period: Period, kind: str, title: str) -> Offer | None:
    if kind not in queries.kinds_for(actor):
        return None
    area = Area.objects.filter(code=period.area_code).first() if period.area_code else None
    if not permissions.may_draft(actor, area):
        return None
    about = {"kind": kind, "series": period.series, "period": period.slug, "area": period.area_code}
    return Offer(
        title, f"{reverse('office:paper_new')}?{urlencode({key: value for key, value in about.items() if value})}"
    )
