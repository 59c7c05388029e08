"""A town whose weeks are ranked, with people in it, and the office that writes about them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.documents import actions
from chuangwei.domain.documents.enums import Permission
from chuangwei.domain.documents.models import Paper
from chuangwei.domain.organisation.models import Person, Unit
from chuangwei.domain.places.models import Site
from chuangwei.domain.problems.models import Problem
from tests.domain.appraisal import world
from tests.domain.appraisal.world import World, here
from tests.factories import organisation, places

NAMES = "镕喆犇堃昇珺"
"""Characters of names that many Chinese fonts do not have."""

PRESET = (
    world.PRESET
    + """
[chains."back_lane"]
roles = [{name = "包社区领导", single = true}]
[documents]
place = "青山镇"
issuer = "{place}创卫办公室"
banner = "{place}创卫办公室文件"
code = "青创卫办"
recipients = "各社区"
copies_to = ["镇党委、政府领导", "镇纪委"]
[documents.kinds.weekly-bulletin.phrases]
demands = "各{subject}抓好落实，{office}将跟踪督办。"
"""
)
NOW = here("2023-10-09 09:00")


@dataclass
class Office:
    """What a test speaks of."""

    town: World
    leader: Person
    units: dict[str, Unit]
    problem: Problem
    period: Period

    def about(self, **more: str) -> dict[str, str]:
        return {"series": "weekly", "period": self.period.slug, **more}

    def at_home(self, name: str) -> None:
        """The problem is at a household of this name."""
        home = places.site_kind("household", name="农户庭院", is_household=True)
        Site.objects.filter(pk=self.problem.site_id).update(kind=home, name=name)

    def draft(self, kind: str = "weekly-bulletin", *, by: Actor | None = None, **about: str) -> Paper:
        told = about or self.about()
        return actions.draft_paper(kind=kind, about=told, by=by or drafter(), at=NOW)

    def sent(self, **more: Any) -> Paper:
        paper = self.draft(**more)
        return actions.send_paper(paper=paper, by=drafter(), at=NOW)

    def signed(self, **more: Any) -> Paper:
        return actions.sign_paper(paper=self.sent(**more), by=signer(), at=NOW)

    def issued(self, *codes: str) -> Paper:
        units = [self.units[code] for code in codes or ("A", "B")]
        return actions.issue_paper(paper=self.signed(), units=units, by=drafter(), at=NOW)


SEES = ("appraisal.view", "problems.view", "organisation.view", "places.view")


def drafter(**values: Any) -> Actor:
    return organisation.clerk(
        *SEES, Permission.VIEW, Permission.DRAFT, Permission.ISSUE, **{"code": "drafter", "name": "小李", **values}
    )


def signer(**values: Any) -> Actor:
    return organisation.clerk(
        *SEES, Permission.VIEW, Permission.SIGN, **{"code": "signer", "name": f"林{NAMES[0]}", **values}
    )


def receiver(unit: str, **values: Any) -> Actor:
    return organisation.clerk(
        *SEES, Permission.VIEW, Permission.RECEIVE,
        **{"code": f"of-{unit}", "name": "收件人", "area_paths": (), "unit_codes": (unit,), **values},
    )  # fmt: skip


def found_office() -> Office:
    """Two weeks, the second published: A is first, D last and for the second time yellow, so its leader is spoken to."""
    town = world.found_town()
    world.use(PRESET, from_on=date(2023, 1, 1))
    units = {
        code: organisation.unit(f"U{code}", kind="社区", area=area, name=f"{code}社区居委会")
        for code, area in town.areas.items()
    }
    leader = organisation.person("P1", of=units["A"], name=f"王{NAMES}", title="副镇长", phone="13812345678")
    organisation.duty(leader, "包社区领导", town.areas["D"])
    town.week("2023-W38", A="95", B="90", C="85", D="60")
    town.week("2023-W39", A="96", B="91", C="84", D="61")
    problem = town.problem(
        "D", code="WT-7", found_at="2023-09-26 09:00", due_at="2023-09-28 09:00", fixed_at=None, closed_at=None,
        state="dispatched", unit=units["D"], dispatched_at="2023-09-26 10:00", description="SD巷：垃圾满溢，住户张三丰反映",
    )  # fmt: skip
    world.settled_week("2023-W38")
    period = world.settled_week("2023-W39")
    return Office(town, leader, units, problem, period)
