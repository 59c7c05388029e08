"""A small town with weeks behind it, and the people who sign in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from chuangwei.core import presets
from chuangwei.core.exact import to_whole
from chuangwei.domain.appraisal import actions as appraisal
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.inspections.enums import Result
from chuangwei.domain.inspections.sheet import Found
from chuangwei.domain.organisation.models import Account
from chuangwei.domain.places.models import Area, AreaSpell, Site
from chuangwei.domain.problems.enums import ProblemState, Source
from tests.factories import inspections, organisation, places, problems, standards
from tests.factories.problems import MONDAY

WEEKS = ("2023-W36", "2023-W37", "2023-W38")
NEXT_MONDAY = MONDAY + timedelta(days=7)

PRESET = """
[preset]
slug = "town"
title = "周评比"

[areas]
levels = ["县", "乡镇", "社区"]

[chains."back_lane"]
roles = [{name = "网格员", single = true}]

[series.weekly]
title = "社区周评比"
subject = "社区"
period = "week"
tie_breakers = ["ledger"]

[[series.weekly.parts]]
slug = "regular"
rule = "visit-mean"
rounds = ["定期督导"]
weight = 0.75

[[series.weekly.parts]]
slug = "ledger"
title = "按期整改"
rule = "on-time-closure"
weight = 0.25

[[series.weekly.adjustments]]
slug = "complaints"
rule = "verified-complaints"
sources = ["群众举报"]
each = -0.5
limit = -5

[series.weekly.flags]
red = 1
yellow = 1
min_score = 60

[series.weekly.statement]
last = 1
meeting = "周例会"

[series.weekly.interview]
yellow_streak = 2
of = "包社区领导"
by = "镇纪委"

[series.weekly.money]
month_red = 100000
month_yellow = -100000
"""


@dataclass
class Town:
    """Communities 甲, 乙, 丙 … each with one lane; the later in the list, the more points its lane loses."""

    communities: list[Area]
    lanes: list[Site]
    visits: dict[tuple[str, str], str] = field(default_factory=dict)
    """Code of a visit by week and community."""

    @property
    def codes(self) -> list[str]:
        return [area.code for area in self.communities]

    @property
    def last(self) -> str:
        return self.codes[-1]

    def compute(self, first: str = WEEKS[0], last: str = WEEKS[-1]) -> None:
        appraisal.compute_periods(
            series="weekly", first=first, last=last, by=organisation.chief(), at=NEXT_MONDAY + timedelta(days=60)
        )

    def publish(self, slug: str = WEEKS[0]) -> Period:
        period = Period.objects.get(slug=slug)
        return appraisal.publish_period(period=period, by=organisation.chief(), at=NEXT_MONDAY + timedelta(days=60))


@pytest.fixture
def make_town(db: None) -> Callable[..., Town]:
    """`make_town(communities=3, weeks=3)` builds a town whose weeks can be computed."""

    def make(*, communities: int = 3, weeks: int = len(WEEKS), visits: int = 1, problem_count: int = 1) -> Town:
        presets.use_preset(
            document=presets.read_preset(PRESET, "town"), area_code="", from_on=None, by=organisation.chief(), at=MONDAY
        )
        _, areas = places.town(communities=communities)
        for area, name in zip(areas, "甲乙丙丁戊己庚辛", strict=False):
            Area.objects.filter(pk=area.pk).update(name=f"{name}社区")
            AreaSpell.objects.filter(area=area).update(name=f"{name}社区")
        town = Town(areas, [places.site(f"{area.code}-1", in_area=area) for area in areas])
        sheet = standards.checklist()
        for week in range(weeks):
            in_round = inspections.round_(f"DQ-{week}", name=f"第{36 + week}周定期督导")
            at = MONDAY + timedelta(days=7 * week)
            for place, lane in enumerate(town.lanes):
                for number in range(visits):
                    code = f"JC-{WEEKS[week]}-{lane.area.code}-{number}"
                    _visit(code, lane, sheet, in_round, at, lost=10 * place)
                    town.visits.setdefault((WEEKS[week], lane.area.code), code)
                for _ in range(problem_count):
                    _problem(lane, at, late=place == len(town.lanes) - 1)
        return town

    return make


def _visit(code: str, lane: Site, sheet: Any, in_round: Any, at: datetime, *, lost: int) -> None:
    off = Found(Result.FAIL, 2, to_whole(Decimal(lost), 4)) if lost else None
    check = f"{sheet.code}-01"
    inspections.visit(site=lane, sheet=sheet, in_round=in_round, at=at, code=code, found={check: off} if off else {})


def _problem(lane: Site, at: datetime, *, late: bool) -> None:
    problems.problem(
        site=lane, source=Source.RESIDENT, state=ProblemState.CLOSED, found_at=at, dispatched_at=at,
        unit=organisation.unit(), due_at=at + timedelta(hours=8), fixed_at=at + timedelta(hours=9 if late else 7),
        verified_at=at + timedelta(hours=10), closed_at=at + timedelta(hours=11),
    )  # fmt: skip


@pytest.fixture
def town(make_town: Callable[..., Town]) -> Town:
    """Three communities, three weeks, computed: 甲社区 always first, 丙社区 always last."""
    made = make_town()
    made.compute()
    return made


@pytest.fixture
def signed_in(db: None) -> Callable[..., Client]:
    """`signed_in("office")` is somebody with that role, everywhere unless an area is given."""

    def sign_in(*roles: str, area: Area | None = None, **values: Any) -> Client:
        account: Account = organisation.account(
            f"member{Account.objects.count()}", roles=list(roles), area=area, is_everywhere=area is None, **values
        )
        client = Client()
        client.force_login(account)
        return client

    return sign_in


@pytest.fixture
def office(signed_in: Callable[..., Client]) -> Client:
    return signed_in("office")


@pytest.fixture
def stranger(db: None) -> Client:
    """Nobody."""
    return Client()
