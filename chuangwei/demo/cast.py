"""Who can sign in to the demo: one account for each role, all with the same published password."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from chuangwei.core.actor import Actor
from chuangwei.demo.town import people as staff
from chuangwei.demo.town.town import Town
from chuangwei.domain.organisation import actions, queries
from chuangwei.domain.organisation.models import Account, Person, Unit
from chuangwei.domain.places.models import Area

PASSWORD = "yundu-2026-demo"  # noqa: S105  (the demo prints it; a real installation never has it)


ADMIN, SECURITY, AUDIT = "admin", "anquan", "shenji"
OFFICE, LEADER, DISCIPLINE = "bangong", "lingdao", "jiwei"
HOME = "南渡社区"
"""Whose secretary and grid worker can sign in: the one that is last in the last week."""


class Role(NamedTuple):
    """An account: who signs in, with which bundle, as which person; without a person, under a name. Where: an area, a unit,
    by duty, and without any of these everywhere.
    """

    username: str
    bundle: str
    person: str = ""
    name: str = ""
    area: str = ""
    unit: str = ""
    by_duty: bool = False

    @property
    def is_everywhere(self) -> bool:
        return not (self.area or self.unit or self.by_duty)


def roles_of(town: Town) -> Sequence[Role]:
    """The accounts of the town, one for each bundle, and the three administrators apart."""
    people, ground = town.scene.people, town.scene.ground
    home = next(community for community in ground.communities if community.name == HOME)
    office = [person.code for person in people.persons if person.unit == staff.OFFICE]
    roads = next(person.code for person in people.persons if person.unit == staff.ROADS)
    return (
        Role(OFFICE, "office", office[0]),
        Role("ducha", "inspector", people.squads[staff.SQUADS[0]][0].code),
        Role(LEADER, "leader", people.leaders[0].code),
        Role("shuji", "community", people.committees[home.code][0].code, area=home.code),
        Role("wangge", "grid-worker", people.grid_workers[home.code][0].code, by_duty=True),
        Role("shizheng", "department", roads, unit=staff.ROADS),
        Role(DISCIPLINE, "discipline", people.leaders[4].code),
        Role(ADMIN, "system-administrator", name="系统管理员"),
        Role(SECURITY, "security-administrator", name="安全管理员"),
        Role(AUDIT, "audit-administrator", name="审计管理员"),
    )


def sign_up(town: Town, *, by: Actor, at: datetime) -> None:
    """Make the accounts; the register must have been imported."""
    wanted = roles_of(town)
    persons = {person.code: person for person in Person.objects.filter(code__in=[role.person for role in wanted])}
    areas = {area.code: area for area in Area.objects.filter(code__in=[role.area for role in wanted])}
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=[role.unit for role in wanted])}
    for role in wanted:
        actions.create_account(
            username=role.username, name=role.name, password=PASSWORD, roles=[role.bundle], area=areas.get(role.area),
            is_everywhere=role.is_everywhere, unit=units.get(role.unit), by_duty=role.by_duty,
            person=persons.get(role.person), must_change_password=False, by=by, at=at,
        )  # fmt: skip


def actor(username: str) -> Actor:
    return queries.actor_of(queries.account_by_code(username))


def listed() -> Iterator[Sequence[str]]:
    """Account, role, name, where, and what the role does, as they stand in the database."""
    bundles = queries.bundles()
    for account in Account.objects.filter(is_active=True).select_related("area", "unit").order_by("pk"):
        bundle = bundles[account.roles[0]]
        yield account.username, bundle.title, account.name, _where(account), bundle.description


def _where(account: Account) -> str:
    if account.is_everywhere:
        return "全镇"
    words = [account.area.name if account.area else "", account.unit.name if account.unit else ""]
    return "，".join(word for word in [*words, "按责任" if account.by_duty else ""] if word)
