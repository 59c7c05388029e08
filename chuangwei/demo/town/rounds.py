"""Who goes where in eight weeks: regular supervision, daily patrol, random and mutual checks, and the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from chuangwei.core.clock import SHANGHAI
from chuangwei.demo.town import story
from chuangwei.demo.town.ground import Area
from chuangwei.demo.town.people import SQUADS
from chuangwei.demo.town.records import Person, Round, Site, Visit
from chuangwei.demo.town.scene import Scene

DAY = timedelta(days=1)
OFTEN = {"back_lane": 5.0, "main_street": 6.0, "residential_unmanaged": 4.0, "waste_point": 3.0, "public_toilet": 3.0}
"""How often a kind is picked, others once."""
OFFICE_HOURS, PATROL_HOURS = ((8.5, 12.0), (14.5, 18.0)), ((7.0, 9.5), (16.0, 19.0))
REGULAR, RANDOM, MUTUAL = 6, 3, 4
"""Sites in each community and week."""


class Week(NamedTuple):
    """A week of the story and its working days."""

    number: int
    monday: date
    name: str
    working: tuple[date, ...]

    @property
    def sunday(self) -> date:
        return self.monday + 6 * DAY


@dataclass
class Season:
    """What the visits are drawn from, and those drawn so far."""

    scene: Scene
    sites: dict[str, list[Site]]
    """By community; the town's own under the empty text."""
    random: Random
    rounds: list[Round] = field(default_factory=list)
    planned: list[tuple[str, Site, datetime, tuple[str, ...]]] = field(default_factory=list)

    def open(self, code: str, name: str, kind: str, days: Sequence[date], team: str = "") -> str:
        self.rounds.append(Round(code, name, kind, days[0], days[-1], team))
        return code

    def visit(self, round_code: str, site: Site, at: datetime, inspectors: Sequence[Person]) -> None:
        self.planned.append((round_code, site, at, tuple(person.code for person in inspectors)))

    def pick(self, community: str, count: int, kinds: frozenset[str] = frozenset()) -> list[Site]:
        """Different sites of a community, likelier those of the kinds that are looked at often."""
        pool = [site for site in self.sites[community] if not kinds or site.kind in kinds]
        keyed = [(self.random.random() ** (1 / OFTEN.get(site.kind, 1.0)), site) for site in pool]
        return [site for _, site in sorted(keyed, reverse=True)[:count]]

    def at(self, day: date, hours: Sequence[tuple[float, float]]) -> datetime:
        opens, closes = self.random.choice(hours)
        minutes = round(self.random.uniform(opens * 60, closes * 60))
        return datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=SHANGHAI)


def inspect(scene: Scene, random: Random) -> tuple[list[Round], list[Visit]]:
    """All rounds by their first day, and all visits by time, numbered."""
    by_community: dict[str, list[Site]] = {}
    for site in scene.sites:
        by_community.setdefault(site.community, []).append(site)
    season = Season(scene, by_community, random)
    for number, monday in enumerate(story.weeks(scene.today)):
        year, week, _ = monday.isocalendar()
        working = tuple(scene.calendar.working_days(monday, monday + 6 * DAY))
        _week(season, Week(number, monday, f"{year}W{week:02d}", working))
    season.planned.sort(key=lambda plan: (plan[2], plan[0], plan[1].code))
    visits = [Visit(f"JL-{number:05d}", *plan) for number, plan in enumerate(season.planned, 1)]
    return sorted(season.rounds, key=lambda one: (one.starts, one.code)), visits


def _week(season: Season, week: Week) -> None:
    open_to = [c for c in season.scene.ground.communities if (week.number, c.name) != story.CUT_OFF]
    _regular(season, week, open_to)
    _patrols(season, week, open_to)
    _random(season, week, open_to)
    _mutual(season, week, open_to)
    _leaders(season, week)
    if week.number in {1, 6}:
        _undercover(season, week, open_to)
    if week.number in {3, 5, 7}:
        _rechecks(season, week, open_to)


def _regular(season: Season, week: Week, open_to: list[Area]) -> None:
    """The squads share out the communities; a market is seen every week."""
    title = f"第{week.name[-2:]}周定期督导"
    code = season.open(f"DQ-{week.name}", title, "定期督导", week.working, SQUADS[week.number % 3])
    for number, community in enumerate(open_to):
        squad = season.scene.people.squads[SQUADS[(number + week.number) % 3]]
        day = week.working[number % len(week.working)]
        chosen = season.pick(community.code, 1, frozenset({"market"}))
        chosen += [s for s in season.pick(community.code, REGULAR) if s.kind != "market"][: REGULAR - len(chosen)]
        for site in chosen:
            season.visit(code, site, season.at(day, OFFICE_HOURS), season.random.sample(squad, 2))


