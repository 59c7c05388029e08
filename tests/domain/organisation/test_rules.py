from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwei.domain.organisation import rules
from chuangwei.domain.organisation.rules import Link, Overlap, Role, Tie, Ties
from tests.domain.organisation.oracle import World

DAY = date(2023, 10, 15)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
LANE = ["BL-1", "grid", "community", "town"]
WORKER, CLEANER = Role("网格员", single=True), Role("保洁员")


def ties(*rows: tuple[str, str, str]) -> Ties:
    """(holder, role, place) since long ago."""
    return Ties(Tie(holder, role, place, date(2023, 1, 1)) for holder, role, place in rows)


@pytest.mark.parametrize(
    ("first", "last", "held"),
    [
        (BEFORE, None, True),
        (DAY, None, True),
        (AFTER, None, False),
        (BEFORE, DAY, True),
        (BEFORE, BEFORE, False),
        (DAY, DAY, True),
        (AFTER, AFTER, False),
    ],
)
def test_a_duty_is_held_from_its_first_day_to_its_last(first, last, held):
    assert Tie("P1", "网格员", "grid", first, last).held_on(DAY) is held


def test_links_come_from_the_nearest_tie_in_role_order_and_by_holder():
    known = ties(
        ("P9", "保洁员", "BL-1"), ("P8", "保洁员", "BL-1"), ("P7", "保洁员", "grid"),
        ("P2", "网格员", "town"), ("P3", "网格员", "community"),
    )  # fmt: skip
    assert rules.links(known, [WORKER, CLEANER], LANE, DAY) == [
        Link("网格员", "P3", "community"),
        Link("保洁员", "P8", "BL-1"),
        Link("保洁员", "P9", "BL-1"),
    ]


def test_a_tie_that_has_ended_lets_the_next_one_up_answer():
    known = Ties(
        [
            Tie("P1", "网格员", "grid", date(2023, 1, 1), BEFORE),
            Tie("P2", "网格员", "community", date(2023, 1, 1)),
        ]
    )
    assert known.nearest("网格员", LANE, BEFORE)[0] == "grid"
    assert rules.links(known, [WORKER], LANE, DAY) == [Link("网格员", "P2", "community")]


def test_missing_roles_in_chain_order_though_another_role_is_held():
    roles = [Role("包社区领导", single=True), WORKER, CLEANER]
    chain = rules.links(ties(("P1", "网格员", "grid"), ("P1", "巷长", "BL-1")), roles, LANE, DAY)
    assert rules.missing_roles(chain, roles) == ["包社区领导", "保洁员"]


@pytest.mark.parametrize(
    ("rows", "holders"),
    [
        ([("P2", "网格员", "grid"), ("P1", "网格员", "grid")], ("P1", "P2")),
        ([("P1", "网格员", "grid"), ("P1", "网格员", "grid")], None),
        ([("P1", "网格员", "grid"), ("P2", "网格员", "community")], None),
        ([("P1", "网格员", "BL-1"), ("P2", "网格员", "grid"), ("P3", "网格员", "grid")], None),
        ([("P1", "保洁员", "grid"), ("P2", "保洁员", "grid")], None),
    ],
    ids=["two at the tie", "one twice", "one farther up", "two farther up", "not a single role"],
)
def test_only_two_holders_at_the_tie_that_answers_overlap(rows, holders):
    roles = [WORKER, CLEANER]
    chain = rules.links(ties(*rows), roles, LANE, DAY)
    assert rules.overlapping(chain, roles) == ([Overlap("网格员", holders)] if holders else [])


def test_holders_are_told_once_each_by_code():
    known = ties(("P2", "包社区领导", "community"), ("P1", "包社区领导", "community"), ("P1", "包社区领导", "town"))
    assert known.holders("包社区领导", ["community", "town"], DAY) == ["P1", "P2"]
    assert known.holders("包社区领导", ["grid"], DAY) == []


