"""Which rows a printed number counts: the same selection the paper was written from, over the same kept inputs; what
was found, which no inputs keep, over the ledger as it stands."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import TextChoices

from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import queries as appraisal
from chuangwei.domain.documents import rules
from chuangwei.domain.documents.blocks import Figure
from chuangwei.domain.documents.kinds import _month, _period
from chuangwei.domain.documents.kinds._findings import FOUND, FOUND_BY_US, UNTOLD
from chuangwei.domain.documents.kinds._month import FlagGiven
from chuangwei.domain.documents.kinds._period import Bulletin, Row

Noun = Literal["visit", "problem", "standing", "flag"]


@dataclass(frozen=True, slots=True)
class Behind:
    """What a figure counts. Visits and problems by their codes; standings and flags as they were told.

    The findings of a category are looked up in the ledger as it stands, in the scope of who asks: they may be fewer or
    more than were printed. All else comes from the kept inputs. `is_count` says that the figure is how many rows there are.
    """

    noun: Noun
    words: str
    is_count: bool = True
    codes: Sequence[str] = ()
    standings: Sequence[Row] = ()
    flags: Sequence[FlagGiven] = ()


Finder = Callable[[Bulletin, str, str], Behind]
"""Of a bulletin, what follows the indicator's name, and a subject."""


def counts_rows(figure: Figure) -> bool:
    """Whether a figure is a sum over rows of its own; others are told on a subject's page."""
    return bool(figure.period) and _finder(figure) is not None


def rows_behind(figure: Figure, *, actor: Actor) -> Behind:
    """NotFound for a period the actor may not see; ValueError for a figure that counts no rows."""
    found = _finder(figure)
    if found is None:
        raise ValueError(f"{figure.indicator} counts no rows")
    finder, rest = found
    return finder(_bulletin(figure, actor), rest, figure.subject)


def _finder(figure: Figure) -> tuple[Finder, str] | None:
    for indicator, finder in FINDERS.items():
        if figure.indicator == indicator:
            return finder, ""
        if figure.indicator.startswith(f"{indicator}."):
            return finder, figure.indicator.removeprefix(f"{indicator}.")
    return None


def _bulletin(figure: Figure, actor: Actor) -> Bulletin:
    """The bulletin over the very computation the figure was printed from; the latest where that is not told."""
    period = appraisal.period_of(actor=actor, series=figure.series, slug=figure.period, area=figure.area)
    kept = period.computations.select_related("preset_version").filter(digest=figure.digest).order_by("-version")
    return Bulletin(actor, period, kept.first() or appraisal.latest_computation(period))


def _labels(choices: Iterable[TextChoices]) -> str:
    return "、".join(str(one.label) for one in choices)


def _visits(found: Bulletin, kind: str, _subject: str) -> Behind:
    made = found.visits_in(kind) if kind else found.visits_made
    return Behind("visit", "计入本期评比的检查，一处一次算一次。", codes=[one.code for one in made])


def _due(found: Bulletin, _rest: str, _subject: str) -> Behind:
    words = f"整改期限在本期之内的问题；{_labels(_period.NEVER_DUE)}的和到期前已挂账的不算。"
    return Behind("problem", words, codes=[one.code for one in found.fell_due])


def _on_time(found: Bulletin, _rest: str, _subject: str) -> Behind:
    words = "整改期限在本期之内，期限之前改好、本期计算时已经销号的问题。"
    return Behind("problem", words, codes=[one.code for one in found.on_time])


def _rate(found: Bulletin, _rest: str, _subject: str) -> Behind:
    words = f"到期 {len(found.fell_due)} 件，其中按期整改销号 {len(found.on_time)} 件，后数除以前数。下面是到期的问题。"
    return Behind("problem", words, is_count=False, codes=[one.code for one in found.fell_due])


def _scored(found: Bulletin, _rest: str, _subject: str) -> Behind:
    words = (
        f"到期问题里计入各{found.noun}“{found.closure.part}”得分的；不由各{found.noun}负责的、已改好尚待核查的不计入。"
    )
    return Behind("problem", words, codes=[one.code for one in found.closure.due])


def _scored_on_time(found: Bulletin, _rest: str, _subject: str) -> Behind:
    words = f"计入各{found.noun}“{found.closure.part}”得分的到期问题里，期限之前改好并已销号的。"
    return Behind("problem", words, codes=[one.code for one in found.closure.on_time])


def _scored_rate(found: Bulletin, _rest: str, _subject: str) -> Behind:
    words = (
        f"计入得分的到期问题 {len(found.closure.due)} 件，其中按期销号 {len(found.closure.on_time)} 件，后数除以前数。"
    )
    return Behind("problem", words, is_count=False, codes=[one.code for one in found.closure.due])


def _found(found: Bulletin, category: str, _subject: str) -> Behind:
    words = (
        f"本期发现的这一类问题，来源是{_labels(FOUND_BY_US)}；{_labels(UNTOLD)}的和没有解封的暗访发现的不算。"
    )  # fmt: skip
    return Behind("problem", words, codes=found.found.found_of(category))


def _subjects(found: Bulletin, _rest: str, _subject: str) -> Behind:
    return Behind("standing", f"参加本期评比的{found.noun}，没有排名的写明原因。", standings=found.rows)


def _ranked(found: Bulletin, _rest: str, _subject: str) -> Behind:
    return Behind("standing", f"本期有总分、有名次的{found.noun}。", standings=found.ranked)


def _mean(found: Bulletin, _rest: str, _subject: str) -> Behind:
    words = f"有名次的 {len(found.ranked)} 个{found.noun}总分相加，除以 {len(found.ranked)}，四舍五入到两位小数。"
    return Behind("standing", words, standings=found.ranked)


def _change(found: Bulletin, _rest: str, _subject: str) -> Behind:
    before = found.mean_before
    was = (
        f"{found.before_word}平均 {rules.hundredths(before)} 分，本期平均 {rules.hundredths(found.mean)} 分。"
        if before is not None
        else ""
    )
    return Behind("standing", was, standings=found.ranked)


def _settled(found: Bulletin, what: str, subject: str) -> Behind:
    given = [one for one in _month.flags_given(found) if subject in ("", one.subject)]
    if what == "amount":
        return Behind("flag", "本月各期的旗，按预设里每面的金额相加。", flags=given)
    return Behind("flag", "本月各期发的旗，一面一行。", flags=[one for one in given if one.flag == what])


FINDERS: dict[str, Finder] = {
    _period.VISITS: _visits, _period.DUE: _due, _period.ON_TIME: _on_time, _period.ON_TIME_RATE: _rate, FOUND: _found,
    _period.SCORED: _scored, _period.SCORED_ON_TIME: _scored_on_time, _period.SCORED_RATE: _scored_rate,
    _period.SUBJECTS: _subjects, _period.RANKED: _ranked, _period.MEAN: _mean, _period.CHANGE: _change,
    _month.INDICATOR.rstrip("."): _settled,
}  # fmt: skip
