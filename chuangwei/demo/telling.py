"""The last week in words: the ranking as a table, and in plain sentences why the last one is last.

Nothing is worked out here that the program does not explain anyway: the tree of `appraisal.queries.explanation` is
walked down where the most was lost, as a person would open it on the page.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Protocol

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import queries
from chuangwei.domain.appraisal.enums import ConsequenceKind, Flag
from chuangwei.domain.appraisal.models import Period, Standing
from chuangwei.domain.inspections.enums import Result
from chuangwei.domain.inspections.models import Answer, Visit
from chuangwei.domain.problems.models import Problem
from chuangwei.web.office.management.tables import table

WORST_VISITS, WORST_CHECKS, LATE_PROBLEMS = 2, 4, 3
LATE = "未按期销号"
WORTH_TELLING = Decimal("0.5")
"""A second part is told when it takes at least this much from the total."""
CLOSING = "——"


class Step(Protocol):
    """A line of an explanation, as appraisal gives it."""

    @property
    def label(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def steps(self) -> Sequence["Step"]: ...


def ranking(period: Period) -> Iterator[str]:
    """The ranking of a period as the lines of a table."""
    series = queries.series_of(period).series
    columns = [(part.slug, part.name) for part in series.parts]
    columns += [(extra.slug, extra.name) for extra in series.adjustments]
    heads = ["名次", "社区", "总分", *(name for _, name in columns), "旗"]
    yield from table(heads, [_row(one, [slug for slug, _ in columns]) for one in queries.standings(period)])


def _row(one: Standing, slugs: Sequence[str]) -> list[str]:
    values = one.parts | one.adjustments
    total = f"{one.total:.2f}" if one.total is not None else one.reason
    flag = Flag(one.flag).label if one.flag else ""
    return [str(one.rank or CLOSING), one.name, total, *(_points(values.get(slug)) for slug in slugs), flag]


def _points(hundredths: int | None) -> str:
    return CLOSING if hundredths is None else f"{Decimal(hundredths) / 100:.2f}"


# --- Why the last is last ---------------------------------------------------------------------------------------------


def why_last(period: Period, actor: Actor) -> Iterator[str]:
    """The way down from the total of the last ranked to the checks that cost it most."""
    ranked = [one for one in queries.standings(period) if one.rank is not None]
    last = ranked[-1]
    tree: Step = queries.explanation(actor=actor, period=period, subject=last.code)
    yield f"{last.name}为什么排在最后（第 {last.rank} 名）"
    yield f"  总分 {tree.words}。"
    losses = _losses(period, ranked, last, tree)
    for loss, part, mean in [one for one in losses if one in losses[:1] or one[0] >= WORTH_TELLING][:2]:
        yield f"  {part.label} {part.value} 分，参加排名的社区平均 {mean:.2f} 分，这一项使总分比平均少 {loss:.2f} 分。"
        yield from _below(part)
    yield from _followed(period, last)


def _losses(
    period: Period, ranked: Sequence[Standing], last: Standing, tree: Step
) -> list[tuple[Decimal, Step, Decimal]]:
    """What each part takes from the total against the mean of all, the worst first; only what takes something."""
    series = queries.series_of(period).series
    whole = sum(part.weight for part in series.parts if last.parts.get(part.slug) is not None)
    steps = {step.code: step for step in tree.steps if step.kind == "part"}
    found = []
    for part in series.parts:
        values = [Decimal(one.parts[part.slug]) / 100 for one in ranked if one.parts.get(part.slug) is not None]
        own = last.parts.get(part.slug)
        if own is not None and values:
            mean = sum(values, Decimal()) / len(values)
            loss = (mean - Decimal(own) / 100) * part.weight / whole
            found.append((loss, steps[part.slug], mean))
    return sorted((one for one in found if one[0] > 0), key=lambda one: -one[0])


def _below(part: Step) -> Iterator[str]:
    """The worst kind of site and its worst visits; for the ledger, what was late."""
    kinds = [step for step in part.steps if step.kind == "site_kind"]
    if kinds:
        worst = min(kinds, key=_value)
        yield f"    其中最低的是{worst.label}，平均 {_value(worst):.2f} 分（{worst.words}）："
        for step in sorted(worst.steps, key=_value)[:WORST_VISITS]:
            yield from _visit(step)
    else:
        yield f"    {part.words.partition('；')[2] or part.words}。"
        late = [step for step in part.steps if step.kind == "problem" and step.value == LATE]
        for step in late[:LATE_PROBLEMS]:
            yield f"      {_problem(step.code)}：{step.words}"


def _value(step: Step) -> Decimal:
    """What a step comes to; means are told as 约 94.29."""
    return Decimal(step.value.split()[-1]) if step.value else Decimal(100)


def _problem(code: str) -> str:
    found = Problem.objects.filter(code=code).first()
    return f"{code} {found.description}" if found else code


def _visit(step: Step) -> Iterator[str]:
    visit = Visit.objects.select_related("site").filter(code=step.code).first()
    if visit is None or visit.site is None:
        return
    day = clock.local(visit.at)
    yield f"      {day.month}月{day.day}日 {visit.site.name}（{visit.code}）{step.value} 分：{step.words}"
    answers = (
        Answer.objects.filter(visit=visit, result=Result.FAIL).select_related("check_item").order_by("-lost", "pk")
    )
    told = sorted(answers, key=lambda one: not one.check_item.is_veto)
    for answer in told[:WORST_CHECKS]:
        note = f"——{answer.note}" if answer.note else ""
        yield f"        扣 {answer.lost.normalize():f} 分　{answer.check_item.text}{note}"
    if len(told) > WORST_CHECKS:
        lost = sum((answer.lost for answer in told), Decimal())
        yield f"        等 {len(told)} 项，共扣 {lost.normalize():f} 分"


def _followed(period: Period, last: Standing) -> Iterator[str]:
    for one in period.consequences.filter(subject_code=last.code):
        who = "，".join(word for word in (one.person_name, one.carried_out_by, one.meeting) if word)
        name = ConsequenceKind(one.trigger).label
        yield f"  由此{name}（{who}）：{one.reason}。现为{one.get_state_display()}。"
