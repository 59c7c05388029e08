"""series-mean: the mean of another series' totals whose periods end in this one."""

import pytest

from chuangwei.domain.appraisal.facts import TotalFact
from chuangwei.domain.appraisal.scoring.series_mean import SeriesMean, series_mean
from tests.domain.appraisal.building import frame, seen

PART = SeriesMean.model_validate({"slug": "days", "rule": "series-mean", "weight": 1, "series": "daily"})


def total(day: str, points: int | None, *, of: str = "daily") -> TotalFact:
    return TotalFact(of, day, day, "A", points)


@pytest.mark.parametrize(
    ("totals", "score"),
    [
        ([], None),
        ([total("2023-09-04", 9000), total("2023-09-05", 8001)], 8501),  # 85.005
        ([total("2023-09-04", 9000), total("2023-09-05", None)], 9000),
        ([total("2023-09-04", None)], None),
        ([total("2023-09-03", 9000), total("2023-09-11", 9000)], None),
        ([total("2023-09-10", 9000)], 9000),
        ([total("2023-09-04", 9000, of="weekly")], None),
    ],
)
def test_score(totals: list[TotalFact], score: int | None) -> None:
    assert series_mean(seen(totals=totals), PART, frame()).value == score


def test_reason_opens_into_the_periods() -> None:
    words, steps = series_mean(
        seen(totals=[total("2023-09-04", 9000), total("2023-09-05", None)]), PART, frame()
    ).reason()
    assert words == "1 个周期总分的平均 = 90.00"
    assert [(step.code, step.value) for step in steps] == [("2023-09-04", "90.00"), ("2023-09-05", "未排名")]


def test_reason_without_totals() -> None:
    assert series_mean(seen(), PART, frame()).reason() == ("本期内没有已排名的周期", ())
