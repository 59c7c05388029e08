"""series-mean: the mean of another series' totals whose periods end in this one (domain §8): months, quarters, years."""

from functools import partial

from chuangwei.domain.appraisal.facts import Frame, SubjectFacts, TotalFact
from chuangwei.domain.appraisal.options import PartOptions, Slug
from chuangwei.domain.appraisal.registry import scoring
from chuangwei.domain.appraisal.rules import half_up, two_decimals
from chuangwei.domain.appraisal.steps import Score, Step


class SeriesMean(PartOptions):
    series: Slug

    @property
    def usual_name(self) -> str:
        return "各期平均"


@scoring("series-mean", options=SeriesMean)
def series_mean(facts: SubjectFacts, part: SeriesMean, frame: Frame) -> Score:
    rows = [row for row in facts.totals if row.series == part.series and frame.holds(row.last)]
    totals = [row.total for row in rows if row.total is not None]
    value = half_up(sum(totals), len(totals)) if totals else None
    return Score(value, partial(_reason, rows, totals))


def _reason(rows: list[TotalFact], totals: list[int]) -> tuple[str, tuple[Step, ...]]:
    steps = tuple(
        Step(row.period, "未排名" if row.total is None else two_decimals(row.total), "", "period", row.period)
        for row in rows
    )
    if not totals:
        return "本期内没有已排名的周期", steps
    return f"{len(totals)} 个周期总分的平均 = {two_decimals(half_up(sum(totals), len(totals)))}", steps
