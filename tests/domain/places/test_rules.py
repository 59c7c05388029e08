from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.domain.places.rules import Spell, chain_above, spell_on

DAY = date(2023, 9, 4)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("from_on", "to_on", "holds"),
    [
        (None, None, True),
        (DAY, None, True),
        (AFTER, None, False),
        (None, DAY, True),
        (None, BEFORE, False),
        (DAY, DAY, True),
    ],
)
def test_spell_holds_from_its_first_day_to_its_last_both_included(from_on, to_on, holds: bool):
    assert Spell(from_on, to_on, "社区", None).holds(DAY) is holds


def test_spell_on_a_day_before_the_first_is_none():
    assert spell_on([Spell(AFTER, None, "社区", None)], DAY) is None


def test_chain_above_follows_the_tree_of_the_day():
    spells = {
        "grid": [Spell(None, BEFORE, "网格", "old"), Spell(DAY, None, "网格", "new")],
        "old": [Spell(None, None, "社区", "town")],
        "new": [Spell(None, None, "社区", "town")],
        "town": [Spell(None, None, "乡镇", None)],
    }
    assert chain_above("grid", spells, BEFORE) == ["grid", "old", "town"]
    assert chain_above("grid", spells, DAY) == ["grid", "new", "town"]
    assert chain_above("unknown", spells, DAY) == ["unknown"]


def test_chain_above_ends_where_data_runs_in_a_ring():
    spells = {"a": [Spell(None, None, "", "b")], "b": [Spell(None, None, "", "a")]}
    assert chain_above("a", spells, DAY) == ["a", "b"]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(-50, 200))
def test_spells_that_follow_each_other_cover_each_day_once(lengths: list[int], offset: int):
    spells, start = [], DAY
    for n, length in enumerate(lengths):
        end = start + timedelta(days=length - 1)
        spells.append(Spell(start if n else None, end if n < len(lengths) - 1 else None, str(n), None))
        start = end + timedelta(days=1)
    day = DAY + timedelta(days=offset)
    assert sum(spell.holds(day) for spell in spells) == 1
    assert spell_on(spells, day) is not None
