"""Drafting a paper, writing it anew, sending it for review and back."""

from collections.abc import Mapping
from datetime import datetime

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.transitions import apply_transition
from chuangwei.core.writes import action
from chuangwei.domain.documents import permissions, states
from chuangwei.domain.documents.actions.records import keep_version, record
from chuangwei.domain.documents.composing import WISHES, Composition, compose
from chuangwei.domain.documents.enums import Edition, PaperState
from chuangwei.domain.documents.models import Paper, PaperCounter, PaperVersion

CODES, CODES_COUNTER = "GW", "公文 编号"
"""The counter of the codes of papers stands beside those of their numbers; no issuer's code holds a blank."""


@action
def draft_paper(*, kind: str, about: Mapping[str, str], by: Actor, at: datetime) -> Paper:
    """Begin a paper 起草: both editions as they are today, kept as its first version.

    DomainError where the kind is not told enough; NotFound for what the actor may not see.
    """
    inner, public = _both(kind, about, by, at)
    require(permissions.may_draft(by, inner.area))
    composed = inner.composed
    paper = Paper.objects.create(
        code=_next_code(at), kind=kind, title=inner.sheet.title, layout=composed.layout, area=inner.area,
        about=inner.about, subject_kind=composed.subject_kind, subject_code=composed.subject_code,
        drafted_at=at, drafted_by_code=by.code, drafted_by_name=by.name,
    )  # fmt: skip
    version = keep_version(paper, inner=inner.sheet, public=public.sheet, by=by, at=at, note="起草")
    record(paper, "起草公文", by=by, at=at, kind=kind, digest=version.digest)
    return paper


@action
def redraft_paper(*, paper: Paper, wishes: Mapping[str, str], by: Actor, at: datetime) -> PaperVersion:
    """Write a draft anew from today's figures, with what somebody wishes in other words (composing.WISHES).

    A new version is kept only where the words changed. DomainError for a paper that is no longer a draft.
    """
    require(permissions.may_edit(by, paper))
    _refuse_unless_draft(paper)
    told = {key: value for key, value in paper.about.items() if key not in WISHES}
    inner, public = _both(paper.kind, {**told, **wishes}, by, at)
    if not Paper.objects.filter(pk=paper.pk, state=PaperState.DRAFT).update(
        about=inner.about, title=inner.sheet.title
    ):  # fmt: skip
        raise DomainError("这份公文已经不是草稿，请刷新后再看。")
    paper.about, paper.title = inner.about, inner.sheet.title
    version = keep_version(paper, inner=inner.sheet, public=public.sheet, by=by, at=at, note="修改")
    record(paper, "修改公文", by=by, at=at, version=version.version, digest=version.digest)
    return version


def _refuse_unless_draft(paper: Paper) -> None:
    if paper.state != PaperState.DRAFT:
        raise DomainError(f"这份公文现为“{paper.get_state_display()}”，只有草稿可以修改。")


def _both(kind: str, about: Mapping[str, str], by: Actor, at: datetime) -> tuple[Composition, Composition]:
    day = clock.local_day(at)
    inner = compose(kind=kind, about=about, actor=by, day=day, edition=Edition.INNER)
    return inner, compose(kind=kind, about=about, actor=by, day=day, edition=Edition.PUBLIC)


def _next_code(at: datetime) -> str:
    """GW-2026-0001: what a paper is called inside the program before it has its number."""
    year = clock.local_day(at).year
    return f"{CODES}-{year}-{next_of(CODES_COUNTER, year):04}"


def next_of(issuer_code: str, year: int) -> int:
    """The next number of a code in a year, from 1: one conditional UPDATE on the counter's row.

    Whoever is second waits for the first to commit and then finds another last number. A write taken back gives its
    number back, so there are no gaps.
    """
    PaperCounter.objects.bulk_create([PaperCounter(issuer_code=issuer_code, year=year)], ignore_conflicts=True)
    own = PaperCounter.objects.filter(issuer_code=issuer_code, year=year)
    while True:
        last = own.values_list("last", flat=True).get()
        if own.filter(last=last).update(last=last + 1):
            return last + 1


@action
def send_paper(*, paper: Paper, by: Actor, at: datetime) -> Paper:
    """Hand a draft to whoever signs 送审."""
    require(permissions.may_edit(by, paper))
    apply_transition(paper, states.SEND, by=by, at=at)
    record(paper, "送审公文", by=by, at=at)
    return paper


@action
def return_paper(*, paper: Paper, by: Actor, at: datetime, note: str) -> Paper:
    """Give it back to whoever drafted it, with the reason 退回修改; also by whoever sent it, to mend something."""
    require(permissions.may_sign(by, paper) or permissions.may_edit(by, paper))
    apply_transition(paper, states.RETURN, by=by, at=at, note=note)
    record(paper, "退回公文", by=by, at=at, note=note)
    return paper
