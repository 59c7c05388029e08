"""Issuing a signed paper to units 印发, and signing for it 签收."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO

from chuangwei.core import attachments, notices
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, StaleState, require
from chuangwei.core.transitions import apply_transition
from chuangwei.core.writes import action
from chuangwei.domain.documents import permissions, queries, states
from chuangwei.domain.documents.actions.records import record
from chuangwei.domain.documents.enums import Edition, Form, PaperState
from chuangwei.domain.documents.models import Delivery, Paper
from chuangwei.domain.documents.queries import SUBJECT
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.organisation.models import Unit

KEPT = (Form.DOCX, Form.PDF)


def issue_paper(*, paper: Paper, units: Sequence[Unit], by: Actor, at: datetime) -> Paper:
    """Issue a signed paper to these units. Its files, in both editions, are drawn from the frozen words and kept.

    DomainError for nobody to send it to; StaleState for a paper that is not signed.
    """
    require(permissions.may_issue(by, paper))
    if not units:
        raise DomainError("请选择收文单位。")
    if paper.state != PaperState.SIGNED:
        raise StaleState(f"公文 {paper.code} 现为“{paper.get_state_display()}”，不能印发。")
    # Drawing takes time, so it comes before the write, which holds the database's lock.
    return _issued(paper=paper, files=_drawn(paper), units=units, by=by, at=at)


def _drawn(paper: Paper) -> dict[str, bytes]:
    """The files of both editions by their names."""
    version = queries.latest_version(paper)
    return {
        file_name(paper, edition, form): queries.drawn(queries.sheet_in(version, edition), form).content
        for edition in Edition
        for form in KEPT
    }


def file_name(paper: Paper, edition: str, form: str) -> str:
    mark = "（公开版）" if edition == Edition.PUBLIC else ""
    return f"{paper.number_text or paper.code} {paper.title[:60]}{mark}.{form}"


@action
def _issued(*, paper: Paper, files: Mapping[str, bytes], units: Sequence[Unit], by: Actor, at: datetime) -> Paper:
    paper.issued_at = at
    # The move comes first: whoever is second is refused before a file is kept.
    apply_transition(paper, states.ISSUE, by=by, at=at, save=["issued_at"])
    for name, content in files.items():
        attachments.store(
            stream=BytesIO(content), name=name, by=by, at=at, subject_kind=SUBJECT, subject_code=paper.code
        )  # fmt: skip
    _send(paper, units, at=at)
    record(paper, "印发公文", by=by, at=at, units=sorted(unit.code for unit in units))
    return paper


@action
def send_to_more(*, paper: Paper, units: Sequence[Unit], by: Actor, at: datetime) -> list[Delivery]:
    """Send an issued paper to further units; those that have it already are left alone."""
    require(permissions.may_issue(by, paper))
    if paper.state != PaperState.ISSUED:
        raise StaleState(f"公文 {paper.code} 现为“{paper.get_state_display()}”，不能补发。")
    have = set(paper.deliveries.values_list("unit_id", flat=True))
    new = [unit for unit in units if unit.pk not in have]
    if not new:
        raise DomainError("所选单位都已经收到这份公文。")
    made = _send(paper, new, at=at)
    record(paper, "补发公文", by=by, at=at, units=sorted(unit.code for unit in new))
    return made


def _send(paper: Paper, units: Sequence[Unit], *, at: datetime) -> list[Delivery]:
    each = {unit.pk: unit for unit in units}
    made = Delivery.objects.bulk_create(
        Delivery(paper=paper, unit=unit, sent_at=at) for unit in sorted(each.values(), key=lambda unit: unit.code)
    )
    notices.send(
        to=_who_may_sign(made),
        kind="paper-issued", title=f"请签收：{paper.number_text} {paper.title}", at=at,
        subject_kind=SUBJECT, subject_code=paper.code,
    )  # fmt: skip
    return made


def _who_may_sign(deliveries: Sequence[Delivery]) -> list[str]:
    """Nobody is asked to sign for what she cannot open."""
    units = {delivery.unit.code for delivery in deliveries}
    codes = {code for unit in units for code in organisation.recipients_of(unit)}
    actors = [organisation.actor_of(organisation.account_by_code(code)) for code in sorted(codes)]
    return [actor.code for actor in actors if any(permissions.may_receive(actor, one) for one in deliveries)]


@action
def receive_paper(*, delivery: Delivery, by: Actor, at: datetime) -> Delivery:
    """Sign for a paper in the name of a unit 签收; the messages that asked for it are read then.

    StaleState where somebody of the unit did, or it was withdrawn.
    """
    require(permissions.may_receive(by, delivery))
    if delivery.paper.state != PaperState.ISSUED:
        raise StaleState(f"公文 {delivery.paper} 现为“{delivery.paper.get_state_display()}”，不能签收。")
    signed = Delivery.objects.filter(pk=delivery.pk, received_at__isnull=True).update(
        received_at=at, received_by_code=by.code, received_by_name=by.name
    )
    if not signed:
        raise StaleState(f"{delivery.unit.name}已经签收。")
    delivery.received_at, delivery.received_by_code, delivery.received_by_name = at, by.code, by.name
    notices.mark_dealt_with(recipient=by.code, subject_kind=SUBJECT, subject_code=delivery.paper.code, at=at)
    record(delivery.paper, "签收公文", by=by, at=at, unit=delivery.unit.code)
    return delivery
