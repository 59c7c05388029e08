"""The shape others read, and the months of a series."""

from chuangwei.domain.appraisal.compute import Outcome
from chuangwei.domain.appraisal.report import period_json, settlements_json
from chuangwei.domain.appraisal.series import Money
from tests.domain.appraisal.building import series, week

FLAGS = {
    "flags": {"red": 1, "yellow": 1},
    "interview": {"yellow_streak": 1, "of": "包社区领导"},
    "statement": {"last": 1},
}
MONEY = Money(month_red=100000, month_yellow=-100000)


def test_period_in_the_shape_of_the_cases() -> None:
    outcome = week(series(**FLAGS), {"A": "90", "B": "80", "C": None}, holders={"interview": {"B": "P1"}})
    assert period_json(outcome) == {
        "period": "2023-W36", "from": "2023-09-04", "to": "2023-09-10",
        "subjects": [
            {"code": "A", "name": "A社区", "parts": {"regular": "90.00"}, "adjustments": {}, "total": "90.00", "rank": 1, "flag": "red"},
            {"code": "B", "name": "B社区", "parts": {"regular": "80.00"}, "adjustments": {}, "total": "80.00", "rank": 2, "flag": "yellow"},
            {"code": "C", "name": "C社区", "parts": {"regular": None}, "adjustments": {}, "total": None, "rank": None, "flag": None},
        ],
        "statements": ["B"], "interviews": [{"subject": "B", "person": "P1"}],
    }  # fmt: skip


def weeks(*slugs: str) -> list[Outcome]:
    return [week(series(**FLAGS), {"A": "90", "B": "80", "C": None}, slug=slug) for slug in slugs]


def test_month_is_that_of_the_last_day_and_holds_every_subject() -> None:
    found = settlements_json(weeks("2023-W38", "2023-W39", "2023-W40"), MONEY)
    assert found == [
        {"month": "2023-09", "subject": "A", "red": 1, "yellow": 0, "amount": 100000},
        {"month": "2023-09", "subject": "B", "red": 0, "yellow": 1, "amount": -100000},
        {"month": "2023-09", "subject": "C", "red": 0, "yellow": 0, "amount": 0},
        {"month": "2023-10", "subject": "A", "red": 2, "yellow": 0, "amount": 200000},
        {"month": "2023-10", "subject": "B", "red": 0, "yellow": 2, "amount": -200000},
        {"month": "2023-10", "subject": "C", "red": 0, "yellow": 0, "amount": 0},
    ]


def test_week_of_the_new_year_is_paid_with_january() -> None:
    assert {due["month"] for due in settlements_json(weeks("2020-W53"), MONEY)} == {"2021-01"}


def test_without_money_nothing_is_settled() -> None:
    assert settlements_json(weeks("2023-W38"), None) == []
