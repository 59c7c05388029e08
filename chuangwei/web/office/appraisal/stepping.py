"""The steps a period can take from its page: what each does, said before it is done."""

from dataclasses import dataclass
from typing import Any

from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import permissions
from chuangwei.domain.appraisal.enums import PeriodState
from chuangwei.domain.appraisal.models import Period
from chuangwei.web.office.appraisal.addresses import PeriodAddress

COMPUTE, PUBLISH, FINALISE = "compute", "publish", "finalise"


@dataclass(frozen=True)
class NextStep:
    """A step somebody may take now."""

    move: str
    title: str
    effects: list[str]
    address: str
    command: str


def next_steps(actor: Actor, period: Period, series: Any) -> list[NextStep]:
    """The steps open to somebody, the one that leads on first."""
    moves = []
    if period.state == PeriodState.COMPUTED and permissions.may_publish(actor, period.area_code):
        moves.append(PUBLISH)
    if period.state == PeriodState.PUBLISHED and permissions.may_publish(actor, period.area_code):
        moves.append(FINALISE)
    if period.state in (PeriodState.OPEN, PeriodState.COMPUTED) and permissions.may_compute(actor, period.area_code):
        moves.append(COMPUTE)
    return [_step(move, period, series) for move in moves]


def _step(move: str, period: Period, series: Any) -> NextStep:
    address = PeriodAddress.of(period)
    title, effects = TOLD[move](series)
    return NextStep(move, title, effects, address.step(move), address.command(move))


def _compute(series: Any) -> tuple[str, list[str]]:
    return "重新计算", [
        "按现在的检查记录、问题台账和当时启用的预设重算本期。",
        "结果有变化时保存为新的一版，旧版留存；没有变化则什么也不改。",
    ]


def _publish(series: Any) -> tuple[str, list[str]]:
    return "公示", [
        f"各{series.subject}可以看到本期全部总分、分项和旗。",
        f"公示 {series.objection_days} 个工作日，其间可以提出异议。",
        "表态发言、约谈等转为拟办。",
        "公示以后新到的检查记录不再计入本期。",
    ]


def _finalise(series: Any) -> tuple[str, list[str]]:
    return "定案", [
        "本期结果从此不再改动，依据数据和算法一并封存。",
        "表态发言、约谈等转为待办。",
        "所在月份的周期全部定案后，可以核算当月奖惩。",
    ]


TOLD = {COMPUTE: _compute, PUBLISH: _publish, FINALISE: _finalise}