# --- Hours -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("  ", []),
        ("全天", []),
        ("08:00-12:00", [(480, 720)]),
        ("8:00—12:00", [(480, 720)]),
        ("08:00——12:00", [(480, 720)]),
        ("０８：００～１２：００", [(480, 720)]),
        ("08:00至12:00", [(480, 720)]),
        ("06:00-10:00、14:00-18:00", [(360, 600), (840, 1080)]),
        ("06:00 - 10:00，14:00 - 18:00", [(360, 600), (840, 1080)]),
        ("6:00-7:00;8:00-9:00/10:00-11:00", [(360, 420), (480, 540), (600, 660)]),
        ("22:00-06:00", [(1320, 360)]),
        ("00:00-24:00", [(0, 1440)]),
        ("23:59-00:00", [(1439, 0)]),
    ],
)
def test_parse_hours(text, spans):
    assert rules.parse_hours(text) == spans


@pytest.mark.parametrize(
    ("text", "kept"),
    [("全天", ""), (" 8:00—12:00 ", "08:00-12:00"), ("6:00至9:05，22:00-06:00", "06:00-09:05、22:00-06:00")],
)
def test_hours_are_kept_in_one_way(text, kept):
    assert rules.hours_text(text) == kept
    assert rules.hours_text(kept) == kept


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("早班", "看不懂"),
        ("08:00", "看不懂"),
        ("08:00-12:00、", "看不懂"),
        ("8-12", "看不懂"),
        ("08:00-24:01", "钟点"),
        ("25:00-26:00", "钟点"),
        ("24:00-06:00", "钟点"),
        ("08:60-12:00", "钟点"),
        ("08:00-08:00", "起止相同"),
    ],
)
def test_hours_nobody_can_read_are_told_in_a_sentence(text, why):
    with pytest.raises(ValueError, match=why):
        rules.parse_hours(text)


@pytest.mark.parametrize(
    ("hours", "clock", "on_duty"),
    [
        ("", time(3), True),
        ("08:00-12:00", time(7, 59, 59), False),
        ("08:00-12:00", time(8), True),
        ("08:00-12:00", time(11, 59, 59), True),
        ("08:00-12:00", time(12), False),
        ("06:00-10:00、14:00-18:00", time(12), False),
        ("06:00-10:00、14:00-18:00", time(15), True),
        ("22:00-06:00", time(23), True),
        ("22:00-06:00", time(0), True),
        ("22:00-06:00", time(5, 59), True),
        ("22:00-06:00", time(6), False),
        ("22:00-06:00", time(21, 59), False),
        ("18:00-24:00", time(23, 59, 59), True),
        ("18:00-24:00", time(0), False),
        ("早班", time(3), True),
    ],
)
def test_is_on_duty(hours, clock, on_duty):
    assert rules.is_on_duty(hours, clock) is on_duty


