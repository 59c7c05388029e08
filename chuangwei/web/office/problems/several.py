"""What can be done to several problems of the list at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError
from chuangwei.domain.problems import actions, permissions
from chuangwei.domain.problems.enums import Permission
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.problems.queries import sources_of
from chuangwei.web.office.problems.forms import BulkCloseForm, BulkDispatchForm
from chuangwei.web.shared.forms import ActionForm


@dataclass(frozen=True)
class Bulk:
    """A step for several problems, from the states it begins in; `address` is the name of its command."""

    slug: str
    title: str
    icon: str
    address: str
    form: type[ActionForm]
    act: Callable[..., int]
    sources: frozenset[str]
    permission: Permission

    def takes(self, actor: Actor, problem: Problem) -> bool:
        """As far as a row tells: what else stands in the way, such as who put it right, the step itself says."""
        return (
            problem.state in self.sources
            and not problem.is_held
            and actor.may(self.permission)
            and permissions.covers(actor, problem)
        )


DISPATCH = Bulk(
    "dispatch", "派遣", "send", "office:problem_dispatch_many", BulkDispatchForm, actions.dispatch_problems,
    sources_of("dispatch"), Permission.DISPATCH,
)  # fmt: skip
CLOSE = Bulk(
    "close", "销号", "circle-check", "office:problem_close_many", BulkCloseForm, actions.close_problems,
    sources_of("close"), Permission.VERIFY,
)  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A step as the list offers it: how many of the rows shown it is for, and its form."""

    bulk: Bulk
    count: int
    form: ActionForm


@dataclass(frozen=True)
class Tried:
    """A step that was not made: which one, with which form, of which problems, and why not, one by one."""

    bulk: Bulk
    form: ActionForm
    codes: frozenset[str]
    refusals: Sequence[tuple[str, str]] = ()
    message: str = ""


def offers(actor: Actor, shown: Sequence[Problem], tried: Tried | None) -> list[Offer]:
    """The steps that fit at least one of the rows shown, or that were just tried."""
    found = []
    for bulk in (DISPATCH, CLOSE):
        count = sum(bulk.takes(actor, problem) for problem in shown)
        is_tried = tried is not None and tried.bulk is bulk
        if count or is_tried:
            found.append(Offer(bulk, count, tried.form if tried and is_tried else bulk.form(actor=actor, thing=())))
    return found


def tickable(actor: Actor, shown: Iterable[Problem], tried: Tried | None) -> frozenset[str]:
    """The numbers of the rows that get a box: those a step fits, and what was ticked already."""
    fitting = {one.code for one in shown if DISPATCH.takes(actor, one) or CLOSE.takes(actor, one)}
    return frozenset(fitting | (tried.codes if tried else set()))


def attempt(bulk: Bulk, form: ActionForm, **given: Any) -> Tried | None:
    """Make the step; what stood in the way, if anything did. Nothing was moved then."""
    codes = frozenset(one.code for one in form.thing)
    try:
        if form.accepted_by(bulk.act, problems=form.thing, **given):
            return None
    except DomainError as refusal:
        return Tried(bulk, form, codes, message=refusal.message)
    if isinstance(form.refusal, actions.SeveralRefused):
        return Tried(bulk, form, codes, refusals=form.refusal.refusals)
    return Tried(bulk, form, codes, message="".join(map(str, form.non_field_errors())))
