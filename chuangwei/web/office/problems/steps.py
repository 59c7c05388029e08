"""What somebody may do with a problem now: the one next step, and the others beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chuangwei.core.actor import Actor
from chuangwei.core.errors import StaleState
from chuangwei.domain.appraisal.actions import reopen_problem
from chuangwei.domain.appraisal.queries import why_not_reopened
from chuangwei.domain.problems import actions, permissions
from chuangwei.domain.problems.enums import ExtensionState, ProblemState
from chuangwei.domain.problems.models import Extension, Problem
from chuangwei.domain.problems.queries import sources_of
from chuangwei.web.office.problems import forms
from chuangwei.web.shared.forms import ActionForm

S = ProblemState
May = Callable[[Actor, Problem], bool]


@dataclass(frozen=True)
class Step:
    """A move as a person makes it. `is_next`: where it is open, it is what the problem waits for.

    `done` says in a sentence what was done (wording.done fills it in); `moves` are the moves of the log it makes.
    """

    slug: str
    title: str
    icon: str
    form: type[ActionForm]
    act: Callable[..., Any]
    states: frozenset[str]
    may: May
    done: str
    moves: tuple[str, ...] = ()
    is_next: bool = False
    effect: str = ""
    waits: bool | None = None
    """Only while an extension waits to be decided (True), or only while none does (False)."""
    hindrance: Callable[[Problem], str] | None = None
    """Why it is closed all the same, in a sentence; empty where nothing hinders it."""

    @property
    def takes_a_turn(self) -> bool:
        """Whether it moves the problem, or is about its deadline: whoever makes it should know how things stand."""
        return bool(self.moves) or self.waits is not None

    def is_open_to(self, actor: Actor, problem: Problem, *, waiting: bool) -> bool:
        return not problem.is_held and self.fits(problem, waiting=waiting) and self.may(actor, problem)

    def fits(self, problem: Problem, *, waiting: bool) -> bool:
        """Whether the problem stands where this step begins."""
        return problem.state in self.states and self.waits in (None, waiting)


def _on_extension(act: Callable[..., Extension]) -> Callable[..., Extension]:
    def run(*, problem: Problem, **values: Any) -> Extension:
        waiting = problem.extensions.filter(state=ExtensionState.ASKED).select_related("problem__unit").first()
        if waiting is None:
            raise StaleState(f"问题 {problem.code} 没有等批复的延期申请。")
        return act(extension=waiting, **values)

    return run


def _may_photo(actor: Actor, problem: Problem) -> bool:
    return any(permissions.may_add_photo(actor, problem, is_after=after) for after in (True, False))


STEPS = (
    Step("approve-extension", "批准延期", "check", forms.NoteForm, _on_extension(actions.approve_extension),
         frozenset({S.DISPATCHED}), permissions.may_approve, "已批准 {code} 延期，期限改为 {due}。",
         ("approve_extension",), is_next=True, waits=True),
    Step("file", "立案", "file-check", forms.NoteForm, actions.file_problem, sources_of("file"), permissions.may_file,
         "已立案 {code}。", ("file",), is_next=True, effect="确认问题属实，等待派遣。"),
    Step("dispatch", "派遣", "send", forms.DispatchForm, actions.dispatch_problem, sources_of("dispatch"),
         permissions.may_dispatch, "已派遣 {code} 给{unit}，{due} 前整改。", ("dispatch",), is_next=True),
    Step("fix", "报整改", "check", forms.PhotoNoteForm, actions.report_fixed_with_photos, sources_of("report_fixed"),
         permissions.may_fix, "已报整改 {code}，等待核查。", ("report_fixed",), is_next=True,
         effect="整改时间记为现在，等待其他单位的人核查。"),
    Step("close", "核查销号", "circle-check", forms.CloseForm, actions.close_with_photos, sources_of("close"),
         permissions.may_verify, "已销号 {code}。", ("close",), is_next=True),
    Step("resume", "恢复派遣", "refresh", forms.NoteForm, actions.resume_problem, sources_of("resume"),
         permissions.may_approve, "已恢复派遣 {code}，{due} 前整改。", ("resume",), is_next=True,
         effect="挂账的时间不算，期限顺延；逾期后才挂账的不顺延。"),
    Step("refuse-extension", "不批准延期", "x", forms.ReasonForm, _on_extension(actions.refuse_extension),
         frozenset({S.DISPATCHED}), permissions.may_approve, "没有批准 {code} 延期，期限仍是 {due}。",
         ("refuse_extension",), waits=True),
    Step("send-back", "整改不合格", "arrow-back-up", forms.ReasonForm, actions.send_back, sources_of("send_back"),
         permissions.may_verify, "已把 {code} 退回{unit}返工，期限仍是 {due}。", ("send_back",),
         effect="退回原单位返工，期限不变。"),
    Step("spot", "当场整改", "circle-check", forms.SpotForm, actions.close_on_the_spot_with_photos,
         sources_of("close_on_the_spot"), permissions.may_file, "{code} 已当场整改并销号。",
         ("close_on_the_spot",), effect="即知即改，直接销号，不派遣、不计时限。"),
    Step("reject", "不予立案", "ban", forms.ReasonForm, actions.reject_problem, sources_of("reject"),
         permissions.may_file, "{code} 不予立案。", ("reject",)),
    Step("return", "退回", "arrow-back-up", forms.ReturnForm, actions.return_problem, sources_of("return"),
         permissions.may_fix, "已退回 {code}，等待重新派遣。", ("return",)),
    Step("extend", "申请延期", "clock", forms.ExtendForm, actions.ask_extension, frozenset({S.DISPATCHED}),
         permissions.may_fix, "已申请 {code} 延期，批复以前期限仍是 {due}。", waits=False),
    Step("suspend", "挂账", "calendar-event", forms.SuspendForm, actions.suspend_problem, sources_of("suspend"),
         permissions.may_approve, "已挂账 {code}，到 {until} 为止。", ("suspend",),
         effect="短期内办不了的，写明计划和日期。期限内批准的停止计时，逾期后批准的仍算逾期。"),
    Step("reopen", "反弹", "refresh", forms.ReasonForm, reopen_problem, sources_of("reopen"),
         permissions.may_verify, "{code} 已记为反弹，等待重新派遣。", ("reopen",),
         effect="复查发现没有真正整改的，重新派遣。", hindrance=why_not_reopened),
    Step("merge", "并案", "copy", forms.MergeForm, actions.merge_problem, sources_of("merge"), permissions.may_file,
         "已把 {code} 并入 {into}。", ("merge",), effect="同一件事登记了两次的，并入另一件，本件到此为止。"),
    Step("photos", "添加照片", "camera", forms.PhotosForm, actions.add_photos, frozenset(S), _may_photo,
         "已给 {code} 添加 {count} 张照片。"),
)  # fmt: skip


@dataclass(frozen=True)
class Offered:
    """The steps open to somebody, the next one first; why others, that would be, are not."""

    steps: list[Step]
    hindrances: list[str]


def offered(actor: Actor, problem: Problem) -> Offered:
    waiting = waits_for_extension(problem)
    found = Offered([], [])
    for step in STEPS:
        if not step.is_open_to(actor, problem, waiting=waiting):
            continue
        if told := step.hindrance(problem) if step.hindrance else "":
            found.hindrances.append(told)
        else:
            found.steps.append(step)
    return found


def waits_for_extension(problem: Problem) -> bool:
    return problem.extensions.filter(state=ExtensionState.ASKED).exists()
