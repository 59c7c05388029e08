"""The steps a paper can take: the one that leads on, and the others, each said before it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from chuangwei.core.actor import Actor
from chuangwei.domain.documents import permissions, queries
from chuangwei.domain.documents.enums import PaperState
from chuangwei.domain.documents.models import Paper
from chuangwei.web.shared.templatetags.words import moment

SEND, RETURN, SIGN, WITHDRAW = "send", "return", "sign", "withdraw"
EDIT, ISSUE = "edit", "issue"


@dataclass(frozen=True)
class Step:
    """A step somebody may take now. `command` is empty for one that has a page of its own."""

    move: str
    title: str
    icon: str
    address: str
    command: str = ""
    effects: tuple[str, ...] = ()
    needs_note: bool = False


TOLD = {
    SEND: ("送审", "send", ("交给有签发权限的领导审阅。", "送审后不能修改；退回后可以再改。"), False),
    RETURN: ("退回修改", "arrow-back-up", ("退回起草人，状态回到草稿。", "理由随记录保存。"), True),
    SIGN: (
        "签发", "rubber-stamp",
        ("取得发文字号：本年度本代字的下一个号，从此不能另用。", "文字和数字就此固定，以后的更正不改变它。", "成文日期为今天。"),
        False,
    ),
    WITHDRAW: (
        "撤回", "ban",
        ("标为已撤回，打印时盖“已撤回”字样；记录、文件都保留。", "已经取得的发文字号不再使用，也不补给别的公文。"),
        True,
    ),
}  # fmt: skip


def steps(actor: Actor, paper: Paper) -> list[Step]:
    """The steps open to somebody, the one that leads on first."""
    state, found = paper.state, []
    if state == PaperState.DRAFT and permissions.may_edit(actor, paper):
        found += [_move(paper, SEND), Step(EDIT, "修改", "edit", reverse("office:paper_edit", args=[paper.code]))]
    if state == PaperState.SENT:
        may_sign = permissions.may_sign(actor, paper)
        found += [_move(paper, SIGN)] if may_sign else []
        found += [_move(paper, RETURN)] if may_sign or permissions.may_edit(actor, paper) else []
    if state in (PaperState.SIGNED, PaperState.ISSUED) and permissions.may_issue(actor, paper):
        title = "印发" if state == PaperState.SIGNED else "补发"
        found.append(Step(ISSUE, title, "send", reverse("office:paper_units", args=[paper.code])))
    withdrawable = (PaperState.DRAFT, PaperState.SIGNED, PaperState.ISSUED)
    if state in withdrawable and permissions.may_withdraw(actor, paper):
        found.append(_move(paper, WITHDRAW))
    return found


RIGHTS: Mapping[str, Callable[[Actor, Paper], bool]] = {
    SEND: permissions.may_edit,
    EDIT: permissions.may_edit,
    RETURN: lambda actor, paper: permissions.may_sign(actor, paper) or permissions.may_edit(actor, paper),
    SIGN: permissions.may_sign,
    ISSUE: permissions.may_issue,
    WITHDRAW: lambda actor, paper: permissions.may_edit(actor, paper) or permissions.may_sign(actor, paper),
}
"""Who takes a step when its turn comes."""
SLUGS = {RETURN: "return_draft", WITHDRAW: "withdraw_paper"}
"""What a step is called in the record where that differs from its address."""


def may_ever(actor: Actor, paper: Paper, move: str) -> bool:
    """Whether this is somebody's step at all, in whatever state the paper is."""
    return move in RIGHTS and RIGHTS[move](actor, paper)


def out_of_turn(actor: Actor, paper: Paper, move: str) -> str:
    """Why a step that is somebody's own cannot be taken now: done already, or not due.

    What was done before the paper came back to where the step begins was another round: that one is not this step.
    """
    now = f"这份公文现为“{paper.get_state_display()}”"
    if move == EDIT:
        return f"{now}，只有草稿可以修改。"
    transition = queries.MOVES[SLUGS.get(move, move)]
    history = list(queries.history(paper, actor=actor))
    done = next((log for log in history if log.move == transition.slug), None)
    if done is None:
        is_ahead = not any(log.source in transition.sources for log in history)
        return f"还没有到这一步：{now}，不能{transition.name}。" if is_ahead else f"{now}，不能{transition.name}。"
    if any(log.target in transition.sources for log in history[: history.index(done)]):
        return f"{now}，不能{transition.name}。"
    return f"这一步已经办过：{moment(done.at)} 由 {done.by_name} {transition.name}，{now}。"


def leads_on(paper: Paper, step: Step) -> bool:
    """Whether this is the step the paper waits for."""
    waits_for = {PaperState.DRAFT: SEND, PaperState.SENT: SIGN, PaperState.SIGNED: ISSUE}
    return waits_for.get(PaperState(paper.state)) == step.move


def _move(paper: Paper, move: str) -> Step:
    title, icon, effects, needs_note = TOLD[move]
    return Step(
        move, title, icon, reverse("office:paper_step", args=[paper.code, move]),
        reverse("office:paper_move", args=[paper.code, move]), effects, needs_note,
    )  # fmt: skip
