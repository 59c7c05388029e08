"""Who answers for what: the chain of every lane, street, court and reach, with the holes and doubles real registers have."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from chuangwei.demo.town.ground import TOWN_CODE, Ground
from chuangwei.demo.town.people import HELPERS, PROPERTY, SWEEPERS, People
from chuangwei.demo.town.records import Duty, Person, Site

MORNING, NOON, EVENING = "06:00-10:00", "10:00-14:00", "16:00-20:00"
DAY = timedelta(days=1)


def assign(ground: Ground, people: People, sites: list[Site], today: date, random: Random) -> list[Duty]:
    """All duties, the old ones included, in the order an office would list them."""
    since = (today - timedelta(days=240)).replace(day=1)
    duties = [
        *_leaders(ground, people, since, today),
        *_grid_workers(ground, people, since),
        *_lanes(people, sites, since, random),
        *_streets_and_courts(sites, since, random),
        *_rivers(people, sites, since),
    ]
    return _with_life(duties, ground, people, sites, today)


def _leaders(ground: Ground, people: People, since: date, today: date) -> Iterator[Duty]:
    changing = ground.communities[7].code
    for community, leader in zip(ground.communities, people.leaders[2:], strict=True):
        secretary = people.committees[community.code][0]
        if community.code == changing:
            last = today - timedelta(days=40)
            yield Duty(people.leaders[1].code, "包社区领导", community.code, since, last)
            yield Duty(leader.code, "包社区领导", community.code, last + DAY)
        else:
            yield Duty(leader.code, "包社区领导", community.code, since)
        yield Duty(secretary.code, "社区党支部书记", community.code, since)


def _grid_workers(ground: Ground, people: People, since: date) -> Iterator[Duty]:
    """One for each grid; where a community has fewer than grids, the first ones keep two."""
    for community in ground.communities:
        workers = people.grid_workers[community.code]
        for number, grid in enumerate(ground.grids[community.code]):
            yield Duty(workers[number % len(workers)].code, "网格员", grid.code, since)


def _lanes(people: People, sites: list[Site], since: date, random: Random) -> Iterator[Duty]:
    for number, lane in enumerate(site for site in sites if site.kind == "back_lane"):
        staff = people.committees[lane.community][2:] + people.grid_workers[lane.community]
        cleaners = people.cleaners[lane.community]
        yield Duty(staff[number % len(staff)].code, "巷长", lane.code, since)
        first = cleaners[number % len(cleaners)]
        yield Duty(first.code, "保洁员", lane.code, since, None, MORNING)
        if random.random() < 0.3:
            second = cleaners[(number + 1) % len(cleaners)]
            yield Duty(second.code, "保洁员", lane.code, since, None, EVENING)


def _streets_and_courts(sites: list[Site], since: date, random: Random) -> Iterator[Duty]:
    for number, site in enumerate(sites):
        if site.kind == "main_street":
            yield Duty(random.choice(HELPERS), "包抓单位", site.code, since)
            yield Duty(SWEEPERS, "保洁员", site.code, since, None, "05:00-21:00")
        elif site.kind == "residential_unmanaged":
            yield Duty(HELPERS[number % len(HELPERS)], "包抓单位", site.code, since)
        elif site.kind == "residential_managed":
            yield Duty(PROPERTY[number % len(PROPERTY)], "物业", site.code, since)


def _rivers(people: People, sites: list[Site], since: date) -> Iterator[Duty]:
    yield Duty(people.leaders[1].code, "镇级河长", TOWN_CODE, since)
    for reach in (site for site in sites if site.kind == "river_section"):
        director: Person = people.committees[reach.community][1]
        yield Duty(director.code, "社区河长", reach.code, since)


# --- What is missing, double, ended, begun ----------------------------------------------------------------------------


def _with_life(duties: list[Duty], ground: Ground, people: People, sites: list[Site], today: date) -> list[Duty]:
    """The same register after eight months: people left and were not followed, hand-overs overlapped."""
    lanes = [site for site in sites if site.kind == "back_lane"]
    courts = [site for site in sites if site.kind == "residential_unmanaged"]
    managed = [site for site in sites if site.kind == "residential_managed"]
    reaches = [site for site in sites if site.kind == "river_section"]
    far = ground.grids[ground.communities[11].code]
    unswept = {lanes[17].code, lanes[63].code, lanes[140].code, lanes[171].code}
    left = {lanes[88].code, lanes[119].code}
    nobody = {
        ("网格员", far[4].code), ("包抓单位", courts[9].code), ("包抓单位", courts[31].code),
        ("物业", managed[12].code), ("社区河长", reaches[10].code),
    }  # fmt: skip
    lived = []
    for duty in duties:
        if (duty.role == "保洁员" and duty.place in unswept) or (duty.role, duty.place) in nobody:
            continue
        if duty.role == "保洁员" and duty.place in left:
            lived.append(duty._replace(ends=today - 12 * DAY))
        else:
            lived.append(duty)
    return lived + list(_doubles(ground, people, lanes, courts, today))


def _doubles(ground: Ground, people: People, lanes: list[Site], courts: list[Site], today: date) -> Iterator[Duty]:
    """Second holders of a role that one should hold; then some that only look like it."""
    grid = ground.grids[ground.communities[8].code][6]
    workers = people.grid_workers[ground.communities[8].code]
    # The old grid worker was never taken off the list.
    yield Duty(workers[0].code, "网格员", grid.code, today - 54 * DAY)
    # Two units for one court since the last reshuffle.
    yield Duty(HELPERS[3], "包抓单位", courts[20].code, today - 30 * DAY)
    # A second secretary while the first one was away for a month: no double today.
    secretary_of = ground.communities[12].code
    yield Duty(
        people.committees[secretary_of][2].code, "社区党支部书记", secretary_of, today - 90 * DAY, today - 61 * DAY
    )
    # No double: a lane's own grid worker comes before the grid's, two sweepers share a lane by the hour.
    lane = lanes[52]
    yield Duty(people.grid_workers[lane.community][-1].code, "网格员", lane.code, today - 70 * DAY)
    yield Duty(people.cleaners[lane.community][-1].code, "保洁员", lane.code, today - 70 * DAY, None, NOON)
    # Begins next week.
    yield Duty(people.cleaners[lanes[17].community][0].code, "保洁员", lanes[17].code, today + 5 * DAY, None, MORNING)
