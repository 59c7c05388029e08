"""Signing a paper, which gives it its number, and withdrawing it."""

from datetime import datetime

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.transitions import apply_transition
from chuangwei.core.writes import action
from chuangwei.domain.documents import permissions, queries, rules, states
from chuangwei.domain.documents.actions.drafting import next_of
from chuangwei.domain.documents.actions.records import keep_version, record
from chuangwei.domain.documents.blocks import signed
from chuangwei.domain.documents.composing import compose, hindrances
from chuangwei.domain.documents.enums import Edition
from chuangwei.domain.documents.models import Paper


@action
def sign_paper(*, paper: Paper, by: Actor, at: datetime) -> Paper:
    """Sign 签发: the paper takes the next number of its issuer's code in this year, and its words are frozen.

    DomainError while what it is about may not be told yet (a period not published), where a figure is no longer what the
    paper says, and where the preset names no issuer's code. Nothing is numbered then.
    """
    require(permissions.may_sign(by, paper))
    day = clock.local_day(at)
    today = compose(kind=paper.kind, about=paper.about, actor=by, day=day, edition=Edition.INNER)
    version = queries.latest_version(paper)
    inner, public = (queries.sheet_in(version, edition) for edition in (Edition.INNER, Edition.PUBLIC))
    if sentences := hindrances(today, inner):
        raise DomainError("".join(sentences))
    paper.issuer_code, paper.year = today.code, day.year
    paper.signed_at, paper.signed_by_code, paper.signed_by_name = at, by.code, by.name
    # A second signature finds the paper moved already, and its number goes back with the rest of the write.
    paper.number = next_of(today.code, day.year)
    paper.number_text = rules.number_text(today.code, day.year, paper.number)
    apply_transition(
        paper, states.SIGN, by=by, at=at,
        save=["issuer_code", "year", "number", "number_text", "signed_at", "signed_by_code", "signed_by_name"],
    )  # fmt: skip
    kept = keep_version(
        paper,
        inner=signed(inner, number=paper.number_text, signer=by.name, day=day),
        public=signed(public, number=paper.number_text, signer="", day=day),
        by=by, at=at, note="签发",
    )  # fmt: skip
    record(paper, "签发公文", by=by, at=at, number=paper.number_text, digest=kept.digest)
    return paper


@action
def withdraw_paper(*, paper: Paper, by: Actor, at: datetime, note: str) -> Paper:
    """Take a paper back 撤回, with the reason. Its number stays used; what was issued stays readable, marked as such."""
    require(permissions.may_withdraw(by, paper))
    paper.withdrawn_at = at
    apply_transition(paper, states.WITHDRAW, by=by, at=at, note=note, save=["withdrawn_at"])
    record(paper, "撤回公文", by=by, at=at, note=note, number=paper.number_text)
    return paper
