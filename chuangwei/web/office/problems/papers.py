"""The papers about a problem: the 整改通知单 made of it, and the way to draft one."""

from urllib.parse import urlencode

from django.urls import reverse

from chuangwei.core.actor import Actor
from chuangwei.domain.documents import permissions, queries
from chuangwei.domain.problems.enums import SUBJECT
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.problems.queries import is_in_hand
from chuangwei.web.office.documents.offers import NOTICE
from chuangwei.web.shared.links import page_of

MOST = 20


def ties(actor: Actor, problem: Problem) -> list[dict[str, str]]:
    """What was written about it, as far as the actor may see it, in the shape of a record's other ties."""
    found = queries.papers_about(actor=actor, subject_kind=SUBJECT, subject_code=problem.code)[:MOST]
    return [
        {"how": queries.kind_of(one.kind).name, "words": f"{one.number_text or '未编号'} {one.title}",
         "state": one.get_state_display(), "address": page_of("paper", one.code)}
        for one in found
    ]  # fmt: skip


def draft_address(actor: Actor, problem: Problem) -> str:
    """Where a notice about it is drafted, filled in; empty for who may not, and for what is done or has no unit."""
    if problem.is_held or not is_in_hand(problem):
        return ""
    if not permissions.may_draft(actor, problem.area):
        return ""
    return f"{reverse('office:paper_new')}?{urlencode({'kind': NOTICE, 'problem': problem.code})}"