@given(st.lists(st.integers(0, 1439), min_size=2, max_size=8, unique=True), st.integers(0, 1439))
def test_on_duty_exactly_in_the_minutes_of_a_span(edges, minute):
    """Spans that follow each other round the clock: at any minute exactly one of them is on duty."""
    edges = sorted(edges)
    spans = [*pairwise(edges), (edges[-1], edges[0])]
    texts = [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans]
    clock = time(minute // 60, minute % 60)
    assert sum(rules.is_on_duty(text, clock) for text in texts) == 1
    assert rules.is_on_duty("、".join(texts), clock)


def test_links_mark_who_is_on_duty_at_an_hour_and_nobody_without_one():
    known = Ties(
        [
            Tie("P1", "保洁员", "BL-1", BEFORE, None, "06:00-10:00"),
            Tie("P1", "保洁员", "BL-1", BEFORE, None, "14:00-18:00"),
            Tie("P2", "保洁员", "BL-1", BEFORE, None, "10:00-14:00"),
        ]
    )
    marks = [link.on_duty for link in rules.links(known, [CLEANER], LANE, DAY, clock=time(15))]
    assert marks == [True, False]
    assert [link.on_duty for link in rules.links(known, [CLEANER], LANE, DAY)] == [None, None]


# --- Places and units --------------------------------------------------------------------------------------------------

PARENTS = {"town": None, "east": "town", "west": "town", "e1": "east", "w1": "west", "lost": "gone"}


def up(code: str) -> list[str]:
    found = [code]
    while (above := PARENTS.get(found[-1])) is not None:
        found.append(above)
    return found


@pytest.mark.parametrize(
    ("area", "heirs", "chain"),
    [
        ("e1", {}, ["e1", "east", "town"]),
        ("e1", {"e1": "w1"}, ["w1", "west", "town"]),
        ("e1", {"east": "west"}, ["e1", "west", "town"]),
        ("e1", {"e1": "east", "east": "west"}, ["west", "town"]),
        ("e1", {"east": "e1"}, ["e1"]),
    ],
    ids=["none merged", "itself merged", "its parent merged", "merged twice", "into what lies below it"],
)
def test_with_heirs_goes_on_from_the_heir(area, heirs, chain):
    assert rules.with_heirs(up, area, heirs) == chain


@pytest.mark.parametrize(
    ("top", "codes"),
    [("town", {"town", "east", "west", "e1", "w1"}), ("east", {"east", "e1"}), ("e1", {"e1"}), ("new", {"new"})],
)
def test_below(top, codes):
    assert rules.below(top, PARENTS) == codes


def test_below_ends_where_units_run_in_a_ring():
    assert rules.below("a", {"a": "b", "b": "a"}) == {"a", "b"}


# --- Against the oracle ------------------------------------------------------------------------------------------------

ROLES = ["网格员", "保洁员", "巷长"]
KINDS = ["back_lane", "market", "toilet"]
DAYS = st.integers(0, 5).map(lambda n: date(2023, 10, 13) + timedelta(days=n))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A random forest of areas, some merged into others of the forest, sites in it, duties anywhere in it."""
    count = draw(st.integers(1, 8))
    areas: dict[str, str | None] = {}
    for n in range(count):
        above = draw(st.none() | st.integers(0, n - 1)) if n else None
        areas[f"A{n}"] = None if above is None else f"A{above}"
    # An heir comes before what it inherits, so no area inherits itself and none lies below its own heir's heir.
    merged = draw(st.dictionaries(st.integers(1, count - 1), st.integers(0, 7), max_size=2)) if count > 1 else {}
    heirs = {f"A{n}": f"A{heir % n}" for n, heir in merged.items()}
    area_codes = st.sampled_from(sorted(areas))
    sites = {
        f"S{n}": (draw(st.sampled_from(KINDS)), draw(area_codes)) for n in range(draw(st.integers(1, 5)))
    }  # fmt: skip
    duty = st.tuples(
        st.sampled_from(["P1", "P2", "U1"]), st.sampled_from(ROLES), area_codes | st.sampled_from(sorted(sites)),
        DAYS, st.none() | st.integers(0, 3), st.just(""),
    )  # fmt: skip
    chain = st.lists(st.sampled_from(ROLES), unique=True, min_size=1).flatmap(
        lambda names: st.lists(st.booleans(), min_size=len(names), max_size=len(names)).map(
            lambda single: list(zip(names, single, strict=True))
        )
    )
    return World(
        areas, sites, draw(st.dictionaries(st.sampled_from(KINDS[:2]), chain)),
        [
            (who, role, where, first, None if days is None else first + timedelta(days=days), hours)
            for who, role, where, first, days, hours in draw(st.lists(duty, max_size=14))
        ],
        heirs,
    )  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(worlds(), DAYS)
def test_the_calculus_agrees_with_brute_force(world, day):
    known = Ties(Tie(*duty) for duty in world.duties)

    def chain_up(area: str) -> list[str]:
        steps: list[str] = []
        here: str | None = area
        while here is not None:
            steps.append(here)
            here = world.areas[here]
        return steps

    chains, gaps, overlaps = {}, [], []
    for site, (kind, area) in sorted(world.sites.items()):
        roles = [Role(*pair) for pair in world.chains.get(kind, [])]
        chain = rules.links(known, roles, [site, *rules.with_heirs(chain_up, area, world.heirs)], day)
        chains[site] = [(link.role, link.holder, link.via) for link in chain]
        if missing := rules.missing_roles(chain, roles):
            gaps.append({"site": site, "missing": missing})
        overlaps += [
            {"site": site, "role": overlap.role, "holders": list(overlap.holders)}
            for overlap in rules.overlapping(chain, roles)
        ]
    assert chains == {site: world.chain(site, day) for site in sorted(world.sites)}
    assert gaps == world.gaps(day)
    assert overlaps == world.overlaps(day)
