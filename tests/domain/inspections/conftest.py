"""A town whose lanes are scored with a sheet of four kinds of check, a round that is on, and a squad."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from chuangwei.core.actor import Actor
from chuangwei.domain.inspections.enums import Permission
from chuangwei.domain.inspections.models import Round
from chuangwei.domain.organisation.models import Person, Unit
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems.enums import Permission as Problems
from chuangwei.domain.standards.models import Check, Checklist
from tests.factories import inspections, organisation, places, standards

CATEGORIES = ("09006", "09007")


@dataclass
class Ground:
    """甲社区 and 乙社区 with a lane each, the sheet of lanes, a squad with one inspector, a round of this week."""

    town: Area
    communities: list[Area]
    lanes: list[Site]
    sheet: Checklist
    squad: Unit
    person: Person
    inspector: Actor
    each: Round

    def member(self, *more: str, **values: Any) -> Actor:
        """Somebody of the squad with these permissions beside those of an inspector."""
        rights = {Permission.VIEW, Permission.RECORD, Problems.VIEW, Problems.REPORT, *more}
        who = {"code": "ducha", "name": "马俊杰", "person_code": self.person.code, "unit_codes": (self.squad.code,)}
        return organisation.clerk(*rights, **(who | values))


@pytest.fixture
def ground(db: None) -> Ground:
    town, communities = places.town(communities=2)
    lanes = [places.site(f"BL-{n}", in_area=area) for n, area in enumerate(communities, 1)]
    for number, code in enumerate(CATEGORIES):
        standards.category(code, name=f"类别{number + 1}")
    sheet = standards.checklist(points=("60", "20", "10", "10"))
    checks = Check.objects.filter(checklist=sheet)
    checks.filter(order=1).update(categories=list(CATEGORIES))
    checks.filter(order=2).update(categories=[CATEGORIES[1]], is_veto=True)
    checks.filter(order=3).update(rule="pass", deduct_per=None)
    grades = [{"name": "好", "points": "10"}, {"name": "中", "points": "6.5"}, {"name": "差", "points": "0"}]
    checks.filter(order=4).update(rule="grade", deduct_per=None, grades=grades)
    squad = organisation.unit("DC1", kind="督查组", area=town)
    person = organisation.person("P-MA", of=squad, name="马俊杰")
    each = inspections.round_("R-36", team=squad, starts_on=date(2023, 9, 4), ends_on=date(2023, 9, 8))
    made = Ground(town, communities, lanes, sheet, squad, person, organisation.stranger(), each)
    made.inspector = made.member()
    return made


def check_code(number: int) -> str:
    return f"CK-BACK_LANE-{number:02}"
