"""A step sent from a screen that is old: a page gone back to, a second tap, somebody who was first. It moves nothing."""

from chuangwei.core.models import TransitionLog
from chuangwei.domain.problems import queries
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.problems.steps import Step, waits_for_extension


def seen(problem: Problem) -> str:
    """What a form notes of the problem it was drawn for, to tell later what happened since."""
    last = queries.last_deed(problem)
    return str(last.pk) if last else "0"


def why_not(step: Step, problem: Problem, *, noted: str = "") -> str:
    """Why a step cannot be made from the screen it was sent from; empty where it can.

    A problem may stand where the step begins once more (sent back, dispatched again): what the form noted tells that.
    What neither moves it nor asks or decides about its deadline fits wherever it stands.
    """
    since = int(noted) if noted.isascii() and noted.isdigit() else None
    if not step.fits(problem, waiting=waits_for_extension(problem)):
        return _over(step, problem, since)
    last = queries.last_move(problem)
    if step.takes_a_turn and since is not None and last is not None and last.pk > since:
        return f"您打开这一页以后，{_deed(last)}。请看过现在的情况再办。"
    return ""


def _over(step: Step, problem: Problem, since: int | None) -> str:
    """The step was made already where it was made since the form was drawn; a form that noted nothing tells only of the
    very last deed. An earlier one of the same name was another step."""
    now = f"问题现为“{problem.get_state_display()}”。"
    last = queries.last_deed(problem)
    done = queries.last_deed(problem, *step.moves) if step.moves else None
    if done is not None and (done == last if since is None else done.pk > since):
        return f"这一步已经办过：{_deed(done)}。{now}"
    return f"现在不能{step.title}：{f'{_deed(last)}，' if last else ''}{now}"


def _deed(log: TransitionLog) -> str:
    """谁 2026-03-04 15:20 派遣"""
    return f"{log.by_name} {queries.instant_text(log.at)} {log.move_name}"
