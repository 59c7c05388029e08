"""Earlier results on paper, entered as final periods."""

from datetime import date
from decimal import Decimal

import pytest

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.domain.appraisal import actions, queries
from chuangwei.domain.appraisal.actions import PastStanding
from chuangwei.domain.appraisal.enums import Flag, PeriodState
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.inspections.models import Visit
from tests.domain.appraisal.world import NOW, PRESET, World, compute, noon, use

pytestmark = pytest.mark.django_db
WORST = {"A": "90", "B": "80", "C": "70", "D": "60"}
MONDAY_AFTER = noon("2023-09-11")

PAST = [
    PastStanding("A", Decimal("90.5"), 1, Flag.RED),
    PastStanding("B", Decimal(80), 2),
    PastStanding("D", Decimal(60), 3, Flag.YELLOW),
]


def enter(slug: str, lines: list[PastStanding], chief: Actor, *, paper: str = "第35周通报") -> Period:
    return actions.enter_history(series="weekly", slug=slug, lines=lines, paper=paper, by=chief, at=NOW)


def test_history_is_final_and_begins_streaks(town: World, chief: Actor) -> None:
    period = enter("2023-W35", PAST, chief)
    assert (period.state, period.is_history, period.paper) == (PeriodState.FINAL, True, "第35周通报")
    rows = queries.standings(period).values_list("code", "rank", "total", "flag", "reason")
    assert list(rows) == [
        ("A", 1, Decimal("90.5"), "red", ""), ("B", 2, Decimal(80), "", ""), ("D", 3, Decimal(60), "yellow", ""),
        ("C", None, None, "", "原表未排名"),
    ]  # fmt: skip
    town.week("2023-W36", **WORST)
    assert [one.subject for one in compute("2023-W36")[0].outcome.of("interview")] == ["D"]


def test_history_with_an_interview_ends_the_streak(town: World, chief: Actor) -> None:
    enter("2023-W35", [PastStanding("A", Decimal(90), 1), PastStanding("D", Decimal(60), 2, Flag.YELLOW, was_interviewed=True)], chief)  # fmt: skip
    town.week("2023-W36", **WORST)
    assert compute("2023-W36")[0].outcome.of("interview") == ()


@pytest.mark.parametrize(
    ("lines", "paper", "sentence"),
    [
        ([], "通报", "至少要录入一行。"),
        ([PastStanding("Z", Decimal(90), 1)], "通报", "Z 当时不是这个评比的对象。"),
        ([PastStanding("A", Decimal(90), 1), PastStanding("A", Decimal(80), 2)], "通报", "A社区出现了两次。"),
        ([PastStanding("A", Decimal(90))], "通报", "A社区：有总分须有名次，未排名的不能有旗。"),
        ([PastStanding("A", None, None, Flag.RED)], "通报", "A社区：有总分须有名次，未排名的不能有旗。"),
        ([PastStanding("A", Decimal("90.123"), 1)], "通报", "A社区：总分最多 2 位小数。"),
        ([PastStanding("A", Decimal(101), 1)], "通报", "A社区：总分须在 0 至 100 之间。"),
        ([PastStanding("A", Decimal(90), 1)], " ", "历史评比须写明所据的文件。"),
    ],
)
def test_history_that_contradicts_itself_is_refused(
    town: World, chief: Actor, lines: list[PastStanding], paper: str, sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        enter("2023-W35", lines, chief, paper=paper)
    assert not Period.objects.exists()


def test_history_comes_in_order_and_before_everything_published(town: World, chief: Actor) -> None:
    town.week("2023-W36", **WORST)
    period = compute("2023-W36")[0].period
    with pytest.raises(DomainError, match="已有 2023-W36；历史评比须在它之前，并按先后录入。"):
        enter("2023-W36", PAST, chief)
    enter("2023-W34", PAST, chief)
    with pytest.raises(DomainError, match="已有 2023-W34"):
        enter("2023-W33", PAST, chief)
    enter("2023-W35", PAST, chief)
    with pytest.raises(DomainError, match="请重新计算后再公示"):
        actions.publish_period(period=period, by=chief, at=MONDAY_AFTER)
    actions.publish_period(period=compute("2023-W36")[0].period, by=chief, at=MONDAY_AFTER)
    with pytest.raises(DomainError, match=r"已有 2023-W3[56]"):
        enter("2023-W35", PAST, chief)


def test_history_is_refused_to_others(town: World, stranger: Actor, neighbour: Actor, reader: Actor) -> None:
    for actor in (stranger, neighbour, reader):
        with pytest.raises(NotAllowed):
            enter("2023-W35", PAST, actor)


def test_nothing_is_saved_by_halves(town: World, chief: Actor) -> None:
    town.week("2023-W36", **WORST)
    use(PRESET.replace('subject = "社区"', 'subject = "村"'), from_on=date(2023, 9, 11))
    with pytest.raises(DomainError, match="2023年第37周没有可排名的村"):
        compute("2023-W36", "2023-W37")
    assert not Period.objects.exists()
    assert Visit.objects.count() == 4
