"""Who may draft, sign, issue, receive and read a paper. The place is what the paper is about (domain §10, §11)."""

from django.db.models import Q, QuerySet

from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.documents.enums import PaperState, Permission
from chuangwei.domain.documents.models import Delivery, Paper
from chuangwei.domain.places.models import Area
from chuangwei.domain.places.permissions import in_scope


def covers(actor: Actor, area: Area | None) -> bool:
    """Whether what a paper is about lies in the actor's scope; a paper about all of it needs all topmost areas."""
    if area is not None:
        return actor.covers(area.path)
    return actor.covers(EVERYWHERE) or all(map(actor.covers, _topmost() or [EVERYWHERE]))


def _topmost() -> list[str]:
    return list(Area.objects.filter(depth=1).order_by("path").values_list("path", flat=True))


def may_draft(actor: Actor, area: Area | None) -> bool:
    return actor.may(Permission.DRAFT) and covers(actor, area)


def may_edit(actor: Actor, paper: Paper) -> bool:
    """Send it for review, write it anew, print it as a draft."""
    return may_draft(actor, paper.area)


def may_sign(actor: Actor, paper: Paper) -> bool:
    return actor.may(Permission.SIGN) and covers(actor, paper.area)


def may_issue(actor: Actor, paper: Paper) -> bool:
    return actor.may(Permission.ISSUE) and covers(actor, paper.area)


def may_withdraw(actor: Actor, paper: Paper) -> bool:
    """A draft: who drafts here. What was signed: who signs."""
    return may_edit(actor, paper) if paper.state == PaperState.DRAFT else may_sign(actor, paper)


def may_receive(actor: Actor, delivery: Delivery) -> bool:
    return actor.may(Permission.RECEIVE) and delivery.unit.code in actor.unit_codes


def works_on(actor: Actor) -> bool:
    """Whether somebody has a part in making papers, and so sees them before they are issued."""
    return any(actor.may(one) for one in (Permission.DRAFT, Permission.SIGN, Permission.ISSUE))


def visible_papers(actor: Actor) -> QuerySet[Paper]:
    """Those about the actor's places: all of them to who makes papers, to others what was issued. And what was sent to
    the actor's units, also after it was withdrawn."""
    if not actor.may(Permission.VIEW):
        return Paper.objects.none()
    here = in_scope(actor, "area__")
    if covers(actor, None):
        here |= Q(area__isnull=True)
    if not works_on(actor):
        here &= Q(issued_at__isnull=False)
    sent = Paper.objects.filter(deliveries__unit__code__in=actor.unit_codes) if actor.unit_codes else None
    return Paper.objects.filter(here | Q(pk__in=sent.values("pk")) if sent is not None else here)
