"""Each constraint, by trying to break it; the tables of moves can be reached and left."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from chuangwei.core.models import PresetVersion
from chuangwei.core.transitions import Transition
from chuangwei.domain.appraisal import states
from chuangwei.domain.appraisal.enums import ConsequenceState, PeriodState, SettlementState
from chuangwei.domain.appraisal.models import (
    Computation,
    Consequence,
    Period,
    Settlement,
    SettlementEntry,
    Standing,
)

AT = datetime(2023, 9, 11, 1, tzinfo=UTC)
DAY = date(2023, 9, 13)


def period(**values: Any) -> Period:
    slug = values.get("slug", "2023-W36")
    defaults = {"code": f"weekly:{slug}", "series": "weekly", "slug": slug, "from_on": date(2023, 9, 4), "to_on": date(2023, 9, 10)}  # fmt: skip
    return Period(**{**defaults, **values})


def computation(of: Period, version: int = 1) -> Computation:
    preset = PresetVersion.objects.get_or_create(
        slug="p", number=1, title="p", digest="d", loaded_at=AT, loaded_by="x"
    )[0]
    return Computation(period=of, version=version, preset_version=preset, computed_at=AT)


def refused(row: Any, sentence: str) -> None:
    """The database refuses the row, and a form would say why."""
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(ValidationError) as told:
        row.validate_constraints()
    assert sentence in str(told.value.messages)


PUBLISHED = {"state": PeriodState.PUBLISHED, "published_at": AT, "objections_until": DAY}
FINAL = PUBLISHED | {"state": PeriodState.FINAL, "finalised_at": AT}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"to_on": date(2023, 9, 3)}, "周期的止日不能早于起日。"),
        (PUBLISHED | {"published_at": None}, "必须有公示时间和异议截止日期"),
        (PUBLISHED | {"objections_until": None}, "必须有公示时间和异议截止日期"),
        (PUBLISHED | {"state": PeriodState.COMPUTED}, "必须有公示时间和异议截止日期"),
        (FINAL | {"finalised_at": None}, "已定案的周期必须有定案时间"),
        (PUBLISHED | {"finalised_at": AT}, "已定案的周期必须有定案时间"),
        ({"is_history": True}, "历史评比须写明所据的文件。"),
    ],
)
def test_period_that_contradicts_itself_is_refused(values: dict[str, Any], sentence: str) -> None:
    refused(period(**values), sentence)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [{}, PUBLISHED, FINAL, {"state": PeriodState.FINAL, "is_history": True, "paper": "通报", "finalised_at": AT}],
)
def test_period_that_agrees_with_itself_is_kept(values: dict[str, Any]) -> None:
    period(**values).save()
    assert str(Period.objects.get()) == "weekly 2023-W36"


@pytest.mark.django_db
def test_period_and_versions_come_once() -> None:
    made = period()
    made.save()
    refused(period(code="other"), "这个评比的这个周期已经有了。")
    computation(made).save()
    refused(computation(made), "这个版本已经有了，请刷新后再试。")
    refused(computation(made, 0), "版本从 1 起。")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"total": 90}, "有名次的须有总分"),
        ({"rank": 1, "reason": "检查不足"}, "有名次的须有总分"),
        ({"flag": "red", "reason": "检查不足"}, "有名次的须有总分"),
        ({}, "并须写明原因"),
        ({"total": 101, "rank": 1}, "总分须在 0 至 100 之间。"),
        ({"total": -1, "rank": 1}, "总分须在 0 至 100 之间。"),
    ],
)
def test_standing_that_contradicts_itself_is_refused(values: dict[str, Any], sentence: str) -> None:
    made = period()
    made.save()
    of = computation(made)
    of.save()
    refused(Standing(computation=of, code="A", name="A社区", **values), sentence)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": ConsequenceState.HELD, "held_on": DAY}, "已办的须有办理日期和纪要。"),
        ({"state": ConsequenceState.HELD, "minutes": "已谈"}, "已办的须有办理日期和纪要。"),
        ({"held_on": DAY, "minutes": "已谈"}, "已办的须有办理日期和纪要。"),
        ({"reason": ""}, "后续措施须写明理由。"),
    ],
)
def test_consequence_that_contradicts_itself_is_refused(values: dict[str, Any], sentence: str) -> None:
    made = period()
    made.save()
    defaults = {"code": "c", "trigger": "interview", "subject_code": "A", "subject_name": "A社区", "reason": "三次"}
    refused(Consequence(period=made, **{**defaults, **values}), sentence)


def settlement(**values: Any) -> Settlement:
    defaults = {
        "code": "s",
        "series": "weekly",
        "month": "2023-09",
        "month_red": 1,
        "month_yellow": -1,
        "settled_at": AT,
    }
    return Settlement(**{**defaults, **values})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"month": "2023-13"}, "月份写作 2023-09。"),
        ({"state": SettlementState.APPROVED, "approved_at": AT}, "没有依据文件的核算不能批准。"),
        ({"state": SettlementState.APPROVED, "paper": "1号"}, "没有依据文件的核算不能批准。"),
        ({"paper": "1号", "approved_at": AT}, "没有依据文件的核算不能批准。"),
    ],
)
def test_settlement_that_contradicts_itself_is_refused(values: dict[str, Any], sentence: str) -> None:
    refused(settlement(**values), sentence)


@pytest.mark.django_db
def test_month_and_share_come_once() -> None:
    made = settlement()
    made.save()
    refused(settlement(code="other"), "这个月已经核算过。")
    share = {
        "settlement": made,
        "subject_code": "A",
        "subject_name": "A社区",
        "red_count": 1,
        "yellow_count": 0,
        "amount": 1,
    }
    SettlementEntry.objects.create(**share)
    with pytest.raises(IntegrityError), transaction.atomic():
        SettlementEntry.objects.create(**share)
    assert (str(made), str(SettlementEntry.objects.get())) == ("weekly 2023-09", "A社区 1")


@pytest.mark.django_db
def test_rows_are_called_by_what_they_say() -> None:
    made = period()
    made.save()
    of = computation(made)
    standing = Standing(computation=of, code="A", name="A社区", reason="检查不足")
    told = Consequence(
        period=made, code="c", trigger="interview", subject_code="A", subject_name="A社区", reason="三次"
    )
    assert (str(of), str(standing), str(told)) == (f"{made.pk} 第 1 版", "A社区 未排名", "A社区 interview")


def reachable(moves: Iterable[Transition], start: str) -> set[str]:
    found = {start}
    for _ in range(9):
        found |= {move.target for move in moves if move.sources & found}
    return found


def test_every_state_is_reached_and_only_the_last_ones_are_not_left() -> None:
    assert reachable(states.MOVES, PeriodState.OPEN) == set(PeriodState)
    assert reachable(states.CONSEQUENCE_MOVES, ConsequenceState.PROPOSED) == set(ConsequenceState)
    assert reachable(states.SETTLEMENT_MOVES, SettlementState.COMPUTED) == set(SettlementState)
    left = {source for move in states.MOVES for source in move.sources}
    assert set(PeriodState) - left == {PeriodState.FINAL}
