"""公文: papers that wait for a leader's hand, for printing, or for one's unit to sign for them."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from chuangwei.core.actor import Actor
from chuangwei.domain.documents import permissions, queries
from chuangwei.domain.documents.enums import PaperState, Permission
from chuangwei.domain.documents.models import Paper
from chuangwei.web.office.dashboard.registry import Line, Section, Tile, tile
from chuangwei.web.shared.links import page_of

SHOWN = 5


@tile("papers-waiting", Section.WAITING, order=40)
def papers_waiting(actor: Actor, _at: datetime) -> Tile | None:
    if not actor.may(Permission.VIEW):
        return None
    lines = list(_lines(actor))
    return Tile("公文", lines=lines) if lines else None


def _lines(actor: Actor) -> Iterator[Line]:
    papers = queries.papers(actor=actor)
    if actor.may(Permission.SIGN):
        for paper in _first(papers, PaperState.SENT):
            if permissions.may_sign(actor, paper):
                yield Line(paper.title, "送审，待签发", page_of("paper", paper.code))
    if actor.may(Permission.ISSUE):
        for paper in _first(papers, PaperState.SIGNED):
            if permissions.may_issue(actor, paper):
                yield Line(paper.title, "已签发，待印发", page_of("paper", paper.code))
    if actor.may(Permission.RECEIVE):
        for delivery in queries.waiting_deliveries(actor=actor)[:SHOWN]:
            yield Line(delivery.paper.title, f"待{delivery.unit.name}签收", page_of("paper", delivery.paper.code))


def _first(papers: QuerySet[Paper], state: str) -> QuerySet[Paper]:
    return papers.filter(state=state).select_related("area").order_by("pk")[:SHOWN]
