"""The verbs of the ledger: each makes one move of the table in `states.py`, or is refused."""

from datetime import date, datetime

from chuangwei.core import clock, notices
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, require
from chuangwei.core.transitions import Transition, apply_transition
from chuangwei.core.writes import action
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems import permissions, queries, states
from chuangwei.domain.problems.actions import turns
from chuangwei.domain.problems.actions.records import numbered, recorded
from chuangwei.domain.problems.enums import SUBJECT, PhotoStage, ProblemState, Source
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.standards.models import Category


@action
def report_problem(
    *, code: str, source: Source, category: Category, description: str, by: Actor, at: datetime,
    site: Site | None = None, area: Area | None = None, origin_kind: str = "", origin_code: str = "",
) -> Problem:  # fmt: skip
    """Write down something found; a site decides the area (workbooks.md, 问题). Without a code, the next of the year."""
    area = site.area if site else area
    if area is None:
        raise DomainError("问题须有点位或区划。")
    require(permissions.may_report(by, area.path, site.code if site else None))
    problem = numbered(
        code or queries.next_codes(at), source=source, category=category, description=description, site=site,
        area=area, found_at=at, origin_kind=origin_kind, origin_code=origin_code,
        comes_back_of=queries.earlier_of(
            site_id=site.pk if site else None, area=area, category_id=category.pk, found_at=at
        ),
    )  # fmt: skip
    recorded(problem, "上报问题", by=by, at=at)
    return problem


def _move(
    problem: Problem, move: Transition, *, by: Actor, at: datetime, note: str = "", save: tuple[str, ...] = ()
) -> Problem:
    if problem.is_held:
        raise DomainError("这是未解封的暗访发现的问题，解封后才能处理。")
    apply_transition(problem, move, by=by, at=at, note=note, save=save)
    recorded(problem, move.name, by=by, at=at, note=note)
    return problem


@action
def file_problem(*, problem: Problem, by: Actor, at: datetime, note: str = "") -> Problem:
    """Confirm a report: the problem exists."""
    require(permissions.may_file(by, problem))
    return _move(problem, states.FILE, by=by, at=at, note=note)


@action
def reject_problem(*, problem: Problem, by: Actor, at: datetime, note: str) -> Problem:
    """Decline a report, with the reason."""
    require(permissions.may_file(by, problem))
    return _move(problem, states.REJECT, by=by, at=at, note=note)


@action
def close_on_the_spot(*, problem: Problem, by: Actor, at: datetime, note: str = "") -> Problem:
    """Put right before the eyes of the inspector 即知即改: no unit, no clock."""
    require(permissions.may_file(by, problem))
    problem.fixed_at = problem.closed_at = at
    problem.first_closed_at = problem.first_closed_at or at
    return _move(
        problem, states.CLOSE_ON_THE_SPOT, by=by, at=at, note=note, save=("fixed_at", "closed_at", "first_closed_at")
    )


@action
def dispatch_problem(*, problem: Problem, to: Unit, by: Actor, at: datetime, note: str = "") -> Problem:
    """Hand a problem to the unit that must put it right and start that unit's clock.

    Another unit than before gets its own time; the same one keeps the deadline it had (domain §6, Clock).
    DomainError where the category has no time allowed yet (待核).
    """
    require(permissions.may_dispatch(by, problem))
    problem.due_at = queries.deadline_for(problem, to, at)
    problem.unit, problem.dispatched_at, problem.closed_at = to, at, None
    save = ("unit", "due_at", "dispatched_at", "closed_at")
    _move(problem, states.DISPATCH, by=by, at=at, note=note, save=save)
    turns.begin(problem, to, problem.due_at, at)
    notices.send(
        to=queries.told_of(to), kind="problem-dispatched", at=at, subject_kind=SUBJECT,
        subject_code=problem.code, body=problem.description,
        title=f"新派遣：{problem.category.name}，{queries.instant_text(problem.due_at)} 前整改",
    )  # fmt: skip
    return problem


@action
def return_problem(*, problem: Problem, by: Actor, at: datetime, note: str) -> Problem:
    """The unit says it is not theirs; the clock runs on (domain §6: returning does not stop it)."""
    require(permissions.may_fix(by, problem))
    return _move(problem, states.RETURN, by=by, at=at, note=note)