def _patrols(season: Season, week: Week, open_to: list[Area]) -> None:
    """Every day but Sunday one site in each community; on holidays whoever is on duty looks at every second one."""
    for step in range(6):
        day = week.monday + step * DAY
        on_duty = day in week.working or (day.weekday() == 5 and len(week.working) >= 5)
        squad = season.scene.people.squads[SQUADS[step % 3]]
        name = f"{day.month}月{day.day}日日巡查"
        code = season.open(f"RX-{day:%m%d}", name, "日巡查", [day], SQUADS[step % 3])
        for number, community in enumerate(open_to):
            if on_duty or (number + step) % 3 == 0:
                site = season.pick(community.code, 1)[0]
                season.visit(code, site, season.at(day, PATROL_HOURS), [season.random.choice(squad)])
        if step == 1:
            site = season.random.choice(season.sites[""])
            season.visit(code, site, season.at(day, PATROL_HOURS), [squad[0]])


def _random(season: Season, week: Week, open_to: list[Area]) -> None:
    """From Wednesday to Tuesday, so a round reaches into the next week; not behind the last one."""
    first, last = week.monday + 2 * DAY, week.monday + 8 * DAY
    if week.number == story.WEEKS - 1:
        last = week.sunday
    days = season.scene.calendar.working_days(first, last)
    team = SQUADS[(week.number + 1) % 3]
    code = season.open(f"SJ-{week.name}", f"第{week.name[-2:]}周随机抽查", "随机抽查", [first, last], team)
    for community in open_to:
        for site in _with_poultry(season, week, community, "随机抽查", RANDOM):
            # The market of the story is drawn for a day of its own week.
            in_story = any((event.week, event.market) == (week.number, site.name) for event in story.POULTRY)
            day = season.random.choice([day for day in days if not in_story or day <= week.sunday])
            if not _is_cut_off(community, day, week):
                season.visit(
                    code, site, season.at(day, OFFICE_HOURS), season.random.sample(season.scene.people.squads[team], 2)
                )


def _with_poultry(season: Season, week: Week, community: Area, kind: str, count: int) -> list[Site]:
    """The draw, with the market of the story in it where it has its day."""
    drawn = season.pick(community.code, count)
    for event in story.POULTRY:
        if (event.week, event.round_kind) == (week.number, kind):
            market = [s for s in season.sites[community.code] if s.name == event.market and s not in drawn]
            drawn = market + drawn[: count - len(market)]
    return drawn


def _is_cut_off(community: Area, day: date, week: Week) -> bool:
    number = week.number + (day - week.monday).days // 7
    return (number, community.name) == story.CUT_OFF


def _mutual(season: Season, week: Week, open_to: list[Area]) -> None:
    """On Thursday, or the working day next to it, every community looks at another; the shift grows week by week, so
    no pair comes again and nobody looks at who looks at it."""
    day = min(week.working, key=lambda day: (abs((day - week.monday).days - 3), day))
    code = season.open(f"HC-{week.name}", f"第{week.name[-2:]}周社区互查", "互查", [day])
    everyone = season.scene.ground.communities
    for number, checker in enumerate(everyone):
        checked = everyone[(number + week.number + 1) % len(everyone)]
        if checker in open_to and checked in open_to:
            inspectors = season.random.sample(season.scene.people.committees[checker.code][1:], 2)
            for site in season.pick(checked.code, MUTUAL):
                season.visit(code, site, season.at(day, OFFICE_HOURS[1:]), inspectors)


def _leaders(season: Season, week: Week) -> None:
    """The first two of the town look at what everybody talks about."""
    day = week.working[-1]
    code = season.open(f"DD-{week.name}", f"第{week.name[-2:]}周主要领导带队检查", "带队检查", [day])
    for community in season.random.sample(season.scene.ground.communities, 3):
        if (week.number, community.name) != story.CUT_OFF:
            for site in season.pick(community.code, 1):
                season.visit(code, site, season.at(day, OFFICE_HOURS), season.scene.people.leaders[:2])


def _undercover(season: Season, week: Week, open_to: list[Area]) -> None:
    code = season.open(f"AF-{week.name}", f"第{week.name[-2:]}周暗访", "暗访", week.working[1:4], SQUADS[2])
    for community in open_to:
        site = season.pick(community.code, 1)[0]
        day = season.random.choice(week.working[1:4])
        season.visit(code, site, season.at(day, OFFICE_HOURS), season.scene.people.squads[SQUADS[2]][1:3])


def _rechecks(season: Season, week: Week, open_to: list[Area]) -> None:
    code = season.open(f"HT-{week.name}", f"第{week.name[-2:]}周回头看", "回头看", week.working[-2:], SQUADS[0])
    for community in season.random.sample(open_to, 6):
        site = season.pick(community.code, 1)[0]
        season.visit(code, site, season.at(week.working[-1], OFFICE_HOURS), season.scene.people.squads[SQUADS[0]][:2])