@action
def report_fixed(*, problem: Problem, by: Actor, at: datetime, note: str = "") -> Problem:
    """The unit says it is put right; somebody else will look."""
    require(permissions.may_fix(by, problem))
    problem.fixed_at = at
    _move(problem, states.REPORT_FIXED, by=by, at=at, note=note, save=("fixed_at",))
    turns.end(problem, at)
    return problem


@action
def send_back(*, problem: Problem, by: Actor, at: datetime, note: str) -> Problem:
    """Looked at and not put right: rework. The deadline stays what it was."""
    require(permissions.may_verify(by, problem))
    problem.verified_at, problem.fixed_at, problem.rework_count = at, None, problem.rework_count + 1
    _move(problem, states.SEND_BACK, by=by, at=at, note=note, save=("verified_at", "fixed_at", "rework_count"))
    if problem.unit and problem.due_at:
        turns.begin(problem, problem.unit, problem.due_at, at)
        notices.send(
            to=queries.told_of(problem.unit), kind="problem-sent-back", at=at, subject_kind=SUBJECT,
            subject_code=problem.code, body=note, title=f"整改不合格：{problem.category.name}（{problem.code}）",
        )  # fmt: skip
    return problem


@action
def close_problem(*, problem: Problem, by: Actor, at: datetime, note: str = "") -> Problem:
    """Looked at by somebody of another unit and put right: 销号."""
    require(permissions.may_verify(by, problem), "核查人不能是整改单位或其下级单位的人员。")
    if queries.needs_after_photo(problem, clock.local_day(at)) and not queries.has_photo(problem, PhotoStage.AFTER):
        raise DomainError("这类问题销号须有整改后照片，请先上传。")
    problem.verified_at = problem.closed_at = at
    problem.first_closed_at = problem.first_closed_at or at
    return _move(problem, states.CLOSE, by=by, at=at, note=note, save=("verified_at", "closed_at", "first_closed_at"))


@action
def suspend_problem(*, problem: Problem, until: date, by: Actor, at: datetime, note: str) -> Problem:
    """Let a long-term problem rest 挂账 until a day, with its plan as the note; it stops the clock.

    Approved after the deadline it still counts as late: it must not hide late work (domain §6).
    """
    require(permissions.may_approve(by, problem))
    if until < clock.local_day(at):
        raise DomainError("挂账的截止日期不能早于今天。")
    problem.pending_since, problem.pending_until = at, until
    _move(problem, states.SUSPEND, by=by, at=at, note=note, save=("pending_since", "pending_until"))
    turns.end(problem, at)
    return problem


@action
def resume_problem(*, problem: Problem, by: Actor, at: datetime, note: str = "") -> Problem:
    """Take a resting problem up again; the time it rested is added to its deadline."""
    require(permissions.may_approve(by, problem))
    if problem.pending_since and problem.due_at and problem.pending_since <= problem.due_at:
        problem.due_at += at - problem.pending_since
    problem.pending_since = problem.pending_until = None
    _move(problem, states.RESUME, by=by, at=at, note=note, save=("due_at", "pending_since", "pending_until"))
    if problem.unit and problem.due_at:
        turns.begin(problem, problem.unit, problem.due_at, at)
    return problem


@action
def reopen_problem(*, problem: Problem, by: Actor, at: datetime, note: str) -> Problem:
    """A recheck finds a closed problem not put right 反弹."""
    require(permissions.may_verify(by, problem))
    problem.closed_at = None
    return _move(problem, states.REOPEN, by=by, at=at, note=note, save=("closed_at",))


@action
def merge_problem(*, problem: Problem, into: Problem, by: Actor, at: datetime, note: str) -> Problem:
    """The same thing was written down twice 并案."""
    require(permissions.may_file(by, problem) and permissions.may_file(by, into))
    if into.pk == problem.pk or into.state == ProblemState.MERGED:
        raise DomainError("只能并入另一个没有并案的问题。")
    problem.merged_into = into
    _move(problem, states.MERGE, by=by, at=at, note=note, save=("merged_into",))
    turns.end(problem, at)
    return problem
